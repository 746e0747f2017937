"""Conversations over WebSockets: the objects that open them, their connections and options."""

from __future__ import annotations

from ._core.websocket import WebSocket as WebSocket
from ._core.websocket.backlog import Reconnected as Reconnected
from ._core.websocket.connections import AsyncConnection as AsyncConnection
from ._core.websocket.connections import Connection as Connection
from ._core.websocket.options import ConnectOptions as ConnectOptions
