"""Build a value that is valid by a JSON schema."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_DEPTH = 6
_FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "PT1H",
    "email": "user@example.com",
    "hostname": "example.com",
    "ipv4": "127.0.0.1",
    "ipv6": "::1",
    "uri": "https://example.com/",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
}
# Strings to try for a schema with a pattern; to generate one for any pattern would need a library.
_CANDIDATES = (
    "a",
    "A",
    "Aa",
    "0",
    "1",
    "12",
    "123",
    "12345",
    "abc",
    "ABC",
    "a1",
    "A1",
    "AAA-000",
    "#a0b1c2",
    "1.0",
    "",
)

Schema = Mapping[str, Any]


def example(schema: Any, *, likely: bool = False) -> Any:
    """Return a value that is valid by a JSON schema; `likely` takes the document's examples, which may not be valid."""
    made = Example(schema)
    made.likely = likely
    return made.made()


class Example:
    """Make a value by a schema. A class below may prefer `words` and `numbers` of its own, where they are valid."""

    likely = False
    words: Sequence[str] = ()
    numbers: Sequence[float] = ()

    def __init__(self, schema: Any) -> None:
        self.root: Schema = schema if isinstance(schema, Mapping) else {}

    def made(self) -> Any:
        """Return the value."""
        return self.value(self.root, "", 0)

    def text(self, name: str) -> str:
        """Return the text for a property."""
        return name

    def value(self, schema: Any, name: str, depth: int) -> Any:
        """Return the value for the schema of a property."""
        # A schema that requires itself endlessly has no valid value: stop at some depth.
        if not isinstance(schema, Mapping) or depth > 4 * _DEPTH:
            return name
        schema = self._flat(schema, depth)
        if "const" in schema:
            return schema["const"]
        if self.likely and "example" in schema:
            return schema["example"]
        if "default" in schema:
            return schema["default"]
        if schema.get("enum"):
            return schema["enum"][0]
        match _type(schema):
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, name, depth)
            case "integer" | "number" as number:
                return self._number(schema, whole=number == "integer")
            case "boolean":
                return True
            case "null":
                return None
            case _:
                return self._string(schema, name)

    def _flat(self, schema: Schema, depth: int) -> Schema:
        """Resolve references, merge `allOf`, and choose one of `anyOf` and `oneOf`."""
        for _ in range(32):
            if "$ref" in schema:
                schema = _merge(_without(schema, "$ref"), self._resolve(str(schema["$ref"])))
            elif "allOf" in schema:
                parts: Sequence[Schema] = schema["allOf"]
                schema = _without(schema, "allOf")
                for part in parts:  # each on its own: two references would be one key
                    if isinstance(part, Mapping) and depth <= 4 * _DEPTH:
                        schema = _merge(schema, self._flat(part, depth + 1))
            elif key := next((key for key in ("anyOf", "oneOf") if schema.get(key)), None):
                options = [option for option in schema[key] if isinstance(option, Mapping)]
                null = [option for option in options if option.get("type") == "null"]
                other = [option for option in options if option.get("type") != "null"]
                # At some depth, null ends a recursive schema.
                candidates = null + other if depth > _DEPTH else other + null
                schema = _merge(_without(schema, key), candidates[0] if candidates else {})
            else:
                break
        return schema

    def _resolve(self, ref: str) -> Schema:
        target: Any = self.root
        for token in ref.removeprefix("#").strip("/").split("/"):
            if token:
                key = token.replace("~1", "/").replace("~0", "~")
                target = target.get(key, {}) if isinstance(target, Mapping) else {}
        return target if isinstance(target, Mapping) else {}

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        properties: Mapping[str, Any] = schema.get("properties") or {}
        required = [str(name) for name in schema.get("required") or ()]
        names = [name for name in properties if name in required or depth <= 2]
        built = {name: self.value(properties[name], name, depth + 1) for name in names}
        for name in required:
            built.setdefault(name, self.value(schema.get("additionalProperties"), name, depth + 1))
        return built

    def _array(self, schema: Schema, name: str, depth: int) -> list[Any]:
        fixed = [self.value(item, name, depth + 1) for item in schema.get("prefixItems") or ()]
        least = int(schema.get("minItems", 0))
        count = min(max(least, 1 if depth <= _DEPTH else 0), int(schema.get("maxItems", 1_000)))
        if schema.get("items") is False:
            return fixed
        items = fixed + [self.value(schema.get("items"), name, depth + 1) for _ in range(count - len(fixed))]
        if schema.get("uniqueItems"):
            items = [item if not index else _vary(item, index) for index, item in enumerate(items)]
        return items

    def _number(self, schema: Schema, *, whole: bool) -> float:
        step = float(schema.get("multipleOf") or 1)
        low = max(float(schema.get("minimum", "-inf")), float(schema.get("exclusiveMinimum", "-inf")))
        high = min(float(schema.get("maximum", "inf")), float(schema.get("exclusiveMaximum", "inf")))
        base = low if low > float("-inf") else (high if high < float("inf") else 0.0)
        steps = (base // step) * step
        middle = [(low + high) / 2] if float("-inf") < low and high < float("inf") and not whole else []
        for number in (*self.numbers, 1.0, steps, steps + step, steps - step, steps + 2 * step, *middle):
            if _allowed(schema, number, whole=whole):
                return int(number) if number.is_integer() else number
        return 0

    def _string(self, schema: Schema, name: str) -> str:
        least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", 1_000))
        if (known := _FORMATS.get(str(schema.get("format")))) is not None:
            return known
        text = self.text(name)
        if pattern := str(schema.get("pattern", "")):
            for candidate in (text, *self.words, name, *_CANDIDATES):
                if least <= len(candidate) <= most and _matches(pattern, candidate):
                    return candidate
        return text[:most] + "x" * (least - len(text[:most]))


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text) is not None
    except re.error:
        # Python does not support all patterns of ECMA-262; no candidate matches such a pattern.
        return False


def _type(schema: Schema) -> str:
    found = schema.get("type")
    if isinstance(found, list):
        found = next((one for one in found if one != "null"), "null")
    if found is None:
        found = (
            "object" if "properties" in schema or "required" in schema else "array" if "items" in schema else "string"
        )
    return str(found)


def _allowed(schema: Schema, number: float, *, whole: bool) -> bool:
    return (
        (not whole or number.is_integer())
        and number >= float(schema.get("minimum", "-inf"))
        and number <= float(schema.get("maximum", "inf"))
        and number > float(schema.get("exclusiveMinimum", "-inf"))
        and number < float(schema.get("exclusiveMaximum", "inf"))
        and (number / float(schema.get("multipleOf") or number or 1)).is_integer()
    )


def _merge(one: Schema, two: Schema) -> Schema:
    return {
        **one,
        **two,
        **(
            {"properties": {**one["properties"], **two["properties"]}}
            if "properties" in one and "properties" in two
            else {}
        ),
        **({"required": [*one["required"], *two["required"]]} if "required" in one and "required" in two else {}),
    }


def _without(schema: Schema, key: str) -> Schema:
    return {name: value for name, value in schema.items() if name != key}


def _vary(item: Any, index: int) -> Any:
    if isinstance(item, str):
        return f"{item}{index}"
    if isinstance(item, (int, float)) and not isinstance(item, bool):
        return item + index
    return item
