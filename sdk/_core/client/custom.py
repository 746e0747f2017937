"""Requests to paths that the API description does not have, through the same flow as all other requests."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ..errors import RequestError
from ..errors.redact import redact_arguments, redacted
from ..request.data import OPTION_NAMES
from ..request.spec import EndpointSpec
from ..unset import UNSET
from ..validators import IN_PATH, header_problem
from .request import Request

_KINDS = ("json", "text", "binary", "none")


class _Undocumented(EndpointSpec):
    """The spec of an operation without a description; the caller gives the type of its reply, or it is plain JSON."""

    __slots__ = ("_reply",)

    def __init__(self, method: str, path: str, reply: Any, **facts: Any) -> None:
        super().__init__(f"{method} {path}", method, path, **facts)
        self._reply = reply

    def model(self, name: str) -> Any:
        """Return the class that the caller gave; with `object` the JSON stays as it is."""
        return self._reply


def build(
    method: str,
    path: str,
    json: Any,
    query: Mapping[str, Any] | None,
    headers: Mapping[str, Any] | None,
    files: Mapping[str, Any] | None,
    returns: Any,
    options: dict[str, Any],
    security: tuple[tuple[str, ...], ...],
) -> Request[Any, Any]:
    """Build the request. Raises TypeError for an unknown option, RequestError for a value that cannot be sent."""
    redact_arguments(options)
    unknown = sorted(options.keys() - OPTION_NAMES)
    if unknown:
        raise TypeError(f"request() has no argument {unknown[0]!r}; it takes {', '.join(sorted(OPTION_NAMES))}")
    if header_problem(method, "") is not None:
        raise RequestError("the method is not a token (RFC 9110)")
    body: Any = json
    if files:
        if json is not UNSET and not isinstance(json, Mapping):
            raise RequestError("with files=, json= must be an object: its members become fields of the form")
        body = {**({} if json is UNSET else json), **files}
    kind = returns if isinstance(returns, str) else "json"
    if kind not in _KINDS:
        raise TypeError(f"returns= is a model, or one of {', '.join(_KINDS)}; not {reprlib.repr(returns)}")
    known = isinstance(returns, str | type | None) and not hasattr(returns, "decode")  # bytes is no model
    if not known and not hasattr(returns, "from_dict"):  # not even one of the unions, which are not classes
        raise TypeError(f"returns= is a model, or one of {', '.join(_KINDS)}; not {type(returns).__name__}")
    model = object if returns is None or isinstance(returns, str) else returns
    kinds = (kind, "none") if returns is None else (kind,)  # the reply may have no body, as after a DELETE
    facts: dict[str, Any] = {
        "returns": kinds, "body": "multipart" if files else "json", "files": tuple(files or ()), "security": security,
    }  # fmt: skip
    if query:  # no description declares it, like extra_query
        options["extra_query"] = {**query, **(options.get("extra_query") or {})}
    request: Request[Any, Any] = Request(options, headers=headers, body=body)
    request.spec = _Undocumented(method.upper(), _path(path), model, **facts)
    return request


def redacted_mapping(values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return headers or a query with values that no traceback shows; any other value stays, and is refused later."""
    return redacted(values) if isinstance(values, Mapping) else values


def _path(path: str) -> str:
    """Return a path below the base URL, percent-encoded. Percent-encoded characters stay as they are."""
    if not isinstance(path, str) or not path.startswith("/") or path.startswith("//"):
        raise RequestError('the path must begin with one "/": it is appended to api_base')
    if "?" in path or "#" in path:
        raise RequestError("the path must not contain a query or a fragment; use query=")
    if any(part in (".", "..") for part in path.lower().replace("%2e", ".").split("/")):
        raise RequestError('the path must not contain the segments "." and "..": they change the path of the URL')
    try:
        return quote(path, safe=IN_PATH)
    except UnicodeEncodeError:
        raise RequestError("the path contains a lone surrogate, which cannot be sent") from None
