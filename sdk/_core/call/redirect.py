"""Decide whether to follow a redirect, and where to. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from ..errors import RedirectError
from ..errors.redact import hide_url
from ..validators import IN_PATH

_KEEP_METHOD = frozenset({307, 308})
_MOVED = frozenset({301, 302, 303, 307, 308})


def follow(
    status: int, headers: Mapping[str, str], method: str, origin: str, target: str, details: dict[str, Any]
) -> str | None:
    """Return the target (path and query) of a redirect; None for a response that is not a redirect.

    A redirect must keep the origin and the method (RFC 9110, section 15.4): a key must not reach another server, and a
    POST must not become a GET. Raises RedirectError for any other redirect.
    """
    location = headers.get("location")
    if status not in _MOVED or not location:
        return None
    try:
        url = urljoin(origin + target, location.strip())
        parts = urlsplit(url)
        same = _origin(parts) == _origin(urlsplit(origin)) and "@" not in parts.netloc
    except ValueError:
        raise RedirectError("the server redirects to something that is not a URL", **details) from None
    shown = hide_url(url)
    if method not in ("GET", "HEAD") and status not in _KEEP_METHOD:
        message = f"the server redirects with {status}, which would turn {method} into GET: {shown}"
        raise RedirectError(message, **details)
    if not same:
        raise RedirectError(f"the server redirects to another origin, where the key must not go: {shown}", **details)
    path = quote(parts.path or "/", safe=IN_PATH)
    return path + (f"?{quote(parts.query, safe=IN_PATH + '?')}" if parts.query else "")


def _origin(parts: Any) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
