"""A Python type as a strict JSON schema, and JSON as a value of that type.

msgspec describes and reads attrs classes, dataclasses, TypedDicts, NamedTuples, its own structs and the types of the
standard library; a pydantic model describes and reads itself. Source of what is strict: the structured output guide of
the API (every property required, no further ones, a subset of JSON Schema).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_type_hints

from ..errors import RequestError
from .json_schema import decode, portable, rebuild
from .pydantic_types import Adapter, adapter_of, problem_of

Wire = dict[str, Any]

#: The keywords that strict schemas may use; what the others say is checked when the answer is read.
_KEPT = frozenset(
    {
        *("$defs", "$ref", "additionalProperties", "anyOf", "const", "description", "enum", "format", "items"),
        *("pattern", "properties", "required", "type"),
        *("multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems"),
        "prefixItems",  # not strict, but else a NamedTuple in a field would have no types
    }
)
_FORMATS = frozenset({"date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uuid"})
_ROOT = "value"


class DoesNotFit(ValueError):
    """JSON that is no value of the type; says where, and not what stands there."""


class OutputType:
    """A type as servers are told of it: `name`, `schema`, and whether it is `strict`.

    A type that is not an object, such as list[str], is asked for as the one property of an object. A type with free
    keys (a dict) or with Any cannot be strict; the answer is checked all the same.
    """

    def __init__(self, kind: Any) -> None:
        """Describe a type. Raises: RequestError for one that JSON cannot describe."""
        named, kind = kind, _with_names(kind)
        own = _adapter(kind)
        root, parts = _pydantic(kind, own.describe) if own else _msgspec(kind)
        root, parts = portable(root), {name: portable(part) for name, part in parts.items()}
        self.name = re.sub(r"[^A-Za-z0-9_-]+", "_", str(getattr(kind, "__name__", "") or kind)).strip("_")[:64]
        self.name = self.name or "answer"  # nothing is left of a name in other letters
        self.strict = True
        part = parts.get(str(root.get("$ref", "")).rpartition("/")[2])
        target = root if part is None else {**part, **{key: root[key] for key in root if key != "$ref"}}
        self._wrapped = target.get("type") != "object"
        if self._wrapped:
            target = {"type": "object", "properties": {_ROOT: root}}
        elif part is not None and _refers(parts, root["$ref"]) == 0:
            parts = {name: other for name, other in parts.items() if other is not part}
        self.schema = self._strictly(target)
        if parts:
            self.schema["$defs"] = {name: self._strictly(other) for name, other in parts.items()}
        read = _pydantic_reader(own.read, self._wrapped) if own else _msgspec_reader(kind, self._wrapped, target, parts)
        self._read = read if named is kind else lambda text: named(*_values(read(text)))

    def read(self, text: str) -> Any:
        """Return the value that a text of JSON is. Raises Misfit."""
        return self._read(text)

    def _strictly(self, node: Wire) -> Wire:
        key = "$ref" if "$ref" in node else "allOf" if len(node.get("allOf", ())) == 1 else ""
        if key:
            inner = {key: node[key]} if key == "$ref" else node[key][0]
            beside = {k: v for k, v in node.items() if k in _KEPT and k != key}
            if not beside:
                return inner if key == "$ref" else self._strictly(inner)
            # In a strict schema nothing is beside a reference. The description tells fields of one type apart.
            node = {"anyOf": [inner], **beside}
        node = {"anyOf": node["oneOf"], **node} if "oneOf" in node else node
        found = {k: v for k, v in node.items() if k in _KEPT and not (k == "format" and v not in _FORMATS)}
        if "properties" in found:
            found["required"] = list(found["properties"])
            found.setdefault("additionalProperties", False)
        found = rebuild(found, self._strictly)
        free = found.get("type") == "object" and found.get("additionalProperties") is not False
        if free or not found or "prefixItems" in node:
            self.strict = False
        return found


def _with_names(kind: Any) -> Any:
    """Return an object of the same fields for a NamedTuple, which JSON would know as a list without names."""
    import msgspec

    names = getattr(kind, "_fields", None)
    if names is None or not isinstance(kind, type) or not issubclass(kind, tuple):
        return kind
    types, defaults = get_type_hints(kind, include_extras=True), getattr(kind, "_field_defaults", {})
    fields: list[Any] = [
        (name, types.get(name, Any), defaults[name]) if name in defaults else (name, types.get(name, Any))
        for name in names
    ]
    return msgspec.defstruct(kind.__name__, fields, kw_only=True)


def _values(found: Any) -> list[Any]:
    return [getattr(found, name) for name in found.__struct_fields__]


def _msgspec(kind: Any) -> tuple[Wire, dict[str, Wire]]:
    import msgspec

    try:
        (root,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    except (TypeError, NameError) as error:
        why = str(error).rpartition("\n")[2]  # before it stands what users of msgspec could do
        raise RequestError(f"{kind!r} cannot be described as JSON: {why}") from error
    return dict(root), dict(parts)


def _msgspec_reader(kind: Any, wrapped: bool, schema: Wire, parts: dict[str, Wire]) -> Callable[[str], Any]:
    import msgspec

    whole = msgspec.defstruct("Whole", [(_ROOT, kind)]) if wrapped else kind
    decoder = msgspec.json.Decoder(whole)

    def read(text: str) -> Any:
        try:
            value = decode(text, decoder, schema, parts)
        except msgspec.ValidationError as error:
            raise DoesNotFit(re.sub(r" '.*?'(?= - at|$)", "", str(error), flags=re.DOTALL)) from None
        except (ValueError, RecursionError) as error:  # a DecodeError, or of a half character
            raise DoesNotFit("not JSON") from error
        return getattr(value, _ROOT) if wrapped else value

    return read


def _adapter(kind: Any) -> Adapter | None:
    try:
        return adapter_of(kind)
    except Exception as error:
        raise RequestError(f"{kind!r} cannot be described as JSON: {error}") from error


def _pydantic(kind: Any, describe: Callable[..., Wire]) -> tuple[Wire, dict[str, Wire]]:
    try:
        schema = dict(describe())
    except Exception as error:  # pydantic's own errors have no common base but Exception
        raise RequestError(f"{kind!r} cannot be described as JSON: {error}") from error
    parts = dict(schema.pop("$defs", {}))
    return schema, parts


def _pydantic_reader(validate: Callable[[str], Any], wrapped: bool) -> Callable[[str], Any]:
    import json

    def read(text: str) -> Any:
        try:
            return validate(json.dumps(json.loads(text)[_ROOT]) if wrapped else text)
        except (ValueError, KeyError, TypeError) as error:
            problem = problem_of(error)
            if problem is None:
                raise DoesNotFit("not JSON") from error
            raise DoesNotFit(f"{problem.code} - at `${problem.path}`") from None

    return read


def _refers(parts: dict[str, Wire], target: str) -> int:
    """Return how often the parts themselves refer to one of them."""

    def count(node: Any) -> int:
        if isinstance(node, dict):
            return sum(1 if k == "$ref" and v == target else count(v) for k, v in node.items())
        return sum(map(count, node)) if isinstance(node, list) else 0

    return count(parts)
