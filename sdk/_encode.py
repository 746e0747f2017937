"""Arguments in, bytes out: paths, queries, headers, JSON and forms, by the styles of OpenAPI."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

import orjson

from ._model import ApiModel
from ._unset import UNSET
from .errors import RequestError

Pairs = list[tuple[str, str]]

_ATOMS = frozenset({str, int, bool, type(None)})
_SEPARATORS = {"csv": ",", "ssv": " ", "pipes": "|", "form": ",", "simple": ","}


def path(template: str, values: Mapping[str, object]) -> str:
    """Fill in a path template. Values are percent-encoded whole, so that none can leave its segment."""
    for key, value in values.items():
        text = scalar(value, key)
        if text in ("", ".", ".."):
            raise RequestError(f"the path parameter {key} must not be {text!r}: the URL would mean another operation")
        template = template.replace(f"{{{key}}}", quote(text, safe="", errors="strict"))
    return template


def query(values: Mapping[str, object], styles: Mapping[str, str]) -> Pairs:
    """Return the pairs of a query string; UNSET and None are left out."""
    pairs: Pairs = []
    for key, value in values.items():
        if value is not UNSET and value is not None:
            pairs.extend(_query(key, value, styles.get(key, "")))
    return pairs


def _query(key: str, value: object, style: str) -> Iterable[tuple[str, str]]:
    if style == "json":
        return [(key, json(value).decode())]
    if isinstance(value, ApiModel):
        value = value.to_dict()
    if isinstance(value, Mapping):
        if style == "deepObject":
            return [pair for k, v in value.items() for pair in _query(f"{key}[{k}]", v, style)]
        return [pair for k, v in value.items() for pair in _query(str(k), v, style)]
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        texts = [scalar(v, key) for v in value]
        return [(key, _SEPARATORS[style].join(texts))] if style in _SEPARATORS else [(key, t) for t in texts]
    return [(key, scalar(value, key))]


def header(key: str, value: object) -> str:
    """Return a header's value; arrays are joined with commas (style simple)."""
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        value = ",".join(scalar(v, key) for v in value)
    text = scalar(value, key)
    if any(c in text for c in "\r\n\0"):
        raise RequestError(f"the header {key} must not contain a line break")
    if any((c < " " and c != "\t") or c == "\x7f" for c in text):
        raise RequestError(f"the header {key} must not contain a control character")
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        raise RequestError(f"the header {key} contains a character that HTTP headers cannot carry") from None
    return text


def scalar(value: object, key: str) -> str:
    """Write one value as text, as JSON would write it but without quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise RequestError(f"{key}: a lone surrogate is no text that can be sent") from None
        return value
    if isinstance(value, float) and not math.isfinite(value):
        raise RequestError(f"{key}: {value} is no JSON number")
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):  # datetime too
        return value.isoformat()
    raise RequestError(f"{key}: {type(value).__name__} cannot be sent here")


def plain(value: Any, where: str = "") -> Any:
    """Return the value as JSON types: models as their objects, UNSET left out, tuples as lists.

    Raises RequestError with the JSON path for what JSON cannot hold, NaN above all.
    """
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is dict:
        return {k: plain(v, f"{where}.{k}") for k, v in value.items() if v is not UNSET}
    if kind is list or kind is tuple:
        return [v if type(v) in _ATOMS else plain(v, f"{where}[{i}]") for i, v in enumerate(value)]
    if isinstance(value, ApiModel):
        return plain(value.to_dict(), where)
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        raise RequestError(f"{where.lstrip('.') or 'the body'}: {value} is no JSON number")
    if isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return {k: plain(v, f"{where}.{k}") for k, v in value.items() if v is not UNSET}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [plain(v, f"{where}[{i}]") for i, v in enumerate(value)]
    hint = " (base64-encode bytes)" if isinstance(value, bytes | bytearray) else ""
    raise RequestError(f"{where.lstrip('.') or 'the body'}: {kind.__name__} cannot be sent as JSON{hint}")


def json(value: Any) -> bytes:
    """Return the value as JSON.

    Raises RequestError for NaN, lone surrogates, keys that are no text, types without a JSON form, and cycles.
    """
    try:
        ready = plain(value)
    except RecursionError:
        raise RequestError("the body is nested too deeply, or holds itself") from None
    try:
        return orjson.dumps(ready)
    except TypeError as error:
        if "64-bit" in str(error):  # orjson stops at 64 bits; JSON does not
            import json as standard

            return standard.dumps(ready, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        raise RequestError(f"the body cannot be written as JSON: {_reason(str(error))}") from None


def _reason(text: str) -> str:
    return "it contains a lone surrogate" if "surrogate" in text else text


def form(fields: Mapping[str, object]) -> Pairs:
    """Return the pairs of a form body."""
    return query(fields, {})
