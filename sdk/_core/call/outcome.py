"""What a response means: a reply, a stream, or the error of its status."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from ..effects import Ask, Effect, Read
from ..errors import APIResponseError
from ..errors.redact import request_id, visible_headers
from ..lazy import lazy_function
from ..reply.decode import acceptable_binary, decode, looks_like_events, media_type
from ..reply.failures import Failure, translate
from ..reply.opened import BufferedResponse, OpenStream
from ..reply.response import APIResponse
from .retry import retriable_status, retry_after

if TYPE_CHECKING:
    from ..reply.status_error import status_error
    from ..request.data import RequestData
    from .state import CallState
else:  # a success needs none
    status_error = lazy_function(globals(), "..reply.status_error", "status_error")


def outcome_of(
    call: CallState, response: Any, timeouts: dict[str, float | None]
) -> Generator[Effect, Any, APIResponse[Any] | OpenStream | Failure]:
    """Return what a response means: a reply, an open stream, or the error of its status."""
    status, headers = response.status_code, response.headers
    # From here on it is the time between two pieces that counts; the transport reads this dict before each read.
    stall = call.stall_timeout
    timeouts["read"] = stall
    success, lenient, kind = 200 <= status < 300, call.context.lenient, media_type(headers)
    lost: Exception | None = None
    if success:
        call.context.retry_budget.refund()
        if call.request.sink is not None and (not lenient or acceptable_binary(call.request.spec, kind)):
            yield Ask(call.request.sink, response)
            return _detailed(call, response, b"", None)
        if _comes_in_pieces(call.request, kind, lenient):
            left = call.remaining()
            timeouts["read"] = stall if left is None else left if stall is None else min(stall, left)
            return _opened(call, response, timeouts)
    try:
        body = yield Read(response, call.options.max_response_bytes)
    except Exception as raised:
        if success or translate(raised, {}, deadline=None) is None:
            raise
        # What an error says may be lost with its body; that it is one, and which, is known from its status.
        lost, body = raised, getattr(raised, "partial", b"")
    if success and lenient and _is_stream(call.request, body):
        return _opened(call, BufferedResponse(response, body), timeouts)
    if not success:
        error = status_error(
            status,
            request=call.info,
            headers=headers,
            body=body,
            content_type=headers.get("content-type"),
            attempts=call.attempts,
            secrets=call.secrets(),
            prefix=call.context.service.prefix,
        )
        if lost is not None:
            error.__cause__ = lost
            error.message = error.message or f"its body could not be read: {lost}"
        retryable = retriable_status(status, headers, error.code, error.type, repeatable=call.repeatable)
        return Failure(error, retryable, retry_after(headers, time.time()))
    return _reply(call, response, kind, body)


def _opened(call: CallState, response: Any, timeouts: dict[str, float | None]) -> OpenStream:
    attempts = tuple(call.attempts)
    return OpenStream(
        response, call.request, call.info, response.headers, attempts, call.started, timeouts, call.deadline,
        call.secrets, call.context.limiter.release,
    )  # fmt: skip


def _comes_in_pieces(request: RequestData[Any, Any], kind: str, lenient: bool) -> bool:
    """Tell whether a reply of this media type is handed out as it comes: a stream.

    `lenient`: whatever the server calls it. JSON and web pages are read whole all the same, and so are sound and text
    that come in place of a stream.
    """
    settings = request.spec
    if not request.streamed or kind == "text/event-stream":
        return request.streamed
    return (
        lenient
        and settings.reply_kind == "json"
        and not ("text" in settings.returns or "json" in kind or "html" in kind)
    )


def _is_stream(request: RequestData[Any, Any], body: bytes) -> bool:
    """Tell whether a reply that was read whole, because it called itself JSON, is a stream."""
    return request.streamed and request.spec.reply_kind == "json" and looks_like_events(body)


def _is_uncalled_stream(call: CallState, kind: str) -> bool:
    """Tell whether a stream came though none was asked for, as where a server streams unless it is told not to."""
    settings = call.request.spec
    return bool(settings.events) and settings.reply_kind == "json" and kind == "text/event-stream" and (
        not call.options.strict
    )  # fmt: skip


def _reply(call: CallState, response: Any, kind: str, body: bytes) -> APIResponse[Any]:
    """Return the typed reply. Raises APIResponseError."""
    headers, request = response.headers, call.request
    try:
        lenient = call.context.lenient
        if lenient and _is_uncalled_stream(call, kind):
            from ..reply.stream_reader import read_whole_stream

            parsed = read_whole_stream(_opened(call, response, {}), body, call.options, call.context.service)
        else:
            parsed = decode(
                request.spec, kind, headers, body, {}, reply=request.reply, strict=call.options.strict, lenient=lenient
            )
    except APIResponseError as error:
        error.request, error.attempts, error.request_sent = call.info, tuple(call.attempts), True
        error.request_id, error.status_code = request_id(headers), response.status_code
        error.headers = visible_headers(headers)
        if not response.has_framing and error.hint is None:
            error.hint = "The reply gave no length and ended with its connection: it may have been cut short."
        raise
    return _detailed(call, response, body, parsed)


def _detailed(call: CallState, response: Any, body: bytes, parsed: Any) -> APIResponse[Any]:
    return APIResponse(
        response.status_code, response.headers, body, parsed, request_id(response.headers), tuple(call.attempts),
        time.monotonic() - call.started, call.request,
    )  # fmt: skip
