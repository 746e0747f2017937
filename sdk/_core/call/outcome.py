"""Turn a response into a reply, an open stream, or the failure of its status."""

from __future__ import annotations

import time
from collections.abc import Generator
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..effects import Ask, Effect, Read
from ..errors import APIResponseError
from ..errors.redact import request_id, visible_headers
from ..lazy import lazy_function, resolve
from ..reply.decode import decode, looks_like_events, media_type
from ..reply.response import APIResponse
from .retry import retriable_status, retry_after

if TYPE_CHECKING:
    from ..reply.failures import Failure, translate
    from ..reply.opened import BufferedResponse, OpenStream
    from ..reply.status_error import declare, status_error
    from ..request.spec import EndpointSpec
    from .hints import base_url_hint
    from .state import CallState
else:  # not needed for a plain reply
    base_url_hint = lazy_function(globals(), ".hints", "base_url_hint")
    BufferedResponse = lazy_function(globals(), "..reply.opened", "BufferedResponse")
    Failure = lazy_function(globals(), "..reply.failures", "Failure")
    translate = lazy_function(globals(), "..reply.failures", "translate")
    OpenStream = lazy_function(globals(), "..reply.opened", "OpenStream")
    declare = lazy_function(globals(), "..reply.status_error", "declare")
    status_error = lazy_function(globals(), "..reply.status_error", "status_error")

#: The resource whose replies hold the images that were made.
_IMAGES = "images"
_EVENT_STREAM = "text/event-stream"
#: Switching Protocols (RFC 9110, section 15.2.2).
_SWITCHED = 101
#: What to do about a 404 of an API of which only its document is known.
_NOT_FOUND = "Check the arguments in the path, and that the server ({api_base}) has this operation."
#: What servers answer to a path that they do not have: not found, method not allowed.
_NO_PATH = (404, 405)


def outcome_of(
    call: CallState, response: Any, timeouts: dict[str, float | None]
) -> Generator[Effect, Any, APIResponse[Any] | OpenStream | Failure]:
    """Return the reply, the open stream, or the failure that a response means."""
    status, headers = response.status_code, response.headers
    # From here on stall_timeout limits each read; the transport looks at this dict before each one.
    stall = call.stall_timeout
    timeouts["read"] = stall
    success, lenient = 200 <= status < 300, call.context.lenient
    kind = media_type(headers.by_name.get("content-type", ""))
    read_error: Exception | None = None
    if status == _SWITCHED:  # only the handshake of a WebSocket gets it
        call.context.retry_budget.refund()
        return _opened(call, response, timeouts)
    if success:
        if call.context.retry_budget.spent:
            call.context.retry_budget.refund()
        if call.request.sink is not None and (
            not lenient or import_module(lenient).acceptable_binary(call.request.spec, kind)
        ):
            yield Ask(call.request.sink, response)
            if call.context.meter is not None:
                call.context.meter.count(call, None)
            return _detailed(call, response, b"", None)
        if call.request.streamed and _is_streamed(call.request.spec, kind, lenient):
            rest = call.remaining()
            timeouts["read"] = stall if rest is None else rest if stall is None else min(stall, rest)
            return _opened(call, response, timeouts)
    try:
        body = yield Read(response, call.options.max_response_bytes)
    except Exception as raised:
        if success or translate(raised, {}, deadline=None) is None:
            raise
        # The status is enough to raise the error; only the server's message is lost with the body.
        read_error, body = raised, getattr(raised, "partial", b"")
    if success and lenient and call.request.streamed and _is_stream(call.request.spec, body):
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
            settings=call.context.settings_of(call.request.spec),
            hint=(base_url_hint(call.context.options.api_base, call.request.spec.root) if status in _NO_PATH else None)
            or (_NOT_FOUND if status == 404 and not lenient else None),
        )
        if call.request.spec.errors:
            declare(error, call.request.spec)
        if read_error is not None:
            error.__cause__ = read_error
            error.message = error.message or f"its body could not be read: {read_error}"
        retryable = retriable_status(status, headers, error.code, error.type, repeatable=call.repeatable)
        return Failure(error, retryable, retry_after(headers, time.time()))
    return _reply(call, response, kind, body)


def _opened(call: CallState, response: Any, timeouts: dict[str, float | None]) -> OpenStream:
    attempts = tuple(call.attempts)
    opened = OpenStream(
        response, call.request, lambda: call.info, response.headers, attempts, call.started, timeouts, call.deadline,
        call.secrets, partial(call.context.limiter.release, call.permit),
    )  # fmt: skip
    opened.tokens, opened.reserved = call.permit.tokens, call.reserved
    return opened


def _is_streamed(spec: EndpointSpec, kind: str, lenient: str) -> bool:
    """Return whether a streamed call reads a reply of this media type as a stream.

    `lenient`: a stream may have any media type except JSON and HTML. Where the operation's reply may be binary or
    text, such a reply is read completely, too.
    """
    if kind == _EVENT_STREAM or (spec.event_type and "html" not in kind):
        return True
    return (
        bool(lenient) and spec.reply_kind == "json" and not ("text" in spec.returns or "json" in kind or "html" in kind)
    )


def _is_stream(spec: EndpointSpec, body: bytes) -> bool:
    """Return whether a reply that was read completely is an event stream, despite its media type."""
    return spec.reply_kind == "json" and looks_like_events(body)


def _may_be_unrequested(call: CallState) -> bool:
    """Return whether the call accepts a stream although it did not ask for one."""
    spec = call.request.spec
    return bool(spec.events) and spec.reply_kind == "json" and not call.options.strict


def _model_of(call: CallState, status: int) -> str | None:
    """Return the model of a reply that an argument or the status chooses, None if the operation has only one."""
    spec = call.request.spec
    if spec.replies is not None:
        return spec.reply_of(status)
    return None if spec.reply_by is None else call.request.reply


def _reply(call: CallState, response: Any, kind: str, body: bytes) -> APIResponse[Any]:
    """Return the typed reply. Raises APIResponseError."""
    headers, request = response.headers, call.request
    try:
        lenient, service = call.context.lenient, call.context.service
        if service.stream_reader and kind == _EVENT_STREAM and _may_be_unrequested(call):
            parsed = resolve(service.stream_reader)(_opened(call, response, {}), body, call.options, service)
        else:
            parsed = decode(
                request.spec, kind, headers, body, call.context.details, reply=_model_of(call, response.status_code),
                strict=call.options.strict, lenient=lenient,
            )  # fmt: skip
    except APIResponseError as error:
        error.request, error.attempts, error.request_sent = call.info, tuple(call.attempts), True
        error.request_id, error.status_code = request_id(headers.by_name), response.status_code
        error.headers = visible_headers(headers)
        if not response.has_framing and error.hint is None:
            error.hint = "The reply gave no length and ended with its connection: it may have been cut short."
        raise
    if call.context.meter is not None:
        call.context.meter.count(call, parsed)
    return _detailed(call, response, body, parsed)


def _detailed(call: CallState, response: Any, body: bytes, parsed: Any) -> APIResponse[Any]:
    return APIResponse(
        response.status_code, response.headers, body, parsed, request_id(response.headers.by_name),
        tuple(call.attempts), time.monotonic() - call.started, call.request,
    )  # fmt: skip
