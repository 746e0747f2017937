"""The request that a client would send, for people: each key is the variable of the environment that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors.redact import Redacted
from ..request.serialize import build_headers

if TYPE_CHECKING:
    from ..request.data import RequestData
    from .base import BaseClient

#: Headers of users that carry credentials.
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "api-key", "x-api-key"})


class Preview(NamedTuple):
    """A request as it is sent. `$NAME` in a header or in the URL is the place of a key."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None


def preview(client: BaseClient, request: RequestData[Any, Any]) -> Preview:
    """Return what `client.send(request)` sends at its first attempt. Files are read.

    Raises: RequestError for a request that cannot be sent.
    """
    from ..request.serialize import encode_body

    context = client._context_of(request)
    content = encode_body(request)
    body = content.data
    if content.stream is not None:
        body = b"".join(content.stream)
        content.close()
    built = build_headers(context.defaults, request, content)
    headers = {name: "***" if _is_secret(name, value) else value for name, value in built.values()}
    url = context.url(request)
    for name, place, value in _keys(context, request.spec.security):
        if place == "header":
            headers[name] = value
        elif place == "cookie":
            headers["Cookie"] = "; ".join(filter(None, [headers.get("Cookie"), f"{name}={value}"]))
        else:
            url += f"{'&' if '?' in url else '?'}{name}={value}"
    return Preview(request.method, url, headers, body)


def _is_secret(name: str, value: str) -> bool:
    return isinstance(value, Redacted) and name.lower() in _SECRET


def _keys(context: Any, security: tuple[tuple[str, ...], ...]) -> list[tuple[str, str, str]]:
    """Return name, place and value of each key."""
    service, options = context.service, context.options
    if not security or options.api_key is None:
        return []
    if service.schemes:
        found = [(name, service.schemes[name]) for name in security[0] if name in service.schemes]
        return [(s.name, s.place, f"{s.prefix} ${service.variable(name)}".strip()) for name, s in found]
    variable = service.variable(service.key_options.get(next(iter(security[0]), ""), "API_KEY"))
    return [(options.auth_header, "header", f"{options.auth_scheme} ${variable}".strip())]
