"""Make values that are valid by a schema of the pinned document: with required fields only, or with all fields.

The same schema always gives the same value. `pick` turns through the members of unions and the values of enums.
"""

from __future__ import annotations

from typing import Any

from .document import SCHEMAS, Document, Schema

#: Below this many objects inside each other optional fields are left out, so that recursive schemas come to an end.
_FULL_DEPTH = 8
_DEEPEST = 24
_TEXTS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00+00:00",
    "uri": "https://example.com/a",
    "^tunnel_[a-z0-9]{32}$": f"tunnel_{'a0' * 16}",
}


class Endless(Exception):
    """The value would have to contain itself."""


class Maker:
    """Make one value after another; `full` adds every optional field."""

    def __init__(self, document: Document, *, full: bool, pick: int = 0) -> None:
        self._document, self._full, self._pick = document, full, pick

    def make(self, schema: Schema) -> Any:
        """Return a value that is valid by the schema."""
        value = self._value(schema, 0, ())
        problems = self._document.problems(schema, value)
        assert not problems, f"the payload maker made what is not valid: {problems}"
        return value

    def _value(self, schema: Schema, depth: int, seen: tuple[str, ...]) -> Any:
        if depth > _DEEPEST:
            raise Endless
        if "$ref" in schema:
            name = schema["$ref"]
            if seen.count(name) > 1:
                raise Endless
            seen = (*seen, name)
        flat = self.flat(schema)
        if "const" in flat:
            return flat["const"]
        if "enum" in flat:
            values = [v for v in flat["enum"] if v is not None] or [None]
            return values[self._pick % len(values)]
        if flat.get("unions"):
            return self._union(schema, flat, depth, seen)
        types = flat.get("type")
        kinds = types if isinstance(types, list) else [types]
        kind = next((k for k in kinds if k != "null"), "null")
        if kind is None and ("properties" in flat or "required" in flat):
            kind = "object"
        match kind:
            case "object":
                return self._object(flat, depth, seen)
            case "array":
                return self._array(flat, depth, seen)
            case "string":
                return _text(flat)
            case "integer" | "number":
                return _number(flat, whole=kind == "integer")
            case "boolean":
                return True
            case "null":
                return None
        return {"any": ["thing", None]} if self._full else "anything"

    def _union(self, schema: Schema, flat: Schema, depth: int, seen: tuple[str, ...]) -> Any:
        """Take the first member, counted from `pick`, that gives a valid value; null is the last to be tried."""
        members, *others = flat["unions"]
        rest = {**flat, "unions": others}
        shift = self._pick % len(members)
        turned = members[shift:] + members[:shift]
        for member in sorted(turned, key=lambda m: self._document.schema(m).get("type") == "null"):
            name = member.get("$ref", "")
            if seen.count(name) > 1:
                continue
            inside = (*seen, name) if name else seen
            try:
                value = self._value(merge(rest, self.flat(member)), depth, inside)
            except Endless:
                continue
            if self._document.valid(schema, value):
                return value
        raise Endless

    def _object(self, flat: Schema, depth: int, seen: tuple[str, ...]) -> dict[str, Any]:
        properties, required = flat.get("properties", {}), flat.get("required", [])
        together = flat.get("not", {}).get("required", [])  # not all of these at once: the first, or the required one
        forbidden = set(together) - set([k for k in together if k in required] or together[:1])
        out: dict[str, Any] = {}
        for key in [*properties, *(k for k in required if k not in properties)]:
            if key not in required and (not self._full or depth >= _FULL_DEPTH or key in forbidden):
                continue
            try:
                out[key] = self._value(properties.get(key, {}), depth + 1, seen)
            except Endless:
                if key in required:
                    raise
        extra = flat.get("additionalProperties")
        if isinstance(extra, dict) and extra and self._full:
            out["a_key"] = self._value(extra, depth + 1, seen)
        return out

    def _array(self, flat: Schema, depth: int, seen: tuple[str, ...]) -> list[Any]:
        least, most = flat.get("minItems", 0), flat.get("maxItems", 2)
        wanted = max(least, min(2, most)) if self._full and depth < _FULL_DEPTH else least
        out: list[Any] = []
        before = self._pick
        try:
            for index in range(wanted):
                self._pick = before + index  # neighbours differ where the items' schema is a union
                out.append(self._value(flat.get("items", {}), depth + 1, seen))
        except Endless:
            if len(out) < least:
                raise
        finally:
            self._pick = before
        return out

    def flat(self, schema: Schema) -> Schema:
        """Merge references and `allOf` into one schema; its unions stand in a list, all of them to be met."""
        own = {k: v for k, v in schema.items() if k not in ("$ref", "allOf", "anyOf")}
        out: Schema = {**own, "unions": [*own.get("unions", []), *([schema["anyOf"]] if "anyOf" in schema else [])]}
        if "$ref" in schema:
            out = merge(out, self.flat(self._document.schemas[schema["$ref"].removeprefix(SCHEMAS)]))
        for part in schema.get("allOf", ()):
            out = merge(out, self.flat(part))
        return out


def merge(a: Schema, b: Schema) -> Schema:
    """Merge two flat schemas that both hold; unions add up."""
    out = {**a, **b, "unions": [*a.get("unions", []), *b.get("unions", [])]}
    if "properties" in a and "properties" in b:
        out["properties"] = dict(a["properties"])
        for key, value in b["properties"].items():
            before = out["properties"].get(key)
            out["properties"][key] = value if before in (None, value) else {"allOf": [before, value]}
    if "required" in a and "required" in b:
        out["required"] = list(dict.fromkeys([*a["required"], *b["required"]]))
    if "enum" in a and "enum" in b:
        out["enum"] = [v for v in a["enum"] if v in b["enum"]]
    if a.get("additionalProperties") is False:
        out["additionalProperties"] = False
    return out


def _text(flat: Schema) -> str:
    text = _TEXTS.get(flat.get("pattern", ""), _TEXTS.get(flat.get("format", ""), "text"))
    return text.ljust(flat.get("minLength", 0), "x")[: flat.get("maxLength")]


def _number(flat: Schema, *, whole: bool) -> float:
    least = flat.get("exclusiveMinimum", flat.get("minimum"))
    most = flat.get("exclusiveMaximum", flat.get("maximum"))
    value: float = 3 if whole else 1.5
    if least is not None and value <= least:
        value = least + 1
    if most is not None and value >= most:
        value = most if whole else (most + (least or 0)) / 2
    return value
