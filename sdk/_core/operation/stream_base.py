"""The base class of sync and async streams: state, and all methods without I/O."""

from __future__ import annotations

import time
import warnings
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..client.default import client_of
from ..errors import APIError, StreamError, StreamIncompleteError
from ..errors.redact import redact, request_id
from ..lazy import lazy_function, resolve
from ..reply.accumulate import accumulator
from ..reply.opened import OpenStream
from ..reply.response import APIResponse
from ..reply.stream_reader import StreamReader

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from ..call.observer import Observer, Steps
    from ..errors.attempt import RequestInfo
    from ..errors.variables import hide_variables
    from ..reply.stream_helper import Helper
    from ..request.data import RequestData
else:  # not needed by every stream
    RequestInfo = lazy_function(globals(), "..errors.attempt", "RequestInfo")
    hide_variables = lazy_function(globals(), "..errors.variables", "hide_variables")


C = TypeVar("C")
R = TypeVar("R")

#: Limits of reading after the end of a stream, which allows reusing its connection.
DRAIN_SECONDS, DRAIN_BYTES = 0.1, 16 * 1024


class BaseStream(Generic[C, R]):
    """The base class of sync and async streams: state, and all methods without I/O."""

    def __init__(self, request: RequestData[Any, C], convert: Callable[[Any, dict[str, Any]], R] | None = None) -> None:
        self._opened: OpenStream | None = None  # first: __del__ looks at it
        self._observed: Observer | None = None  # what reports the call to its hooks
        self._unstreamed_reply: APIResponse[Any] | None = None  # a complete reply in place of a stream
        self._request, self._convert = request, convert
        self._client = client_of(request.options, request.spec.root)
        self._reader: StreamReader | None = None
        self._ready: deque[Any] = deque()
        self._accumulator = accumulator(request, self._client._context.service)
        if convert is not None and not self._accumulator.keeps:
            raise TypeError(
                f"{request.spec.name}: parse_stream() reads the reply, which keep_reply=False does not keep"
            )
        self._finished = False  # nothing more is read
        self._complete = False  # the reply is complete
        self._counted = False  # its usage is counted
        self._failed: Exception | None = None

    @property
    def response(self) -> APIResponse[None]:
        """The response of the stream: status, headers, request id, attempts. Its content is not kept."""
        if self._unstreamed_reply is not None:
            return APIResponse(**{**vars(self._unstreamed_reply), "content": b"", "parsed": None})
        if self._opened is None:
            raise RuntimeError("the stream has not been opened: use it in a `with` block, or iterate over it")
        opened = self._opened
        return APIResponse(
            status_code=opened.response.status_code,
            headers=opened.headers,
            content=b"",
            parsed=None,
            request_id=request_id(opened.headers),
            attempts=opened.attempts,
            elapsed=time.monotonic() - opened.started,
            request=self._request,
        )

    @property
    def partial(self) -> Any:
        """The typed reply so far; None before the first chunk, and with keep_reply=False. Errors have it, too."""
        return self._known(self._accumulator.partial())

    def _begin(self, opened: OpenStream | APIResponse[Any]) -> TypeIs[OpenStream]:
        """Start reading, and return whether a stream was opened. A complete reply becomes a finished stream."""
        if isinstance(opened, OpenStream):
            self._opened, self._observed = opened, opened.observer
            self._reader = StreamReader(
                self._request.spec,
                self._client.options,
                self._accumulator,
                opened,
                lenient=self._client._context.lenient,
            )
            return True
        self._unstreamed_reply = opened
        info = RequestInfo(self._request.method, self._client._context.url(self._request))
        try:
            wires = self._accumulator.take_whole_response(opened, info)
        except APIError as error:
            self._redact(error)
            raise
        self._ready.extend(map(self._request.spec.chunk, wires))
        self._finished = self._complete = True
        return False

    def _feed(self, data: bytes | None) -> None:
        """Decode the next bytes of the stream; None is its end."""
        assert self._reader is not None
        if data is not None:
            self._reader.feed(data, self._ready)
        else:
            self._reader.end(self._ready)
            self._complete = True

    def _fail(self, error: BaseException, *, closed: bool) -> None:
        """Store the error of the stream; it is raised after the chunks before it have been taken.

        `closed`: another thread or task had closed the stream.
        """
        assert self._reader is not None
        failure = self._reader.closed() if closed and isinstance(error, Exception) else self._reader.failure(error)
        if not isinstance(failure, Exception):
            hide_variables(failure)
            raise failure
        if failure is not error:
            failure.__cause__ = None if isinstance(error, APIError) else error
        self._known(getattr(failure, "partial", None))
        self._failed = failure

    def _stopped(self) -> bool:
        """Return whether reading has finished. Raises the error of a failed stream, each time."""
        if self._failed is not None and not self._ready:
            hide_variables(self._failed)
            raise self._failed
        return self._finished

    def _progress(self, data: bytes | None) -> Steps:
        """Count bytes for the hooks, and return the steps that report the first chunk to them."""
        observer = self._observed
        assert observer is not None
        return observer.progress(len(data or b""), self._ready)

    def _end(self) -> Steps:
        """Count the usage of a reply that is complete, and return the steps that report the end to the hooks."""
        reader, observer = self._reader, self._observed
        usage = None if reader is None else reader.usage
        meter = self._client._context.meter
        if meter is not None and self._opened is not None and not self._counted:
            self._counted = self._complete
            meter.count_stream(self._opened, usage, self._accumulator.images, complete=self._complete)
        if observer is None:
            return None
        if observer.trace is not None and observer.trace.captures and self._failed is None:
            observer.trace.reply = self._accumulator.partial()
        return observer.end(self._failed, usage, cancelled=self._failed is None and not self._complete)

    def _may_drain(self, deadline: float, size: int) -> bool:
        """Set the timeout of the next read after the end, and return whether to do that read."""
        assert self._opened is not None
        remaining = deadline - time.monotonic()
        self._opened.timeouts["read"] = max(remaining, 0.001)
        return remaining > 0 and size <= DRAIN_BYTES

    def _helper(self) -> Helper:
        """Return the helper that turns chunks into helper events, by the kind of stream."""
        from ..reply.stream_helper import Helper

        name = self._client._context.service.stream_helper
        helper: Helper = (resolve(name) if name else Helper)(self._accumulator)
        return helper

    def _redact(self, error: APIError) -> None:
        """Hide what was sent in an error that is raised while no bytes are read, and in its frames."""
        opened = self._opened
        redact(error, self._client._context.secrets(self._request) if opened is None else opened.secrets())
        hide_variables(error)

    def _reply(self) -> R:
        try:
            return self._complete_reply()
        except APIError as error:
            self._redact(error)
            raise

    def _check_kept(self) -> None:
        """Raise RuntimeError where no reply is kept, before the stream is read for it."""
        if not self._accumulator.keeps:
            raise RuntimeError("the stream keeps no reply: it was opened with keep_reply=False; read its chunks")

    def _details(self) -> dict[str, Any]:
        return {} if self._reader is None else self._reader.details()

    def _complete_reply(self) -> R:
        if not self._complete:
            raise StreamIncompleteError(
                "the stream was closed before its end, so there is no complete reply; what arrived is in .partial",
                partial=self.partial,
                **self._details(),
            )
        details = self._details()
        try:
            reply: Any = self._accumulator.reply()
        except StreamError as error:  # the accumulator does not know the call, so the reader adds its details
            if self._reader is None:
                raise
            raise self._reader.failure(error) from error
        if reply is None:
            assert self._reader is not None  # without a reader there is a complete reply
            raise self._reader.incomplete("the stream held no reply at all")
        found: R = self._known(reply) if self._convert is None else self._convert(reply, details)
        return found

    def _known(self, reply: Any) -> Any:
        """Return a reply that knows its client, where the state of such replies changes on the server."""
        if getattr(type(reply), "_wait", None) is not None:
            self._client._remember(reply)
        return reply

    def _release(self) -> None:
        if self._opened is not None:
            self._opened.release()

    def _abandon(self) -> None:
        """Release the place of an open stream at once, where its `aclose` has to wait for the event loop."""
        if self._opened is not None and not self._finished:
            response = self._opened.response
            on_close, response.on_close = response.on_close, None
            if on_close is not None:
                on_close()
            self._release()

    def __del__(self) -> None:
        if self._opened is not None and not self._finished:
            warnings.warn(f"{self!r} was dropped without being closed: use it in a with block", ResourceWarning, 2)
            self._release()
            if self._opened.reserved is not None:
                self._opened.reserved.settle(None)
            if self._observed is not None:
                self._observed.drop()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._request.spec.name}>"
