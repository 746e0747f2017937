"""State of one call: limits, attempts so far, what was sent."""

from __future__ import annotations

import time
from collections.abc import Generator, MutableMapping
from typing import TYPE_CHECKING, Any

from .. import log
from ..effects import Acquire, Ask
from ..errors import APITimeoutError
from ..errors.redact import credentials, request_id
from ..lazy import lazy_function
from ..options.per_call import check

if TYPE_CHECKING:
    from ..errors.attempt import Attempt, RequestInfo
    from ..http import Content
    from ..request.data import RequestData
    from .context import CallContext
    from .observer import Observer
else:
    RequestInfo = lazy_function(globals(), "..errors.attempt", "RequestInfo")


class CallState:
    """The limits of one call, its attempts so far, and the headers and body of the current attempt."""

    __slots__ = (
        "_info", "attempts", "content", "context", "deadline", "headers", "keys", "line", "max_retries", "observer",
        "options", "permit", "repeatable", "request", "reserved", "stall_timeout", "started", "target", "timeout",
    )  # fmt: skip

    def __init__(self, context: CallContext, request: RequestData[Any, Any]) -> None:
        try:
            options, given, spec = context.options, request.options, request.spec
        except AttributeError:
            raise TypeError(f"a request is what .request(...) returns, not a {type(request).__name__}") from None
        if len(given) > 1 or (given and "client" not in given):
            check(spec.name, given, streamed=request.streamed)
        self.context, self.request, self.options = context, request, options
        #: The line in which the call waits for its pace, None without one.
        self.line = None if context.lines is None else context.line_of(request)
        self.permit = Acquire(None, self.line)
        #: What reports the call to its hooks, None without hooks.
        self.observer: Observer | None = None
        self.timeout: float | None = given.get("timeout", options.timeout)
        self.stall_timeout: float | None = given.get("stall_timeout", options.stall_timeout)
        budget: float | None = given.get("deadline", options.deadline)
        self.started = time.monotonic()
        self.deadline = None if budget is None else self.started + budget
        self.repeatable = context.defaults.idempotency_keys or context.defaults.is_repeatable(request)
        self.max_retries: int = given.get("max_retries", options.max_retries)
        self.attempts: list[Attempt] = []
        self.keys: tuple[str, ...] = ()  # as given and as sent
        self.content: Content
        #: The headers and the target of the current attempt; `Auth` adds to them.
        self.headers: MutableMapping[str, tuple[str, str]] = {}
        self.target = ""
        #: The part of the budget that the call may use, None without a budget.
        #: The part of a budget that the call may use, None without a budget.
        self.reserved: Any = None
        self._info: RequestInfo | None = None
        tracer = context.tracer or context.everywhere
        if context.hooks or tracer is not None or log.logger(log.INFO) is not None:
            from .observer import Observer

            self.observer = Observer(self, context.hooks, tracer)

    @property
    def origin(self) -> str:
        """The scheme and the authority of the server."""
        return self.context.transport.route.origin

    @property
    def info(self) -> RequestInfo:
        """The request as errors show it."""
        if self._info is None:
            self._info = RequestInfo(self.request.method, self.context.url(self.request))
        return self._info

    def secrets(self) -> tuple[str, ...]:
        """Return the credentials that were sent, for redaction; called only for an error."""
        from ..request.serialize import secret_query

        context = self.context
        query = secret_query(context.defaults, self.request)
        return credentials(self.headers, *self.keys, *query, *context.proxy_secrets())

    def remaining(self) -> float | None:
        """Return the seconds until the deadline. Raises APITimeoutError once it has passed."""
        if self.deadline is None:
            return None
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise APITimeoutError("the deadline of the whole call has passed", **self.details(bool(self.attempts)))
        return remaining

    def ask(self, source: Any, coroutine: Any = None) -> Generator[Ask, Any, Any]:
        """Return the key from a function; an awaitable, and that of `coroutine`, is limited by the deadline."""
        try:
            return (yield Ask(source, limit=self.remaining(), coroutine=coroutine))
        except TimeoutError:
            self.remaining()
            raise

    def details(self, request_sent: bool | None = None, response: Any = None) -> dict[str, Any]:
        """Return the arguments that every error of this call has, with those of a response."""
        details: dict[str, Any] = {"request": self.info, "attempts": tuple(self.attempts), "request_sent": request_sent,
                                   **self.context.details}  # fmt: skip
        if response is not None:
            details |= {"request_sent": True, "status_code": response.status_code, "headers": response.headers,
                     "request_id": request_id(response.headers.by_name)}  # fmt: skip
        return details

    def timeouts(self) -> dict[str, float | None]:
        """Return the timeouts of one attempt, in seconds by phase."""
        options, remaining = self.options, self.remaining()
        limits: dict[str, float | None]
        limits = {"connect": options.connect_timeout, "read": self.timeout, "write": self.timeout,
                  "pool": options.pool_timeout}  # fmt: skip
        if remaining is not None:
            limits = {phase: remaining if limit is None else min(limit, remaining) for phase, limit in limits.items()}
        return limits
