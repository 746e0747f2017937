"""Calls and streams on trio, where httpx does the sending."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio

import sdk
from sdk import ChatSession, Client
from sdk.errors import APITimeoutError, InternalServerError, PoolTimeoutError
from sdk.stats import ClientStats
from sdk.testing import LocalServer

from ..faults.raw import Peer, Raw, always, once, reply
from ..faults.streaming import HEAD, chunk, framed, streamed
from ..faults.test_streams import WHOLE

ASK: Any = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


@pytest.fixture(params=["alone", "http_client", "transport"])
def options(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A client of its own, or one over what the user brought along."""
    yield {
        "alone": dict,
        "http_client": lambda: {"http_client": httpx.AsyncClient(trust_env=False)},
        "transport": lambda: {"transport": httpx.AsyncHTTPTransport()},
    }[request.param]


async def _close(given: dict[str, Any]) -> None:
    for one in given.values():
        await one.aclose()


def test_calls(options: Any) -> None:
    """Many calls at once, two in flight: each gets its reply."""

    async def main(server: Raw) -> None:
        given, found = options(), []
        async with Client(api_base=server.url, api_key="k", max_in_flight=2, **given) as client:

            async def ask() -> None:
                found.append((await client.chat.create.asyncio(**ASK)).id)

            async with trio.open_nursery() as nursery:
                for _ in range(10):
                    nursery.start_soon(ask)
            assert found == ["c"] * 10
            assert client.stats().in_flight == 0
        await _close(given)

    with Raw(always(reply())) as server:
        trio.run(main, server)


def test_a_stream(options: Any) -> None:
    """A stream comes chunk by chunk; a connection of the user's own is used again."""

    async def main(server: Raw) -> None:
        given = options()
        async with Client(api_base=server.url, api_key="k", **given) as client:
            async with client.chat.create.asyncio_stream(**ASK) as stream:
                assert [piece async for piece in stream.text()] == ["Hel", "lo"]
            async with client.chat.create.asyncio_stream(**ASK) as stream:
                assert (await stream.final()).choices[0].message.content == "Hello"
            assert client.stats().in_flight == 0
        await _close(given)

    with Raw(always(streamed(*WHOLE))) as server:
        trio.run(main, server)
        assert server.connections == (2 if options is dict else 1)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # generators of httpx and httpcore
@pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")
def test_a_stream_left_half_way(options: Any) -> None:
    """A stream that is left is closed, and its place free."""

    async def main(server: Raw) -> None:
        given = options()
        async with Client(api_base=server.url, api_key="k", **given) as client:
            async with client.chat.create.asyncio_stream(**ASK) as stream:
                assert (await anext(stream)).content == "Hel"
            assert client.stats().in_flight == 0
        await _close(given)

    with Raw(always(streamed(*WHOLE))) as server:
        trio.run(main, server)


def test_retries_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pause between two attempts is trio's, and ends with the attempts."""
    monkeypatch.setattr("sdk._core.call.retry._FIRST", 0.001)

    async def main(server: Raw) -> None:
        async with Client(api_base=server.url, api_key="k") as client:
            with pytest.raises(InternalServerError) as raised:
                await client.chat.create.asyncio(**ASK)
            assert len(raised.value.attempts) == 2

    with Raw(always(reply(b"{}", "503 X"))) as server:
        trio.run(main, server)
        assert len(server.requests) == 3


def test_cancelling_frees_the_place(options: Any) -> None:
    """A call that is cancelled gives its place back, while waiting for one or for the server."""

    async def main(server: Raw) -> None:
        given = options()
        async with Client(api_base=server.url, api_key="k", max_in_flight=1, **given) as client:
            with trio.move_on_after(0.1) as scope:
                async with trio.open_nursery() as nursery:
                    for _ in range(3):
                        nursery.start_soon(lambda: client.chat.create.asyncio(**ASK))
            assert scope.cancelled_caught
            assert client.stats() == ClientStats(in_flight=0, waiting=0)
        await _close(given)

    with Raw(once(Peer.hold)) as server:
        trio.run(main, server)


def test_time_limits(options: Any) -> None:
    """The limits hold: for the headers, for a place, for a stream that stalls."""

    async def main(server: Raw) -> None:
        given = options()
        async with Client(api_base=server.url, api_key="k", max_retries=0, max_in_flight=1, **given) as client:
            with pytest.raises(APITimeoutError):
                await client.chat.create.asyncio(timeout=0.1, **ASK)
            async with client.chat.create.asyncio_stream(stall_timeout=0.1, **ASK) as stream:
                with pytest.raises(PoolTimeoutError, match="open streams of this task"):
                    await client.chat.create.asyncio(**ASK)
                with pytest.raises(APITimeoutError, match="stall_timeout"):
                    await stream.final()
        await _close(given)

    def script(peer: Peer) -> None:
        peer.request()
        if len(peer._server.requests) == 1:
            peer.hold()
        peer.say(HEAD + framed(chunk("Hel")))

    with Raw(script) as server:
        trio.run(main, server)


def test_waiting_for_a_place_has_an_end() -> None:
    """pool_timeout holds on trio."""

    async def main(server: Raw) -> None:
        async with Client(api_base=server.url, api_key="k", max_in_flight=1, pool_timeout=0.1, timeout=5) as client:
            failed: list[Exception] = []

            async def ask() -> None:
                try:
                    await client.chat.create.asyncio(**ASK)
                except PoolTimeoutError as error:
                    failed.append(error)

            async with trio.open_nursery() as nursery:
                nursery.start_soon(ask)
                nursery.start_soon(ask)
                await trio.sleep(0.3)
                nursery.cancel_scope.cancel()
            assert len(failed) == 1

    with Raw(once(Peer.hold)) as server:
        trio.run(main, server)


def test_tools_of_a_session(openai_server: LocalServer) -> None:
    """The calls of one reply run at once, async functions as tasks and others in threads."""
    openai_server.reply_tool_calls(("waits", {}), ("works", {"n": 2}))
    openai_server.reply("done")
    begun = trio.Event()

    async def waits() -> str:
        with trio.fail_after(5):
            await begun.wait()  # not before the other one has begun
        return "waited"

    def works(n: int) -> int:
        trio.from_thread.run_sync(begun.set)
        return n

    async def main() -> None:
        async with Client(api_base=openai_server.url, api_key=openai_server.api_key) as client:
            session = ChatSession(client, "m", tools=[waits, works])
            assert (await session.arun("go")).text == "done"
            assert [m["content"] for m in session.messages if m["role"] == "tool"] == ["waited", "2"]

    trio.run(main)


def test_an_upload_in_parts(openai_server: LocalServer, tmp_path: Path) -> None:
    """Parts are sent side by side."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"x" * 10_000)

    async def main() -> None:
        async with Client(api_base=openai_server.url, api_key=openai_server.api_key, max_in_flight=4) as client:
            done = await sdk.aupload_large(path, client=client, purpose="batch", part_size=3_000, md5=True)
        assert done.status == "completed"

    trio.run(main)
