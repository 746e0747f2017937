"""Endpoints that can stream their reply: imported by the modules that have one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from ..public import expose
from . import BinaryOperation, C, Operation, P, PagedOperation, R, Request, make_spec
from .forms import form

E = TypeVar("E")

if TYPE_CHECKING:
    from ..request.spec import EndpointSpec
    from .streams import AsyncStream, Stream


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


class StreamingBinaryOperation(StreamingOperation[P, R, C], BinaryOperation[P, R]):
    """An endpoint whose reply is bytes, complete or as a stream of typed chunks."""


class PagedStreamingOperation(PagedOperation[P, R, C], StreamingOperation[P, R, E], Generic[P, R, C, E]):
    """An endpoint that lists in pages of items, and can stream the changes to the list."""

    if TYPE_CHECKING:

        def __init__(self, build: Callable[P, Request[R, Any]], spec: EndpointSpec, client: Any = None) -> None: ...


def streaming(
    name: str, method: str, path: str, **facts: Any
) -> Callable[[Callable[P, Request[R, C]]], StreamingOperation[P, R, C]]:
    """Create an endpoint that can stream."""
    return lambda build: StreamingOperation(build, make_spec(build, name, method, path, facts))


def only_streaming(
    name: str, method: str, path: str, **facts: Any
) -> Callable[[Callable[P, Request[R, C]]], OnlyStreamingOperation[P, R, C]]:
    """Create an endpoint that only streams."""
    return lambda build: OnlyStreamingOperation(build, make_spec(build, name, method, path, facts))


def streaming_binary(
    name: str, method: str, path: str, **facts: Any
) -> Callable[[Callable[P, Request[R, C]]], StreamingBinaryOperation[P, R, C]]:
    """Create an endpoint that replies with bytes and can stream."""
    return lambda build: StreamingBinaryOperation(build, make_spec(build, name, method, path, facts))


def paged_streaming(
    name: str, method: str, path: str, **facts: Any
) -> Callable[[Callable[P, Request[R, C]]], PagedStreamingOperation[P, R, C, Any]]:
    """Create an endpoint that lists in pages, and can stream."""
    return lambda build: PagedStreamingOperation(build, make_spec(build, name, method, path, facts))


expose(globals(), "operation")
