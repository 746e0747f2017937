"""One call, decided once: a generator of effects that a sync and an async driver carry out.

The flow decides what to send, when to try again and what an outcome means; it does no input or output itself. Each
`yield` is one effect, and its value (or exception) comes back into the generator.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from .. import log as _log
from ..effects import Acquire, Ask, Close, Effect, Kept, Opened, Read, Sleep
from ..errors import (
    APIError,
    APIResponseError,
    ConfigError,
    PoolTimeoutError,
    RedirectError,
    status_error,
)
from ..errors.redact import Hidden, conceal, request_id, visible_headers
from ..http import HttpRequest
from ..lazy import later
from ..options.resolve import check_key
from ..reply.decode import decode, kind_of, looks_like_events, makes
from ..reply.failures import Failure, translate
from ..reply.response import APIResponse
from ..request.serialize import all_headers, auth_given, content_of, target_of
from .redirect import follow
from .retry import ENDLESS, backoff, retriable_status, retry_after
from .state import Call

if TYPE_CHECKING:
    from ..auth.security_schemes import authorize
    from ..errors.attempt import Attempt
    from ..http import Content
    from ..options.hooks import RequestView, view_request, view_response
    from ..request.data import Request
else:  # what not every call meets
    authorize = later(globals(), "..auth.security_schemes", "authorize")
    Attempt = later(globals(), "..errors.attempt", "Attempt")
    view_request = later(globals(), "..options.hooks", "view_request")
    view_response = later(globals(), "..options.hooks", "view_response")


def flow(call: Call) -> Generator[Effect, Any, APIResponse[Any] | Opened]:
    """Carry out one call: place, key, attempts, reply. Returns an `Opened` for a stream; the place is then its own."""
    client, request = call.client, call.request
    client._transport.check_open()
    content = content_of(request)  # before anything else: what cannot be sent must not cost a connection
    headers = call.sent = all_headers(client, request, content)
    target = client._base + target_of(client, request)
    slots = client._slots
    place = Acquire(call.left())
    kept = False
    try:
        try:
            yield place
        except PoolTimeoutError as error:
            call.left()  # the deadline, if it was that
            error.request = call.info
            raise
        for number in range(1, call.max_retries + 2):
            began = time.monotonic()
            outcome = yield from _attempt(call, target, headers, content, number)
            if isinstance(outcome, APIResponse):
                return outcome
            if isinstance(outcome, Opened):
                outcome.response.on_close = slots.stream_opened()
                kept = True
                return outcome
            failed, again, wish = outcome
            conceal(failed, call.secrets())
            if not again or number > call.max_retries or not content.rewind(failed):
                raise failed
            delay = _delay(call, failed, number, wish)
            call.attempts.append(Attempt(number, failed.status_code, failed, time.monotonic() - began))
            _log.log_retry(call.info, number, failed, delay)
            if call.options.on_retry is not None:
                yield Ask(call.options.on_retry, number, failed, delay)
            yield Sleep(delay)
    except APIError as error:
        conceal(error, call.secrets())
        raise
    finally:
        try:
            content.close()
        finally:
            if place.taken and not kept:
                slots.release()
    raise AssertionError("unreachable")


def _attempt(
    call: Call, target: str, headers: dict[str, tuple[str, str]], content: Content, number: int
) -> Generator[Effect, Any, APIResponse[Any] | Opened | Failure]:
    """Send the request once, redirects included, and return what came of it."""
    client, options = call.client, call.options
    target = yield from _authorize(call, headers, target)
    headers["x-retry-count"] = ("X-Retry-Count", str(number - 1))
    hops = 0
    resend = options.retry_sent and call.max_retries > 0
    while True:
        timeouts = call.timeouts()
        view = yield from _announce(call, headers, number)
        began = time.monotonic()
        response: Any = None
        try:
            send = HttpRequest(call.request.method, target, headers, content, timeouts, call.deadline, resend)
            response = yield send
            yield from _received(call, view, response, time.monotonic() - began)
            details = call.details(response=response) if 300 <= response.status_code < 400 else {}
            following = follow(
                response.status_code, response.headers, call.request.method, client._origin, target, details
            ) if details else None  # fmt: skip
            if following is None:
                return (yield from _outcome(call, response, timeouts))
            yield Close(response, drain=True)
        except BaseException as raised:
            told = isinstance(raised, APIError)
            if response is not None and not isinstance(raised, GeneratorExit):
                yield Close(response, drain=told)
            failure = translate(raised, call.details(response=response), deadline=call.deadline) if not told else None
            if failure is None:  # an error already, a cancellation, or the user's own exception from a body or hook
                raise
            failure.error.__cause__ = raised
            if failure.error.request_sent and not (options.retry_sent and call.repeatable):
                failure = failure._replace(again=False)
            return failure
        hops += 1
        if hops > options.max_redirects:
            raise RedirectError(f"more than {options.max_redirects} redirects", **call.details(response=response))
        if not content.rewind():
            problem = "the server redirects a body that can be read only once"
            raise RedirectError(problem, **call.details(response=response))
        call.attempts.append(Attempt(number, response.status_code, None, time.monotonic() - began))
        target = following


def _authorize(call: Call, headers: dict[str, tuple[str, str]], target: str) -> Generator[Effect, Any, str]:
    """Set the header that carries the key that the operation wants; a header given by the user stays.

    Returns the target, which carries the key where an API wants it in the query.
    """
    options, wanted = call.options, call.request.settings.auth
    if wanted == "none":
        return target
    if call.client._service is not None:
        return (yield from authorize(call.client._service, call, headers, target))
    if wanted == "admin_api_key":
        source: Any = options.admin_api_key
        if source is None:
            raise ConfigError(f"{call.request.settings.name} needs admin_api_key= or OPENAI_ADMIN_KEY")
    else:
        source = options.api_key
        if options.api_key_missing:
            raise ConfigError("no API key: give api_key= or set OPENAI_API_KEY (api_key=None sends no key)")
    if source is None:
        return target
    if callable(source):
        source = check_key((yield from call.ask(source)), f"what {wanted}= returned")
    call.keys = (source,)
    if not auth_given(call.client, call.request):
        value = f"{options.auth_scheme} {source}" if options.auth_scheme else source
        headers[options.auth_header.lower()] = (options.auth_header, Hidden(value))
    return target


def _announce(
    call: Call, headers: dict[str, tuple[str, str]], number: int
) -> Generator[Effect, Any, RequestView | None]:
    """Tell the log and the hook of a request, and return what they saw of it; None where nobody looks."""
    options = call.options
    if options.on_request is None and options.on_response is None and _log.logger(_log.INFO) is None:
        return None
    view = view_request(call.info, headers.values(), number)
    _log.log_request(view)
    if options.on_request is not None:
        yield Ask(options.on_request, view)
    return view


def _received(call: Call, view: RequestView | None, response: Any, elapsed: float) -> Generator[Effect, Any, None]:
    """Tell the log and the hook of a response."""
    if view is None:
        return
    seen = view_response(view, response.status_code, response.headers, elapsed)
    _log.log_response(seen)
    if call.options.on_response is not None:
        yield Ask(call.options.on_response, seen)


def _outcome(
    call: Call, response: Any, timeouts: dict[str, float | None]
) -> Generator[Effect, Any, APIResponse[Any] | Opened | Failure]:
    """Return what a response means: a reply, an open stream, or the error of its status."""
    status, headers = response.status_code, response.headers
    # From here on it is the time between two pieces that counts; the transport reads this dict before each read.
    stall = call.stall_timeout
    timeouts["read"] = stall
    success = 200 <= status < 300
    lost: Exception | None = None
    if success:
        call.client._quota.refund()
        if call.request.sink is not None and _may_be_saved(call, headers):
            yield Ask(call.request.sink, response)
            return _detailed(call, response, b"", None)
        if _comes_in_pieces(call.request, headers, call.client._loose):
            left = call.left()
            timeouts["read"] = stall if left is None else left if stall is None else min(stall, left)
            return _opened(call, response, timeouts)
    try:
        body = yield Read(response, call.options.max_response_bytes)
    except Exception as raised:
        if success or translate(raised, {}, deadline=None) is None:
            raise
        # What an error says may be lost with its body; that it is one, and which, is known from its status.
        lost, body = raised, getattr(raised, "partial", b"")
    if success and call.client._loose and _is_stream(call.request, body):
        return _opened(call, Kept(response, body), timeouts)
    if not success:
        error = status_error(
            status,
            request=call.info,
            headers=headers,
            body=body,
            content_type=headers.get("content-type"),
            attempts=call.attempts,
            secrets=call.secrets(),
        )
        if lost is not None:
            error.__cause__ = lost
            error.message = error.message or f"its body could not be read: {lost}"
        again = retriable_status(status, headers, error.code, error.type, repeatable=call.repeatable)
        return Failure(error, again, retry_after(headers, time.time()))
    return _reply(call, response, body)


def _opened(call: Call, response: Any, timeouts: dict[str, float | None]) -> Opened:
    attempts = tuple(call.attempts)
    return Opened(
        response, call.request, call.info, response.headers, attempts, call.started, timeouts, call.deadline,
        call.secrets,
    )  # fmt: skip


def _may_be_saved(call: Call, headers: Any) -> bool:
    """Tell whether a reply is what the caller wants to save, rather than an error or a web page in its place."""
    return not call.client._loose or makes(call.request.settings, kind_of(headers))


def _comes_in_pieces(request: Request[Any, Any], headers: Any, loose: bool) -> bool:
    """Tell whether a reply is handed out as it comes: a stream.

    `loose`: whatever the server calls it. JSON and web pages are read whole all the same, and so are sound and text
    that come in place of a stream.
    """
    kind, settings = kind_of(headers), request.settings
    if not request.streamed or kind == "text/event-stream":
        return request.streamed
    return loose and settings.returns == "json" and not (settings.text_too or "json" in kind or "html" in kind)


def _is_stream(request: Request[Any, Any], body: bytes) -> bool:
    """Tell whether a reply that was read whole, because it called itself JSON, is a stream."""
    return request.streamed and request.settings.returns == "json" and looks_like_events(body)


def _is_uncalled_stream(call: Call, headers: Any) -> bool:
    """Tell whether a stream came though none was asked for, as where a server streams unless it is told not to."""
    settings = call.request.settings
    return bool(settings.events) and settings.returns == "json" and kind_of(headers) == "text/event-stream" and (
        not call.options.strict
    )  # fmt: skip


def _reply(call: Call, response: Any, body: bytes) -> APIResponse[Any]:
    """Return the typed reply. Raises APIResponseError."""
    status, headers, request = response.status_code, response.headers, call.request
    named = request_id(headers)

    try:
        loose = call.client._loose
        if loose and _is_uncalled_stream(call, headers):
            from ..reply.stream_reader import put_together

            parsed = put_together(_opened(call, response, {}), body, call.options)
        else:
            parsed = decode(request.settings, headers, body, {}, strict=call.options.strict, loose=loose)
    except APIResponseError as error:
        error.request, error.attempts, error.request_sent = call.info, tuple(call.attempts), True
        error.request_id, error.status_code, error.headers = named, status, visible_headers(headers)
        if not response.has_framing and error.hint is None:
            error.hint = "The reply gave no length and ended with its connection: it may have been cut short."
        raise
    return _detailed(call, response, body, parsed)


def _detailed(call: Call, response: Any, body: bytes, parsed: Any) -> APIResponse[Any]:
    return APIResponse(
        response.status_code, response.headers, body, parsed, request_id(response.headers), tuple(call.attempts),
        time.monotonic() - call.started, call.request,
    )  # fmt: skip


def _delay(call: Call, error: APIError, number: int, wish: float | None) -> float:
    """Return how long to wait before the next attempt; raise the error if the wait is too long to be worth it."""
    longest = call.options.max_retry_after
    if wish is not None and wish > (ENDLESS if longest is None else longest):
        raise error
    import random  # here: only a retry needs it

    delay = max(backoff(number, random.random()), wish or 0.0)  # jitter, not a secret
    if call.deadline is not None and time.monotonic() + delay >= call.deadline:
        raise error
    # A server that says when to come back is obeyed; but one that fails is not hammered because it says "at once".
    paced = wish is not None and (wish >= 1 or error.status_code == 429)
    if not paced and not call.client._quota.spend(time.monotonic()):
        raise error
    return delay
