"""Decode the bytes of a reply into its type. What cannot be decoded is an APIResponseError that says what arrived."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import orjson

from ..errors import APIResponseError
from ..errors.body import parse_body

if TYPE_CHECKING:
    from ..request.spec import EndpointSpec

#: An integer of 19 digits or more may not fit into 64 bits. translate() and find() run in C: mostly under 1 µs.
_LONG = b"0" * 19
_SAME_DIGITS = bytes.maketrans(b"123456789", b"000000000")
#: The hint of an error for a web page in place of a reply.
WEB_PAGE = "Check that the base URL ({api_base}) is an API's address: this looks like a web page."
_LONG_TEXT, _THREE_DIGITS = re.compile(r"[0-9]{19}"), re.compile(r"[0-9]{3}")
# Compiled (and then cached) when first used: most replies are JSON.
_CHARSET = r"""(?i);\s*charset=["']?([\w.:-]+)"""


def decode(
    spec: EndpointSpec, kind: str, headers: Mapping[str, str], content: bytes, details: dict[str, Any], *,
    reply: str | None = None, strict: bool = False, lenient: str = "",
) -> Any:  # fmt: skip
    """Return the reply of a successful response. `kind` is its media type; `details` are arguments of an error.

    `reply` is the name of the model, if it is not the usual one of the operation.
    `lenient` names the module that knows errors in successful responses; then JSON may be labelled as text, too.
    """
    returns = spec.reply_kind
    if returns == "none" or ("none" in spec.returns and not content):
        return None
    if len(spec.returns) > 1:
        returns = _kind_of(spec, kind, content, lenient)
    if returns == "binary":
        if lenient:
            import_module(lenient).refuse_error(spec, kind, content, details)
        from ..files import BinaryReply

        return BinaryReply.of(content, kind or None, _filename(headers.get("content-disposition", "")))
    if returns == "text":
        return _text(content, headers.get("content-type", ""), json=bool(lenient) and "json" in kind)
    if not content:
        raise APIResponseError("the reply is empty where JSON was expected", body=None, **details)
    wire = parse(content, kind, details)
    if (wire is None and "none" in spec.returns) or ("scalar" in spec.returns and isinstance(wire, str | int | float)):
        return wire
    if wire.__class__ is list and "array" in spec.returns:
        return wire
    model = spec.model(spec.reply if reply is None else reply)
    found = to_model(model, wire, kind, details, lenient=lenient)
    if strict:
        validate_strict(spec, kind if "json" in kind else "application/json", wire, details)
    return found


def _kind_of(spec: EndpointSpec, kind: str, content: bytes, lenient: str) -> str:
    """Return which of the operation's kinds of reply this one is, by its media type."""
    json = kind.endswith(("/json", "+json")) or not kind
    if lenient:  # by its content too: some servers label every reply text/plain, others application/json
        text_in_json = "json" in kind and "text" in spec.returns and content
        json = content.lstrip().startswith(b"{") or ("json" in kind and not text_in_json) or "html" in kind
    if json and spec.reply_kind == "json":
        return "json"
    text = kind.startswith("text/")
    if "text" in spec.returns and (text or "binary" not in spec.returns):
        return "text"
    return "binary" if "binary" in spec.returns and kind and not text else spec.reply_kind


def _text(content: bytes, content_type: str, *, json: bool = False) -> str:
    """Decode text by its charset, or as UTF-8 if the charset is missing or unknown (RFC 9110, section 8.3.2).

    `json`: the media type is JSON, so the content may be a JSON string.
    """
    string = parse_body(content, None) if json else None
    if isinstance(string, str):
        return string
    found = re.search(_CHARSET, content_type)
    if found is not None:
        try:
            return content.decode(found[1], "replace")
        except (LookupError, ValueError):  # not an encoding, or not one of text, such as hex
            pass
    return content.decode("utf-8", "replace")


def validate_strict(spec: EndpointSpec, kind: str, wire: Any, details: dict[str, Any]) -> None:
    """Raise APIResponseError, with the JSON path, if a reply or event does not match the API description."""
    from .validate import description

    problems = description(spec.root).problems(spec.name, kind, wire)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise APIResponseError(
            f"{problems[0]}{more}",
            body=wire,
            hint="The reply breaks the API description. Leave out strict=True to accept what servers send.",
            **details,
        )


def to_model(model: Any, wire: Any, kind: str, details: dict[str, Any], *, lenient: str = "") -> Any:
    """Return decoded JSON as an instance of its model."""
    if not isinstance(wire, dict):
        if hasattr(model, "decode"):
            return model.decode(wire)
        if not hasattr(model, "from_dict"):
            return wire
        what = type(wire).__name__ if wire is not None else "null"
        raise APIResponseError(f"the reply is a JSON {what} where an object was expected", body=wire, **details)
    if lenient and ("id" not in wire or wire.get("error") is not None or wire.get("object") == "error"):
        found = import_module(lenient).error_of(model, wire)
        if found is not None:
            message, type_, code, param = found
            raise APIResponseError(message, body=wire, type=type_, code=code, param=param, **details)
    read = getattr(model, "from_dict", None)
    if read is None:
        return wire
    try:
        return read(wire)
    except RecursionError as error:
        raise APIResponseError("the reply is nested too deeply", body=wire, **details) from error


@lru_cache(16)  # a server sends few different ones
def media_type(content_type: str) -> str:
    """Return the media type of a Content-Type without its parameters; the first one if a proxy has joined several."""
    return content_type.partition(";")[0].partition(",")[0].strip().lower()


def looks_like_events(content: bytes | bytearray) -> bool:
    """Return whether a reply is an event stream, whatever its media type says."""
    return re.match(rb"(?:\xef\xbb\xbf)?[\r\n]*(?:data|event|id|retry)?:", content) is not None


def parse(content: bytes | str, kind: str, details: dict[str, Any]) -> Any:
    """Decode JSON. The standard library reads what orjson refuses (NaN) or rounds (integers over 64 bits)."""
    try:
        value = orjson.loads(content)
        if not has_long_digits(content):
            return value
    except orjson.JSONDecodeError as error:
        first: orjson.JSONDecodeError | None = error
    else:
        first = None
    import json

    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        where = f" ({kind})" if kind and "json" not in kind else ""
        text = content if isinstance(content, str) else content.decode("utf-8", "replace")
        raise APIResponseError(
            f"the reply is not JSON{where}: {first.msg if first else error}",
            body=content,
            hint=WEB_PAGE if text.lstrip()[:1] == "<" else None,
            **details,
        ) from (first or error)


def has_long_digits(content: bytes | bytearray | str) -> bool:
    """Return whether the content may hold an integer over 64 bits; a long string of digits counts too."""
    # Every sixth character of 19 digits in a row is three digits in a row, which most content does not have.
    if isinstance(content, str):
        return _THREE_DIGITS.search(content[::6]) is not None and _LONG_TEXT.search(content) is not None
    return b"000" in content[::6].translate(_SAME_DIGITS) and _LONG in content.translate(_SAME_DIGITS)


def _filename(disposition: str) -> str | None:
    _, found, rest = disposition.partition("filename=")
    return rest.partition(";")[0].strip().strip('"').rpartition("/")[2] or None if found else None
