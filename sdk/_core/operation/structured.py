"""Endpoints whose answer can be a value of the caller's own type: imported by the modules that have one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ..lazy import lazy_function
from ..public import expose
from . import C, P, R, Request, make_spec
from .forms import form
from .streaming import StreamingOperation

if TYPE_CHECKING:
    from ..errors.redact import redact_arguments
    from ..reply.parsed import ParsedResponse
    from ..tracebacks import drop_frames
    from .streams import AsyncStream, Stream
else:
    drop_frames = lazy_function(globals(), "..tracebacks", "drop_frames")
    redact_arguments = lazy_function(globals(), "..errors.redact", "redact_arguments")

T = TypeVar("T")


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


def structured(
    name: str, method: str, path: str, **facts: Any
) -> Callable[[Callable[P, Request[R, C]]], StructuredOperation[P, R, C]]:
    """Create an endpoint that can stream, and whose answer can be a value of a type."""
    return lambda build: StructuredOperation(build, make_spec(build, name, method, path, facts))


expose(globals(), "operation")
