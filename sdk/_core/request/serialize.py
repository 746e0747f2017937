"""How a request goes over the wire: its path, query, headers and body, and what its client adds to them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import RequestError
from ..errors.redact import Hidden, proves
from ..http import ACCEPTED, Content
from ..unset import UNSET
from ..validators import header_problem
from . import styles as _encode

if TYPE_CHECKING:
    from ..client.base import BaseClient
    from .data import Request

#: Headers that tell how a body is framed: another value than the true one would break the connection.
OURS = frozenset({"content-length", "transfer-encoding"})
_ALWAYS = {"accept": ("Accept", "application/json"), "accept-encoding": ("Accept-Encoding", ACCEPTED)}


def path_of(request: Request[Any, Any]) -> str:
    """Return the path below the API's base URL, parameters filled in and percent-encoded."""
    settings = request.settings
    if not request._path:
        return settings.path
    return _encode.path(settings.path, request._path, settings.placed.get("path"))


def query_of(request: Request[Any, Any]) -> list[tuple[str, str]]:
    """Return the pairs of the query string that the arguments ask for."""
    settings = request.settings
    values: dict[str, object] = {**settings.fixed_query, **(request._query or {})}
    if request.streamed and settings.switch and settings.switch[0] == "query":
        values[settings.switch[1]] = settings.switch[2]
    values.update(request.options.get("extra_query") or {})
    return _encode.query(values, settings.styles)


def headers_of(request: Request[Any, Any]) -> dict[str, str]:
    """Return the headers that the arguments ask for."""
    given: dict[str, object] = {**(request._headers or {}), **(request.options.get("extra_headers") or {})}
    placed = request.settings.placed
    if request._cookies:
        cookies = _encode.cookies(request._cookies, placed.get("cookie", {}))
        given = {"Cookie": cookies, **given} if cookies else given
    if not given:
        return {}
    styles = placed.get("header", {})
    sent = {k: v for k, v in given.items() if v is not UNSET and v is not None}
    return {k: _encode.header(k, v, styles.get(k, "")) for k, v in sent.items()}


def content_of(request: Request[Any, Any]) -> Content:
    """Return the body. Raises RequestError for what its format cannot hold."""
    body, extra = _fields(request), request.options.get("extra_body")
    if extra:
        if not isinstance(body, Mapping) and body is not UNSET:
            raise RequestError("extra_body= needs a body that is an object")
        body = {**(body if body is not UNSET else {}), **extra}
    settings = request.settings
    if body is UNSET or (settings.omits and not body):
        return Content()
    if settings.body == "json":
        return Content(_encode.json(body), settings.content_type or "application/json")
    from .body_formats import content

    return content(request, body)


def _fields(request: Request[Any, Any]) -> Any:
    body = request.body
    if isinstance(body, dict):
        body = {k: v for k, v in body.items() if v is not UNSET}
        if request.settings.asks:
            body |= {k: v for k, v in request.settings.asks.items() if k not in body}
    switch = request.settings.switch
    if request.streamed and switch and switch[0] == "body":
        body = {**(body if body is not UNSET else {}), switch[1]: switch[2]}
    return body


def target_of(client: BaseClient, request: Request[Any, Any]) -> str:
    """Return what a request asks its server for, path and query, but for what stands before both in every one."""
    pairs = query_of(request)
    if client._fixed_query:
        given = {name for name, _ in pairs}  # what a call says itself wins, as with headers
        pairs = [pair for pair in client._fixed_query if pair[0] not in given] + pairs
    path = path_of(request)
    return f"{path}?{_encode.joined(pairs)}" if pairs else path


def by_name(headers: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return (name, value) of headers by lower-case name."""
    return {name.lower(): (name, Hidden(value) if proves(name) else value) for name, value in headers.items()}


def all_headers(client: BaseClient, request: Request[Any, Any], content: Content) -> dict[str, tuple[str, str]]:
    """Return the headers of a request by lower-case name, but for the key. What is given later wins.

    Raises RequestError for a header that cannot be sent, or is not the user's to set.
    """
    headers = {**_ALWAYS, **client._fixed_headers}
    if request.streamed:
        headers["accept"] = ("Accept", "text/event-stream")
    elif request.settings.accept:
        headers["accept"] = ("Accept", request.settings.accept)
    elif request.settings.returns != "json" or request.settings.text_too:
        headers["accept"] = ("Accept", "*/*")
    if content.content_type:
        headers["content-type"] = ("Content-Type", content.content_type)
    wished = request.options.get("idempotency_key")
    if wished or (request.method == "POST" if client._service is None else client._keyed(request)):
        key = _encode.header("Idempotency-Key", wished) if wished else f"sdk-{os.urandom(16).hex()}"
        headers["idempotency-key"] = ("Idempotency-Key", key)
    if client._default_headers:
        headers.update(client._default_headers)
    given = headers_of(request)
    if given:
        for name in given:
            if header_problem(name, "") is not None:
                raise RequestError("the name of a header is not a token (RFC 9110)")
            if name.lower() in OURS:
                raise RequestError(f"the header {name} tells how the body is sent; it cannot be given")
        headers.update(by_name(given))
    return headers


def auth_given(client: BaseClient, request: Request[Any, Any]) -> bool:
    """Tell whether a header of the user's own takes the place of the key's."""
    name = client.options.auth_header.lower()
    return name in client._default_headers or any(key.lower() == name for key in headers_of(request))
