"""What the package's logger, named like the package, writes: no key, no prompt, no query value."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        _logger = known.getLogger(ROOT)  # always the same object, which getLogger looks up under a lock
    return _logger if _logger.isEnabledFor(level) else None


def write_to_stderr(level: int) -> None:
    """Write the records of the package's logger to stderr, from a level on. A second call adds no second handler."""
    import logging

    found = logging.getLogger(ROOT)
    found.setLevel(level)
    if not any(getattr(handler, "of_sdk", False) for handler in found.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        handler.of_sdk = True  # type: ignore[attr-defined]  # a mark, to know it again
        found.addHandler(handler)


def log_request(view: RequestView) -> None:
    """Tell of a request that goes out."""
    found = logger(DEBUG)
    if found is not None:
        found.debug("%s %s, attempt %d, headers %s", view.method, view.url, view.attempt, dict(view.headers))


def log_response(view: ResponseView) -> None:
    """Tell of a response whose headers have come."""
    found = logger(INFO)
    if found is not None:
        request, known = view.request, f", request id {view.request_id}" if view.request_id else ""
        found.info("%s %s: %d in %.3f s%s", request.method, request.url, view.status_code, view.elapsed, known)
        found.debug("response headers %s", dict(view.headers))


def log_retry(info: RequestInfo, attempt: int, error: APIError, delay: float) -> None:
    """Tell of an attempt that failed and is made again. The error's message is left out: it may quote the prompt."""
    found = logger(INFO)
    if found is not None:
        what = f"{type(error).__name__}{'' if error.status_code is None else f' {error.status_code}'}"
        found.info("%s: attempt %d failed with %s, again in %.2f s", info, attempt, what, delay)


def log_drained(error: Exception) -> None:
    """Tell of what failed when a stream had ended already: nothing is lost but its connection."""
    found = logger(DEBUG)
    if found is not None:
        found.debug("after the end of a stream: %s", type(error).__name__)
