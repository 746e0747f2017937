"""Values that are valid by the schemas of a document: required members always, others by chance."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from generator.document import pointer as pointers
from generator.document.media import is_bytes

Schema = Mapping[str, Any]

#: Below this depth, only what is required.
_DEPTH = 4
_DEEPEST = 24
_FORMATS = {
    "date": "2026-01-31", "date-time": "2026-01-31T12:00:00Z", "time": "12:00:00Z", "duration": "PT1H",
    "email": "user@example.com", "hostname": "example.com", "ipv4": "127.0.0.1", "ipv6": "::1",
    "uri": "https://example.com/", "url": "https://example.com/", "uuid": "123e4567-e89b-42d3-a456-426614174000",
    "byte": base64.b64encode(b"bytes").decode(), "uri-reference": "/a", "iri": "https://example.com/",
}  # fmt: skip
_WORDS = ("a", "Ab", "x-1", "two words", "ä/ö?&=#", "100%", "1")


class Values:
    """Make values by the schemas of one document. `files`: what is binary becomes bytes, else text."""

    def __init__(self, document: Mapping[str, Any], seed: int, *, optional: float = 0.3) -> None:
        self._document, self._random, self._optional = document, random.Random(seed), optional

    def of(self, schema: Any, *, files: bool = False, depth: int = 0) -> Any:
        """Return a value that a request can send for a schema."""
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            return "x"
        flat = self._flat(schema, depth)
        if "const" in flat:
            return flat["const"]
        if values := [v for v in flat.get("enum") or () if v is not None]:
            return self._random.choice(values)
        match self._kind(flat):
            case "object":
                return self._object(flat, files, depth)
            case "array":
                return self._array(flat, files, depth)
            case "integer":
                return int(self._number(flat, whole=True))
            case "number":
                return self._number(flat, whole=False)
            case "boolean":
                return self._random.random() < 0.5
            case "null":
                return None
            case "string":
                return self._string(flat, files=files)
        return "x"

    def chance(self, depth: int = 0) -> bool:
        """Return whether to give what is optional."""
        return depth < _DEPTH and self._random.random() < self._optional

    def one_of(self, found: Sequence[str]) -> str:
        """Return one of several."""
        return self._random.choice(found)

    def flat(self, schema: Any) -> Schema:
        """Return a schema with its references followed, and what it joins and chooses in one."""
        return self._flat(schema, 0) if isinstance(schema, Mapping) else {}

    def _flat(self, schema: Schema, depth: int) -> Schema:
        for _ in range(_DEEPEST):
            if "$ref" in schema:
                target = pointers.at(self._document, pointers.reference(str(schema["$ref"])))
                schema = _joined(_without(schema, "$ref"), target if isinstance(target, Mapping) else {})
            elif schema.get("allOf"):
                parts = schema["allOf"]
                schema = _without(schema, "allOf")
                for part in parts:
                    schema = _joined(schema, self._flat(part, depth + 1)) if isinstance(part, Mapping) else schema
            elif key := next((k for k in ("oneOf", "anyOf") if schema.get(k)), None):
                members = [m for m in schema[key] if isinstance(m, Mapping) and m.get("type") != "null"]
                # Near the bottom the first one, which is the shortest way out of most schemas that hold themselves.
                chosen = members[0] if depth > _DEPTH else self._random.choice(members or [{"type": "null"}])
                schema = _joined(_without(schema, key), self._tagged(schema, chosen))
            else:
                break
        return schema

    def _tagged(self, union: Schema, member: Schema) -> Schema:
        """Return a member of a union with the value of the discriminator that means it."""
        discriminator = union.get("discriminator")
        if not isinstance(discriminator, Mapping) or "$ref" not in member:
            return member
        name = str(member["$ref"]).rpartition("/")[2]
        mapping = discriminator.get("mapping") or {}
        tag = next((k for k, v in mapping.items() if str(v).rpartition("/")[2] == name), name)
        key = discriminator.get("propertyName", "")
        target = self._flat(member, 0)
        own = self._flat((target.get("properties") or {}).get(key) or {}, 0)
        if own.get("enum") or "const" in own:
            return member
        return _joined(target, {"properties": {key: {"type": "string", "enum": [tag]}}, "required": [key]})

    @staticmethod
    def _kind(schema: Schema) -> str:
        found = schema.get("type")
        if isinstance(found, list):
            found = next((one for one in found if one != "null"), "null")
        if found is None:
            found = "object" if "properties" in schema else "array" if "items" in schema else "string"
        return str(found)

    def _object(self, schema: Schema, files: bool, depth: int) -> dict[str, Any]:
        properties = {k: v for k, v in (schema.get("properties") or {}).items() if v is not False}
        required = [str(name) for name in schema.get("required") or ()]
        made: dict[str, Any] = {}
        for key, inner in properties.items():
            if self._flat(inner, depth).get("readOnly") is True if isinstance(inner, Mapping) else False:
                continue
            if key in required or self.chance(depth):
                made[key] = self.of(inner, files=files, depth=depth + 1)
        for key in required:
            if key not in properties:
                made[key] = self.of(schema.get("additionalProperties"), files=files, depth=depth + 1)
        least = int(schema.get("minProperties") or 0)
        for key, inner in properties.items():
            if len(made) < least and key not in made:
                made[key] = self.of(inner, files=files, depth=depth + 1)
        extra = schema.get("additionalProperties")
        if not properties and extra is not False and (least or self.chance(depth)):
            made |= {f"key{n}": self.of(extra, files=files, depth=depth + 1) for n in range(max(1, least))}
        return made

    def _array(self, schema: Schema, files: bool, depth: int) -> list[Any]:
        least = int(schema.get("minItems") or 0)
        most = int(schema.get("maxItems", least + 2))
        count = min(max(least, self._random.randint(1, 2) if depth <= _DEPTH else least), most)
        items = [self.of(schema.get("items") or {}, files=files, depth=depth + 1) for _ in range(count)]
        if schema.get("uniqueItems"):
            items = [item for index, item in enumerate(items) if item not in items[:index]]
        return items

    def _number(self, schema: Schema, *, whole: bool) -> float:
        low: Any = schema.get("minimum")
        high: Any = schema.get("maximum")
        if (over := schema.get("exclusiveMinimum")) is not None and over is not False:  # 0 is equal to False
            low = (low if over is True else over) + (1 if whole else 0.5)
        if (under := schema.get("exclusiveMaximum")) is not None and under is not False:
            high = (high if under is True else under) - (1 if whole else 0.5)
        low = low if low is not None else (0 if high is None or high >= 0 else high - 10)
        high = high if high is not None else low + 100
        step = schema.get("multipleOf")
        if step:
            return -(-low // step) * step  # type: ignore[no-any-return]  # numbers of JSON
        return self._random.randint(int(low), max(int(low), int(high))) if whole else float(low)

    def _string(self, schema: Schema, *, files: bool) -> Any:
        kind = schema.get("format")
        if is_bytes(schema):
            return b"\x89bytes" if files else "bytes"
        least, most = int(schema.get("minLength") or 0), int(schema.get("maxLength", 1_000_000))
        if pattern := schema.get("pattern"):
            return _matching(str(pattern), least, most)
        text = _FORMATS.get(str(kind)) or self._random.choice(_WORDS)
        return text[:most] + "x" * (least - len(text[:most]))


_CANDIDATES = ("a", "A", "0", "1", "abc", "ABC", "a1", "A1", "12345", "a-b", "1.0", "#a0b1c2", "arn:aws:a:b:c", "/a")


@cache
def _matching(pattern: str, least: int, most: int) -> str:
    """Return a str that matches a pattern, "x" where none is found."""
    from hypothesis import Phase, find, settings  # here: few documents have such patterns
    from hypothesis.errors import HypothesisException
    from hypothesis.strategies import from_regex

    def fits(text: str) -> bool:
        return least <= len(text) <= most and text.isprintable() and text not in ("", ".", "..")

    try:
        rule = re.compile(pattern, re.ASCII)
        for one in _CANDIDATES:
            for text in (one, one + one[-1] * (least - len(one))):
                if fits(text) and rule.search(text):
                    return text
        once = settings(max_examples=50, database=None, deadline=None, phases=[Phase.generate])
        return find(from_regex(rule), fits, settings=once)
    except (HypothesisException, re.error, NotImplementedError):
        return "x" * max(1, min(least, most))


def _joined(one: Schema, other: Schema) -> Schema:
    """Return what satisfies both schemas, as far as a value needs it."""
    found = {**one, **other}
    if "properties" in one and "properties" in other:
        found["properties"] = {**one["properties"], **other["properties"]}
        for key in one["properties"].keys() & other["properties"].keys():
            a, b = one["properties"][key], other["properties"][key]
            if isinstance(a, Mapping) and isinstance(b, Mapping) and a != b:
                found["properties"][key] = {"allOf": [a, b]}
    if "required" in one and "required" in other and isinstance(one["required"], list):
        found["required"] = [*one["required"], *other["required"]]
    if "enum" in one and "enum" in other:
        found["enum"] = [v for v in one["enum"] if v in other["enum"]] or one["enum"]
    for choices in ("oneOf", "anyOf"):
        if choices in one and choices in other:
            found["allOf"] = [{choices: one[choices]}, {choices: other[choices]}]
            del found[choices]
    return found


def _without(schema: Schema, key: str) -> Schema:
    return {name: value for name, value in schema.items() if name != key}
