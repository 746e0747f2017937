"""Group Concurrency of the fault table, for streams: cancelled, left, dropped."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

from sdk import Client
from sdk.errors import PoolTimeoutError

from .conftest import KEY, MESSAGES
from .raw import Peer, Raw, always, once
from .streaming import HEAD, framed, streamed
from .test_streams import WHOLE

ASK: Any = {"model": "m", "messages": MESSAGES}


def _holding(peer: Peer) -> None:
    peer.say(HEAD + framed(*WHOLE[:2]))


@pytest.mark.world("asyncio")
@pytest.mark.parametrize("where", ["opening", "reading", "draining"])
def test_x1_cancel_a_stream(where: str) -> None:
    """A task that is cancelled in a stream closes its socket and gives its place back, wherever it is."""
    script = {
        "opening": Peer.hold,
        "reading": _holding,
        "draining": lambda peer: peer.say(HEAD + framed(*WHOLE)),
    }[where]

    async def main(server: Raw) -> None:
        server.baseline()
        async with Client(api_base=server.url, api_key=KEY, max_in_flight=1) as client:
            seen = asyncio.Event()

            async def read() -> None:
                async with client.chat.create.asyncio_stream(**ASK) as stream:
                    async for item in stream:
                        if where == "reading" or item.choices[0].finish_reason:
                            seen.set()

            task = asyncio.create_task(read())
            if where == "opening":
                while not server.requests:
                    await asyncio.sleep(0.002)
            else:
                await seen.wait()
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.sleep(0)
            assert (server.open(0), client.stats().in_flight, len(server.requests)) == (0, 0, 1)
            assert asyncio.all_tasks() == {asyncio.current_task()}

    with Raw(once(script)) as server:
        asyncio.run(main(server))


@pytest.mark.world("sync")
def test_x2_leave_the_loop() -> None:
    """A loop that is left leaves the stream open, to go on with; the `with` block closes it."""
    with Raw(once(_holding)) as server, Client(api_base=server.url, api_key=KEY) as client:
        with client.chat.create.stream(**ASK) as stream:
            for _ in stream:
                break
            assert (server.open(1), client.stats().in_flight) == (1, 1)
            assert next(stream).content == "lo"
        assert (server.open(0), client.stats().in_flight) == (0, 0)


@pytest.mark.world("asyncio")
def test_x2_leave_the_loop_of_a_coroutine() -> None:
    """The same for coroutines, by whichever way the stream is read."""

    async def main(server: Raw) -> None:
        server.baseline()
        async with Client(api_base=server.url, api_key=KEY) as client:
            for way in ("__aiter__", "text", "events"):
                async with client.chat.create.asyncio_stream(**ASK) as stream:
                    async for _ in getattr(stream, way)():
                        break
                    assert (server.open(1), client.stats().in_flight) == (1, 1)
                    assert (await anext(stream)).content == "lo"
                await asyncio.sleep(0)
                assert (server.open(0), client.stats().in_flight) == (0, 0)
                assert asyncio.all_tasks() == {asyncio.current_task()}

    with Raw(once(_holding)) as server:
        asyncio.run(main(server))


@pytest.mark.world("sync")
def test_x3_dropped() -> None:
    """A stream that is dropped open gives socket and place back, with a warning; one never opened says nothing."""
    with Raw(once(_holding)) as server, Client(api_base=server.url, api_key=KEY) as client:
        client.chat.create.stream(**ASK)
        gc.collect()
        stream = client.chat.create.stream(**ASK)
        next(stream)
        with pytest.warns(ResourceWarning, match="dropped without being closed"):
            del stream
            gc.collect()
        assert (server.open(0), client.stats().in_flight, len(server.requests)) == (0, 0, 1)


@pytest.mark.world("asyncio")
def test_x3_dropped_in_a_loop() -> None:
    """The same in an event loop, opened and never read; no task is left behind."""

    async def main(server: Raw) -> None:
        server.baseline()
        async with Client(api_base=server.url, api_key=KEY) as client:
            client.chat.create.asyncio_stream(**ASK)
            stream = client.chat.create.asyncio_stream(**ASK)
            await stream.__aenter__()
            with pytest.warns(ResourceWarning, match="dropped without being closed"):
                del stream
                gc.collect()
            assert asyncio.all_tasks() == {asyncio.current_task()}
            await asyncio.sleep(0)
            assert (server.open(0), client.stats().in_flight, len(server.requests)) == (0, 0, 1)

    with Raw(once(_holding)) as server:
        asyncio.run(main(server))


def test_a_place_is_held_until_the_stream_closes(world: str) -> None:
    """With one place, a second call of the same task fails at once while its stream is open, and works afterwards."""
    with Raw(always(streamed(*WHOLE))) as server:
        if world == "sync":
            with Client(api_base=server.url, api_key=KEY, max_in_flight=1) as client:
                with client.chat.create.stream(**ASK) as stream:
                    with pytest.raises(PoolTimeoutError):
                        client.chat.create.stream(**ASK).final()
                    assert stream.final().choices[0].message.content == "Hello"
                assert client.chat.create.stream(**ASK).final().choices[0].message.content == "Hello"
        else:

            async def main() -> None:
                async with Client(api_base=server.url, api_key=KEY, max_in_flight=1) as client:
                    async with client.chat.create.asyncio_stream(**ASK) as stream:
                        with pytest.raises(PoolTimeoutError):
                            await client.chat.create.asyncio_stream(**ASK).final()
                        assert (await stream.final()).choices[0].message.content == "Hello"
                    await client.chat.create.asyncio_stream(**ASK).final()

            asyncio.run(main())
