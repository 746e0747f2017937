"""Open WebSockets for blocking callers, on the library's connection."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection

from ..http import HttpRequest, Route, connect_deadline, earliest, open_socket
from .handshake import SWITCHED, Answer, Setup, handshake_headers
from .wire import has_ended, protocol_of, refused, set_host, switched


class Socket(ClientConnection):
    """One open WebSocket. A thread of the library reads it."""

    def send_data(self) -> None:
        """Write what the library sends in answer. After the server's close there is nothing to wait for.

        The thread that reads would lose received events if an answer to it, such as a pong, cannot be written.
        """
        try:
            super().send_data()
        except OSError as error:
            if threading.current_thread() is not self.recv_events_thread:
                raise
            self.set_connection_exc(error)
            self._shut_down()
        if has_ended(self.protocol):
            self._shut_down()

    def kill(self) -> None:
        """Close the connection without a closing handshake, from any thread."""
        self._shut_down()
        self.close_socket()
        self.recv_events_thread.join()

    def _shut_down(self) -> None:
        """Wake the threads that read and write."""
        with suppress(OSError):  # it may be closed already
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

    def disown(self) -> None:
        """Close the descriptor in the child of a fork: the parent goes on to use the connection."""
        with suppress(OSError):
            self.socket.close()


def open_websocket(route: Route, request: HttpRequest, setup: Setup) -> Answer:
    """Connect, and perform the handshake. Raises NetworkError."""
    sock = open_socket(route, connect_deadline(route, request))
    try:
        sock.settimeout(setup.write_timeout)
        protocol = protocol_of(route, request, setup)
        set_host(protocol, request)
        made = Socket(sock, protocol, ping_interval=None, close_timeout=setup.close_timeout, max_queue=setup.queue_size)
    except BaseException:
        sock.close()
        raise
    made.pending_legacy_warning = False  # this room closes it
    until = earliest(request.timeouts["read"], request.deadline)
    try:
        made.handshake(handshake_headers(request), None, None if until is None else max(0.0, until - time.monotonic()))
        headers = switched(made.response)
    except (WebSocketException, OSError) as error:
        made.kill()
        return refused(error)
    except BaseException:
        made.kill()
        raise
    return Answer(SWITCHED, headers, socket=made)
