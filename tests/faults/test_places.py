"""Row C8 of the fault table and the limit of calls in flight."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import anyio
import pytest

from sdk import Client
from sdk._core.call.drivers import _ado, _do
from sdk._core.call.flow import flow
from sdk._core.call.limiter import ConcurrencyLimiter
from sdk._core.call.state import CallState
from sdk._core.effects import Acquire
from sdk.api.chat import create
from sdk.errors import APITimeoutError, PoolTimeoutError
from sdk.stats import ClientStats

from .conftest import KEY, MESSAGES
from .raw import Peer, Raw, always, once, reply

_EVENT = b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[]}\n\n'
_STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9000\r\n\r\n" + _EVENT


def test_c8_no_place(world: str) -> None:
    """Calls that find no place in pool_timeout say so: the server was not asked, and is not asked more often."""

    async def main(client: Client) -> list[Any]:
        async with client:
            calls = [client.chat.create.asyncio(model="m", messages=MESSAGES) for _ in range(20)]
            return await asyncio.gather(*calls, return_exceptions=True)

    def one(client: Client) -> Any:
        try:
            return client.chat.create.sync(model="m", messages=MESSAGES)
        except Exception as error:
            return error

    with Raw(once(Peer.hold)) as server:
        options: Any = {"api_base": server.url, "api_key": KEY, "max_in_flight": 1, "pool_timeout": 0.3, "timeout": 0.6}
        client = Client(**options, max_retries=0)
        if world == "asyncio":
            found = asyncio.run(main(client))
        else:
            with client, ThreadPoolExecutor(20) as pool:
                found = list(pool.map(lambda _: one(client), range(20)))
        assert server.connections == 1
    waited = [error for error in found if type(error) is PoolTimeoutError]
    assert len(waited) == 19
    assert [type(error) for error in found if error not in waited] == [APITimeoutError]
    for error in waited:
        assert (error.request_sent, error.attempts, "max_in_flight=1" in str(error)) == (False, (), True)
        assert error.request is not None


def test_c8_own_streams(world: str) -> None:
    """Who waits for streams that only it can close is told at once, whatever pool_timeout says."""

    def sync(client: Client) -> None:
        with client, client.chat.create.stream(model="m", messages=MESSAGES) as stream:
            next(iter(stream))
            with pytest.raises(PoolTimeoutError, match="this task"):
                client.chat.create.sync(model="m", messages=MESSAGES)

    async def main(client: Client) -> None:
        async with client, client.chat.create.asyncio_stream(model="m", messages=MESSAGES) as stream:
            await anext(aiter(stream))
            with pytest.raises(PoolTimeoutError, match="this task"):
                await client.chat.create.asyncio(model="m", messages=MESSAGES)

    began = time.monotonic()
    with Raw(once(lambda peer: peer.say(_STREAM))) as server:
        client = Client(api_base=server.url, api_key=KEY, max_in_flight=1)
        sync(client) if world == "sync" else asyncio.run(main(client))
        assert server.connections == 1
    assert time.monotonic() - began < 2


def test_a_closed_stream_frees_its_place(world: str) -> None:
    """After a stream its task may call again."""

    def script(peer: Peer) -> None:
        if peer.request() is not None:
            peer.say(_STREAM if peer.number == 1 else reply())

    async def main(client: Client) -> None:
        async with client:
            async with client.chat.create.asyncio_stream(model="m", messages=MESSAGES) as stream:
                await anext(aiter(stream))
            await client.chat.create.asyncio(model="m", messages=MESSAGES)

    with Raw(script) as server:
        client = Client(api_base=server.url, api_key=KEY, max_in_flight=1)
        if world == "asyncio":
            asyncio.run(main(client))
        else:
            with client:
                with client.chat.create.stream(model="m", messages=MESSAGES) as stream:
                    next(iter(stream))
                client.chat.create.sync(model="m", messages=MESSAGES)
        assert (server.connections, client.stats().in_flight) == (2, 0)


def test_a_deadline_while_waiting_is_the_deadline() -> None:
    """A call whose deadline passes while it waits for a place says that it was the deadline."""

    async def main(server: Raw) -> BaseException:
        async with Client(api_base=server.url, api_key=KEY, max_in_flight=1, max_retries=0, timeout=0.5) as client:
            calls = [client.chat.create.asyncio(model="m", messages=MESSAGES),
                     client.chat.create.asyncio(model="m", messages=MESSAGES, deadline=0.1)]  # fmt: skip
            return (await asyncio.gather(*calls, return_exceptions=True))[1]  # type: ignore[return-value]

    with Raw(once(Peer.hold)) as server:
        error = asyncio.run(main(server))
    assert type(error) is APITimeoutError
    assert ("deadline" in str(error), error.request_sent) == (True, False)


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_a_deadline_while_a_key_is_made_is_the_deadline(loop: str) -> None:
    """A coroutine that makes the key has until the deadline; a TimeoutError of its own is its own."""

    async def slow() -> str:
        await anyio.Event().wait()
        return KEY

    async def fails() -> str:
        raise TimeoutError("mine")

    async def main() -> list[BaseException]:
        found: list[BaseException] = []
        for source in (slow, fails):
            async with Client(api_base="http://127.0.0.1:1/v1", api_key=source, deadline=0.1) as client:
                try:
                    await client.chat.create.asyncio(model="m", messages=MESSAGES)
                except Exception as error:
                    found.append(error)
        return found

    error, own = anyio.run(main, backend=loop)
    assert (type(error), getattr(error, "request_sent", None)) == (APITimeoutError, False)
    assert "deadline" in str(error)
    assert (type(own), str(own)) == (TimeoutError, "mine")


@pytest.mark.parametrize(("options", "name"), [({"max_connections": 1}, "max_connections=1"), ({}, "max_in_flight=2")])
def test_the_smaller_limit_is_named(options: dict[str, Any], name: str) -> None:
    """A call has one connection: the smaller of the two limits holds, and is the one that is told."""

    async def main(url: str) -> list[Any]:
        async with Client(
            api_base=url, api_key=KEY, pool_timeout=0.05, timeout=0.2, max_retries=0, **options
        ) as client:
            calls = [client.chat.create.asyncio(model="m", messages=MESSAGES) for _ in range(3)]
            return await asyncio.gather(*calls, return_exceptions=True)

    with Raw(once(Peer.hold)) as server:
        found = asyncio.run(main(server.url))
    waited = [error for error in found if type(error) is PoolTimeoutError]
    assert len(waited) == (2 if options else 1)
    assert name in str(waited[0])


def test_a_stream_that_the_garbage_collector_closes_while_a_place_is_asked_for() -> None:
    """Its place comes back in the very moment, in whichever thread that runs, and nothing waits for itself."""
    slots = ConcurrencyLimiter(1, 0.5, "max_in_flight", "OPENAI_MAX_IN_FLIGHT")
    turns: list[Any] = []

    class Conversation(deque[Any]):
        def append(self, turn: Any) -> None:
            super().append(turn)
            turns.append(turn)
            slots.release()  # as a dropped stream does

    slots.acquire(None)
    slots._waiting = Conversation()
    asked = threading.Thread(target=slots.acquire, args=[None], daemon=True)
    asked.start()
    asked.join(2)
    assert (asked.is_alive(), len(turns), slots.counts()) == (False, 1, (1, 0))


def test_a_place_offered_to_a_loop_that_is_gone_is_given_back_once() -> None:
    """A task that waited on a loop closed bare is handed nothing, so that its end gives no place back either."""
    slots = ConcurrencyLimiter(2, None, "max_in_flight", "OPENAI_MAX_IN_FLIGHT")
    slots.acquire(None)
    slots.acquire(None)
    loop = asyncio.new_event_loop()
    waiting = slots.aacquire(None)
    task = loop.create_task(waiting)
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    slots.release()
    waiting.close()
    assert slots.counts() == (1, 0)
    task._log_destroy_pending = False  # type: ignore[attr-defined]  # it is meant to be left


@pytest.mark.parametrize("pace", [True, False])
@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_a_place_handed_to_a_task_that_is_cancelled_in_that_turn(loop: str, pace: bool) -> None:
    """The task gives it back, though it never ran with it: the client has all its places again."""
    options: Any = {"max_in_flight": 1, "pace": pace}

    async def main(url: str) -> None:
        async with Client(api_base=url, api_key=KEY, **options) as client, anyio.create_task_group() as group:
            async with client.chat.create.asyncio_stream(model="m", messages=MESSAGES):
                group.start_soon(lambda: client.chat.create.asyncio(model="m", messages=MESSAGES))
                await anyio.wait_all_tasks_blocked()
                assert client.stats() == ClientStats(in_flight=1, waiting=1)
            assert client.stats() == ClientStats(in_flight=1, waiting=0)
            group.cancel_scope.cancel()
        assert client.stats() == ClientStats(in_flight=0, waiting=0)

    with Raw(once(lambda peer: peer.say(_STREAM))) as server:
        anyio.run(main, server.url, backend=loop)
        assert len(server.requests) == 1


@pytest.mark.parametrize(("end", "taken"), [(KeyboardInterrupt, 0), (TimeoutError, 1)])
def test_a_place_handed_to_a_thread_whose_wait_ends_at_once(
    end: type[BaseException], taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After Ctrl-C it is given back; where the time had just run out it is there all the same, and is used."""
    slots, place = ConcurrencyLimiter(1, None, "max_in_flight", "OPENAI_MAX_IN_FLIGHT"), Acquire(None)

    def wait(turn: object, timeout: float | None) -> None:
        slots.release()
        raise end

    monkeypatch.setattr("sdk._core.runtime.waiters.ThreadWaiter.wait", wait)
    slots.acquire(None)
    with pytest.raises(KeyboardInterrupt) if end is KeyboardInterrupt else nullcontext():
        slots.acquire(None, place)
    assert (slots.counts(), place.taken) == ((taken, 0), bool(taken))


@pytest.mark.parametrize("how", ["free", "handed over"])
def test_an_interrupt_while_a_place_is_taken(how: str) -> None:
    """Ctrl-C that comes as the lock of the places is let go: the call knows whether there is a place to give back."""
    slots, place = ConcurrencyLimiter(1, None, "max_in_flight", "OPENAI_MAX_IN_FLIGHT"), Acquire(None)

    class Interrupting:
        def __enter__(self) -> None: ...

        def __exit__(self, *exc: object) -> None:
            if slots._waiting or place.taken:
                slots.lock = threading.RLock()
                raise KeyboardInterrupt

    if how == "handed over":
        slots.acquire(None)
    slots.lock = Interrupting()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        slots.acquire(None, place)
    slots.release()
    assert (slots.counts(), place.taken) == ((0, 0), how == "free")


@pytest.mark.parametrize("after", ["taken at once", "before", "taken"])
def test_an_interrupt_between_taking_a_place_and_the_call(world: str, after: str) -> None:
    """Ctrl-C may come between any two steps: a place that was taken is given back, and no other."""
    with Client(api_base="http://127.0.0.1:1/v1", api_key=KEY, max_in_flight=2) as client:
        for _ in range(1 if after == "taken at once" else 2):
            client._context.limiter.acquire(None)
        steps = flow(CallState(client._context, create.request(model="m", messages=MESSAGES)))
        effect = next(steps)
        if after == "taken":
            client._context.limiter.release()
            if world == "sync":
                _do(client._context, effect)
            else:
                asyncio.run(_ado(client._context, effect))
        assert client.stats().in_flight == 2
        steps.close()
        assert client.stats().in_flight == (2 if after == "before" else 1)


def test_an_interrupt_while_a_connection_is_looked_at() -> None:
    """The connection is closed, and not forgotten while it is open."""

    def interrupt() -> bool:
        raise KeyboardInterrupt

    with Raw(always(reply())) as server, Client(api_base=server.url, api_key=KEY) as client:
        client.chat.create.sync(model="m", messages=MESSAGES)
        pool = client._context.transport._sync
        wire: Any = _Wire(pool._idle.pop(), interrupt)
        pool._idle.append(wire)
        pool._open = {wire}
        with pytest.raises(KeyboardInterrupt):
            client.chat.create.sync(model="m", messages=MESSAGES)
        assert (len(pool), server.open(0)) == (0, 0)


def test_an_interrupt_while_a_stream_takes_its_place_over(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C before the stream has the place: the call gives it back, and the connection is closed."""

    def interrupt(slots: ConcurrencyLimiter) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(ConcurrencyLimiter, "stream_opened", interrupt)
    request: Any = create.request(model="m", messages=MESSAGES)
    request.streamed = True
    with Raw(once(lambda peer: peer.say(_STREAM))) as server, Client(api_base=server.url, api_key=KEY) as client:
        with pytest.raises(KeyboardInterrupt):
            client._open(request) if world == "sync" else asyncio.run(client._aopen(request))
        assert (client.stats().in_flight, server.open(0)) == (0, 0)


@pytest.mark.parametrize("when", ["taken", "given back"])
def test_an_interrupt_while_a_connection_changes_hands(when: str) -> None:
    """Ctrl-C that comes as the lock of the pool is let go costs the connection, which is closed and not lost."""

    class Interrupting:
        def __enter__(self) -> None: ...

        def __exit__(self, *exc: object) -> None:
            if bool(pool._idle) is (when == "given back"):
                pool._lock = threading.RLock()
                raise KeyboardInterrupt

    with Raw(always(reply())) as server, Client(api_base=server.url, api_key=KEY) as client:
        client.chat.create.sync(model="m", messages=MESSAGES)
        pool = client._context.transport._sync
        pool._lock = Interrupting()  # type: ignore[assignment]
        with pytest.raises(KeyboardInterrupt):
            client.chat.create.sync(model="m", messages=MESSAGES)
        assert (len(pool), server.open(0), client.stats().in_flight) == (0, 0, 0)
        client.chat.create.sync(model="m", messages=MESSAGES)
        assert (len(pool), server.connections) == (1, 2)


class _Wire:
    def __init__(self, wire: Any, readable: Any) -> None:
        self._wire, self.readable = wire, readable

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wire, name)
