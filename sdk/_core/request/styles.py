"""Serialize paths, queries, headers, cookies, JSON and forms in the styles of OpenAPI."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from ..errors import RequestError
from ..lazy import fully_imported, lazy_function
from ..model import ApiModel
from ..unset import UNSET
from ..validators import header_text_problem
from .spec import Style

if TYPE_CHECKING:
    from urllib.parse import quote, quote_plus
else:  # for requests with parameters in the path or the query
    quote = lazy_function(globals(), "urllib.parse", "quote")
    quote_plus = lazy_function(globals(), "urllib.parse", "quote_plus")

Pairs = list[tuple[str, str]]

#: What is said of a value that ends in a RecursionError.
NESTED = "is nested too deeply, or contains itself"
_ATOMS = frozenset({str, int, bool, type(None)})
#: Types that orjson could serialize, and that `plain` serializes instead.
_NATIVE = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
#: Delimiters in their encoded form. They separate values and are never part of one.
_ENCODED_DELIMITERS = {",": ",", " ": "%20", "|": "%7C"}
#: The style of an object that no API description declares.
_BRACKETS = Style("deepObject", explode=True)
#: Characters that allowReserved leaves unescaped in a query: the reserved characters of RFC 3986, except those that
#: would end the query or begin another pair.
_RESERVED = ":/?@!$'()*,;="


class Encoded(str):
    """A str that is percent-encoded already."""

    __slots__ = ()


def path(template: str, values: Mapping[str, object], styles: Mapping[str, Style] | None = None) -> str:
    """Fill in a path template. Values are fully percent-encoded, so that none can leave its segment."""
    for key, value in values.items():
        text = _in_path(value, key, styles[key]) if styles and key in styles else scalar(value, key)
        if text in ("", ".", ".."):
            raise RequestError(f"the path parameter {key} must not be {text!r}: the URL would mean another operation")
        if text.__class__ is not Encoded:
            text = quote(text, safe="", errors="strict")
        template = template.replace(f"{{{key}}}", text)
    return template


def _in_path(value: object, key: str, style: Style) -> str:
    """Expand a path parameter by its style (OpenAPI 3.1.1, 4.8.12.6; RFC 6570, 3.2.5 to 3.2.7)."""
    if style.name == "json":
        return Encoded(quote(json(value), safe=""))
    name, exploded = style.name, style.explode
    start, between = {"label": (".", "."), "matrix": (";", ";")}.get(name, ("", ","))
    if not isinstance(value, Mapping | ApiModel) and not _is_list(value):
        if not start:
            return scalar(value, key)
        text = quote(scalar(value, key), safe="")
        return Encoded(f"{start}{text}" if name == "label" else f";{quote(key, safe='')}{'=' if text else ''}{text}")
    parts = flat(value, key, exploded, lambda text: quote(text, safe=""))
    if name == "matrix" and not exploded:
        return Encoded(f";{quote(key, safe='')}={','.join(parts)}")
    if name == "matrix" and _is_list(value):
        parts = [f"{quote(key, safe='')}={part}" for part in parts]
    return Encoded(start + (between if exploded else ",").join(parts) if parts else "")


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes)


def flat(value: Any, key: str, exploded: bool = False, encode: Callable[[str], str] = str) -> list[str]:
    """Return the items of an array; of an object, alternating keys and values, or `key=value`. None is left out."""
    if isinstance(value, ApiModel):
        value = value.to_dict()
    if not isinstance(value, Mapping):
        return [encode(scalar(v, key)) for v in value]
    given = {str(k): v for k, v in value.items() if v is not None and v is not UNSET}
    members = [(encode(k), encode(scalar(v, f"{key}.{k}"))) for k, v in given.items()]
    return [f"{k}={v}" for k, v in members] if exploded else [text for member in members for text in member]


def query(values: Mapping[str, object], styles: Mapping[str, Style]) -> Pairs:
    """Return the pairs of a query string or form; UNSET and None are left out."""
    pairs: Pairs = []
    for key, value in values.items():
        if value is not UNSET and value is not None:
            try:
                pairs.extend(_query(key, value, styles.get(key)))
            except RecursionError:
                raise RequestError(f"{key} {NESTED}") from None
    return pairs


def undeclared(values: Mapping[str, object]) -> dict[str, Style]:
    """Return the styles of a query's values that no description declares: an object's members are `name[key]`."""
    return {key: _BRACKETS for key, value in values.items() if isinstance(value, Mapping | ApiModel)}


def joined(pairs: Iterable[tuple[str, str]]) -> str:
    """Join pairs to a query string or a form (application/x-www-form-urlencoded)."""
    return "&".join(f"{quote_plus(k)}={v if v.__class__ is Encoded else quote_plus(v)}" for k, v in pairs)


def _query(key: str, value: object, style: Style | None) -> Iterable[tuple[str, str]]:
    """Return the pairs of one value in a style of OpenAPI; None is the style form, exploded."""
    name = style.name if style is not None else "form"
    safe = _RESERVED if style is not None and style.allow_reserved else ""
    if isinstance(value, ApiModel):
        value = value.to_dict()
    if name == "json" or (name == "json_object" and isinstance(value, Mapping)):
        return [(key, json(value).decode())]
    delimiter = style.delimiter if style is not None else None
    if delimiter is not None and (isinstance(value, Mapping) or _is_list(value)):
        parts = flat(value, key, encode=lambda text: quote(text, safe=safe.replace(",", "")))
        return [(key, Encoded(_ENCODED_DELIMITERS[delimiter].join(parts)))] if parts else []
    if isinstance(value, Mapping):
        given = {str(k): v for k, v in value.items() if v is not None and v is not UNSET}
        if name == "deepObject":
            return [pair for k, v in given.items() for pair in _query(f"{key}[{k}]", v, style)]
        # OpenAPI does not define an object in an object either: as JSON it keeps its name.
        members = {k: json(v).decode() if isinstance(v, Mapping | ApiModel) else v for k, v in given.items()}
        return [pair for k, v in members.items() for pair in _query(k, v, style)]
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        if name == "deepObject":
            return [pair for i, v in enumerate(value) for pair in _query(f"{key}[{_index(v, i)}]", v, style)]
        # OpenAPI does not define objects in an array in a query; in a form they are JSON (3.1.1, 4.8.15).
        texts = [json(v).decode() if isinstance(v, Mapping | ApiModel) else scalar(v, key) for v in value]
    else:
        texts = [scalar(value, key)]
    return [(key, Encoded(quote(text, safe=safe)) if safe else text) for text in texts]


def _index(value: object, index: int) -> str:
    """Return the index in the brackets of an item; only items that have members need a number."""
    return str(index) if isinstance(value, Mapping | ApiModel | list | tuple) else ""


def cookies(values: Mapping[str, object], styles: Mapping[str, Style]) -> str:
    """Return the value of a Cookie header. Values are percent-encoded, since cookies define no escapes."""
    pairs = query(values, styles)
    return "; ".join(f"{name}={text if text.__class__ is Encoded else quote(text, safe='')}" for name, text in pairs)


def header(key: str, value: object, style: Style | None = None) -> str:
    """Return a header's value: arrays and objects joined with commas (style simple), or JSON."""
    if style is not None and style.name == "json":
        try:
            text = _written(plain(value, key), f"the header {key}").decode()
        except RecursionError:
            raise RequestError(f"the header {key} {NESTED}") from None
        # ASCII: a header cannot hold UTF-8.
        value = text if text.isascii() else "".join(c if c.isascii() else _escaped(c) for c in text)
    elif value.__class__ is not str and (isinstance(value, Mapping | ApiModel) or _is_list(value)):
        value = ",".join(flat(value, key, style is not None and style.explode))
    text = scalar(value, key)
    problem = header_text_problem(text)
    if problem is not None:
        raise RequestError(f"the header {key} {problem}")
    return text


def scalar(value: object, key: str) -> str:
    """Return one value as a str, in the notation of JSON but without quotes."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise RequestError(f"{key}: a str with a lone surrogate cannot be sent") from None
        return value
    if isinstance(value, float) and value - value != 0:
        raise RequestError(f"{key}: {value} is not a JSON number")
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date | time):  # datetime too
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if _is_decimal(value):
        return str(_number(value, key))
    raise RequestError(f"{key}: {type(value).__name__} cannot be sent here")


def _is_decimal(value: object) -> bool:
    decimal = fully_imported("decimal")  # not imported, it cannot have made the value
    return decimal is not None and isinstance(value, decimal.Decimal)


def _number(value: Any, where: str) -> Any:
    """Return a Decimal, which is the notation of a JSON number. Raises RequestError if it is none."""
    if not value.is_finite():
        raise RequestError(f"{where.lstrip('.') or 'the body'}: {value} is not a JSON number")
    return value


def plain(value: Any, where: str = "") -> Any:
    """Return the value as JSON types: models as dicts, tuples as lists, without UNSET.

    Raises RequestError with the JSON path of a value that JSON cannot represent, such as NaN.
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
        if value - value == 0:  # neither infinite nor NaN
            return value
        raise RequestError(f"{where.lstrip('.') or 'the body'}: {value} is not a JSON number")
    if isinstance(value, str | int):
        return value
    if isinstance(value, Enum | UUID):
        return plain(value.value, where) if isinstance(value, Enum) else str(value)
    if isinstance(value, Mapping):
        return {k: plain(v, f"{where}.{k}") for k, v in value.items() if v is not UNSET}
    if isinstance(value, date | time):
        return value.isoformat()
    if _is_decimal(value):
        return orjson.Fragment(str(_number(value, where)))  # with all of its digits
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes | bytearray | memoryview):
        return [plain(v, f"{where}[{i}]") for i, v in enumerate(value)]
    hint = " (base64-encode bytes)" if isinstance(value, bytes | bytearray) else ""
    raise RequestError(f"{where.lstrip('.') or 'the body'}: {kind.__name__} cannot be sent as JSON{hint}")


def json(value: Any) -> bytes:
    """Return the value as JSON.

    Raises RequestError for NaN, lone surrogates, keys that are not str, types without a JSON form, and cycles.
    """
    try:
        written = orjson.dumps(value, _object_of, _NATIVE)
        if b"null" not in written:  # it may stand for NaN
            return written
    except TypeError:  # a type that orjson does not write, or not as this function does
        pass
    try:
        ready = plain(value)
    except RecursionError:
        raise RequestError(f"the body {NESTED}") from None
    return _written(ready, "the body")


def _written(ready: Any, what: str) -> bytes:
    """Return JSON types as JSON; errors name `what` it is."""
    try:
        return orjson.dumps(ready)
    except TypeError as error:
        if "64-bit" in str(error):  # orjson limits integers to 64 bits; JSON does not
            import json as standard

            return standard.dumps(ready, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        raise RequestError(f"{what} cannot be written as JSON: {_reason(str(error))}") from None


def _escaped(character: str) -> str:
    """Return a character in the notation of JSON that is ASCII: one or two UTF-16 code units."""
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _object_of(value: object) -> dict[str, Any]:
    """Return a model as a dict. Raises TypeError for other types that orjson does not know."""
    if isinstance(value, ApiModel):
        return value.to_dict()
    raise TypeError


def _reason(text: str) -> str:
    return "it contains a lone surrogate" if "surrogate" in text else text
