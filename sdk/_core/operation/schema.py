"""Describe a Python type as a strict JSON schema, and decode JSON as a value of that type.

msgspec describes and decodes attrs classes, dataclasses, TypedDicts, NamedTuples, its own structs and the types of the
standard library; a pydantic model describes and decodes itself. Source of the rules for strict schemas: the API's guide
to structured outputs (every property required, no additional ones, a subset of JSON Schema).
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable
from typing import Any, get_type_hints

from ..errors import RequestError
from .json_schema import decode, portable, rebuild
from .pydantic_types import Adapter, adapter_of, problem_of

Wire = dict[str, Any]

#: The keywords that strict schemas may use; the others are checked when the answer is decoded.
_KEPT = frozenset(
    {
        *("$defs", "$ref", "additionalProperties", "anyOf", "const", "description", "enum", "format", "items"),
        *("pattern", "properties", "required", "type"),
        *("multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems"),
        "prefixItems",  # not allowed in strict schemas, but a NamedTuple in a field needs it for its types
    }
)
_FORMATS = frozenset({"date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uuid"})
_ROOT = "value"


class DoesNotFit(ValueError):
    """JSON that is not a value of the type. The message has the path, not the content."""


class OutputType:
    """A type as it is sent to a server: `name`, `schema`, and whether the schema is `strict`.

    A type that is not an object, such as list[str], becomes the only property of an object. A type with arbitrary
    keys (a dict) or with Any cannot be strict; the answer is checked in any case.
    """

    def __init__(self, kind: Any) -> None:
        """Describe a type. Raises: RequestError for a type that JSON Schema cannot describe."""
        original, kind = kind, _with_names(kind)
        adapter = _adapter(kind)
        root, parts = _pydantic(kind, adapter.describe) if adapter else _msgspec(kind)
        root, parts = portable(root), {name: portable(part) for name, part in parts.items()}
        self.name = re.sub(r"[^A-Za-z0-9_-]+", "_", str(getattr(kind, "__name__", "") or kind)).strip("_")[:64]
        self.name = self.name or "answer"  # a name without ASCII letters
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
        if adapter is not None:
            read = _pydantic_reader(adapter.read, self._wrapped)
        else:
            read = _msgspec_reader(kind, self._wrapped, target, parts)
        self._read = read if original is kind else lambda text: original(*_values(read(text)))

    def read(self, text: str) -> Any:
        """Decode JSON as a value of the type. Raises DoesNotFit."""
        return self._read(text)

    def _strictly(self, node: Wire) -> Wire:
        key = "$ref" if "$ref" in node else "allOf" if len(node.get("allOf", ())) == 1 else ""
        if key:
            inner = {key: node[key]} if key == "$ref" else node[key][0]
            beside = {k: v for k, v in node.items() if k in _KEPT and k != key}
            if not beside:
                return inner if key == "$ref" else self._strictly(inner)
            # Strict schemas allow no keyword beside $ref, but the description distinguishes fields of one type.
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
    """Return a struct with the fields of a NamedTuple; msgspec would describe the NamedTuple as an array."""
    import msgspec

    names = getattr(kind, "_fields", None)
    if names is None or not isinstance(kind, type) or not issubclass(kind, tuple):
        return kind
    try:
        types, defaults = get_type_hints(kind, include_extras=True), getattr(kind, "_field_defaults", {})
    except Exception as error:  # an annotation that is a str is evaluated, which may raise anything
        raise RequestError(f"{reprlib.repr(kind)} cannot be described as JSON: {error}") from error
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
    except Exception as error:  # annotations are evaluated, which may raise anything
        why = str(error).rpartition("\n")[2]  # the lines before are advice for users of msgspec
        raise RequestError(f"{reprlib.repr(kind)} cannot be described as JSON: {why}") from error
    return dict(root), dict(parts)


def _msgspec_reader(kind: Any, wrapped: bool, schema: Wire, parts: dict[str, Wire]) -> Callable[[str], Any]:
    import msgspec

    answer = msgspec.defstruct("Answer", [(_ROOT, kind)]) if wrapped else kind
    decoder = msgspec.json.Decoder(answer)

    def read(text: str) -> Any:
        try:
            value = decode(text, decoder, schema, parts)
        except msgspec.ValidationError as error:
            raise DoesNotFit(re.sub(r" '.*?'(?= - at|$)", "", str(error), flags=re.DOTALL)) from None
        except (ValueError, RecursionError) as error:  # DecodeError, or a lone surrogate
            raise DoesNotFit("not JSON") from error
        return getattr(value, _ROOT) if wrapped else value

    return read


def _adapter(kind: Any) -> Adapter | None:
    try:
        return adapter_of(kind)
    except Exception as error:  # the errors of pydantic have no other common base class
        raise RequestError(f"{reprlib.repr(kind)} cannot be described as JSON: {error}") from error


def _pydantic(kind: Any, describe: Callable[..., Wire]) -> tuple[Wire, dict[str, Wire]]:
    try:
        schema = dict(describe())
    except Exception as error:  # the errors of pydantic have no other common base class
        raise RequestError(f"{reprlib.repr(kind)} cannot be described as JSON: {error}") from error
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
    """Return how often the parts refer to `target`."""

    def count(node: Any) -> int:
        if isinstance(node, dict):
            return sum(1 if k == "$ref" and v == target else count(v) for k, v in node.items())
        return sum(map(count, node)) if isinstance(node, list) else 0

    return count(parts)
