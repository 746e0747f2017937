"""Serialize a request: path, query, headers and body, with those that its client adds."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Set
from typing import TYPE_CHECKING, Any

from ..errors import RequestError
from ..errors.redact import HARMLESS_QUERY, carries_credentials, redacted, scalars
from ..http import ACCEPTED, Content
from ..public import ROOT
from ..unset import UNSET
from ..validators import FRAMING_HEADERS, header_problem
from . import styles

if TYPE_CHECKING:
    from .data import RequestData
    from .defaults import RequestDefaults

_ALWAYS = {"accept": ("Accept", "application/json"), "accept-encoding": ("Accept-Encoding", ACCEPTED)}


def request_path(request: RequestData[Any, Any]) -> str:
    """Return the path below the base URL, with its parameters filled in and percent-encoded."""
    spec = request.spec
    if not request.path_params:
        return spec.path
    if spec.dates is not None:
        _check_dates(spec.dates, "path", request.path_params)
    return styles.path(spec.path, request.path_params, spec.param_styles.get("path"))


def query_pairs(request: RequestData[Any, Any]) -> list[tuple[str, str]]:
    """Return the pairs of the query string that the arguments give."""
    spec = request.spec
    if spec.dates is not None:
        _check_dates(spec.dates, "query", request.query_params)
    declared, extra = request.query_params or {}, request.options.get("extra_query")
    values: dict[str, object] = {**spec.fixed_query, **declared}
    if request.streamed and spec.stream_flag and spec.stream_flag[0] == "query":
        values[spec.stream_flag[1]] = spec.stream_flag[2]
    if not extra:
        return styles.query(values, spec.param_styles.get("query", spec.styles)) if values else []
    added = {name: value for name, value in extra.items() if name not in declared}
    known = spec.param_styles.get("query", spec.styles)
    return styles.query({**values, **extra}, {**known, **styles.undeclared(added)})


def given_headers(request: RequestData[Any, Any]) -> dict[str, str]:
    """Return the headers that the arguments give."""
    if request.spec.dates is not None:
        _check_dates(request.spec.dates, "header", request.header_params)
        _check_dates(request.spec.dates, "cookie", request.cookie_params)
    declared, extra = request.header_params, request.options.get("extra_headers")
    if not (declared or extra or request.cookie_params):
        return {}
    given: dict[str, object] = {**(declared or {}), **(extra or {})}
    param_styles = request.spec.param_styles
    if request.cookie_params:
        cookies = styles.cookies(request.cookie_params, param_styles.get("cookie", {}))
        given = {"Cookie": cookies, **given} if cookies else given
    styles_of = param_styles.get("header", {})
    sent = {k: v for k, v in given.items() if v is not UNSET and v is not None}
    return {k: styles.header(k, v, styles_of.get(k)) for k, v in sent.items()}


def encode_body(request: RequestData[Any, Any], refused: Set[str] = frozenset()) -> Content:
    """Return the body, without defaults for the operations in `refused`; see RequestDefaults.

    Raises RequestError for values that its format cannot represent.
    """
    if request.spec.dates is not None:
        _check_dates(request.spec.dates, "body", request.body)
    body, extra = _fields(request, refused), request.options.get("extra_body")
    if extra:
        if not isinstance(body, Mapping) and body is not UNSET:
            raise RequestError("extra_body= requires a body that is an object")
        body = {**(body if body is not UNSET else {}), **extra}
    spec = request.spec
    if body is UNSET or (spec.optional_body and not body):
        return Content()
    chosen = "" if request.content_type is UNSET else styles.header("Content-Type", request.content_type)
    if spec.list_content_type and not chosen and isinstance(body, list | tuple):
        return Content(styles.json(body), spec.list_content_type)
    if spec.body == "json" and not chosen:
        return Content(styles.json(body), spec.content_type or "application/json")
    from .body_formats import content

    try:
        return content(request, body, chosen)
    except RecursionError:
        raise RequestError(f"the body {styles.NESTED}") from None


def _check_dates(dates: Mapping[str, Any], location: str, values: Any) -> None:
    """Raise RequestError for a date or datetime that is not of the format that the document declares for it.

    Most operations have no dates, and do not enter this function.
    """
    if location in dates:
        from .dates import check_dates

        check_dates(dates[location], values, "")


def _fields(request: RequestData[Any, Any], refused: Set[str]) -> Any:
    body = request.body
    if isinstance(body, dict):
        given, body = body, {}
        for name, value in given.items():  # not a comprehension, which is a function call more: this is in each call
            if value is not UNSET:
                body[name] = value
        if request.spec.body_defaults and request.spec.name not in refused:
            body |= {k: v for k, v in request.spec.body_defaults.items() if k not in body}
    flag = request.spec.stream_flag
    if request.streamed and flag and flag[0] == "body":
        body = {**(body if body is not UNSET else {}), flag[1]: flag[2]}
    return body


def request_target(defaults: RequestDefaults, request: RequestData[Any, Any]) -> str:
    """Return the target of a request, path and query, without the path of the base URL."""
    pairs = query_pairs(request)
    if defaults.query:
        given = {name for name, _ in pairs}  # arguments of the call take precedence, as for headers
        pairs = [pair for pair in defaults.query if pair[0] not in given] + pairs
    path = request_path(request)
    if defaults.path is not None:
        path = defaults.path(request, path)
    return f"{path}?{styles.joined(pairs)}" if pairs else path


def secret_query(defaults: RequestDefaults, request: RequestData[Any, Any]) -> list[str]:
    """Return the values of the query that no error may show; called only for an error.

    Those are the values that users add, but for harmless names, and arguments whose names say that they are secret.
    """
    own = {k: v for k, v in (request.query_params or {}).items() if carries_credentials(k)}
    added = {**defaults.given_query, **(request.options.get("extra_query") or {})}
    secret = {**own, **{k: v for k, v in added.items() if k.lower() not in HARMLESS_QUERY}}
    return [*scalars(secret), *(str(value) for _, value in styles.query(secret, styles.undeclared(secret)))]


def secret_headers(defaults: RequestDefaults, request: RequestData[Any, Any]) -> dict[str, tuple[str, str]]:
    """Return the headers that users give, by lower-case name; called only for an error outside of a call."""
    return {**defaults.given_headers, **headers_by_name(given_headers(request), defaults.harmless)}


def headers_by_name(headers: Mapping[str, str], harmless: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return headers of users as (name, value) by lower-case name; the values are hidden, but for harmless names."""
    return {
        name.lower(): (name, str(value) if name.lower() in harmless else redacted(value))
        for name, value in headers.items()
    }


def build_headers(
    defaults: RequestDefaults, request: RequestData[Any, Any], content: Content
) -> dict[str, tuple[str, str]]:
    """Return the headers of a request by lower-case name, without the API key. Later ones replace earlier ones.

    Raises RequestError for a header that is invalid, or that only the client may set.
    """
    headers = {**_ALWAYS, **defaults.headers}
    if request.streamed:
        headers["accept"] = ("Accept", request.spec.event_type or "text/event-stream")
    elif request.spec.accept:
        headers["accept"] = ("Accept", request.spec.accept)
    elif request.spec.reply_kind != "json" or "text" in request.spec.returns:
        headers["accept"] = ("Accept", "*/*")
    for name, value in request.spec.fixed_headers.items():
        headers[name.lower()] = (name, value)
    if content.content_type:
        headers["content-type"] = ("Content-Type", content.content_type)
    key = request.options.get("idempotency_key")
    if key or defaults.needs_idempotency_key(request):
        key = styles.header("Idempotency-Key", key) if key else f"{ROOT}-{os.urandom(16).hex()}"
        headers["idempotency-key"] = ("Idempotency-Key", key)
    if defaults.given_headers:
        headers.update(defaults.given_headers)
    given = given_headers(request)
    if given:
        for name in given:
            if header_problem(name, "") is not None:
                raise RequestError("the name of a header is not a token (RFC 9110)")
            if name.lower() in FRAMING_HEADERS:
                raise RequestError(f"the client sets the header {name}; leave it out")
        headers.update(headers_by_name(given, defaults.harmless))
    return headers
