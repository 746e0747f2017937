"""What the sync and the async stream share: state, and everything that does no input or output."""

from __future__ import annotations

import time
import warnings
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import evolve

from ..client.default import client_of
from ..errors import APIError, StreamError, StreamIncompleteError
from ..errors.attempt import RequestInfo
from ..errors.redact import request_id
from ..lazy import resolve
from ..reply.accumulate import accumulator
from ..reply.opened import OpenStream
from ..reply.response import APIResponse
from ..reply.stream_helper import Helper
from ..reply.stream_reader import StreamReader

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from ..request.data import RequestData


C = TypeVar("C")
R = TypeVar("R")

#: How long, and how much, is read after the end of a stream so that its connection can be used again.
DRAIN_SECONDS, DRAIN_BYTES = 0.1, 16 * 1024


class BaseStream(Generic[C, R]):
    """What the sync and the async stream share: state, and everything that does no input or output."""

    def __init__(self, request: RequestData[Any, C], convert: Callable[[Any, dict[str, Any]], R] | None = None) -> None:
        self._opened: OpenStream | None = None  # first: __del__ looks at it
        self._unstreamed_reply: APIResponse[Any] | None = None  # a whole reply that came in place of the stream
        self._request, self._convert = request, convert
        self._client = client_of(request.options, request.spec.root)
        self._reader: StreamReader | None = None
        self._ready: deque[Any] = deque()
        self._accumulator = accumulator(request, self._client._context.service)
        self._finished = False  # nothing more will be read
        self._complete = False  # because the reply is there
        self._failed: Exception | None = None

    @property
    def response(self) -> APIResponse[None]:
        """The response that the stream comes in: status, headers, request id, attempts. Its content is not kept."""
        if self._unstreamed_reply is not None:
            return evolve(self._unstreamed_reply, content=b"", parsed=None)
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
        """The reply as far as it has come, typed; None before the first chunk. Errors of the stream carry it too."""
        return self._accumulator.partial()

    def _begin(self, opened: OpenStream | APIResponse[Any]) -> TypeIs[OpenStream]:
        """Start reading; a complete reply in place of a stream is a stream of one."""
        if isinstance(opened, OpenStream):
            self._opened = opened
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
        self._ready.extend(map(self._request.spec.chunk, self._accumulator.take_whole_response(opened, info)))
        self._finished = self._complete = True
        return False

    def _took(self, data: bytes | None) -> None:
        """Take the next bytes of the stream, None at its end."""
        assert self._reader is not None
        if data is not None:
            self._reader.feed(data, self._ready)
        else:
            self._reader.end(self._ready)
            self._complete = True

    def _fail(self, error: BaseException, *, closed: bool) -> None:
        """Note how the stream failed; it is told once the chunks before it have been taken.

        `closed` says that somebody else had closed it by then.
        """
        assert self._reader is not None
        failure = self._reader.closed() if closed and isinstance(error, Exception) else self._reader.failure(error)
        if not isinstance(failure, Exception):
            raise failure
        if failure is not error:
            failure.__cause__ = None if isinstance(error, APIError) else error
        self._failed = failure

    def _stopped(self) -> bool:
        """Tell whether all has been read. Raises what the stream failed with, as often as it is asked for more."""
        if self._failed is not None and not self._ready:
            raise self._failed
        return self._finished

    def _drain_until(self, until: float, size: int) -> bool:
        """Tell whether reading on after the end is worth it, and for how long."""
        assert self._opened is not None
        left = until - time.monotonic()
        self._opened.timeouts["read"] = max(left, 0.001)
        return left > 0 and size <= DRAIN_BYTES

    def _helper(self) -> Helper:
        """Return what turns chunks into helper events, by the kind of stream."""
        make = self._client._context.service.stream_helper
        helper: Helper = resolve(make)(self._accumulator) if make else Helper(self._accumulator)
        return helper

    def _reply(self) -> R:
        if not self._complete:
            raise StreamIncompleteError(
                "the stream was closed before its end, so there is no complete reply; what came is in .partial",
                partial=self.partial,
                **({} if self._reader is None else self._reader.details()),
            )
        details = {} if self._reader is None else self._reader.details()
        try:
            reply: Any = self._accumulator.reply()
        except StreamError as error:  # of what cannot be put together; it does not know the call
            if self._reader is None:
                raise
            raise self._reader.failure(error) from error
        if reply is None:
            assert self._reader is not None  # a whole reply is a reply
            raise self._reader.incomplete("the stream held no reply at all")
        found: R = reply if self._convert is None else self._convert(reply, details)
        return found

    def _release(self) -> None:
        if self._opened is not None:
            self._opened.release()

    def __del__(self) -> None:
        if self._opened is not None and not self._finished:
            warnings.warn(f"{self!r} was dropped without being closed: use it in a with block", ResourceWarning, 2)
            self._release()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._request.spec.name}>"
