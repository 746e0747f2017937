"""Call a server in both ways, sync and asyncio, from tests that are written once."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Callable
from typing import Any

from sdk import Client
from sdk.errors import StreamError

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
Pick = Callable[[Client], Any]


class Caller:
    """A client of one server; `pick` says which operation of the client is called."""

    def __init__(self, url: str, *, in_loop: bool) -> None:
        self.url, self._in_loop = url, in_loop

    def client(self, **options: Any) -> Client:
        """Return a client for the server."""
        given = {"max_retries": 0, "http_options": {"trust_env": False}, **options}
        return Client(api_base=f"{self.url}/v1", api_key="sk-contract-test-key", **given)

    def __call__(self, pick: Pick, /, *arguments: Any, _options: dict[str, Any] | None = None, **keywords: Any) -> Any:
        """Return an operation's reply."""
        client = self.client(**(_options or {}))
        if not self._in_loop:
            with client:
                return pick(client).sync(*arguments, **keywords)

        async def run() -> Any:
            async with client:
                return await pick(client).asyncio(*arguments, **keywords)

        return asyncio.run(run())

    def stream(self, pick: Pick, /, **keywords: Any) -> tuple[list[Any], Any]:
        """Return an operation's chunks, and the whole reply that they make; or the error that ended them."""
        chunks: list[Any] = []
        if not self._in_loop:
            with self.client() as client, pick(client).stream(**keywords) as stream:
                try:
                    chunks.extend(stream)
                except StreamError as error:
                    return chunks, error
                return chunks, stream.final()

        async def run() -> tuple[list[Any], Any]:
            async with self.client() as client, pick(client).asyncio_stream(**keywords) as stream:
                try:
                    async for chunk in stream:
                        chunks.append(chunk)  # noqa: PERF401 - an error must leave what had come
                except StreamError as error:
                    return chunks, error
                return chunks, await stream.final()

        return asyncio.run(run())

    def control(self, path: str, *, method: str = "GET", body: Any = None) -> Any:
        """Ask the server about itself, past the SDK."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/__aimock{path}", data, method=method)
        with _OPENER.open(request, timeout=10) as reply:
            return json.loads(reply.read())
