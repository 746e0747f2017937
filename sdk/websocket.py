"""Conversations over WebSockets: the objects that open them, their connections and options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._core.lazy import attributes
from ._core.websocket import WebSocket as WebSocket

if TYPE_CHECKING:
    from ._core.websocket.backlog import Reconnected as Reconnected
    from ._core.websocket.connections import AsyncConnection as AsyncConnection
    from ._core.websocket.connections import Connection as Connection
    from ._core.websocket.options import ConnectOptions as ConnectOptions
else:  # connections need the library websockets
    _LATER = {
        "AsyncConnection": ".._core.websocket.connections",
        "ConnectOptions": ".._core.websocket.options",
        "Connection": ".._core.websocket.connections",
        "Reconnected": ".._core.websocket.backlog",
    }
    __getattr__ = attributes(__name__, _LATER)

    def __dir__() -> list[str]:
        return sorted({*globals(), *_LATER})
