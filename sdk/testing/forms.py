"""Read forms and queries back into the JSON that they stand for, by the API description."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from .._core.reply.validate import Description, Path
from .multipart import Part, read_parts
from .recorded import RecordedRequest

Schema = dict[str, Any]
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


@dataclass
class Read:
    """What was read: the value, and the names that the description does not have."""

    value: Any
    unknown: list[str] = field(default_factory=list)


def read_form(api: Description, schema: Schema, request: RecordedRequest) -> Read:
    """Read the form of a request. A file counts as a text, which is what the description calls it."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        return read_pairs(api, schema, read_parts(request.headers["content-type"], request.body))
    return read_pairs(api, schema, parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))


def read_pairs(api: Description, schema: Schema, pairs: Iterable[tuple[str, str | Part]]) -> Read:
    """Make an object of names and texts: `a[]` and an `a` that comes again are lists, `a[b]` is a member."""
    known = known_keys(api, schema)
    values: dict[str, Any] = {}
    unknown: list[str] = []
    gathered: dict[str, list[tuple[str, str | Part]]] = {}
    for name, part in pairs:
        holder, _, rest = name.partition("[")
        holder = name if known is not None and name in known else holder
        gathered.setdefault(holder, []).append((rest.rstrip("]") if holder != name else "", part))
    for name, parts in gathered.items():
        inner = (known or {}).get(name)
        if inner is None and f"{name}[]" in (known or {}):  # the description itself has the brackets in the name
            name = f"{name}[]"
            inner = (known or {})[name]
        if inner is None:
            unknown += [name] if known is not None else []
        else:
            values[name] = _value(api, inner, parts)
    return Read(values, unknown)


def _value(api: Description, schema: Any, parts: list[tuple[str, str | Part]]) -> Any:
    kinds = set(_kinds(api, schema))
    members = [(key, part) for key, part in parts if key]
    if members and "object" in kinds:
        inner = known_keys(api, schema) or {}
        return {key: _value(api, inner.get(key, {}), [("", part)]) for key, part in members}
    if "array" in kinds and (len(parts) > 1 or not kinds & {"string", "object"}):
        items = _items(api, schema)
        texts = [text for _, part in parts for text in _split(part, parts)]
        return [_typed(api, items, text) for text in texts]
    return _typed(api, schema, parts[-1][1])


def _split(part: str | Part, parts: list[Any]) -> list[str | Part]:
    """Take a list that came as one text apart at its commas (style form, not exploded)."""
    return list(part.split(",")) if isinstance(part, str) and len(parts) == 1 and "," in part else [part]


def _typed(api: Description, schema: Any, part: str | Part) -> Any:
    if isinstance(part, Part):
        if part.kind == "application/json" and part.filename is None:
            try:
                return json.loads(part.content)
            except ValueError:
                return part.text
        if part.filename is not None:
            return "a file"
        part = part.text
    kinds = set(_kinds(api, schema))
    if kinds & {"integer", "number"} and _NUMBER.fullmatch(part):
        return json.loads(part)
    if "boolean" in kinds and part.lower() in ("true", "false"):
        return part.lower() == "true"
    if kinds & {"object", "array"} and part[:1] in ("{", "["):
        try:
            return json.loads(part)
        except ValueError:
            return part
    return part


def known_keys(api: Description, schema: Any) -> dict[str, Any] | None:
    """Return the keys that an object may have with their schemas; None where it may have any."""
    known: dict[str, Any] = {}
    for part in _parts(api, schema):
        if part.get("additionalProperties", False) is not False:
            return None
        known.update(part.get("properties", {}))
    return known


def unknown_paths(api: Description, schema: Any, value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield where an object, however deep, has a key that no alternative of its schema knows."""
    parts = list(_parts(api, schema))
    if isinstance(value, list):
        items = {"anyOf": [part["items"] for part in parts if isinstance(part.get("items"), dict)]}
        for index, item in enumerate(value if items["anyOf"] else ()):
            yield from unknown_paths(api, items, item, (*path, index))
    elif isinstance(value, dict) and value.get("role") != "assistant":  # a reply is sent back as it came
        named: dict[str, list[Any]] = {}
        for part in parts:
            if part.get("additionalProperties", False) is not False:
                return
            for key, inner in part.get("properties", {}).items():
                named.setdefault(key, []).append(inner)
        for key, inner in value.items() if named else ():  # without a property it may have any
            if key in named:
                yield from unknown_paths(api, {"anyOf": named[key]}, inner, (*path, key))
            else:
                yield (*path, key)


def required_keys(api: Description, schema: Schema) -> set[str]:
    """Return the keys that an object must have, whatever its alternatives ask for beside them."""
    found = set(schema.get("required", ()))
    if "$ref" in schema:
        found |= required_keys(api, api.schemas[schema["$ref"]])
    for part in schema.get("allOf", ()):
        found |= required_keys(api, part)
    return found


def _parts(api: Description, schema: Any) -> Iterator[Schema]:
    """Yield a schema and all that it is made of: what it refers to, its parts and its alternatives."""
    if not isinstance(schema, dict):
        return
    yield schema
    if "$ref" in schema:
        yield from _parts(api, api.schemas[schema["$ref"]])
    for keyword in ("allOf", "anyOf"):
        for part in schema.get(keyword, ()):
            yield from _parts(api, part)


def _kinds(api: Description, schema: Any) -> Iterator[str]:
    """Yield the JSON types that a schema allows."""
    for part in _parts(api, schema):
        found = part.get("type", "object" if "properties" in part else "string" if "enum" in part else ())
        yield from [found] if isinstance(found, str) else found


def _items(api: Description, schema: Any) -> Any:
    return next((part["items"] for part in _parts(api, schema) if "items" in part), {})
