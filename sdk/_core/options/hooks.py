"""What hooks and the log see of requests and responses: only what may be seen. No key, no prompt, no query value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from ..errors.redact import request_id, visible_headers
from ..public import expose

if TYPE_CHECKING:
    from ..errors.attempt import RequestInfo

#: Request headers whose values may be seen; of the others only the names.
_SHOWN = frozenset(
    ("accept", "accept-encoding", "content-type", "content-length", "transfer-encoding", "user-agent", "x-retry-count")
)


@frozen
class RequestView:
    """What hooks see of a request: query values and all headers that may hold a secret read `***`."""

    method: str
    url: str
    headers: Mapping[str, str]
    attempt: int


@frozen
class ResponseView:
    """What hooks see of a response: `headers` are those that hold no secret, `elapsed` the seconds to them."""

    request: RequestView
    status_code: int
    headers: Mapping[str, str]
    request_id: str | None
    elapsed: float


def view_request(info: RequestInfo, headers: Iterable[tuple[str, str]], attempt: int) -> RequestView:
    """Return what may be seen of a request."""
    shown = {name.lower(): value if name.lower() in _SHOWN else "***" for name, value in headers}
    return RequestView(info.method, info.url, shown, attempt)


def view_response(request: RequestView, status: int, headers: Mapping[str, str], elapsed: float) -> ResponseView:
    """Return what may be seen of a response."""
    shown = visible_headers(headers)
    return ResponseView(request, status, shown, request_id(shown), elapsed)


expose(globals(), "response", "RequestView", "ResponseView")
