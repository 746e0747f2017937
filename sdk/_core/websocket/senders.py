"""The base of generated senders: methods named like the events that they send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .connections import AsyncConnection, Connection


class Sender:
    """The events of a connection below one name."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection[Any, Any]) -> None:
        self._connection = connection

    def _send(self, kind: str, fields: Mapping[str, Any]) -> None:
        self._connection.send_json({"type": kind, **fields})


class AsyncSender:
    """The events of an asynchronous connection below one name."""

    __slots__ = ("_connection",)

    def __init__(self, connection: AsyncConnection[Any, Any]) -> None:
        self._connection = connection

    async def _send(self, kind: str, fields: Mapping[str, Any]) -> None:
        await self._connection.send_json({"type": kind, **fields})
