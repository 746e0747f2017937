"""Convert the schemas and the parameters of Swagger 2.0, which are almost those of OpenAPI 3.0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Where what is referred to is in OpenAPI 3.0.
_MOVED = {
    "#/definitions/": "#/components/schemas/",
    "#/parameters/": "#/components/parameters/",
    "#/responses/": "#/components/responses/",
}
#: What a parameter has besides its schema.
_NO_SCHEMA = frozenset({"name", "in", "description", "required", "allowEmptyValue", "collectionFormat", "schema"})
#: collectionFormat → style and explode of a query (OpenAPI 3.0.4, section 4.8.12.3); a tab has no style.
_STYLES: Mapping[str, tuple[str, bool]] = {
    "csv": ("form", False),
    "ssv": ("spaceDelimited", False),
    "pipes": ("pipeDelimited", False),
    "multi": ("form", True),
}
#: Keys of a schema whose values are no schemas.
_VALUES = frozenset({"default", "enum", "example", "examples", "const"})
_NAMED = frozenset({"properties", "patternProperties", "definitions"})


def rewritten(value: Any, *, named: bool = False) -> Any:
    """Return a schema, or anything with references, in the form of OpenAPI 3.0; `named`: a map of schemas."""
    if isinstance(value, list):
        return [rewritten(one) for one in value]
    if not isinstance(value, dict):
        return value
    if named:
        return {name: rewritten(one) for name, one in value.items()}
    found: dict[str, Any] = {}
    for key, inside in value.items():
        if key == "$ref" and isinstance(inside, str):
            found[key] = _moved(inside)
        elif key in _VALUES or key.startswith("x-"):
            found[key] = inside
        elif key == "discriminator" and isinstance(inside, str):
            found[key] = {"propertyName": inside}
        else:
            found[key] = rewritten(inside, named=key in _NAMED)
    if found.get("x-nullable") is True or found.get("x-isnullable") is True:
        if "$ref" in found:  # whose siblings OpenAPI 3.0 ignores
            found = {"allOf": [{"$ref": found["$ref"]}]}
        found["nullable"] = True
    if isinstance(found.get("type"), list):
        types = [one for one in found["type"] if one != "null"]
        if len(types) < len(found["type"]):
            found["nullable"] = True
        if len(types) == 1:
            found["type"] = types[0]
        else:
            del found["type"]
    if found.get("type") == "file":
        found |= {"type": "string", "format": "binary"}
    return found


def _moved(reference: str) -> str:
    for old, new in _MOVED.items():
        if old in reference:  # also behind the name of a file that is Swagger itself
            head, _, tail = reference.partition(old)
            return f"{head}{new}{tail}" if not head else reference
    return reference


def parameter_schema(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter, a header or a field of a form, whose keys are beside its name."""
    schema = {key: value for key, value in raw.items() if key not in _NO_SCHEMA and not key.startswith("x-")}
    if raw.get("x-nullable") is True:
        schema["x-nullable"] = True
    found: dict[str, Any] = rewritten(schema)
    _drop_formats(found)
    return found


def _drop_formats(schema: dict[str, Any]) -> None:
    """Remove the separators of arrays in arrays, which OpenAPI 3.0 cannot say."""
    items = schema.get("items")
    if isinstance(items, dict):
        items.pop("collectionFormat", None)
        _drop_formats(items)


def style_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return style and explode of an array; {} where the default of OpenAPI 3.0 is meant, or the value is no array."""
    if raw.get("type") != "array":
        return {}
    if raw.get("in") in ("path", "header"):
        return {"style": "simple", "explode": False}
    style, explode = _STYLES.get(str(raw.get("collectionFormat", "csv")), ("form", False))
    return {"style": style, "explode": explode}
