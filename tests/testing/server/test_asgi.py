"""The transport to an application in the same process."""

import asyncio
import gc
import threading
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.errors import APIConnectionError, RateLimitError, StreamBrokenError, StreamStalledError
from sdk.testing import ASGITransport, LocalServer

from ..wire import user

_HEAD = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}


def client_of(server: LocalServer, **options: Any) -> Client:
    """Return a client that reaches the server without a socket."""
    given = {"max_retries": 0, "stall_timeout": 0.2, **options}
    return Client(api_base="http://here/v1", api_key="test-key", transport=server.transport(), **given)


def ask(client: Client) -> dict[str, Any]:
    """Return what to ask an operation of the client."""
    return {"model": "gpt-4o-mini", "messages": [user("Hi")]}


def test_serves_asyncio_without_a_socket() -> None:
    """Calls and streams reach a server that was never started, and are recorded."""
    server = LocalServer()
    server.reply("Hello there you")

    async def run() -> str:
        async with client_of(server) as client:
            create: Any = client.chat.create
            assert (await client.models.list.asyncio()).data
            async with create.asyncio_stream(**ask(client)) as stream:
                return "".join([text async for text in stream.text()])

    assert asyncio.run(run()) == "Hello there you"
    assert [request.operation for request in server.requests] == ["models.list", "chat.create"]


def test_serves_sync_without_a_socket() -> None:
    """Sync calls and streams run in a loop of the transport's own, whose thread `close` ends."""
    server = LocalServer()
    server.reply("Hello there you")
    transport = server.transport()
    before = threading.active_count()
    with Client(api_base="http://here/v1", api_key="test-key", transport=transport) as client:
        create: Any = client.chat.create
        with create.stream(**ask(client)) as stream:
            assert "".join(stream.text()) == "Hello there you"
        assert client.files.create.sync(file=b"\x00" * 100_000, purpose="user_data").bytes == 100_000
    assert threading.active_count() == before + 1
    transport.close()
    assert threading.active_count() == before


def test_a_transport_that_nobody_closed_ends_its_thread() -> None:
    """A transport that is dropped takes its thread with it."""
    before = set(threading.enumerate())
    with httpx.Client(transport=LocalServer(api_key=None).transport()) as client:
        pass
    transport = LocalServer(api_key=None).transport()
    assert transport.handle_request(httpx.Request("GET", "http://here/v1/models")).read()
    (mine,) = set(threading.enumerate()) - before
    del transport, client
    gc.collect()
    mine.join(10)
    assert not mine.is_alive()


@pytest.mark.parametrize("in_loop", [False, True])
def test_a_piece_is_there_as_soon_as_it_is_sent(in_loop: bool) -> None:
    """The application sends its second piece only after the client has had the first: nothing is gathered."""
    had = threading.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(_HEAD)
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        assert await asyncio.to_thread(had.wait, 10)
        await send({"type": "http.response.body", "body": b"two"})

    async def read() -> list[bytes]:
        pieces = []
        async with (
            httpx.AsyncClient(transport=ASGITransport(app)) as client,
            client.stream("GET", "http://a/") as reply,
        ):
            async for piece in reply.aiter_raw():
                pieces.append(piece)
                had.set()
        return pieces

    if in_loop:
        assert asyncio.run(read()) == [b"one", b"two"]
        return
    with httpx.Client(transport=ASGITransport(app)) as client, client.stream("GET", "http://a/") as reply:
        pieces = []
        for piece in reply.iter_raw():
            pieces.append(piece)
            had.set()
    assert pieces == [b"one", b"two"]


@pytest.mark.parametrize("in_loop", [False, True])
def test_a_client_that_leaves_is_seen(in_loop: bool) -> None:
    """Closing a response in the middle tells the application, whose endless sending ends."""
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(_HEAD)

        async def talk() -> None:
            while True:
                await send({"type": "http.response.body", "body": b"more", "more_body": True})
                await asyncio.sleep(0)

        talking = asyncio.create_task(talk())
        seen.append((await receive())["type"])
        talking.cancel()

    async def leave() -> None:
        async with (
            httpx.AsyncClient(transport=ASGITransport(app)) as client,
            client.stream("GET", "http://a/") as reply,
        ):
            assert await anext(reply.aiter_raw()) == b"more"

    if in_loop:
        asyncio.run(leave())
    else:
        with httpx.Client(transport=ASGITransport(app)) as client, client.stream("GET", "http://a/") as reply:
            assert next(reply.iter_raw()) == b"more"
    assert seen == ["http.disconnect"]


def test_a_cancelled_call_ends_the_application() -> None:
    """A task that is cancelled while it waits for the answer leaves nothing running."""
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        seen.append((await receive())["type"])

    async def run() -> int:
        async with httpx.AsyncClient(transport=ASGITransport(app)) as client:
            call = asyncio.create_task(client.get("http://a/"))
            while not seen and len(asyncio.all_tasks()) < 3:
                await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1
    assert seen == ["http.disconnect"]


def test_cuts_stalls_and_errors_are_those_of_a_socket() -> None:
    """What is scripted to go wrong goes wrong in the same way as over a connection."""
    server = LocalServer()
    server.reply("one two three")
    server.cut_stream(after=2)
    server.disconnect()
    server.stall(after=1)
    server.fail(429, retry_after=3)
    chunks: list[Any] = []

    async def run() -> None:
        async with client_of(server) as client:
            create: Any = client.chat.create
            with pytest.raises(StreamBrokenError):
                async with create.asyncio_stream(**ask(client)) as stream:
                    async for chunk in stream:
                        chunks.append(chunk)  # noqa: PERF401 - an error must leave what had come
            with pytest.raises(APIConnectionError):
                await create.asyncio(**ask(client))
            with pytest.raises(RateLimitError) as limited:
                await create.asyncio(**ask(client))
            assert limited.value.headers["retry-after"] == "3"
            with pytest.raises(StreamStalledError):
                async with create.asyncio_stream(**ask(client)) as stream:
                    async for chunk in stream:
                        chunks.append(chunk)  # noqa: PERF401 - as above
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(run())
    assert len(chunks) == 3


def test_what_an_application_raises_reaches_its_caller() -> None:
    """Before the response begins an error is the caller's; after that it is a broken connection."""

    async def fails(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/late":
            await send(_HEAD)
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
        raise KeyError("the application's own")

    with httpx.Client(transport=ASGITransport(fails)) as client:
        with pytest.raises(KeyError, match="own"):
            client.get("http://a/")
        with pytest.raises(httpx.RemoteProtocolError, match="closed the connection early") as broken:
            client.get("http://a/late")
        assert isinstance(broken.value.__cause__, KeyError)


def test_an_application_that_does_not_answer() -> None:
    """An application that ends without an answer, or takes too long, is an error of httpx's."""

    async def mute(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/slow":
            await receive()
            await receive()

    with httpx.Client(transport=ASGITransport(mute), timeout=0.05) as client:
        with pytest.raises(httpx.RemoteProtocolError, match="without an answer"):
            client.get("http://a/")
        with pytest.raises(httpx.ReadTimeout):
            client.get("http://a/slow")


def test_a_fast_sender_waits_for_its_reader() -> None:
    """No more than a few pieces wait for a client that does not read."""
    sent = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal sent
        await send(_HEAD)
        for _ in range(1_000):
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
            sent += 1
        await send({"type": "http.response.body"})

    async def run() -> bytes:
        async with (
            httpx.AsyncClient(transport=ASGITransport(app)) as client,
            client.stream("GET", "http://a/") as reply,
        ):
            for _ in range(100):
                await asyncio.sleep(0)
            assert sent < 20
            return await reply.aread()

    assert len(asyncio.run(run())) == 1_000


def test_the_scope_is_the_request() -> None:
    """Path, query, headers and body reach the application as they are."""
    found: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.update(scope, body=(await receive())["body"])
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})

    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    async def run() -> int:
        async with httpx.AsyncClient(transport=ASGITransport(app)) as client:
            reply = await client.post("http://host:81/a%20b?x=%C3%B8", content=pieces(), headers={"X-Me": "1"})
            return reply.status_code

    assert asyncio.run(run()) == 204
    assert (found["method"], found["path"], found["raw_path"]) == ("POST", "/a b", b"/a%20b")
    assert (found["query_string"], found["body"], found["server"]) == (b"x=%C3%B8", b"ab", ("host", 81))
    assert (b"x-me", b"1") in found["headers"]
    gc.collect()
