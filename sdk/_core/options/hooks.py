"""Views of requests and responses for hooks and the log: no key, no prompt, no query value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from attrs import frozen

from ..errors.redact import Redacted, request_id, visible_headers, without
from ..public import expose

if TYPE_CHECKING:
    from ..errors.attempt import RequestInfo


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


def view_request(
    info: RequestInfo, headers: Iterable[tuple[str, str]], attempt: int, harmless: Collection[str]
) -> RequestView:
    """Return the view of a request; `harmless` are the headers whose values are visible."""
    shown = {
        name.lower(): value if name.lower() in harmless and value.__class__ is not Redacted else "***"
        for name, value in headers
    }
    return RequestView(info.method, info.url, MappingProxyType(shown), attempt)


def view_response(
    request: RequestView, status: int, headers: Mapping[str, str], elapsed: float, secrets: Iterable[str]
) -> ResponseView:
    """Return the view of a response; `secrets` are hidden where the server echoes them."""
    shown = without(visible_headers(headers), secrets)
    return ResponseView(request, status, MappingProxyType(dict(shown)), request_id(shown), elapsed)


expose(globals(), "response", "RequestView", "ResponseView")
