"""Bytes in, typed reply out; whatever cannot be read is an APIResponseError that says what came instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from ._error_body import error_in_body
from ._model import Best, Union
from .errors import APIResponseError
from .files import BinaryReply

if TYPE_CHECKING:
    from ._settings import Settings

#: From so many digits on an integer may not fit into 64 bits. Translated and found in C: under a microsecond mostly.
_LONG = b"0" * 19
_SAME_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_LONG_TEXT = re.compile(r"[0-9]{19}")
_CHARSET = re.compile(r""";\s*charset=["']?([\w.:-]+)""", re.IGNORECASE)


def decode(
    settings: Settings, headers: Mapping[str, str], content: bytes, details: dict[str, Any], *, strict: bool = False,
    loose: bool = True,
) -> Any:  # fmt: skip
    """Return the reply of a successful response. `details` are for the error, if one has to be raised.

    `loose`: an error may stand in a success, and JSON may come as text; see `Service`.
    """
    said = headers.get("content-type", "")
    kind = said.partition(";")[0].strip().lower()
    returns = settings.returns
    if returns == "none" or (settings.none_too and not content):
        return None
    if settings.text_too or settings.binary_too:
        returns = _kind_of(settings, kind, content, loose)
    if returns == "binary":
        return BinaryReply.of(content, kind or None, _filename(headers.get("content-disposition", "")))
    if returns == "text":
        return _text(content, said)
    if not content:
        raise APIResponseError("the reply is empty where JSON was expected", body=None, **details)
    wire = parse(content, kind, details)
    if wire is None and settings.none_too:
        return None
    reply = typed(settings.model(settings.reply), wire, kind, details, loose=loose)
    if strict:
        check(settings, kind if "json" in kind else "application/json", wire, details)
    return reply


def _kind_of(settings: Settings, kind: str, content: bytes, loose: bool) -> str:
    """Return which of the kinds of reply that an operation has this one is, by its content type."""
    json = kind.endswith(("/json", "+json")) or not kind
    if loose:  # by its content, too: text/plain is what some servers call everything
        json = "json" in kind or content.lstrip().startswith(b"{")
    if json and settings.returns == "json":
        return "json"
    text = kind.startswith("text/")
    if settings.text_too and (text or not settings.binary_too):
        return "text"
    return "binary" if settings.binary_too and kind and not text else settings.returns


def _text(content: bytes, content_type: str) -> str:
    """Return text by its charset, UTF-8 where none is named or known (RFC 9110, section 8.3.2)."""
    found = _CHARSET.search(content_type)
    if found is not None:
        try:
            return content.decode(found[1], "replace")
        except (LookupError, ValueError):  # a name that is no encoding, or of another kind, such as hex
            pass
    return content.decode("utf-8", "replace")


def check(settings: Settings, kind: str, wire: Any, details: dict[str, Any]) -> None:
    """Raise APIResponseError, with the JSON paths, where a reply or event breaks the API description."""
    from ._strict import description

    problems = description(settings.root).problems(settings.name, kind, wire)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise APIResponseError(
            f"{problems[0]}{more}",
            body=wire,
            hint="The reply breaks the API description. Leave out strict=True to accept what servers send.",
            **details,
        )


def typed(model: Any, wire: Any, kind: str, details: dict[str, Any], *, loose: bool = True) -> Any:
    """Return parsed JSON as the model that it should be."""
    if not isinstance(wire, dict):
        if hasattr(model, "decode"):
            return model.decode(wire)
        if not hasattr(model, "from_dict"):
            return wire
        what = type(wire).__name__ if wire is not None else "null"
        raise APIResponseError(f"the reply is a JSON {what} where an object was expected", body=wire, **details)
    if loose and "error" in wire and wire["error"] is not None and not _declares_error(model):
        told = error_in_body(wire)
        if told is not None:
            message, type_, code, param = told
            raise APIResponseError(message, body=wire, type=type_, code=code, param=param, **details)
    if not hasattr(model, "from_dict"):
        return wire
    try:
        return model.from_dict(wire)
    except RecursionError as error:
        raise APIResponseError("the reply is nested too deeply", body=wire, **details) from error


def parse(content: bytes | str, kind: str, details: dict[str, Any]) -> Any:
    """Return decoded JSON. What orjson refuses (NaN) or rounds (integers over 64 bits) the standard library reads."""
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
        page = "Check that api_base is an API's address: this looks like a web page."
        raise APIResponseError(
            f"the reply is not JSON{where}: {first.msg if first else error}",
            body=content,
            hint=page if text.lstrip()[:1] == "<" else None,
            **details,
        ) from (first or error)


def has_long_digits(content: bytes | bytearray | str) -> bool:
    """Tell whether an integer may be in there that 64 bits do not hold; a long text of digits counts too."""
    if isinstance(content, str):
        return _LONG_TEXT.search(content) is not None
    return _LONG in content.translate(_SAME_DIGITS)


def _declares_error(model: Any) -> bool:
    if isinstance(model, Union | Best):
        return any(hasattr(m, "error") for m in model.members())
    return hasattr(model, "error")


def _filename(disposition: str) -> str | None:
    _, found, rest = disposition.partition("filename=")
    return rest.partition(";")[0].strip().strip('"').rpartition("/")[2] or None if found else None
