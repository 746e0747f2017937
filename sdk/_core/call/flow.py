"""One call, decided once: a generator of effects that a sync and an async driver carry out.

The flow decides what to send, when to try again and what an outcome means; it does no input or output itself. Each
`yield` is one effect, and its value (or exception) comes back into the generator.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from .. import log
from ..effects import Acquire, Ask, Close, Effect, Sleep
from ..errors import APIError, PoolTimeoutError, RedirectError
from ..errors.redact import redact
from ..http import HttpRequest
from ..lazy import lazy_function
from ..reply.failures import Failure, translate
from ..reply.opened import OpenStream
from ..reply.response import APIResponse
from ..request.serialize import build_headers, encode_body, request_target
from .outcome import outcome_of
from .redirect import follow
from .retry import MAX_WAIT, backoff

if TYPE_CHECKING:
    from ..errors.attempt import Attempt
    from ..options.hooks import RequestView, view_request, view_response
    from .state import CallState
else:  # what not every call meets
    Attempt = lazy_function(globals(), "..errors.attempt", "Attempt")
    view_request = lazy_function(globals(), "..options.hooks", "view_request")
    view_response = lazy_function(globals(), "..options.hooks", "view_response")


def flow(call: CallState) -> Generator[Effect, Any, APIResponse[Any] | OpenStream]:
    """Carry out one call: place, key, attempts, reply. Returns a reply, or an `OpenStream` that holds the place."""
    context, request = call.context, call.request
    context.transport.check_open()
    defaults = context.defaults
    # First: what cannot be sent must not cost a connection.
    content = call.content = encode_body(request, defaults.refused)
    headers = build_headers(defaults, request, content)
    target = context.transport.route.base + request_target(defaults, request)
    limiter = context.limiter
    place = Acquire(call.remaining())
    kept = False
    try:
        try:
            yield place
        except PoolTimeoutError as error:
            call.remaining()  # raises, if it was the deadline that passed
            error.request = call.info
            raise
        number = 1
        while True:
            began = time.monotonic()
            call.headers, call.target = {**headers}, target  # anew: the key of the last attempt may have expired
            outcome = yield from _attempt(call, number)
            if isinstance(outcome, APIResponse):
                return outcome
            if isinstance(outcome, OpenStream):
                outcome.response.on_close = limiter.stream_opened()
                kept = True
                return outcome
            failed, retryable, wanted_delay = outcome
            redact(failed, call.secrets())
            if defaults.take_refusal(
                request, failed
            ):  # nothing that the caller asked for: it is asked without, at once
                call.attempts.append(Attempt(number, failed.status_code, failed, time.monotonic() - began))
                log.log_retry(call.info, number, failed, 0.0)
                content.close()
                content = call.content = encode_body(request, defaults.refused)
                headers = build_headers(defaults, request, content)  # with a key of its own: it is another request
                continue
            if not retryable or number > call.max_retries or not content.rewind(failed):
                raise failed
            delay = _delay(call, failed, number, wanted_delay)
            call.attempts.append(Attempt(number, failed.status_code, failed, time.monotonic() - began))
            log.log_retry(call.info, number, failed, delay)
            if call.options.on_retry is not None:
                yield Ask(call.options.on_retry, number, failed, delay)
            yield Sleep(delay)
            number += 1
    except APIError as error:
        redact(error, call.secrets())
        raise
    finally:
        try:
            content.close()
        finally:
            if place.taken and not kept:
                limiter.release()


def _attempt(call: CallState, number: int) -> Generator[Effect, Any, APIResponse[Any] | OpenStream | Failure]:
    """Send the request once, redirects included, and return what came of it."""
    options, method = call.options, call.request.method
    if call.request.spec.security:
        yield from call.context.auth.apply(call)
    call.headers["x-retry-count"] = ("X-Retry-Count", str(number - 1))
    target, redirects = call.target, 0
    resend = options.retry_sent and call.max_retries > 0
    while True:
        timeouts = call.timeouts()
        view = (yield from _announce(call, number)) if _watched(call) else None
        began = time.monotonic()
        response: Any = None
        try:
            response = yield HttpRequest(method, target, call.headers, call.content, timeouts, call.deadline, resend)
            if view is not None:
                yield from _received(call, view, response, time.monotonic() - began)
            following = _redirect(call, response, target) if 300 <= response.status_code < 400 else None
            if following is None:
                return (yield from outcome_of(call, response, timeouts))
            yield Close(response, drain=True)
        except BaseException as raised:
            ours = isinstance(raised, APIError)
            if response is not None and not isinstance(raised, GeneratorExit):
                yield Close(response, drain=ours)
            failure = None if ours else translate(raised, call.details(response=response), deadline=call.deadline)
            if failure is None:  # an error already, a cancellation, or the user's own exception from a body or hook
                raise
            failure.error.__cause__ = raised
            if failure.error.request_sent and not (options.retry_sent and call.repeatable):
                failure = failure._replace(retryable=False)
            return failure
        redirects += 1
        if redirects > options.max_redirects:
            raise RedirectError(f"more than {options.max_redirects} redirects", **call.details(response=response))
        if not call.content.rewind():
            problem = "the server redirects a body that can be read only once"
            raise RedirectError(problem, **call.details(response=response))
        call.attempts.append(Attempt(number, response.status_code, None, time.monotonic() - began))
        target = following


def _redirect(call: CallState, response: Any, target: str) -> str | None:
    """Return the target that a response redirects to, None if it does not. Raises RedirectError."""
    origin, details = call.context.transport.route.origin, call.details(response=response)
    return follow(response.status_code, response.headers, call.request.method, origin, target, details)


def _watched(call: CallState) -> bool:
    """Tell whether a hook or the log takes what is sent and received."""
    options = call.options
    return options.on_request is not None or options.on_response is not None or log.logger(log.INFO) is not None


def _announce(call: CallState, number: int) -> Generator[Effect, Any, RequestView]:
    """Tell the log and the hook of a request, and return what they saw of it."""
    view = view_request(call.info, call.headers.values(), number)
    log.log_request(view)
    if call.options.on_request is not None:
        yield Ask(call.options.on_request, view)
    return view


def _received(call: CallState, view: RequestView, response: Any, elapsed: float) -> Generator[Effect, Any, None]:
    """Tell the log and the hook of a response."""
    seen = view_response(view, response.status_code, response.headers, elapsed)
    log.log_response(seen)
    if call.options.on_response is not None:
        yield Ask(call.options.on_response, seen)


def _delay(call: CallState, error: APIError, number: int, wanted: float | None) -> float:
    """Return how long to wait before the next attempt; raise the error if the wait is too long to be worth it."""
    longest = call.options.max_retry_after
    if wanted is not None and wanted > (MAX_WAIT if longest is None else longest):
        raise error
    import random  # here: only a retry needs it

    delay = max(backoff(number, random.random()), wanted or 0.0)  # jitter, not a secret
    if call.deadline is not None and time.monotonic() + delay >= call.deadline:
        raise error
    # A server that says when to come back is obeyed; but one that fails is not hammered because it says "at once".
    paced = wanted is not None and (wanted >= 1 or error.status_code == 429)
    if not paced and not call.context.retry_budget.spend(time.monotonic()):
        raise error
    return delay
