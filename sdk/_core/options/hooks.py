"""Views of requests and responses for hooks and the log: no key, no prompt, no query value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from ..errors.redact import request_id, visible_headers
from ..public import expose

if TYPE_CHECKING:
    from ..errors.attempt import RequestInfo

#: Request headers whose values are visible; of the others only the names are.
_SHOWN = frozenset(
    ("accept", "accept-encoding", "content-type", "content-length", "transfer-encoding", "user-agent", "x-retry-count")
)


@frozen
class RequestView:
    """A request as hooks see it: query values and all headers that may hold a secret read `***`."""

    method: str
    url: str
    headers: Mapping[str, str]
    attempt: int


@frozen
class ResponseView:
    """A response as hooks see it: `headers` are those without secrets, `elapsed` the seconds until they arrived."""

    request: RequestView
    status_code: int
    headers: Mapping[str, str]
    request_id: str | None
    elapsed: float


def view_request(info: RequestInfo, headers: Iterable[tuple[str, str]], attempt: int) -> RequestView:
    """Return the view of a request."""
    shown = {name.lower(): value if name.lower() in _SHOWN else "***" for name, value in headers}
    return RequestView(info.method, info.url, shown, attempt)


def view_response(request: RequestView, status: int, headers: Mapping[str, str], elapsed: float) -> ResponseView:
    """Return the view of a response."""
    shown = visible_headers(headers)
    return ResponseView(request, status, shown, request_id(shown), elapsed)


expose(globals(), "response", "RequestView", "ResponseView")
