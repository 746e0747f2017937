"""The key of a request: whether it is where the security schemes of its operation want it."""

import base64
import binascii
import hmac
from http.cookies import CookieError, SimpleCookie

from ..description.document import description, operations
from .errors import APIFailure
from .middleware import Refusal
from .recorded_request import RecordedRequest

Scheme = tuple[str, str, str]


def refuse_without(api_key: str | None) -> Refusal:
    """Return what refuses a request without the key, in all places that one alternative wants; None accepts all."""

    def refuse(request: RecordedRequest) -> APIFailure | None:
        if api_key is None or request.operation is None:
            return None
        schemes = description().schemes
        alternatives = operations()[request.operation].get("security", [])
        wanted = [[schemes[name] for name in names if name in schemes] for names in alternatives]
        if not wanted or any(all(_has(request, scheme, api_key) for scheme in several) for several in wanted):
            return None
        places = " or ".join(" and ".join(map(_shown, several)) for several in wanted)
        return APIFailure(
            f"The key is missing or wrong. Send it in {places}.", status=401, code="invalid_api_key",
            headers={"www-authenticate": "Bearer"},
        )  # fmt: skip

    return refuse


def _shown(scheme: Scheme) -> str:
    place, name, prefix = scheme
    return f"the {place} {name!r}{f' as {prefix} KEY' if prefix else ''}"


def _has(request: RecordedRequest, scheme: Scheme, api_key: str) -> bool:
    place, name, prefix = scheme
    if place == "query":
        found = request.query.get(name, "")
    elif place == "cookie":
        found = _cookie(request, name)
    else:
        found = request.headers.get(name, "")
    if prefix:
        word, _, found = found.partition(" ")
        if word.lower() != prefix.lower():
            return False
    keys = _passwords(found) if prefix == "Basic" else [found]
    return any(hmac.compare_digest(key.encode(), api_key.encode()) for key in keys)


def _cookie(request: RecordedRequest, name: str) -> str:
    try:
        morsel = SimpleCookie(request.headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel is not None else ""


def _passwords(text: str) -> list[str]:
    """Return what the key may be in `user:password`: all of it, the user alone, or the password."""
    try:
        found = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return []
    user, _, password = found.partition(":")
    return [found, *([user] if not password else []), password]
