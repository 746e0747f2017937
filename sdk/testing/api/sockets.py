"""The routes of WebSockets: each path of the description, with its handler."""

from collections.abc import Awaitable, Callable

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from ..description.document import template_of, websockets
from . import live, realtime, responses_socket
from .socket import ServerSocket

Serve = Callable[[ServerSocket], Awaitable[None]]
_HANDLERS: dict[str, Serve] = {
    "realtime.connect": realtime.serve,
    "responses.connect": responses_socket.serve,
    "live.connect": live.serve,
    "realtime.translations.connect": live.translate,
}


def sockets(api_key: str | None) -> list[WebSocketRoute]:
    """Return a route for each WebSocket."""
    return [
        _route(name, template_of(one)[0], _HANDLERS[name], api_key)
        for name, one in websockets().items()
        if name in _HANDLERS
    ]


def _route(name: str, path: str, serve: Serve, api_key: str | None) -> WebSocketRoute:
    async def endpoint(websocket: WebSocket) -> None:
        await serve(ServerSocket(websocket, name, api_key))

    return WebSocketRoute(path, endpoint)
