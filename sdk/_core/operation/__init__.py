"""An operation of the API as one object, with `sync`, `asyncio`, their detailed forms, `request`, streams and pages.

Generated code decorates a function that only builds the request; every form has its signature.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, NoReturn, ParamSpec, Self, TypeVar

from ..client.request import Request
from ..lazy import lazy_function
from ..public import expose
from ..request.data import OPTION_NAMES, RequestOptions
from ..request.spec import EndpointSpec, Style
from .forms import form

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    from ..client.default import client_of
    from ..errors.redact import redact_arguments
    from ..reply.parsed import ParsedResponse
    from ..reply.response import APIResponse
    from ..tracebacks import drop_frames
    from .old_names import accept_old_names, warn_deprecated
    from .streams import AsyncStream, Stream
else:
    client_of = lazy_function(globals(), "..client.default", "client_of")
    drop_frames = lazy_function(globals(), "..tracebacks", "drop_frames")
    redact_arguments = lazy_function(globals(), "..errors.redact", "redact_arguments")
    accept_old_names = lazy_function(globals(), ".old_names", "accept_old_names")
    warn_deprecated = lazy_function(globals(), ".old_names", "warn_deprecated")

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C")
T = TypeVar("T")


class Operation(Generic[P, R]):
    """An endpoint. Every form takes the same arguments; `client=` is one of the request options."""

    def __init__(self, build: Callable[P, Request[R, Any]], spec: EndpointSpec, client: Any = None) -> None:
        self._build, self._spec, self._client = build, spec, client
        self.__doc__ = build.__doc__
        self.__name__ = build.__name__
        self.__module__ = build.__module__
        self.__wrapped__ = build  # inspect.signature and help() show the real arguments

    @property
    def name(self) -> str:
        """The dotted name, such as `chat.create`."""
        return self._spec.name

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self._spec.method

    @property
    def path(self) -> str:
        """The path template below the API's base URL."""
        return self._spec.path

    def bind(self, client: Any) -> Self:
        """Return the same operation with `client` as the client of its calls."""
        return type(self)(self._build, self._spec, client)

    def unwarned(self) -> Self:
        """Return the same operation without warnings of its deprecation, for callers who have not chosen its names."""
        from copy import copy  # here: no plain call needs it

        spec = copy(self._spec)
        spec.deprecated, spec.replaced_by, spec.deprecated_arguments = False, "", frozenset()
        return type(self)(self._build, spec, self._client)

    @form
    def request(self, *args: P.args, **kwargs: P.kwargs) -> Request[R, Any]:
        """Build the request without sending it.

        Raises: TypeError for a wrong argument, RequestError for a value that cannot be sent.
        """
        return self._request(args, kwargs)

    @form
    def sync(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the API and return the typed reply.

        Raises: APIError and its subclasses, see the module `errors`.
        """
        try:
            request = self._request(args, kwargs)
            reply: R = client_of(request.options, request.spec.root).send(request).parsed
            return reply
        except Exception as error:
            drop_frames(error)
            raise

    @form
    async def asyncio(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the API from a coroutine and return the typed reply; see `sync`."""
        try:
            request = self._request(args, kwargs)
            reply: R = (await client_of(request.options, request.spec.root).asend(request)).parsed
            return reply
        except Exception as error:
            drop_frames(error)
            raise

    @form
    def sync_detailed(self, *args: P.args, **kwargs: P.kwargs) -> APIResponse[R]:
        """Call the API and return the reply with its status, headers, raw content and attempts."""
        try:
            request = self._request(args, kwargs)
            return client_of(request.options, request.spec.root).send(request)
        except Exception as error:
            drop_frames(error)
            raise

    @form
    async def asyncio_detailed(self, *args: P.args, **kwargs: P.kwargs) -> APIResponse[R]:
        """Call the API from a coroutine; see `sync_detailed`."""
        try:
            request = self._request(args, kwargs)
            return await client_of(request.options, request.spec.root).asend(request)
        except Exception as error:
            drop_frames(error)
            raise

    def _request(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Request[R, Any]:
        spec, client = self._spec, self._client
        if client is not None and kwargs.get("client") is None:
            kwargs["client"] = client
        if spec.old_names:
            accept_old_names(self, kwargs)
        if "extra_headers" in kwargs or "extra_query" in kwargs:
            redact_arguments(kwargs)  # in place: these are the variables of the method that was called, too
        try:
            request = self._build(*args, **kwargs)
        except TypeError as error:
            from .usage_errors import bad_arguments

            raise bad_arguments(self, args, kwargs) or error from None
        if not request.options.keys() <= OPTION_NAMES:
            from .usage_errors import unknown_argument

            raise unknown_argument(self, next(name for name in request.options if name not in OPTION_NAMES))
        request.spec = spec
        if spec.deprecated or not spec.deprecated_arguments.isdisjoint(kwargs):
            warn_deprecated(self, kwargs)
        return request

    if not TYPE_CHECKING:  # type checkers refuse a missing form, and a call, themselves

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            from .usage_errors import missing_form

            raise missing_form(self, name)

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            raise TypeError(f"{self.name} is an endpoint: call {self.name}.sync(...) or await {self.name}.asyncio(...)")

    def __repr__(self) -> str:
        return f"<operation {self.name}: {self.method} {self.path}>"


class StreamingOperation(Operation[P, R], Generic[P, R, C]):
    """An endpoint that can stream its reply."""

    if TYPE_CHECKING:

        def __init__(self, build: Callable[P, Request[R, C]], spec: EndpointSpec, client: Any = None) -> None: ...

    @form
    def stream(self, *args: P.args, **kwargs: P.kwargs) -> Stream[C, R]:
        """Call the API and return a stream of typed chunks; use it in a `with` block."""
        from .streams import Stream

        return Stream(self._streamed(args, kwargs))

    @form
    def asyncio_stream(self, *args: P.args, **kwargs: P.kwargs) -> AsyncStream[C, R]:
        """Call the API and return a stream of typed chunks; use it in an `async with` block."""
        from .streams import AsyncStream

        return AsyncStream(self._streamed(args, kwargs))

    def _streamed(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Request[R, C]:
        request = self._request(args, kwargs)
        request.streamed = True
        return request


class OnlyStreamingOperation(StreamingOperation[P, R, C]):
    """An endpoint that replies only with a stream of events."""

    def sync(self, *args: P.args, **kwargs: P.kwargs) -> NoReturn:
        """Raise TypeError: the endpoint only streams."""
        raise self._streams_only()

    async def asyncio(self, *args: P.args, **kwargs: P.kwargs) -> NoReturn:
        """Raise TypeError: the endpoint only streams."""
        raise self._streams_only()

    def sync_detailed(self, *args: P.args, **kwargs: P.kwargs) -> NoReturn:
        """Raise TypeError: the endpoint only streams."""
        raise self._streams_only()

    async def asyncio_detailed(self, *args: P.args, **kwargs: P.kwargs) -> NoReturn:
        """Raise TypeError: the endpoint only streams."""
        raise self._streams_only()

    def _streams_only(self) -> TypeError:
        return TypeError(f"{self.name} replies only with a stream of events: use .stream(...) or .asyncio_stream(...)")


class StructuredOperation(StreamingOperation[P, R, C]):
    """An endpoint whose answer can be a value of your own type.

    The type is the first argument: an attrs class, a dataclass, a TypedDict, a NamedTuple, a pydantic model, or a type
    of the standard library. Its JSON schema is sent, strict if possible, and the answer is decoded as a value of it.
    """

    @form
    def parse(self, kind: type[T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the API and return the answer as a value of a type.

        Raises: RefusalError if the model refuses; APIResponseError, with the JSON path, for an answer that was cut off
        or does not match the type; RequestError for a type that JSON Schema cannot describe; the errors of `sync`.
        """
        redact_arguments(kwargs)
        return self.parse_detailed(kind, *args, **kwargs).parsed

    @form
    async def asyncio_parse(self, kind: type[T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the API from a coroutine and return the answer as a value of a type; see `parse`."""
        redact_arguments(kwargs)
        return (await self.asyncio_parse_detailed(kind, *args, **kwargs)).parsed

    @form
    def parse_detailed(self, kind: type[T], /, *args: P.args, **kwargs: P.kwargs) -> ParsedResponse[T, R]:
        """Do the same as `parse`; return the value as `parsed`, with the typed `reply`, status and headers."""
        from .parse import ParseRequest

        try:
            parse_request = ParseRequest(kind, self._request(args, kwargs))
            return parse_request.detailed(parse_request.client.send(parse_request.request))
        except Exception as error:
            drop_frames(error)
            raise

    @form
    async def asyncio_parse_detailed(self, kind: type[T], /, *args: P.args, **kwargs: P.kwargs) -> ParsedResponse[T, R]:
        """Do the same as `asyncio_parse`; see `parse_detailed`."""
        from .parse import ParseRequest

        try:
            parse_request = ParseRequest(kind, self._request(args, kwargs))
            return parse_request.detailed(await parse_request.client.asend(parse_request.request))
        except Exception as error:
            drop_frames(error)
            raise

    @form
    def parse_stream(self, kind: type[T], /, *args: P.args, **kwargs: P.kwargs) -> Stream[C, T]:
        """Call the API and return a stream whose `final()` is the answer as a value of a type; see `parse`."""
        from .parse import ParseRequest
        from .streams import Stream

        parse_request = ParseRequest(kind, self._streamed(args, kwargs))
        return Stream(parse_request.request, parse_request.value)

    @form
    def asyncio_parse_stream(self, kind: type[T], /, *args: P.args, **kwargs: P.kwargs) -> AsyncStream[C, T]:
        """Do the same for coroutines; see `parse_stream`."""
        from .parse import ParseRequest
        from .streams import AsyncStream

        parse_request = ParseRequest(kind, self._streamed(args, kwargs))
        return AsyncStream(parse_request.request, parse_request.value)


class BinaryOperation(Operation[P, R]):
    """An endpoint whose reply is bytes."""

    @form
    def download(self, path: str | PathLike[str], /, *args: P.args, **kwargs: P.kwargs) -> Path:
        """Call the API, write the reply to `path` while it arrives, and return the path.

        The file appears complete or not at all, and replaces an existing one. The reply may be larger than memory and
        than max_response_bytes. Raises: APIError as `sync` does, OSError if the file cannot be written.
        """
        from .download import download

        return download(self._request(args, kwargs), path)

    @form
    async def asyncio_download(self, path: str | PathLike[str], /, *args: P.args, **kwargs: P.kwargs) -> Path:
        """Call the API from a coroutine and write the reply to `path`; see `download`."""
        from .download import asyncio_download

        return await asyncio_download(self._request(args, kwargs), path)


class StreamingBinaryOperation(StreamingOperation[P, R, C], BinaryOperation[P, R]):
    """An endpoint whose reply is bytes, complete or as a stream of typed chunks."""


class PagedOperation(Operation[P, R], Generic[P, R, C]):
    """An endpoint that lists in pages."""

    if TYPE_CHECKING:

        def __init__(self, build: Callable[P, Request[R, C]], spec: EndpointSpec, client: Any = None) -> None: ...

    @form
    def iter(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[C]:
        """Yield every item of every page; the next page is requested after the last item of a page."""
        from .pages import pages

        self._request(args, kwargs)  # raises for a wrong argument here, not with the first item
        return pages(self.sync_detailed, self._spec, args, kwargs)

    @form
    def asyncio_iter(self, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[C]:
        """Yield every item of every page, from a coroutine; see `iter`."""
        from .pages import asyncio_pages

        self._request(args, kwargs)
        return asyncio_pages(self.asyncio_detailed, self._spec, args, kwargs)


def _spec(build: Callable[..., Any], name: str, method: str, path: str, facts: dict[str, Any]) -> EndpointSpec:
    return EndpointSpec(name, method, path, root=build.__module__.partition(".api.")[0], **facts)


def operation(name: str, method: str, path: str, **facts: Any) -> Callable[[Callable[P, Request[R]]], Operation[P, R]]:
    """Turn a function that builds a request into an endpoint; `facts` are arguments of `EndpointSpec`."""
    return lambda build: Operation(build, _spec(build, name, method, path, facts))


def streaming(
    name: str, method: str, path: str, **facts: Any
) -> Callable[[Callable[P, Request[R, C]]], StreamingOperation[P, R, C]]:
    """Create an endpoint that can stream."""
    return lambda build: StreamingOperation(build, _spec(build, name, method, path, facts))


def only_streaming(
    name: str, method: str, path: str, **facts: Any
) -> Callable[[Callable[P, Request[R, C]]], OnlyStreamingOperation[P, R, C]]:
    """Create an endpoint that only streams."""
    return lambda build: OnlyStreamingOperation(build, _spec(build, name, method, path, facts))


def structured(
    name: str, method: str, path: str, **facts: Any
) -> Callable[[Callable[P, Request[R, C]]], StructuredOperation[P, R, C]]:
    """Create an endpoint that can stream, and whose answer can be a value of a type."""
    return lambda build: StructuredOperation(build, _spec(build, name, method, path, facts))


def binary(
    name: str, method: str, path: str, **facts: Any
) -> Callable[[Callable[P, Request[R]]], BinaryOperation[P, R]]:
    """Create an endpoint that replies with bytes."""
    return lambda build: BinaryOperation(build, _spec(build, name, method, path, facts))


def streaming_binary(
    name: str, method: str, path: str, **facts: Any
) -> Callable[[Callable[P, Request[R, C]]], StreamingBinaryOperation[P, R, C]]:
    """Create an endpoint that replies with bytes and can stream."""
    return lambda build: StreamingBinaryOperation(build, _spec(build, name, method, path, facts))


def paged(
    name: str, method: str, path: str, **facts: Any
) -> Callable[[Callable[P, Request[R, C]]], PagedOperation[P, R, C]]:
    """Create an endpoint that lists in pages."""
    return lambda build: PagedOperation(build, _spec(build, name, method, path, facts))


__all__ = [
    "BinaryOperation", "EndpointSpec", "OnlyStreamingOperation", "Operation", "PagedOperation", "Request",
    "RequestOptions", "StreamingBinaryOperation", "StreamingOperation", "StructuredOperation", "Style", "binary",
    "only_streaming", "operation", "paged", "streaming", "streaming_binary", "structured",
]  # fmt: skip


expose(globals(), "operation")
