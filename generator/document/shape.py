"""The shape of an OpenAPI document: which key of which object holds what.

A property called `description` is a schema and an example called `$ref` is a value: what a key means depends on the
object around it. So nothing here goes by a key alone; every walk follows this one table.
Source: OpenAPI 3.0.4 and 3.1.1, section 4; JSON Schema 2020-12.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from generator.document import pointer

Path = tuple["Path", str | int] | None
"""A place as a linked list, last token outside: cheap to make for each of 100,000 nodes, written out only in errors."""

Form = Literal["one", "list", "map", "sorted"]

METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace", "query")
#: Headers that no parameter describes (OpenAPI 3.1.1, section 4.8.12.2.1), or that describe how the body is sent.
UNSENT = frozenset({"accept", "content-type", "authorization", "content-length", "transfer-encoding"})

_PARAMETER = {
    "$ref": "",
    "name": "",
    "in": "",
    "required": "",
    "deprecated": "",
    "description": "",
    "style": "",
    "explode": "",
    "allowReserved": "",
    "schema": "schema",
    "content": "{media_type}",
    "example": "",
    "examples": "",
}

# Kind of object -> its keys in canonical order -> what is inside: "" a plain value, "kind" one object, "[kind]" an
# array, "{kind}" a map whose order means something, "<kind>" a map sorted by key. "*" is every other key.
SHAPES: dict[str, dict[str, str]] = {
    "document": {
        "openapi": "",
        "info": "info",
        "jsonSchemaDialect": "",
        "servers": "[server]",
        "security": "",
        "tags": "[tag]",
        "paths": "<path_item>",
        "webhooks": "<path_item>",
        "components": "components",
        "externalDocs": "",
    },
    "info": {"title": "", "summary": "", "description": "", "version": "", "termsOfService": "", "contact": ""},
    "server": {"url": "", "description": "", "variables": "{variable}"},
    "variable": {"enum": "", "default": "", "description": ""},
    "tag": {"name": "", "description": "", "externalDocs": ""},
    "components": {
        "schemas": "<schema>",
        "responses": "<response>",
        "parameters": "<parameter>",
        "examples": "",
        "requestBodies": "<request_body>",
        "headers": "<header>",
        "securitySchemes": "<security_scheme>",
        "links": "<link>",
        "callbacks": "<callback>",
        "pathItems": "<path_item>",
    },
    "path_item": {
        "$ref": "",
        "summary": "",
        "description": "",
        "servers": "[server]",
        "parameters": "[parameter]",
        **dict.fromkeys(METHODS, "operation"),
    },
    "operation": {
        "operationId": "",
        "tags": "",
        "summary": "",
        "description": "",
        "deprecated": "",
        "externalDocs": "",
        "security": "",
        "servers": "[server]",
        "parameters": "[parameter]",
        "requestBody": "request_body",
        "responses": "<response>",
        "callbacks": "<callback>",
    },
    "parameter": _PARAMETER,
    "header": _PARAMETER,
    "request_body": {"$ref": "", "description": "", "required": "", "content": "{media_type}"},
    "media_type": {"schema": "schema", "itemSchema": "schema", "encoding": "<encoding>", "example": "", "examples": ""},
    "encoding": {"contentType": "", "headers": "<header>", "style": "", "explode": "", "allowReserved": ""},
    "response": {
        "$ref": "",
        "description": "",
        "headers": "<header>",
        "content": "{media_type}",
        "links": "<link>",
    },
    "link": {
        "$ref": "",
        "operationId": "",
        "operationRef": "",
        "parameters": "",
        "requestBody": "",
        "server": "server",
    },
    "callback": {"$ref": "", "*": "path_item"},
    "security_scheme": {"$ref": "", "type": "", "scheme": "", "in": "", "name": "", "bearerFormat": ""},
    "schema": {
        "$ref": "",
        "$id": "",
        "$anchor": "",
        "$recursiveAnchor": "",
        "$recursiveRef": "",
        "$dynamicAnchor": "",
        "$dynamicRef": "",
        "title": "",
        "description": "",
        "deprecated": "",
        "type": "",
        "nullable": "",
        "format": "",
        "enum": "",
        "const": "",
        "default": "",
        "discriminator": "",
        "allOf": "[schema]",
        "anyOf": "[schema]",
        "oneOf": "[schema]",
        "not": "schema",
        "properties": "{schema}",
        "patternProperties": "{schema}",
        "additionalProperties": "schema",
        "required": "",
        "items": "schema",
        "prefixItems": "[schema]",
        "readOnly": "",
        "writeOnly": "",
        "contains": "schema",
        "propertyNames": "schema",
        "unevaluatedItems": "schema",
        "unevaluatedProperties": "schema",
        "if": "schema",
        "then": "schema",
        "else": "schema",
        "contentSchema": "schema",
        "dependentSchemas": "<schema>",
        "$defs": "<schema>",
        "definitions": "<schema>",
        "example": "",
        "examples": "",
    },
}

RANKS = {kind: {key: rank for rank, key in enumerate(shape)} for kind, shape in SHAPES.items()}
"""Kind of object -> key -> its place in the canonical order."""

_FORMS: dict[str, Form] = {"[": "list", "{": "map", "<": "sorted"}


def _read(text: str) -> tuple[Form, str]:
    form = _FORMS.get(text[0])
    return ("one", text) if form is None else (form, text[1:-1])


CHILDREN: dict[str, dict[str, tuple[Form, str]]] = {
    kind: {key: _read(text) for key, text in shape.items() if text} for kind, shape in SHAPES.items()
}
"""Kind of object -> key -> (form, kind) of the objects under it; keys with plain values are left out."""


def below(kind: str, key: str) -> tuple[Form, str] | None:
    """Return what is under `key` of an object of this kind; None for a plain value (extensions are plain)."""
    known = CHILDREN[kind].get(key)
    if known is not None or key in SHAPES[kind] or key.startswith("x-"):
        return known
    if kind == "path_item":
        return ("one", "operation") if is_method(key) else None
    return CHILDREN[kind].get("*")


def is_method(key: str) -> bool:
    """Return whether a key of a path item is a method: a known one, or, in capitals, any other."""
    return key in METHODS or (key.isascii() and key.isupper() and key.isprintable() and " " not in key)


def methods(item: Mapping[str, Any]) -> list[str]:
    """Return the methods of a path item: the known ones in their order, then others."""
    others = [key for key, value in item.items() if key not in METHODS and is_method(key) and isinstance(value, dict)]
    return [*(method for method in METHODS if method in item), *others]


def objects(data: dict[str, Any]) -> Iterator[tuple[Path, str, dict[str, Any]]]:
    """Yield every object that OpenAPI or JSON Schema gives a meaning to, with its place and kind, in document order."""
    stack: list[tuple[Path, str, Any]] = [(None, "document", data)]
    while stack:
        path, kind, value = stack.pop()
        if not isinstance(value, dict):
            # Boolean schemas, and `items` as an array of schemas in older dialects.
            if isinstance(value, list):
                stack += [((path, index), kind, item) for index, item in reversed(list(enumerate(value)))]
            continue
        yield path, kind, value
        found: list[tuple[Path, str, Any]] = []
        for key, inside in value.items():
            if not isinstance(inside, dict | list) or (form := below(kind, key)) is None:
                continue
            here: Path = (path, key)
            if form[0] == "one" or isinstance(inside, list):
                found.append((here, form[1], inside))
            elif form[0] == "list":
                continue  # an object where an array belongs: the validation reports it
            else:
                found += [((here, name), form[1], item) for name, item in inside.items() if _named(form[1], name)]
        stack += reversed(found)


def _named(kind: str, name: str) -> bool:
    """Return whether a map's key names an object: `x-...` beside paths and status codes is an extension."""
    return kind not in ("path_item", "response", "callback") or not name.startswith("x-")


def written(path: Path) -> str:
    """Write a place as a JSON pointer."""
    tokens: list[str | int] = []
    while path is not None:
        path, token = path
        tokens.append(token)
    return pointer.join(reversed(tokens))


def counts(data: Mapping[str, Any]) -> dict[str, int]:
    """Count the paths, operations, schemas and webhooks of a document."""
    paths = {name: item for name, item in (data.get("paths") or {}).items() if not name.startswith("x-")}
    return {
        "paths": len(paths),
        "operations": sum(len(methods(item)) for item in paths.values()),
        "schemas": len((data.get("components") or {}).get("schemas") or {}),
        "webhooks": len(data.get("webhooks") or {}),
    }
