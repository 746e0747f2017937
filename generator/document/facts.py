"""Reduce an OpenAPI document to its facts, in canonical order."""

from __future__ import annotations

from typing import Any

from generator.document.shape import RANKS, below

_PROSE = frozenset({"description", "summary", "externalDocs", "example", "examples", "x-oaiMeta"})

_STATUS = {
    "100": "Continue",
    "101": "Switching Protocols",
    "200": "OK",
    "201": "Created",
    "202": "Accepted",
    "203": "Non-Authoritative Information",
    "204": "No Content",
    "205": "Reset Content",
    "206": "Partial Content",
    "300": "Multiple Choices",
    "301": "Moved Permanently",
    "302": "Found",
    "303": "See Other",
    "304": "Not Modified",
    "307": "Temporary Redirect",
    "308": "Permanent Redirect",
    "400": "Bad Request",
    "401": "Unauthorized",
    "402": "Payment Required",
    "403": "Forbidden",
    "404": "Not Found",
    "405": "Method Not Allowed",
    "406": "Not Acceptable",
    "408": "Request Timeout",
    "409": "Conflict",
    "410": "Gone",
    "411": "Length Required",
    "412": "Precondition Failed",
    "413": "Content Too Large",
    "414": "URI Too Long",
    "415": "Unsupported Media Type",
    "416": "Range Not Satisfiable",
    "417": "Expectation Failed",
    "421": "Misdirected Request",
    "422": "Unprocessable Content",
    "425": "Too Early",
    "426": "Upgrade Required",
    "428": "Precondition Required",
    "429": "Too Many Requests",
    "431": "Request Header Fields Too Large",
    "451": "Unavailable For Legal Reasons",
    "500": "Internal Server Error",
    "501": "Not Implemented",
    "502": "Bad Gateway",
    "503": "Service Unavailable",
    "504": "Gateway Timeout",
    "1XX": "Informational",
    "2XX": "Successful",
    "3XX": "Redirection",
    "4XX": "Client Error",
    "5XX": "Server Error",
    "default": "Any Other Status",
}
# Not http.HTTPStatus: its phrases change between Python versions, the pinned bytes must not.


def phrase(code: str) -> str:
    """Return the phrase of a status code or range, or the name itself of a response that has no code.

    OpenAPI requires a description of every response; this one adds nothing to the code.
    Source: RFC 9110, section 15, and the HTTP status code registry.
    """
    return _STATUS.get(code.upper() if code[1:].upper() == "XX" else code, f"Status {code}" if code.isdigit() else code)


def facts(data: dict[str, Any], *, keep_prose: bool = False) -> dict[str, Any]:
    """Copy a document in canonical order, without its prose unless `keep_prose`.

    Maps whose order has no meaning (paths, schemas, responses, headers, ...) are sorted by key. The order of
    properties, content types, values and every array has one, and stays.
    """
    out: dict[str, Any] = _object(data, "document", "", keep_prose)
    return out


def _object(value: Any, kind: str, name: str, keep_prose: bool) -> Any:
    """Copy one object of a known kind; `name` is its key in the map around it."""
    if isinstance(value, list):  # `items` as an array of schemas, in older dialects
        return [_object(item, kind, name, keep_prose) for item in value]
    if not isinstance(value, dict):
        return value
    out: dict[str, Any] = {}
    ranks = RANKS[kind]
    for key in sorted(value, key=lambda key: (ranks.get(key, len(ranks)), key)):
        if not keep_prose and _is_prose(kind, key):
            continue
        out[key] = _member(value[key], kind, key, keep_prose)
    if kind == "response" and "$ref" not in out and not keep_prose:
        # First, in the canonical order.
        out = {"description": phrase(name), **out}
    return out


def _member(value: Any, kind: str, key: str, keep_prose: bool) -> Any:
    form = below(kind, key)
    if form is None:
        return value
    shape, inside = form
    if shape in ("map", "sorted") and isinstance(value, dict):
        names = sorted(value) if shape == "sorted" else list(value)
        # Beside paths, status codes and callback expressions, `x-...` is an extension: a plain value.
        plain = inside in ("path_item", "response", "callback")
        return {
            name: value[name] if plain and name.startswith("x-") else _object(value[name], inside, name, keep_prose)
            for name in names
            if keep_prose or name != "x-oaiMeta" or not plain
        }
    return _object(value, inside, key, keep_prose)


def _is_prose(kind: str, key: str) -> bool:
    if kind == "callback":
        return False  # its keys are expressions
    return key in _PROSE or (kind == "schema" and key in ("title", "$comment"))
