"""Report a call to its hooks: what it does, and how it ends."""

from __future__ import annotations

import inspect
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, Literal, Protocol

from .. import log
from ..effects import Ask, Effect
from ..errors import APIError, RequestError
from ..errors.redact import request_id
from ..options.call_events import (
    AttemptStarted,
    CallEnded,
    CallEvent,
    CallInfo,
    CallStarted,
    CallWaits,
    FirstPiece,
    ResponseStarted,
)
from ..reply.opened import OpenStream
from ..validators import FRAMING_HEADERS, header_problem
from .flow import flow

if TYPE_CHECKING:
    from ..options.hooks import RequestView, ResponseView
    from ..reply.response import APIResponse
    from ..request.data import RequestData
    from ..service import Service
    from .state import CallState

#: Effects to perform, or none.
Steps = Generator[Effect, Any, None] | None


class Trace(Protocol):
    """The span of one call: the first of its hooks. It sees what no other hook may: the reply."""

    #: Whether it takes the reply.
    captures: bool
    #: What the reply says of its usage, and the reply; set before the end.
    usage: object
    reply: Any

    def __call__(self, event: CallEvent) -> Mapping[str, str] | None:
        """Take a moment of the call; return the headers to send with an attempt."""

    def note(self, wires: Iterable[Any]) -> None:
        """Take the JSON of the reply, or of chunks that arrived in one read."""


class Tracer(Protocol):
    """What makes the spans of calls."""

    def start(self, service: Service, request: RequestData[Any, Any], info: CallInfo) -> Trace:
        """Begin the span of a call."""


class Observer:
    """The hooks of one call, and what they receive at its end."""

    def __init__(self, call: CallState, hooks: Iterable[Callable[[Any], Any]], tracer: Tracer | None = None) -> None:
        self._hooks = tuple(hooks) if log.logger(log.INFO) is None else (*hooks, log.log_event)
        spec, body = call.request.spec, call.request.body
        model = body.get("model") if isinstance(body, dict) else None
        self.info = CallInfo(
            operation=spec.name,
            model=model if isinstance(model, str) else None,
            streamed=call.request.streamed,
            method=call.info.method,
            url=call.info.url,
        )
        #: The span of the call, None without telemetry.
        self.trace: Trace | None = None
        if tracer is not None:
            self.trace = tracer.start(call.context.service, call.request, self.info)
            self._hooks = (self.trace, *self._hooks)
        self._started, self._meter = call.started, call.context.meter
        self._attempts = 0
        self._waited = 0.0
        self._status: int | None = None
        self._request_id: str | None = None
        #: Bytes of the reply so far.
        self.received = 0
        self._first = self._ended = False

    def report(self, event: CallEvent) -> Generator[Effect, Any, dict[str, Any]]:
        """Call all hooks with a record, and return the headers that they return."""
        headers: dict[str, Any] = {}
        for hook in self._hooks:
            returned = yield Ask(hook, event)
            if isinstance(returned, Mapping):
                headers |= returned
        return headers

    def attempt(self, view: RequestView) -> Generator[Effect, Any, dict[str, Any]]:
        """Report an attempt, and return the headers to send with it."""
        self._attempts = view.attempt
        return (yield from self.report(AttemptStarted(call=self.info, attempt=view.attempt, headers=view.headers)))

    def response(self, view: ResponseView) -> Generator[Effect, Any, None]:
        """Report a response."""
        self._status, self._request_id = view.status_code, view.request_id
        yield from self.report(
            ResponseStarted(
                call=self.info,
                attempt=view.request.attempt,
                status_code=view.status_code,
                headers=view.headers,
                request_id=view.request_id,
                elapsed=view.elapsed,
            )
        )

    def waits(
        self, reason: Literal["turn", "pause", "retry"], attempt: int, seconds: float | None, error: APIError | None
    ) -> Generator[Effect, Any, float]:
        """Report a wait, and return when it begins."""
        event = CallWaits(call=self.info, reason=reason, attempt=attempt, seconds=seconds, error=error)
        yield from self.report(event)
        return time.monotonic()

    def waited(self, since: float) -> None:
        """Count a wait that is over."""
        self._waited += time.monotonic() - since

    def progress(self, size: int, chunks: deque[Any]) -> Steps:
        """Count a read of a stream, and return the steps that report its first chunk, if it completed any."""
        self.received += size
        if not chunks:
            return None
        if self.trace is not None:
            self.trace.note([getattr(chunk, "_wire", chunk) for chunk in chunks])
        return self.piece()

    def piece(self) -> Generator[Effect, Any, None]:
        """Report the first piece, once."""
        if not self._first:
            self._first = True
            yield from self.report(FirstPiece(call=self.info, elapsed=time.monotonic() - self._started))

    def end(self, error: BaseException | None, usage: object, *, cancelled: bool) -> Generator[Effect, Any, None]:
        """Report the end of the call, once; `usage` is what the reply says of it."""
        if not self._ended:
            self._ended = True
            if self.trace is not None:
                self.trace.usage = usage
            yield from self.report(self._end(error, usage, cancelled=cancelled))

    def drop(self) -> None:
        """Report the end of a call whose stream is garbage collected. A hook that is async cannot run any more."""
        if not self._ended:
            self._ended = True
            event = self._end(None, None, cancelled=True)
            for hook in self._hooks:
                returned = hook(event)
                if inspect.iscoroutine(returned):
                    returned.close()

    def _end(self, error: BaseException | None, usage: object, *, cancelled: bool) -> CallEnded:
        if isinstance(error, APIError) and error.status_code is not None:
            self._status, self._request_id = error.status_code, error.request_id
        facts: dict[str, Any] = {
            "call": self.info,
            "attempts": self._attempts,
            "elapsed": time.monotonic() - self._started,
            "waited": self._waited,
            "status_code": self._status,
            "request_id": self._request_id,
            "received_bytes": self.received,
            "error": error if isinstance(error, Exception) else None,
            "cancelled": cancelled,
        }
        if self._meter is None:
            return CallEnded(**facts)
        ended: CallEnded = self._meter.ended(facts, usage)
        return ended


def observed(call: CallState) -> Generator[Effect, Any, APIResponse[Any] | OpenStream]:
    """Perform a call, as `flow` does, and report it to its hooks."""
    observer = call.observer
    assert observer is not None
    try:
        yield from observer.report(CallStarted(call=observer.info))
        result = yield from flow(call)
    except GeneratorExit:  # an event loop was closed before its task was done
        observer.drop()
        raise
    except BaseException as error:
        yield from observer.end(error, None, cancelled=not isinstance(error, Exception))
        raise
    if isinstance(result, OpenStream):  # its end is the end of the call
        result.observer = observer
        return result
    observer.received = len(result.content)
    observer._request_id = request_id(result.headers)
    wire = getattr(result.parsed, "_wire", None)
    if observer.trace is not None:
        observer.trace.note([wire])
        observer.trace.reply = result.parsed if observer.trace.captures else None
    yield from observer.piece()
    yield from observer.end(None, wire.get("usage") if isinstance(wire, dict) else None, cancelled=False)
    return result


def add_headers(headers: MutableMapping[str, tuple[str, str]], returned: Mapping[str, Any]) -> None:
    """Add the headers that a hook returned. Raises RequestError for an invalid one."""
    for name, value in returned.items():
        problem = header_problem(name, value)
        if problem is not None:
            raise RequestError(f"a hook returned a header that {problem}")
        if name.lower() in FRAMING_HEADERS:
            raise RequestError(f"a hook returned the header {name}, which the client sets")
        headers[name.lower()] = (name, value)
