"""The records of the package's logger, which has the name of the package: no key, no prompt, no query value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors.redact import one_line
from .lazy import fully_imported
from .public import ROOT

if TYPE_CHECKING:
    import logging

    from .errors import APIError
    from .errors.attempt import RequestInfo
    from .options.call_events import CallEvent
    from .options.hooks import RequestView, ResponseView

DEBUG, INFO = 10, 20
_logger: logging.Logger | None = None


def logger(level: int) -> logging.Logger | None:
    """Return the package's logger if it is enabled for a level.

    If `logging` was never imported there can be no handler; do not import it.
    """
    global _logger
    found = _logger
    if found is None:
        known = fully_imported("logging")
        if known is None:
            return None
        found = _logger = known.getLogger(ROOT)  # getLogger() takes a lock, so its result is kept
    return found if found.isEnabledFor(level) else None


def write_to_stderr(level: int) -> None:
    """Write the records of the package's logger to stderr, from a level up. A second call adds no handler."""
    import logging

    found = logging.getLogger(ROOT)
    found.setLevel(level)
    if not any(getattr(handler, "of_sdk", False) for handler in found.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        handler.of_sdk = True  # type: ignore[attr-defined]  # marks the handler of this function
        found.addHandler(handler)


def log_request(view: RequestView) -> None:
    """Log a request before it is sent."""
    found = logger(DEBUG)
    if found is not None:
        headers = dict(view.headers)
        fields = {"method": view.method, "url": view.url, "attempt": view.attempt, "headers": headers}
        found.debug("%s %s, attempt %d, headers %s", view.method, view.url, view.attempt, headers, extra=fields)


def log_response(view: ResponseView) -> None:
    """Log a response whose headers have arrived."""
    found = logger(DEBUG)
    if found is not None:
        request, id_ = view.request, _known(view.request_id)
        fields = {
            "method": request.method, "url": request.url, "attempt": request.attempt, "status_code": view.status_code,
            "elapsed": view.elapsed, "request_id": id_,
        }  # fmt: skip
        known = f", request id {id_}" if id_ else ""
        text = "%s %s: %d in %.3f s%s"
        found.debug(text, request.method, request.url, view.status_code, view.elapsed, known, extra=fields)
        found.debug("response headers %s", dict(view.headers), extra={**fields, "headers": dict(view.headers)})


def log_retry(info: RequestInfo, attempt: int, error: APIError, delay: float) -> None:
    """Log a failed attempt that is retried, without the error's message, which may quote the prompt."""
    found = logger(DEBUG)
    if found is not None:
        kind = type(error).__name__
        fields = {
            "method": info.method, "url": info.url, "attempt": attempt, "status_code": error.status_code,
            "error_type": kind, "delay": delay,
        }  # fmt: skip
        what = f"{kind}{'' if error.status_code is None else f' {error.status_code}'}"
        found.debug("%s: attempt %d failed with %s, again in %.2f s", info, attempt, what, delay, extra=fields)


def log_event(event: CallEvent) -> None:
    """Log the end of a call, without the error's message."""
    found = logger(INFO) if hasattr(event, "cancelled") else None
    if found is not None:
        ended: Any = event
        call, error, usage = ended.call, ended.error, getattr(ended, "usage", None)
        fields = {
            "operation": call.operation, "model": _known(call.model), "streamed": call.streamed,
            "method": call.method, "url": call.url, "attempts": ended.attempts, "elapsed": ended.elapsed,
            "waited": ended.waited, "status_code": ended.status_code, "request_id": _known(ended.request_id),
            "received_bytes": ended.received_bytes, "cancelled": ended.cancelled,
            "error_type": None if error is None else type(error).__name__,
        }  # fmt: skip
        if usage is not None:
            fields |= {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens}
        outcome = "cancelled" if ended.cancelled else fields["error_type"] or "done"
        known = "".join(
            f", {text}"
            for text, value in (
                (f"status {ended.status_code}", ended.status_code),
                (f"request id {fields['request_id']}", ended.request_id),
                (usage and f"{usage.input_tokens} and {usage.output_tokens} tokens", usage),
            )
            if value is not None
        )
        name = f"{one_line(call.operation)}{f' with {one_line(call.model)}' if call.model else ''}"
        text = "%s: %s in %.3f s, %d attempts%s (%s %s)"
        values = name, outcome, ended.elapsed, ended.attempts, known, call.method, call.url
        found.info(text, *values, extra=fields)


def _known(text: str | None) -> str | None:
    """Return a text of the server as one line: control characters would write to the terminal, or begin a line."""
    return None if text is None else one_line(text)


def log_reconnect(name: str, error: Exception, in_doubt: list[str]) -> None:
    """Log a connection that was opened again, with the types of the events that the server may not have."""
    import logging

    doubt = f"; {len(in_doubt)} events are in doubt: {', '.join(map(one_line, in_doubt[:10]))}" if in_doubt else ""
    logging.getLogger(ROOT).warning("%s was opened again after %s%s", name, type(error).__name__, doubt)


def log_waiting(limit: int, name: str, variable: str) -> None:
    """Log that a call waits for the default limit of calls in flight. Without any set-up Python writes it to stderr."""
    import logging

    from .runtime.frames import program_line

    place = program_line()
    logging.getLogger(ROOT).warning(
        "the call%s waits because %d others are in flight, the default limit; raise %s= of the client, or set %s, to "
        "let more calls run at once (None: no cap)",
        f" at {place}" if place else "",
        limit,
        name,
        variable,
    )


def log_replaced(name: str) -> None:
    """Log that calls go through httpx, because something has taken the place of its functions."""
    found = logger(INFO)
    if found is not None:
        text = "calls go through httpx, since %s has replaced functions of it; Client(http='own') would not"
        found.info(text, one_line(name), extra={"replaced_by": one_line(name)})


def log_drained(error: Exception) -> None:
    """Log a failure after the end of a stream: only its connection is lost."""
    found = logger(DEBUG)
    if found is not None:
        kind = type(error).__name__
        found.debug("after the end of a stream: %s", kind, extra={"error_type": kind})
