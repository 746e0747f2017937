"""Idle connections are closed when they expire or the server closes them, whichever of them calls use."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk._core.http.pool import Pool

from ..faults.conftest import KEY, MESSAGES
from ..faults.raw import Peer, Raw, always, once, reply


class _Idle:
    """A connection, and whether the server has closed it."""

    def __init__(self) -> None:
        self.used, self.idle_since, self.closed, self.may_be_closing, self.ended = False, 0.0, False, False, False

    def readable(self) -> bool:
        return self.ended

    def abort(self) -> None:
        """Nobody uses it."""

    def close(self) -> None:
        self.closed = True


class _Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    """The clock of the pool."""
    made = _Clock()
    monkeypatch.setattr("sdk._core.http.pool.time", made)
    return made


def _pool(keepalive: float | None, count: int) -> tuple[Pool, list[_Idle]]:
    """Return a pool with idle connections, as a burst of calls leaves them."""
    route: Any = SimpleNamespace(keepalive=keepalive)
    pool, connections = Pool(route, None), [_Idle() for _ in range(count)]
    for connection in connections:
        pool.add(connection)
        pool.release(connection)
    return pool, connections


@pytest.mark.parametrize("keepalive", [0.05, 0.5, 5.0, 60.0])
@pytest.mark.parametrize("how", ["acquire", "release"])
def test_what_expires_is_closed_with_any_call(clock: _Clock, keepalive: float, how: str) -> None:
    """A call that uses the last connection closes all others that have expired."""
    pool, connections = _pool(keepalive, 80)
    used = pool.acquire()
    assert used is connections[-1]
    for _ in range(10):  # calls go on meanwhile, and use the last connection alone
        clock.now += keepalive * 0.099
        pool.release(used)
        assert pool.acquire() is used
    assert [one.closed for one in connections] == [False] * 80
    clock.now += keepalive * 0.02
    if how == "acquire":
        assert pool.acquire() is None
    else:
        pool.release(used)
        assert pool.acquire() is used
    assert [one.closed for one in connections] == [True] * 79 + [False]
    assert len(pool) == 1


@pytest.mark.parametrize("keepalive", [5.0, 3600.0, None])
def test_what_the_server_closes_is_closed_soon(clock: _Clock, keepalive: float | None) -> None:
    """However long a connection may be idle, one that the server has closed gives its socket back within a second."""
    pool, connections = _pool(keepalive, 80)
    clock.now += 0.5
    used = pool.acquire()
    for connection in connections[:40]:
        connection.ended = True
    clock.now += 1.5
    pool.release(used)
    assert [one.closed for one in connections] == [True] * 40 + [False] * 40
    assert (len(pool), pool.acquire()) == (40, used)


def test_a_quiet_call_looks_at_one_connection(monkeypatch: pytest.MonkeyPatch, clock: _Clock) -> None:
    """Between two looks at all connections a call asks the system about the one that it uses, and about no other."""
    pool, connections = _pool(5.0, 80)
    asked: list[_Idle] = []

    def tell(connection: _Idle) -> bool:
        asked.append(connection)
        return False

    monkeypatch.setattr(_Idle, "readable", tell)
    for _ in range(9):
        clock.now += 0.1
        pool.release(pool.acquire())
    assert asked == [connections[-1]] * 9


def _limits(seconds: float | None) -> Any:
    return {"limits": httpx.Limits(keepalive_expiry=seconds)}


@pytest.mark.world("sync")
def test_sockets_of_a_burst() -> None:
    """After a burst, calls one after another that use one connection leave no other open."""
    together = threading.Barrier(10)

    def script(peer: Peer) -> None:
        while peer.request() is not None:
            if len(peer._server.requests) <= 10:
                together.wait(10)
            peer.send(reply())

    with Raw(script) as server:
        options: Any = {"max_in_flight": None, "pace": False, "http_options": _limits(0.2)}
        with Client(api_base=server.url, api_key=KEY, **options) as client, ThreadPoolExecutor(10) as threads:
            list(threads.map(lambda _: client.chat.create.sync(model="m", messages=MESSAGES), range(10)))
            assert server.open(10) == 10
            for _ in range(20):
                server.ended.wait(0.05)
                client.chat.create.sync(model="m", messages=MESSAGES)
            assert server.open(1) == 1


@pytest.mark.world("asyncio")
@pytest.mark.parametrize("then", ["nothing", "a call"])
def test_sockets_of_a_burst_of_tasks(then: str) -> None:
    """On an event loop connections are closed when they expire though nobody calls; no timer is left behind."""

    async def main(server: Raw) -> None:
        server.baseline()
        loop: Any = asyncio.get_running_loop()
        options: Any = {"max_in_flight": None, "pace": False, "http_options": _limits(0.2)}
        async with Client(api_base=server.url, api_key=KEY, **options) as client:
            await asyncio.gather(*[client.chat.create.asyncio(model="m", messages=MESSAGES) for _ in range(10)])
            assert server.open(10) == 10
            if then == "a call":
                await asyncio.sleep(0.1)
                await client.chat.create.asyncio(model="m", messages=MESSAGES)
            for _ in range(100):
                await asyncio.sleep(0.02)
                if not len(client._context.transport.loops()._by_loop[loop]):
                    break
            await asyncio.sleep(0.01)
            assert server.open(0) == 0
            assert [timer for timer in loop._scheduled if not timer.cancelled()] == []
            await client.chat.create.asyncio(model="m", messages=MESSAGES)
            assert server.open(1) == 1
        assert [timer for timer in loop._scheduled if not timer.cancelled()] == []
        assert asyncio.all_tasks() == {asyncio.current_task()}

    with Raw(always(reply())) as server:
        asyncio.run(main(server))


@pytest.mark.world("asyncio")
@pytest.mark.parametrize("keepalive", [None, 3600.0])
def test_connections_that_the_server_closes(monkeypatch: pytest.MonkeyPatch, keepalive: float | None) -> None:
    """Where they may be idle for long, those that the server has closed do not stay in the pool."""
    monkeypatch.setattr("sdk._core.http.pool._SWEEP", 0.01)

    async def main(server: Raw) -> None:
        server.baseline()
        options: Any = {"max_in_flight": None, "http_options": _limits(keepalive)}
        async with Client(api_base=server.url, api_key=KEY, **options) as client:
            await asyncio.gather(*[client.chat.create.asyncio(model="m", messages=MESSAGES) for _ in range(10)])
            server.has_closed(10)
            await asyncio.sleep(0.02)
            await client.chat.create.asyncio(model="m", messages=MESSAGES)
            pool = client._context.transport.loops()._by_loop[asyncio.get_running_loop()]
            assert (len(pool), server.open(1)) == (1, 1)

    with Raw(once(lambda peer: peer.send(reply()))) as server:
        asyncio.run(main(server))
