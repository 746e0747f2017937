"""The same work by several means: this SDK, the official package, and bare httpx or aiohttp without types."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

from .limit import MESSAGES, Limit

#: A fresh process for each: import, client, first chat, as short as its own documentation has it.
COLD = {
    "floor": """
import sys, httpx, orjson
client = httpx.Client()
body = orjson.dumps({"model": "m", "messages": [{"role": "user", "content": "Hi"}]})
headers = {"content-type": "application/json", "authorization": "Bearer k"}
reply = orjson.loads(client.post(sys.argv[1] + "/chat/completions", content=body, headers=headers).content)
assert reply["choices"][0]["message"]["content"] == "Hello!"
""",
    "sdk": """
import sys
from sdk import Client
client = Client(api_base=sys.argv[1], api_key="k")
reply = client.chat.create.sync(model="m", messages=[{"role": "user", "content": "Hi"}])
assert reply.choices[0].message.content == "Hello!"
client.close()
""",
    "openai": """
import sys
from openai import OpenAI
client = OpenAI(base_url=sys.argv[1], api_key="k")
reply = client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hi"}])
assert reply.choices[0].message.content == "Hello!"
""",
}
#: The import that a program writes, and nothing else.
IMPORT = {
    "floor": "import httpx, orjson",
    "sdk": "from sdk.api.chat import create",
    "openai": "from openai import OpenAI",
}


class Floor:
    """httpx and orjson, no types."""

    def __init__(self, url: str) -> None:
        import httpx
        import orjson

        self.url, self._httpx, self._json = url, httpx, orjson
        self._headers = {"content-type": "application/json", "authorization": "Bearer k"}
        self._client = httpx.Client(headers=self._headers, timeout=120)

    def post(self, path: str, **body: Any) -> Any:
        """Make a call."""
        content = self._json.dumps(body)
        return self._json.loads(self._client.post(self.url + path, content=content).content)

    def chat(self, model: str = "m") -> str:
        """Make a chat call and return its text."""
        text: str = self.post("/chat/completions", model=model, messages=MESSAGES)["choices"][0]["message"]["content"]
        return text

    def stream(self, path: str, **body: Any) -> int:
        """Read a stream and return how many events it had."""
        count, loads = 0, self._json.loads
        content = self._json.dumps({**body, "stream": True})
        with self._client.stream("POST", self.url + path, content=content) as reply:
            for line in reply.iter_lines():
                if line.startswith("data: ") and line != "data: [DONE]":
                    loads(line[6:])
                    count += 1
        return count

    def stream_chat(self) -> int:
        """Read a chat stream."""
        return self.stream("/chat/completions", model="m", messages=MESSAGES)

    def stream_responses(self) -> int:
        """Read a stream of the Responses API."""
        return self.stream("/responses", model="m", input="Hi")

    def embed(self) -> float:
        """Ask for vectors, and return a number of one."""
        number: float = self.post("/embeddings", model="m", input=["Hi"] * 64)["data"][63]["embedding"][1535]
        return number

    def embed_all(self) -> int:
        """Ask for vectors, and read all."""
        reply = self.post("/embeddings", model="m", input=["Hi"] * 64)
        return sum(len(entry["embedding"]) for entry in reply["data"])

    def decoder(self, kind: str) -> Callable[[bytes], Any]:
        """Return what reads a reply from its bytes."""
        read: Callable[[bytes], Any] = self._json.loads
        return read

    async def many(
        self, at_once: int, measure: Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]], extra: str | None = None
    ) -> None:
        """Make calls from coroutines with one client; the floor takes no extra."""
        # With httpx's own limits, 100 connections and 20 idle: room for all of them costs four to seven times as much.
        async with self._httpx.AsyncClient(headers=self._headers, timeout=120) as client:
            content = self._json.dumps({"model": "m", "messages": MESSAGES})

            async def call() -> None:
                reply = await client.post(self.url + "/chat/completions", content=content)
                assert self._json.loads(reply.content)["choices"]

            await measure(call)

    async def hold(self, count: int, measure: Callable[[], None]) -> None:
        """Open streams, measure, and close them."""
        limits = self._httpx.Limits(max_connections=count)
        content = self._json.dumps({"model": "hold", "messages": MESSAGES, "stream": True})
        async with self._httpx.AsyncClient(headers=self._headers, timeout=120, limits=limits) as client:
            url = self.url + "/chat/completions"
            requests = [client.build_request("POST", url, content=content) for _ in range(count)]
            replies = await asyncio.gather(*[client.send(r, stream=True) for r in requests])
            lines = [reply.aiter_lines() for reply in replies]
            await asyncio.gather(*[anext(line) for line in lines])
            measure()
            for reply in replies:
                await reply.aclose()


class Aiohttp:
    """aiohttp and orjson, no types: many calls from coroutines."""

    def __init__(self, url: str) -> None:
        self._url = url + "/chat/completions"

    async def many(
        self, at_once: int, measure: Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]], extra: str | None = None
    ) -> None:
        """Make calls from coroutines with one session."""
        import aiohttp
        import orjson

        headers = {"content-type": "application/json", "authorization": "Bearer k"}
        connector = aiohttp.TCPConnector(limit=at_once)
        async with aiohttp.ClientSession(headers=headers, connector=connector) as session:

            async def call() -> None:
                content = orjson.dumps({"model": "m", "messages": MESSAGES})
                async with session.post(self._url, data=content) as reply:
                    assert orjson.loads(await reply.read())["choices"]

            await measure(call)


class Ours:
    """This SDK."""

    def __init__(self, url: str) -> None:
        from sdk import Client

        self._make = Client
        self._options: Any = {"api_base": url, "api_key": "k", "max_retries": 0}
        self._client = Client(**self._options)

    def chat(self, model: str = "m") -> str:
        """Make a chat call and return its text."""
        return self._client.chat.create.sync(model=model, messages=MESSAGES).choices[0].message.content or ""

    def close(self) -> None:
        """Close the connections of blocking calls."""
        self._client.close()

    def open_chat_stream(self) -> Any:
        """Ask for a chat stream."""
        return self._client.chat.create.stream(model="m", messages=MESSAGES)

    def stream_chat(self) -> int:
        """Read a chat stream."""
        with self.open_chat_stream() as stream:
            return sum(1 for _ in stream)

    def stream_responses(self) -> int:
        """Read a stream of the Responses API."""
        with self._client.responses.create.stream(model="m", input="Hi") as stream:
            return sum(1 for _ in stream)

    def embed(self) -> float:
        """Ask for vectors, and return a number of one."""
        return self._client.embeddings.create.sync(model="m", input=["Hi"] * 64).data[63].embedding[1535]

    def embed_all(self) -> int:
        """Ask for vectors, and read all."""
        reply = self._client.embeddings.create.sync(model="m", input=["Hi"] * 64)
        return sum(len(entry.embedding) for entry in reply.data)

    def decoder(self, kind: str) -> Callable[[bytes], Any]:
        """Return what reads a reply from its bytes."""
        import orjson

        from sdk import models

        read, loads = getattr(models, kind).from_dict, orjson.loads
        return lambda data: read(loads(data))

    async def many(
        self, at_once: int, measure: Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]], extra: str | None = None
    ) -> None:
        """Make calls from coroutines with one client, over aiohttp where the extra is asked for."""
        async with AsyncExitStack() as stack:
            more = {"transport": await stack.enter_async_context(_over_aiohttp(at_once))} if extra else {}
            client = await stack.enter_async_context(self._make(**self._options, **more, max_in_flight=at_once))

            async def call() -> None:
                assert (await client.chat.create.asyncio(model="m", messages=MESSAGES)).choices

            await measure(call)

    async def hold(self, count: int, measure: Callable[[], None]) -> None:
        """Open streams, measure, and close them."""
        async with self._make(**self._options, max_in_flight=count) as client:
            streams = [client.chat.create.asyncio_stream(model="hold", messages=MESSAGES) for _ in range(count)]
            await asyncio.gather(*[anext(stream) for stream in streams])
            measure()
            for stream in streams:
                await stream.aclose()


class Official:
    """The official package."""

    def __init__(self, url: str) -> None:
        import openai  # type: ignore[import-not-found, unused-ignore]

        self._openai: Any = openai
        self._options: Any = {"base_url": url, "api_key": "k", "max_retries": 0}
        self._client = self._openai.OpenAI(**self._options)

    def chat(self, model: str = "m") -> str:
        """Make a chat call and return its text."""
        reply = self._client.chat.completions.create(model=model, messages=MESSAGES)
        text: str = reply.choices[0].message.content
        return text

    def close(self) -> None:
        """Close the connections of blocking calls."""
        self._client.close()

    def open_chat_stream(self) -> Any:
        """Ask for a chat stream."""
        return self._client.chat.completions.create(model="m", messages=MESSAGES, stream=True)

    def stream_chat(self) -> int:
        """Read a chat stream."""
        return sum(1 for _ in self.open_chat_stream())

    def stream_responses(self) -> int:
        """Read a stream of the Responses API."""
        return sum(1 for _ in self._client.responses.create(model="m", input="Hi", stream=True))

    def embed(self) -> float:
        """Ask for vectors, and return a number of one."""
        number: float = self._client.embeddings.create(model="m", input=["Hi"] * 64).data[63].embedding[1535]
        return number

    def embed_all(self) -> int:
        """Ask for vectors, and read all."""
        reply = self._client.embeddings.create(model="m", input=["Hi"] * 64)
        return sum(len(entry.embedding) for entry in reply.data)

    def decoder(self, kind: str) -> Callable[[bytes], Any]:
        """Return what reads a reply from its bytes, as its client does."""
        import json

        from openai._models import construct_type  # type: ignore[import-not-found, unused-ignore]
        from openai.types.chat import ChatCompletion  # type: ignore[import-not-found, unused-ignore]
        from openai.types.responses import Response  # type: ignore[import-not-found, unused-ignore]

        model = {"ChatCompletion": ChatCompletion, "Response": Response}[kind]
        return lambda data: construct_type(type_=model, value=json.loads(data))

    async def many(
        self, at_once: int, measure: Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]], extra: str | None = None
    ) -> None:
        """Make calls from coroutines with one client, over aiohttp where the extra is asked for."""
        more = {"http_client": self._openai.DefaultAioHttpClient()} if extra else {}
        async with self._openai.AsyncOpenAI(**self._options, **more) as client:

            async def call() -> None:
                assert (await client.chat.completions.create(model="m", messages=MESSAGES)).choices

            await measure(call)

    async def hold(self, count: int, measure: Callable[[], None]) -> None:
        """Open streams, measure, and close them."""
        async with self._openai.AsyncOpenAI(**self._options) as client:
            create, given = client.chat.completions.create, {"model": "hold", "messages": MESSAGES, "stream": True}
            streams = await asyncio.gather(*[create(**given) for _ in range(count)])
            await asyncio.gather(*[anext(aiter(stream)) for stream in streams])
            measure()
            for stream in streams:
                await stream.close()


def _over_aiohttp(connections: int) -> Any:
    """Return what sends over aiohttp, as the extra `aiohttp` installs it."""
    import httpx
    import httpx_aiohttp

    return httpx_aiohttp.AiohttpTransport(limits=httpx.Limits(max_connections=connections))


CONTENDERS: dict[str, Callable[[str], Any]] = {
    "limit": Limit, "floor": Floor, "aiohttp": Aiohttp, "sdk": Ours, "openai": Official,
}  # fmt: skip
