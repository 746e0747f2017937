"""The differ against changes at random places of the pinned document: from its text to the row of the report."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cached_property
from typing import Any

import pytest

from generator.compare.diff import compare
from generator.compare.surface import REPLY, REQUEST, Surface, surface
from generator.render import build_api

from .. import whole
from ..mini import quiet

_TIMES, _PATHS = 3, 12
Row = tuple[str, str, str, bool]


class Excerpt:
    """Some paths of the pinned document, taken at random, with the schemas that they lead to, and what they offer."""

    def __init__(self, chance: random.Random) -> None:
        document = whole.corrected()
        components = document["components"]
        # Without what is accepted in their place, and how to wait: those name other schemas, and operations.
        schemas = {
            name: {key: value for key, value in schema.items() if key not in ("x-sdk-accepts", "x-sdk-wait")}
            for name, schema in components["schemas"].items()
        }
        chosen = set(chance.sample(sorted(document["paths"]), _PATHS))
        paths = {path: item for path, item in document["paths"].items() if path in chosen}
        kept, todo = set[str](), set(_names_in([paths, components["responses"]]))
        while todo:
            kept.add(name := todo.pop())
            todo |= set(_names_in(schemas[name])) - kept
        self.data = {name: value for name, value in document.items() if name not in ("webhooks", "x-sdk-websocket")}
        self.data["paths"] = paths
        self.data["components"] = {**components, "schemas": {n: s for n, s in schemas.items() if n in kept}}
        self.offers = _surface(self.data)

    @cached_property
    def parts_of_allof(self) -> set[str]:
        """The names of schemas that others hold, so that a change of one is a change of several classes."""
        parts = [part for node in _objects(self.data) for part in node.get("allOf", ())]
        return {part["$ref"].rpartition("/")[2] for part in parts if "$ref" in part}


def _objects(root: Any) -> Iterator[dict[str, Any]]:
    todo = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            yield node
            todo.extend(node.values())
        elif isinstance(node, list):
            todo.extend(node)


def _names_in(root: Any) -> Iterator[str]:
    """Yield the schemas that a part of the document refers to: in references and in mappings."""
    for node in _objects(root):
        for value in node.values():
            if isinstance(value, str) and value.startswith("#/components/schemas/"):
                yield value.rpartition("/")[2]


def _surface(data: Any) -> Surface:
    return surface(build_api(data, quiet()), "a document", data)


# -- places ----------------------------------------------------------------------------------------------------------


def _parameters(was: Excerpt, data: Any) -> Iterator[tuple[str, list[Any], Any]]:
    """Give each optional parameter that stands in an operation, with the operation's name and its list."""
    named = {(o.method.lower(), o.path): n for n, o in was.offers.operations.items()}
    for path, item in data["paths"].items():
        for method, operation in item.items():
            for parameter in operation.get("parameters", ()) if isinstance(operation, dict) else ():
                plain = parameter.get("in") == "query" and parameter.get("schema", {}).get("type") in (
                    "string",
                    "integer",
                )
                if plain and not parameter.get("required") and (method, path) in named:
                    yield named[method, path], operation["parameters"], parameter


def _properties(was: Excerpt, data: Any) -> Iterator[tuple[str, Any, str]]:
    """Give the name, the schema and a key of each plain optional property, where one schema alone has it.

    Bodies of several content types are left out: their arguments are those of all of them.
    """
    parts = was.parts_of_allof.union(*(o.bodies for o in was.offers.operations.values() if len(o.bodies) > 1))
    for name, schema in data["components"]["schemas"].items():
        if schema.get("type") != "object" or "allOf" in schema or name in parts or name not in was.offers.models:
            continue
        for key, value in schema.get("properties", {}).items():
            plain = value.get("type") in ("string", "integer", "boolean") and not any(k.startswith("x-") for k in value)
            if plain and key not in schema.get("required", ()) and key != "stream":
                yield name, schema, key


def _rows(was: Excerpt, name: str, key: str, what: str, *, request: bool, reply: bool, kind: str = "") -> list[Row]:
    """Return the rows for a field: one for the class, where the API uses it, and one for each argument made of it."""
    model = was.offers.models[name]
    arguments = [n for n, o in was.offers.operations.items() if name in o.bodies]
    rows = [(kind or "argument", f"{n}.{key}", what, request) for n in arguments]
    if model.sides or not arguments:
        breaking = (request and REQUEST in model.sides) or (reply and REPLY in model.sides)
        rows.append((kind or "field", f"{name}.{key}", what, breaking))
    return rows


# -- changes ---------------------------------------------------------------------------------------------------------

Change = Callable[[Excerpt, Any, random.Random], list[Row]]


def add_operation(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    known = data["components"]["schemas"].keys()
    reply = chance.choice(
        sorted(n for n, m in was.offers.models.items() if m.fields and REPLY in m.sides and n in known)
    )
    media = {"application/json": {"schema": {"$ref": f"#/components/schemas/{reply}"}}}
    responses = {"200": {"description": "OK", "content": media}}
    data["paths"]["/brand_new/{id}"] = {
        "get": {
            "operationId": "brandNew",
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "responses": responses,
        }
    }
    return [("operation", "brand_new.retrieve", "added", False)]


def remove_operation(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    """Of those that bring no class of their own. What no other operation uses goes with it."""
    places = tuple(m.place for m in was.offers.models.values())
    alone = [
        (n, o)
        for n, o in sorted(was.offers.operations.items())
        if "?" not in o.path and not any(p.startswith(o.place) for p in places)
    ]
    name, operation = chance.choice(alone)
    del data["paths"][operation.path][operation.method.lower()]
    unused = was.offers.models.keys() - _surface(data).models.keys()
    return [("operation", name, "removed", True), *(("model", model, "removed", True) for model in unused)]


def rename_operation(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    name, operation = chance.choice([(n, o) for n, o in sorted(was.offers.operations.items()) if "?" not in o.path])
    data["paths"][operation.path][operation.method.lower()]["x-sdk-name"] = "brand_new.verb"
    return [("operation", name, "renamed", True)]


def remove_parameter(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    name, listed, parameter = chance.choice(list(_parameters(was, data)))
    listed.remove(parameter)
    return [("argument", f"{name}.{parameter['name']}", "removed", True)]


def add_parameter(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    name, listed, _ = chance.choice(list(_parameters(was, data)))
    listed.append({"name": "brand_new", "in": "query", "schema": {"type": "boolean"}})
    return [("argument", f"{name}.brand_new", "added", False)]


def rename_parameter(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    name, _, parameter = chance.choice(list(_parameters(was, data)))
    old, parameter["name"] = parameter["name"], f"{parameter['name']}_now"
    return [("argument", f"{name}.{old}", "renamed", True)]


def require_parameter(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    name, _, parameter = chance.choice(list(_parameters(was, data)))
    parameter["required"] = True
    return [("argument", f"{name}.{parameter['name']}", "now required", True)]


def retype_parameter(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    name, _, parameter = chance.choice(list(_parameters(was, data)))
    parameter["schema"] = {"type": "array", "items": {"type": "boolean"}}
    return [("argument", f"{name}.{parameter['name']}", "changed its type", True)]


def add_property(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    name, schema, _ = chance.choice(list(_properties(was, data)))
    schema["properties"]["brand_new"] = {"type": "array", "items": {"type": "number"}}
    return _rows(was, name, "brand_new", "added", request=False, reply=False)


def remove_property(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    name, schema, key = chance.choice([p for p in _properties(was, data) if len(p[1]["properties"]) > 1])
    del schema["properties"][key]
    rows = _rows(was, name, key, "removed", request=True, reply=True)
    return [(kind, name, what, True) for kind, name, what, _ in rows]  # also of a class that only programs use


def rename_property(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    name, schema, key = chance.choice(list(_properties(was, data)))
    schema["properties"] = {f"{k}_now" if k == key else k: v for k, v in schema["properties"].items()}
    rows = _rows(was, name, key, "renamed", request=True, reply=True)
    return [(kind, name, what, True) for kind, name, what, _ in rows]


def require_property(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    name, schema, key = chance.choice(list(_properties(was, data)))
    schema["required"] = [*schema.get("required", ()), key]
    return _rows(was, name, key, "now required", request=True, reply=False)


def retype_property(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    name, schema, key = chance.choice(list(_properties(was, data)))
    schema["properties"][key] = {"type": "array", "items": {"type": "boolean"}}
    rows = _rows(was, name, key, "changed its type", request=True, reply=True)
    return [(kind, name, what, True) for kind, name, what, _ in rows]


def tighten_property(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    strings = [p for p in _properties(was, data) if p[1]["properties"][p[2]] == {"type": "string"}]
    name, schema, key = chance.choice(strings)
    schema["properties"][key] = {"type": "string", "maxLength": 7}
    return _rows(was, name, key, "limit tightened", request=True, reply=False)


def add_value(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    valued = [p for p in _properties(was, data) if len(p[1]["properties"][p[2]].get("enum", ())) > 1]
    name, schema, key = chance.choice(valued)
    schema["properties"][key]["enum"].append("brand-new")
    return _rows(was, name, key, "added", request=False, reply=False, kind="value")


def remove_value(was: Excerpt, data: Any, chance: random.Random) -> list[Row]:
    valued = [p for p in _properties(was, data) if len(p[1]["properties"][p[2]].get("enum", ())) > 2]
    name, schema, key = chance.choice(valued)
    schema["properties"][key]["enum"].pop()
    return _rows(was, name, key, "removed", request=True, reply=False, kind="value")


_CHANGES = [
    *(add_operation, remove_operation, rename_operation),
    *(add_parameter, remove_parameter, rename_parameter, require_parameter, retype_parameter),
    *(add_property, remove_property, rename_property, require_property, retype_property, tighten_property),
    *(add_value, remove_value),
]


@pytest.mark.parametrize("change", _CHANGES, ids=lambda c: c.__name__)
def test_a_change_of_the_document_is_told_once(change: Change) -> None:
    """A change at a random place is one row for each public name that it concerns, and rightly called breaking."""
    chance = random.Random(change.__name__)
    was = Excerpt(chance)
    for _ in range(_TIMES):
        data = deepcopy(was.data)
        expected = change(was, data, chance)
        reported = [(c.kind, c.name, c.what, c.breaking) for c in compare(was.offers, _surface(data)).changes]
        assert sorted(reported) == sorted(expected)
