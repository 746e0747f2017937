"""End a read of httpx that blocks: a thread that waits in it has no other way out before the timeout of the body."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Lock, Timer
from typing import Any, Self

import httpx


class Fuse:
    """A time limit for one read of a response: once it has passed, the connection is shut, which wakes the reader.

    Where the transport does not tell its socket, or several replies share it (HTTP/2), the limit does not hold.
    """

    def __init__(self, response: httpx.Response, seconds: float) -> None:
        stream = response.extensions.get("network_stream") if response.http_version != "HTTP/2" else None
        self._socket: Any = getattr(stream, "get_extra_info", lambda _: None)("socket")
        self._timer = Timer(seconds, self._blow)
        self._timer.daemon = True
        self._lock = Lock()  # else a late fuse could shut a connection that serves another call by then
        self._over = self._blown = False

    def _blow(self) -> None:
        with self._lock:
            if not self._over:
                self._blown = True
                with suppress(OSError):  # the reader's own timeout may have closed it in the same moment
                    self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        if self._socket is not None:
            self._timer.start()
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        with self._lock:
            self._over = True
        if self._socket is not None:
            self._timer.cancel()
            self._timer.join()
        # What the reader makes of the shut connection may even look like the end of a reply.
        if self._blown and (error is None or isinstance(error, Exception)):
            raise httpx.ReadTimeout("the next piece took too long") from None
