"""Packages of tiny documents, called against a server on loopback."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from ..faults.raw import Raw, always, reply
from .packages import HEAD, Packages

Build = Callable[..., Any]


@pytest.fixture
def build(packages: Packages) -> Build:
    """Generate a package out of the YAML below a document's head, and import it."""

    def make(text: str, *more: str, version: str = "3.1.0", code: int = 0) -> Any:
        head = f"openapi: {version}\n{HEAD.partition(chr(10))[2]}servers: [{{url: 'https://small.example'}}]\n"
        return packages(text, *more, head=head, code=code)

    return make


def json_reply(body: bytes, kind: str = "application/json", status: str = "200 OK") -> bytes:
    """Return a response of a content type, none where that is empty."""
    return reply(body, status, f"Content-Type: {kind}\r\n" if kind else "")


def replies(package: Any, operation: str, answer: bytes, **arguments: Any) -> Any:
    """Return what a call gives, the same from `sync` and from `asyncio`."""
    with Raw(always(answer)) as server, package.Client(api_base=server.url, api_key=None, max_retries=0) as client:
        found = _operation(client, operation).sync(**arguments)

        async def call() -> Any:
            async with package.Client(api_base=server.url, api_key=None, max_retries=0) as one:
                return await _operation(one, operation).asyncio(**arguments)

        again = asyncio.run(call())
        assert (again, type(again)) == (found, type(found))
    return found


def sent(package: Any, operation: str, *args: Any, **arguments: Any) -> tuple[str, dict[str, str], bytes]:
    """Return the first line, the headers and the body of a call's request."""
    with (
        Raw(always(reply(b"", "204 No Content", ""))) as server,
        package.Client(api_base=server.url.removesuffix("/v1"), api_key=None, max_retries=0) as client,
    ):
        _operation(client, operation).sync(*args, **arguments)
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
    line, *lines = head.decode("latin-1").split("\r\n")
    return line.removesuffix(" HTTP/1.1"), dict(one.split(": ", 1) for one in lines), body


def returned(package: Any, operation: str) -> str:
    """Return the annotation of what an operation gives."""
    built = _operation(package.Client(api_key=None), operation)._build
    return str(inspect.signature(built).return_annotation)


def _operation(client: Any, name: str) -> Any:
    for part in name.split("."):
        client = getattr(client, part)
    return client
