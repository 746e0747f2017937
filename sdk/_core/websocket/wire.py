"""What both worlds decide about the library `websockets`: its protocol object, and errors of its handshake."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake, InvalidMessage, InvalidStatus
from websockets.extensions.permessage_deflate import enable_client_permessage_deflate
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from ..http import ConnectError, ConnectionLostError, NetworkError, PhaseTimeoutError, Route
from .handshake import Answer, Setup

if TYPE_CHECKING:
    from ..http import HttpRequest

#: The library logs headers, and so keys.
_SILENT = logging.Logger("websocket")
_SILENT.disabled = True
#: The longest body of a refusal that is read.
_MOST_BODY = 64 * 1024


def protocol_of(route: Route, request: HttpRequest, setup: Setup) -> ClientProtocol:
    """Return the state machine of a new connection."""
    uri = f"{'wss' if route.tls else 'ws'}://{route.authority}{request.target}"
    return ClientProtocol(
        parse_uri(uri),
        subprotocols=[*map(Subprotocol, setup.subprotocols)] or None,
        extensions=enable_client_permessage_deflate(None) if setup.compression else None,
        max_size=setup.max_message_bytes,
        logger=_SILENT,
    )


def set_host(protocol: ClientProtocol, request: HttpRequest) -> None:
    """Use the caller's Host header, if there is one."""
    if "host" in request.headers:
        connect = protocol.connect

        def connect_with_host() -> Any:
            made = connect()
            del made.headers["Host"]
            made.headers["Host"] = request.headers["host"][1]
            return made

        protocol.connect = connect_with_host  # type: ignore[method-assign]  # the library has no argument for it


def has_ended(protocol: ClientProtocol) -> bool:
    """Return whether the server has closed the conversation, or broken the protocol: it may leave the socket open."""
    return protocol.close_rcvd is not None or protocol.parser_exc is not None


def switched(response: Any) -> list[tuple[str, str]]:
    """Return the headers of the answer that opened a WebSocket.

    Raises: ConnectionResetError where a reset has ended the handshake, which the library does not report.
    """
    if response is None:
        raise ConnectionResetError("the server reset the connection in the handshake")
    return [*response.headers.raw_items()]


def refused(error: Exception) -> Answer:
    """Return the answer of a server that did not switch. Raises NetworkError if there is none."""
    if isinstance(error, InvalidStatus):
        response = error.response
        if 200 <= response.status_code < 300:
            problem = f"the server answered {response.status_code} in place of opening a WebSocket"
            raise ConnectError(problem, retryable=False) from error
        body = bytes(response.body or b"")[:_MOST_BODY]
        return Answer(response.status_code, response.headers.raw_items(), body)
    raise _failure(error) from error


def _failure(error: Exception) -> NetworkError:
    found: NetworkError
    if isinstance(error, TimeoutError):
        found = PhaseTimeoutError("read")
    elif isinstance(error, InvalidMessage) and isinstance(error.__cause__, EOFError):
        found = ConnectionLostError("the server closed the connection in the handshake")
    elif isinstance(error, InvalidHandshake):
        found = ConnectError(f"the handshake of the WebSocket failed: {error}", retryable=False)
    else:
        found = ConnectionLostError(str(error) or type(error).__name__)
    found.request_sent = True
    return found
