"""One call as a generator of effects, which a sync or an async driver performs.

The flow decides what to send, when to retry and what a response means; it does no I/O itself. Each `yield` is one
effect, and the driver sends its value (or throws its exception) back into the generator.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any

from .. import log
from ..effects import Ask, Close, Effect, Sleep
from ..errors import APIError, PoolTimeoutError, QuotaExceededError, RateLimitError, RedirectError
from ..errors.redact import redact
from ..http import HttpRequest
from ..lazy import lazy_function, resolve
from ..reply.response import APIResponse
from ..request.serialize import build_headers, encode_body, request_target
from .outcome import outcome_of
from .retry import MAX_WAIT, backoff

if TYPE_CHECKING:
    from ..errors.attempt import Attempt
    from ..errors.variables import hide_variables
    from ..options.hooks import RequestView, view_request, view_response
    from ..reply.failures import Failure, translate
    from ..reply.opened import OpenStream
    from .observer import add_headers
    from .redirect import follow
    from .refused import renew_or_explain
    from .state import CallState
else:  # not needed by every call
    Attempt = lazy_function(globals(), "..errors.attempt", "Attempt")
    hide_variables = lazy_function(globals(), "..errors.variables", "hide_variables")
    add_headers = lazy_function(globals(), ".observer", "add_headers")
    view_request = lazy_function(globals(), "..options.hooks", "view_request")
    view_response = lazy_function(globals(), "..options.hooks", "view_response")
    translate = lazy_function(globals(), "..reply.failures", "translate")
    follow = lazy_function(globals(), ".redirect", "follow")
    renew_or_explain = lazy_function(globals(), ".refused", "renew_or_explain")


#: The statuses of servers that do not accept a credential, or that are not the ones of the credential.
_CREDENTIALS = (401, 403, 404)

#: The status of a refusal: too many requests (RFC 6585, section 4).
_REFUSED = 429
#: Refusals of one call that do not count as attempts: a server may refuse it for ever, and accept others.
_FREE = 30


def flow(call: CallState) -> Generator[Effect, Any, APIResponse[Any] | OpenStream]:
    """Perform one call: permit, key, attempts, reply. Returns a reply, or an `OpenStream` that holds the permit."""
    context, request = call.context, call.request
    if context.transport.closed:
        context.transport.check_open()
    defaults = context.defaults
    # First: a body that cannot be encoded must not cost a connection.
    content = call.content = encode_body(request, defaults.refused)
    headers = build_headers(defaults, request, content)
    target = context.transport.route.base + request_target(defaults, request)
    limiter, line, meter = context.limiter, call.line, context.meter
    permit, handed_over = call.permit, False
    try:
        if meter is not None and (meter.budget is not None or (line is not None and line.counts_tokens)):
            meter.begin(call, content)
        if not (limiter if line is None else line).take(permit):  # only a wait is an effect
            yield from _wait_turn(call)
        number, free, renewed = 1, 0, False  # `free` attempts do not count: the server had others to serve
        while True:
            began = time.monotonic()
            call.headers, call.target = {**headers}, target  # for each attempt: the key of the last may have expired
            outcome = yield from _attempt(call, number)
            if isinstance(outcome, APIResponse):
                return outcome
            if not isinstance(outcome, tuple):  # a Failure is one
                outcome.response.on_close = limiter.stream_opened()
                handed_over = True
                del call.content  # an open stream keeps the state of its call, and needs no body
                return outcome
            failed, retryable, retry_after = outcome
            redact(failed, call.secrets())
            if defaults.take_refusal(request, failed):  # no caller asked for the value: retry without it, at once
                call.attempts.append(Attempt(number, failed.status_code, failed, time.monotonic() - began))
                log.log_retry(call.info, number, failed, 0.0)
                content.close()
                content = call.content = encode_body(request, defaults.refused)
                headers = build_headers(defaults, request, content)  # another body needs another Idempotency-Key
                continue
            unaccepted = failed.status_code in _CREDENTIALS
            if unaccepted and renew_or_explain(call, failed, renewed) and content.rewind(failed):
                renewed = True
                call.attempts.append(Attempt(number, failed.status_code, failed, time.monotonic() - began))
                log.log_retry(call.info, number, failed, 0.0)
                continue
            delay = _delay(max(1, number - free), retry_after)
            refused = line is not None and line.learns and _is_refusal(failed)
            paced = line is not None and refused and line.refused(permit, failed.headers, delay) and free < _FREE
            free += paced
            if failed.status_code == 404 and context.service.not_found:
                yield from resolve(context.service.not_found)(call, failed)
            if not retryable or not call.max_retries or number - free > call.max_retries or not content.rewind(failed):
                raise failed
            _check_delay(call, failed, delay, retry_after, paced=paced)
            hide_variables(failed)
            call.attempts.append(Attempt(number, failed.status_code, failed, time.monotonic() - began))
            log.log_retry(call.info, number, failed, delay)
            if call.options.on_retry is not None:
                yield Ask(call.options.on_retry, number, failed, delay)
            since = 0.0
            if call.observer is not None:
                since = yield from call.observer.waits("pause" if refused else "retry", number, delay, failed)
            if line is not None and refused:
                line.rest(permit)  # others may go meanwhile
                yield Sleep(delay)
                line.rested(permit)
                if not line.take(permit):
                    yield from _wait_turn(call, number)
            else:
                yield Sleep(delay)
                if line is not None:
                    line.sent_again(permit)
            if call.observer is not None:
                call.observer.waited(since)
            number += 1
    except APIError as error:
        redact(error, call.secrets())
        raise
    finally:
        try:
            if content.stream is not None:
                content.close()
        finally:
            if permit.taken and not handed_over:
                limiter.release(permit)
            elif permit.rests and line is not None:
                line.rested(permit)
            if call.reserved is not None and not handed_over:
                call.reserved.cancel()


def _wait_turn(call: CallState, number: int = 0) -> Generator[Effect, Any, None]:
    """Wait for the pace and for a permit, after attempt `number`.

    Raises PoolTimeoutError, APITimeoutError, RateLimitError.
    """
    permit, since = call.permit, 0.0
    if call.observer is not None:
        since = yield from call.observer.waits("turn", number, None, None)
    try:
        permit.timeout = call.remaining()
        yield permit
        if call.observer is not None and not number:
            call.observer.waited(since)
    except (PoolTimeoutError, RateLimitError) as error:
        if isinstance(error, PoolTimeoutError):
            call.remaining()  # raises APITimeoutError if the deadline has passed
        error.request, error.attempts = call.info, tuple(call.attempts)
        raise


def _attempt(call: CallState, number: int) -> Generator[Effect, Any, APIResponse[Any] | OpenStream | Failure]:
    """Send the request once, redirects included, and return the reply, the open stream or the failure."""
    options, method = call.options, call.request.spec.method
    if call.request.spec.security:
        auth = call.context.auth or call.context.make_auth()
        yield from auth.apply(call)
        call.context.last_keys = call.keys
    if call.context.service.counts_retries:
        call.headers["x-retry-count"] = ("X-Retry-Count", str(number - 1))
    target, redirects = call.target, 0
    resend = options.retry_sent and call.max_retries > 0
    while True:
        timeouts = call.timeouts()
        watched = call.observer is not None or options.on_request is not None or options.on_response is not None
        view = (yield from _announce(call, number)) if watched else None
        began = time.monotonic()
        response: Any = None
        try:
            response = yield HttpRequest(method, target, call.headers, call.content, timeouts, call.deadline, resend)
            if call.line is not None and response.status_code != _REFUSED:
                call.line.answered(call.permit, response.headers.by_name)
            if view is not None:
                yield from _received(call, view, response, time.monotonic() - began)
            following = _redirect(call, response, target) if 300 <= response.status_code < 400 else None
            if following is None:
                return (yield from outcome_of(call, response, timeouts))
            yield Close(response, drain=True)
        except BaseException as raised:
            is_api_error = isinstance(raised, APIError)
            if response is not None and not isinstance(raised, GeneratorExit):
                yield Close(response, drain=is_api_error)
            details = call.details(response=response)
            failure = None if is_api_error else translate(raised, details, deadline=call.deadline)
            if failure is None:  # an APIError, a cancellation, or an exception of the user's body or hook
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
    """Return the target of a redirect, None if the response is not a redirect. Raises RedirectError."""
    origin, details = call.context.transport.route.origin, call.details(response=response)
    return follow(response.status_code, response.headers, call.request.method, origin, target, details)


def _announce(call: CallState, number: int) -> Generator[Effect, Any, RequestView]:
    """Pass a request to the log and the hook, and return the view of it that they got."""
    view = view_request(call.info, call.headers.values(), number, call.context.defaults.harmless)
    log.log_request(view)
    if call.options.on_request is not None:
        returned = yield Ask(call.options.on_request, view)
        if isinstance(returned, Mapping):
            add_headers(call.headers, returned)
    if call.observer is not None:
        returned = yield from call.observer.attempt(view)
        add_headers(call.headers, returned)
    return view


def _received(call: CallState, view: RequestView, response: Any, elapsed: float) -> Generator[Effect, Any, None]:
    """Pass a response to the log and the hook."""
    response_view = view_response(view, response.status_code, response.headers, elapsed, call.secrets())
    log.log_response(response_view)
    if call.options.on_response is not None:
        yield Ask(call.options.on_response, response_view)
    if call.observer is not None:
        yield from call.observer.response(response_view)


def _is_refusal(error: APIError) -> bool:
    """Return whether the server refused a call because too many came. Want of quota does not pass by waiting."""
    return isinstance(error, RateLimitError) and not isinstance(error, QuotaExceededError)


def _delay(number: int, retry_after: float | None) -> float:
    """Return the seconds until the next attempt."""
    import random  # here: only a retry needs it

    return max(backoff(number, random.random()), retry_after or 0.0)  # jitter needs no secure randomness


def _check_delay(call: CallState, error: APIError, delay: float, retry_after: float | None, *, paced: bool) -> None:
    """Raise the error if the wait is too long or the budget is spent; a refusal that is `paced` costs no budget."""
    longest = call.options.max_retry_after
    if retry_after is not None and retry_after > (MAX_WAIT if longest is None else longest):
        raise error
    if call.deadline is not None and time.monotonic() + delay >= call.deadline:
        raise error
    # A retry that the server has scheduled is free. A Retry-After under 1 s is not, unless the status is 429.
    scheduled = paced or (retry_after is not None and (retry_after >= 1 or error.status_code == _REFUSED))
    if not scheduled and not call.context.retry_budget.spend(time.monotonic()):
        raise error
