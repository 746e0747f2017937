"""Responses with their status and headers: what `with_raw_response` and `with_streaming_response` give."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .binary import HttpxBinaryResponseContent, pieces

if TYPE_CHECKING:
    import httpx

R = TypeVar("R")


class _Views(Generic[R]):
    """What all responses show: `ours` is the SDK's response, `sent` the headers that its client sends."""

    def __init__(self, ours: Any, sent: Callable[[], dict[str, str]], parsed: Any) -> None:
        self._ours, self._sent, self._parsed = ours, sent, parsed
        self.retries_taken = len(ours.attempts)
        self.is_closed = True

    @property
    def status_code(self) -> int:
        """The status."""
        return int(self._ours.status_code)

    @cached_property
    def headers(self) -> httpx.Headers:
        """The headers."""
        import httpx

        return httpx.Headers(dict(self._ours.headers))

    @property
    def request_id(self) -> str | None:
        """The id of the request that the server gave."""
        found: str | None = self._ours.request_id
        return found

    @cached_property
    def http_request(self) -> httpx.Request:
        """The request, without the headers of the key."""
        from .http import request_of

        request = self._ours.request
        return request_of(request, {**self._sent(), **request.headers})

    @cached_property
    def http_response(self) -> httpx.Response:
        """The response as one of httpx."""
        from .http import response_of

        return response_of(self.status_code, self._ours.headers, self._ours.content, self.http_request)

    @property
    def url(self) -> httpx.URL:
        """The URL of the request."""
        return self.http_request.url

    @property
    def method(self) -> str:
        """The method of the request."""
        return str(self._ours.request.method)

    @property
    def http_version(self) -> str:
        """The version of HTTP."""
        return "HTTP/1.1"

    @property
    def elapsed(self) -> dt.timedelta:
        """How long the call took."""
        return dt.timedelta(seconds=self._ours.elapsed)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} [{self.status_code}]>"

    def _read(self, to: Any) -> Any:
        if to is None:
            return self._parsed
        from .cast import cast_content

        return cast_content(to, self._ours)


class StreamedHTTPResponse(_Views[None]):
    """The response of a stream."""

    def __init__(self, stream: Any, sent: Callable[[], dict[str, str]]) -> None:
        self._stream = stream
        super().__init__(stream.response, sent, None)
        self.is_closed = False

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()
        self.is_closed = True

    async def aclose(self) -> None:
        """Close the stream from a coroutine."""
        await self._stream.aclose()
        self.is_closed = True


class LegacyAPIResponse(_Views[R]):
    """The response of `with_raw_response`; `parse()` is the reply."""

    def parse(self, *, to: Any = None) -> Any:
        """Return the reply, or the content as another type."""
        return self._read(to)

    @property
    def content(self) -> bytes:
        """The bytes of the reply."""
        content: bytes = self._ours.content
        return content

    @property
    def text(self) -> str:
        """The reply as text."""
        return self.http_response.text

    def json(self) -> Any:
        """Return the reply as JSON."""
        return self.http_response.json()


class _Streaming(_Views[R]):
    """The response within a `with_streaming_response` block."""

    def __init__(self, ours: Any, sent: Callable[[], dict[str, str]], parsed: Any) -> None:
        super().__init__(ours, sent, parsed)
        self.is_closed = False

    def _value(self, to: Any) -> Any:
        found = self._read(to)
        return found.content if isinstance(found, HttpxBinaryResponseContent) else found

    def _bytes(self, size: int | None) -> Iterator[bytes]:
        if is_stream(self._parsed):
            return _events(self._parsed)
        return pieces(self._ours.content, size)


def is_stream(parsed: Any) -> bool:
    """Return whether what a response has is a stream of chunks."""
    return hasattr(parsed, "response") and getattr(parsed, "_ours", None) is not None


def _event(chunk: Any) -> bytes:
    """Return a chunk as an event of a stream; those of the Responses API and of runs have names."""
    text: str = chunk.to_json(indent=None) if hasattr(chunk, "to_json") else str(chunk)
    name = getattr(chunk, "type", None) or getattr(chunk, "event", None)
    return (f"event: {name}\n" if isinstance(name, str) else "").encode() + b"data: " + text.encode() + b"\n\n"


#: What ends a stream whose events have no names.
_DONE = b"data: [DONE]\n\n"


def _events(stream: Any) -> Iterator[bytes]:
    event = b""
    for chunk in stream:
        event = _event(chunk)
        yield event
    if not event.startswith(b"event:"):
        yield _DONE


class APIResponse(_Streaming[R]):
    """The response within a `with` block. The reply is read when the block begins, a stream while you read it."""

    def parse(self, *, to: Any = None) -> Any:
        """Return the reply, or the content as another type."""
        return self._value(to)

    def read(self) -> bytes:
        """Return the bytes of the reply."""
        content: bytes = self._ours.content
        return content

    def text(self) -> str:
        """Return the reply as text."""
        return self.http_response.text

    def json(self) -> Any:
        """Return the reply as JSON."""
        return self.http_response.json()

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Yield the bytes in pieces; of a stream, its events."""
        return self._bytes(chunk_size)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """Yield the text in pieces."""
        return (piece.decode("utf-8", "replace") for piece in self._bytes(chunk_size))

    def iter_lines(self) -> Iterator[str]:
        """Yield the lines."""
        for piece in self._bytes(None):
            yield from piece.decode("utf-8", "replace").splitlines()

    def stream_to_file(self, file: str | PathLike[str], *, chunk_size: int | None = None) -> None:
        """Write the bytes to a file."""
        Path(file).write_bytes(self.read())

    write_to_file = stream_to_file

    def close(self) -> None:
        """Close the response."""
        if hasattr(self._parsed, "close"):
            self._parsed.close()
        self.is_closed = True


class AsyncAPIResponse(_Streaming[R]):
    """The response within an `async with` block; see `APIResponse`."""

    async def parse(self, *, to: Any = None) -> Any:
        """Return the reply, or the content as another type."""
        return self._value(to)

    async def read(self) -> bytes:
        """Return the bytes of the reply."""
        content: bytes = self._ours.content
        return content

    async def text(self) -> str:
        """Return the reply as text."""
        return self.http_response.text

    async def json(self) -> Any:
        """Return the reply as JSON."""
        return self.http_response.json()

    async def iter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """Yield the bytes in pieces; of a stream, its events."""
        if is_stream(self._parsed):
            event = b""
            async for chunk in self._parsed:
                event = _event(chunk)
                yield event
            if not event.startswith(b"event:"):
                yield _DONE
            return
        for piece in pieces(self._ours.content, chunk_size):
            yield piece

    async def iter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """Yield the text in pieces."""
        async for piece in self.iter_bytes(chunk_size):
            yield piece.decode("utf-8", "replace")

    async def iter_lines(self) -> AsyncIterator[str]:
        """Yield the lines."""
        async for piece in self.iter_bytes():
            for line in piece.decode("utf-8", "replace").splitlines():
                yield line

    async def stream_to_file(self, file: str | PathLike[str], *, chunk_size: int | None = None) -> None:
        """Write the bytes to a file."""
        Path(file).write_bytes(await self.read())

    write_to_file = stream_to_file

    async def close(self) -> None:
        """Close the response."""
        if hasattr(self._parsed, "aclose"):
            await self._parsed.aclose()
        self.is_closed = True


class ResponseContextManager(Generic[R]):
    """What `with_streaming_response` gives: enter it for the response."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self._response: Any = None

    def __enter__(self) -> Any:
        self._response = self._call()
        return self._response

    def __exit__(self, *exc: object) -> None:
        if self._response is not None:
            self._response.close()


class AsyncResponseContextManager(Generic[R]):
    """What `with_streaming_response` gives of an async client."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self._response: Any = None

    async def __aenter__(self) -> Any:
        self._response = await self._call()
        return self._response

    async def __aexit__(self, *exc: object) -> None:
        if self._response is not None:
            await self._response.close()
