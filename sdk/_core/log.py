"""The records of the package's logger, which has the name of the package: no key, no prompt, no query value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors.redact import one_line
from .lazy import fully_imported
from .public import ROOT

if TYPE_CHECKING:
    import logging

    from .errors import APIError
    from .errors.attempt import RequestInfo
    from .options.hooks import RequestView, ResponseView

DEBUG, INFO = 10, 20
_logger: logging.Logger | None = None


def logger(level: int) -> logging.Logger | None:
    """Return the package's logger if it is enabled for a level.

    If `logging` was never imported there can be no handler; do not import it.
    """
    global _logger
    if _logger is None:
        known = fully_imported("logging")
        if known is None:
            return None
        _logger = known.getLogger(ROOT)  # getLogger() takes a lock, so its result is kept
    return _logger if _logger.isEnabledFor(level) else None


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
        found.debug("%s %s, attempt %d, headers %s", view.method, view.url, view.attempt, dict(view.headers))


def log_response(view: ResponseView) -> None:
    """Log a response whose headers have arrived."""
    found = logger(INFO)
    if found is not None:
        # A server may put control characters into its id: they would write to the terminal, or begin a line of the log.
        request, known = view.request, f", request id {one_line(view.request_id)}" if view.request_id else ""
        found.info("%s %s: %d in %.3f s%s", request.method, request.url, view.status_code, view.elapsed, known)
        found.debug("response headers %s", dict(view.headers))


def log_retry(info: RequestInfo, attempt: int, error: APIError, delay: float) -> None:
    """Log a failed attempt that is retried, without the error's message, which may quote the prompt."""
    found = logger(INFO)
    if found is not None:
        what = f"{type(error).__name__}{'' if error.status_code is None else f' {error.status_code}'}"
        found.info("%s: attempt %d failed with %s, again in %.2f s", info, attempt, what, delay)


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


def log_no_models(error: Exception) -> None:
    """Log that the server did not list its models for the hint of an error."""
    found = logger(DEBUG)
    if found is not None:
        found.debug("the models of the server are unknown: %s", type(error).__name__)


def log_drained(error: Exception) -> None:
    """Log a failure after the end of a stream: only its connection is lost."""
    found = logger(DEBUG)
    if found is not None:
        found.debug("after the end of a stream: %s", type(error).__name__)
