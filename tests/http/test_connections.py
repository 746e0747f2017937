"""Connections that wait, and readers that are slower than their server: parts alone, without a socket."""

from __future__ import annotations

import asyncio
import socket
from types import SimpleNamespace
from typing import Any

import pytest

from sdk._core.http.async_connection import AsyncConnection
from sdk._core.http.pool import Pool


class _Idle:
    """A connection that nothing has come on."""

    def __init__(self) -> None:
        self.used, self.idle_since, self.closed = False, 0.0, False

    def readable(self) -> bool:
        return False

    def abort(self) -> None:
        """Nobody uses it."""

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(("keepalive", "idle", "kept"), [(5.0, 4.9, True), (5.0, 5.1, False), (None, 1e6, True)])
def test_a_connection_waits_only_so_long(
    monkeypatch: pytest.MonkeyPatch, keepalive: float | None, idle: float, kept: bool
) -> None:
    """One that has not been used for longer than keepalive_expiry is closed, and not used again."""
    now = 100.0
    monkeypatch.setattr("sdk._core.http.pool.time", SimpleNamespace(monotonic=lambda: now))
    route: Any = SimpleNamespace(keepalive=keepalive)
    pool, wire = Pool(route, None), _Idle()
    pool.add(wire)
    pool.release(wire)
    now += idle
    assert pool.acquire() is (wire if kept else None)
    assert (wire.closed, len(pool)) == (not kept, int(kept))


class _Transport:
    """A transport of asyncio that notes what it is told."""

    def __init__(self) -> None:
        self.reported: list[str] = []

    def set_write_buffer_limits(self, high: int) -> None:
        """Take what a connection sets."""

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None:
        self.reported.append("pause")

    def resume_reading(self) -> None:
        self.reported.append("resume")


@pytest.mark.world("asyncio")
def test_a_server_that_is_faster_than_its_reader_has_to_wait() -> None:
    """From 256 KiB on no more is taken from the socket, until the reader has what there is."""

    async def main() -> None:
        with socket.socket() as sock:
            wire, transport = AsyncConnection(asyncio.get_running_loop(), sock), _Transport()
            wire.connection_made(transport)
            wire.data_received(bytes(200_000))
            assert transport.reported == []
            wire.data_received(bytes(100_000))
            wire.data_received(bytes(1))
            assert transport.reported == ["pause"]
            assert len(await wire.receive(None)) == 300_001
            assert transport.reported == ["pause", "resume"]

    asyncio.run(main())
