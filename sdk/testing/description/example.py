"""Make a value that is valid by a JSON schema, for the arguments of tool calls and for structured output."""

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
# What to try where a schema wants a pattern: matching one in general would need a generator of its own.
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


def example(schema: Any, prompt: str) -> Any:
    """Return a value valid by a JSON schema, with its strings and numbers taken from the prompt where they fit."""
    root = schema if isinstance(schema, Mapping) else {}
    return _Example(root, prompt).value(root, "", 0)


class _Example:
    def __init__(self, root: Schema, prompt: str) -> None:
        self.root = root
        self.prompt = prompt
        self.words: list[str] = re.findall(r"\w[\w.'-]*", prompt)

    def value(self, schema: Any, name: str, depth: int) -> Any:
        # A schema that requires itself without end has no valid value at all: stop somewhere.
        if not isinstance(schema, Mapping) or depth > 4 * _DEPTH:
            return name
        schema = self._flat(schema, depth)
        if "const" in schema:
            return schema["const"]
        if "default" in schema:
            return schema["default"]
        if schema.get("enum"):
            return schema["enum"][0]
        match _type(schema):
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, name, depth)
            case "integer" | "number" as kind:
                return self._number(schema, whole=kind == "integer")
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
                for part in parts:
                    schema = _merge(schema, part)
            elif key := next((key for key in ("anyOf", "oneOf") if schema.get(key)), None):
                options = [option for option in schema[key] if isinstance(option, Mapping)]
                null = [option for option in options if option.get("type") == "null"]
                other = [option for option in options if option.get("type") != "null"]
                # Deep down a null ends what refers to itself.
                best = null + other if depth > _DEPTH else other + null
                schema = _merge(_without(schema, key), best[0] if best else {})
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
        made = {name: self.value(properties[name], name, depth + 1) for name in names}
        for name in required:
            made.setdefault(name, self.value(schema.get("additionalProperties"), name, depth + 1))
        return made

    def _array(self, schema: Schema, name: str, depth: int) -> list[Any]:
        fixed = [self.value(item, name, depth + 1) for item in schema.get("prefixItems") or ()]
        least = int(schema.get("minItems", 0))
        count = min(max(least, 1 if depth <= _DEPTH else 0), int(schema.get("maxItems", 1_000)))
        if schema.get("items") is False:
            return fixed
        made = fixed + [self.value(schema.get("items"), name, depth + 1) for _ in range(count - len(fixed))]
        if schema.get("uniqueItems"):
            made = [item if not index else _other(item, index) for index, item in enumerate(made)]
        return made

    def _number(self, schema: Schema, *, whole: bool) -> float:
        found = [float(text) for text in re.findall(r"(?<![\w.])-?\d{1,15}(?:\.\d{1,15})?(?![\w])", self.prompt)]
        step = float(schema.get("multipleOf") or 1)
        low = max(float(schema.get("minimum", "-inf")), float(schema.get("exclusiveMinimum", "-inf")))
        high = min(float(schema.get("maximum", "inf")), float(schema.get("exclusiveMaximum", "inf")))
        base = low if low > float("-inf") else (high if high < float("inf") else 0.0)
        steps = (base // step) * step
        middle = [(low + high) / 2] if float("-inf") < low and high < float("inf") and not whole else []
        for number in (*found, 1.0, steps, steps + step, steps - step, steps + 2 * step, *middle):
            if _allowed(schema, number, whole=whole):
                return int(number) if number.is_integer() else number
        return 0

    def _string(self, schema: Schema, name: str) -> str:
        least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", 1_000))
        if (known := _FORMATS.get(str(schema.get("format")))) is not None:
            return known
        said = self._said(name)
        if pattern := str(schema.get("pattern", "")):
            for candidate in (said, *self.words, name, *_CANDIDATES):
                if least <= len(candidate) <= most and _matches(pattern, candidate):
                    return candidate
        return said[:most] + "x" * (least - len(said[:most]))

    def _said(self, name: str) -> str:
        """Find what the prompt says for a name: `name=this`, 'this' in quotes, or else its last name or word."""
        if name and (given := re.search(rf"\b{re.escape(name)}\s*(?:=|:| is )\s*[\"']?([^\s\"',;]+)", self.prompt)):
            return str(given[1]).rstrip(".!?")
        if quoted := re.search(r"\"([^\"]+)\"", self.prompt):
            return str(quoted[1])
        # A name is what most tools want: the last capital that does not just begin the prompt.
        names = [word for word in self.words[1:] if word[0].isupper()]
        return [name, *self.words[-1:], *names[-1:]][-1].rstrip(".'-")


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text) is not None
    except re.error:
        # ECMA-262 has patterns that Python has not; such a one is not met.
        return False


def _type(schema: Schema) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    if kind is None:
        kind = (
            "object" if "properties" in schema or "required" in schema else "array" if "items" in schema else "string"
        )
    return str(kind)


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


def _other(item: Any, index: int) -> Any:
    if isinstance(item, str):
        return f"{item}{index}"
    if isinstance(item, (int, float)) and not isinstance(item, bool):
        return item + index
    return item
