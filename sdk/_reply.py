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
    from .operation import Settings


def decode(
    settings: Settings, headers: Mapping[str, str], content: bytes, details: dict[str, Any], *, strict: bool = False
) -> Any:
    """Return the reply of a successful response. `details` are for the error, if one has to be raised."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    returns = settings.returns
    if returns == "none":
        return None
    if returns == "binary":
        return BinaryReply.of(content, kind or None, _filename(headers.get("content-disposition", "")))
    if returns == "text" or (settings.text_too and "json" not in kind and not content.lstrip().startswith(b"{")):
        return content.decode("utf-8", "replace")
    if not content:
        raise APIResponseError("the reply is empty where JSON was expected", body=None, **details)
    wire = parse(content, kind, details)
    reply = typed(settings.model(settings.reply), wire, kind, details)
    if strict:
        check(settings, "application/json", wire, details)
    return reply


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


def typed(model: Any, wire: Any, kind: str, details: dict[str, Any]) -> Any:
    """Return parsed JSON as the model that it should be."""
    if not isinstance(wire, dict):
        if hasattr(model, "decode"):
            return model.decode(wire)
        if not hasattr(model, "from_dict"):
            return wire
        what = type(wire).__name__ if wire is not None else "null"
        raise APIResponseError(f"the reply is a JSON {what} where an object was expected", body=wire, **details)
    if "error" in wire and wire["error"] is not None and not _declares_error(model):
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
    """Return decoded JSON. What orjson refuses (NaN, huge integers) the standard library may still read."""
    if _may_hold_huge(content):
        found = _huge(content)
        if found is not None:
            return found
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as first:
        import json

        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            where = f" ({kind})" if kind and "json" not in kind else ""
            text = content if isinstance(content, str) else content.decode("utf-8", "replace")
            raise APIResponseError(
                f"the reply is not JSON{where}: {first.msg}",
                body=content,
                hint="Check that api_base is an API's address: this looks like a web page."
                if text.lstrip()[:1] == "<"
                else None,
                **details,
            ) from first


# Every digit as "0", every other byte as a blank: a long run of digits is then found at the speed of memory.
_DIGITS = bytes(0x30 if 0x30 <= byte <= 0x39 else 0x20 for byte in range(256))
_RUN = b"0" * 19
#: A whole number of 19 digits or more: its neighbours are those of no fraction, exponent or longer number.
_HUGE = re.compile(rb"(?<![0-9.eE+])(?<![eE]-)[0-9]{19,}(?![0-9.eE])")


def _may_hold_huge(content: bytes | str) -> bool:
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    return _RUN in data.translate(_DIGITS) and _HUGE.search(data) is not None


def _huge(content: bytes | str) -> Any:
    """Read JSON with whole numbers beyond 64 bits, of which orjson silently makes floats; None where it is no JSON."""
    import json

    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None  # orjson finds the words for what is wrong


def _declares_error(model: Any) -> bool:
    if isinstance(model, Union | Best):
        return any(hasattr(m, "error") for m in model.members())
    return hasattr(model, "error")


def _filename(disposition: str) -> str | None:
    _, found, rest = disposition.partition("filename=")
    return rest.partition(";")[0].strip().strip('"').rpartition("/")[2] or None if found else None
