"""The extra `aiohttp`: calls and streams over httpx-aiohttp, as a transport and as a client of the user's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from sdk import Client
from sdk.errors import APIConnectionError
from sdk.testing import LocalServer
from tests.faults.raw import Raw, always, once, reply

httpx_aiohttp: Any = pytest.importorskip("httpx_aiohttp", reason="the extra `aiohttp` is not installed")
pytestmark = pytest.mark.world("asyncio")
MESSAGES: Any = [{"role": "user", "content": "Hi"}]


@asynccontextmanager
async def over_aiohttp(url: str, key: str | None, how: str) -> AsyncIterator[Client]:
    """Open a client that sends over aiohttp; what the user brought along is the user's to close."""
    make = httpx_aiohttp.AiohttpTransport if how == "transport" else httpx_aiohttp.HttpxAiohttpClient
    async with make() as given, Client(api_base=url, api_key=key, max_retries=0, **{how: given}) as client:
        yield client


@pytest.mark.parametrize("how", ["transport", "http_client"])
def test_calls_and_streams(openai_server: LocalServer, how: str) -> None:
    """A call is answered with a model, a stream with its chunks."""
    openai_server.reply("one")
    openai_server.reply("two")

    async def main() -> tuple[str | None, str]:
        async with over_aiohttp(openai_server.url, openai_server.api_key, how) as client:
            called = await client.chat.create.asyncio(model="m", messages=MESSAGES)
            async with client.chat.create.asyncio_stream(model="m", messages=MESSAGES) as stream:
                streamed = "".join([chunk.content or "" async for chunk in stream])
            return called.choices[0].message.content, streamed

    assert asyncio.run(main()) == ("one", "two")


@pytest.mark.parametrize("how", ["transport", "http_client"])
def test_a_post_without_a_body(how: str) -> None:
    """aiohttp gives a POST without a body no type of its own, which the API would refuse; its length is 0."""
    with Raw(always(reply(b"{}"))) as server:

        async def main() -> None:
            async with over_aiohttp(server.url, "k", how) as client:
                await client.batches.cancel.asyncio("b")
                await client.batches.cancel.asyncio("b", extra_headers={"Content-Type": "text/x"})

        asyncio.run(main())
    heads = [request.partition(b"\r\n\r\n")[0].lower().split(b"\r\n") for request in server.requests]
    types = [[line for line in head if line.startswith((b"content-type", b"content-length"))] for head in heads]
    assert [sorted(found) for found in types] == [
        [b"content-length: 0", b"content-type: application/json"],
        [b"content-length: 0", b"content-type: text/x"],
    ]


@pytest.mark.parametrize("how", ["transport", "http_client"])
def test_a_cut_body_is_a_connection_error(how: str) -> None:
    """What aiohttp says of a reply that ends early arrives as our error."""
    with Raw(once(lambda peer: peer.send(reply()[:-5]))) as server:

        async def main() -> None:
            async with over_aiohttp(server.url, "k", how) as client:
                await client.chat.create.asyncio(model="m", messages=MESSAGES)

        with pytest.raises(APIConnectionError) as caught:
            asyncio.run(main())
    assert caught.value.request_sent is True
