"""What OpenAPI 3.2 writes in another way than the versions before it, read as they have it.

Source: OpenAPI 3.2.0, sections 4.9 (Path Item Object), 4.12 (Parameter Object) and 4.14 (Media Type Object).
"""

from __future__ import annotations

import copy
from typing import Any

from generator.document import pointer as pointers
from generator.document import shape
from generator.document.media import FORM, essence


def read_as_before(data: dict[str, Any]) -> None:
    """Change a document in place: other methods, shared media types, whole queries, and streams by their items."""
    for _, kind, value in list(shape.objects(data)):
        if kind == "path_item":
            _lift_methods(value)
    for _, kind, value in list(shape.objects(data)):
        if kind == "media_type":
            _inline_media_type(data, value)
            _lift_item_schema(value)
            _name_examples(value)
        if kind in ("path_item", "operation") and isinstance(value.get("parameters"), list):
            value["parameters"][:] = [one for p in value["parameters"] for one in _spread_query(data, p)]
    shared = (data.get("components") or {}).get("parameters")
    if isinstance(shared, dict):
        for name in [name for name, one in shared.items() if _spread_query(data, one) != [one]]:
            del shared[name]  # its parts are where it was referred to


def _lift_methods(item: dict[str, Any]) -> None:
    """Put operations of other methods (`additionalOperations`) beside those of the known ones."""
    others = item.pop("additionalOperations", None)
    for method, operation in others.items() if isinstance(others, dict) else ():
        item.setdefault(str(method).upper(), operation)


def _inline_media_type(data: dict[str, Any], media: dict[str, Any]) -> None:
    if "$ref" not in media:
        return
    target: Any = pointers.at(data, pointers.reference(str(media["$ref"])))
    if isinstance(target, dict):
        del media["$ref"]
        media |= copy.deepcopy(target)


def _lift_item_schema(media: dict[str, Any]) -> None:
    """Read the schema of the items of a stream (`itemSchema`) as that of the stream.

    The data of an event that is JSON in a string has the schema of that JSON.
    """
    item = media.pop("itemSchema", None)
    if not isinstance(item, dict):
        return
    properties = item.get("properties")
    inside = properties.get("data") if isinstance(properties, dict) else None
    if isinstance(inside, dict) and isinstance(inside.get("contentSchema"), dict):
        item = {**item, "properties": {**item["properties"], "data": inside["contentSchema"]}}
    media.setdefault("schema", item)


def _name_examples(media: dict[str, Any]) -> None:
    examples = media.get("examples")
    for example in examples.values() if isinstance(examples, dict) else ():
        if isinstance(example, dict) and "dataValue" in example:
            example.setdefault("value", example["dataValue"])


def _spread_query(data: dict[str, Any], declared: Any) -> list[Any]:
    """Return the parameters that a whole query (`in: querystring`) is made of: a form has one for each property."""
    parameter = _followed(data, declared)
    content = parameter.get("content") if isinstance(parameter, dict) else None
    if not isinstance(content, dict) or parameter.get("in") != "querystring":
        return [declared]
    media: Any = next((media for kind, media in content.items() if essence(kind) == FORM), {})
    schema: Any = _followed(data, media.get("schema")) if isinstance(media, dict) else None
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(properties, dict):
        return [declared]
    encodings, required = media.get("encoding") or {}, schema.get("required") or ()
    styles = ("style", "explode", "allowReserved")
    return [
        {
            "name": name, "in": "query", "required": bool(parameter.get("required")) and name in required,
            **{key: encodings[name][key] for key in styles if key in (encodings.get(name) or {})}, "schema": one,
        }
        for name, one in properties.items()
    ]  # fmt: skip


def _followed(data: dict[str, Any], value: Any) -> Any:
    """Follow the references of a value; those that lead nowhere, or in a circle, are a later stage's to report."""
    seen: list[str] = []
    while isinstance(value, dict) and isinstance(ref := value.get("$ref"), str) and ref not in seen:
        seen.append(ref)
        value = pointers.at(data, pointers.reference(ref))
    return value
