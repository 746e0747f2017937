"""The differ against changes at random places of the pinned document's text: from the YAML to the row of the report."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from generator.compare.diff import compare
from generator.compare.surface import REPLY, REQUEST, Surface, surface
from generator.document import overlay
from generator.document.load import load
from generator.render import build_api

from ..mini import quiet

_SPEC = Path(__file__).parents[3] / "spec"
_TIMES = 3
Row = tuple[str, str, str, bool]


@cache
def _pinned() -> str:
    data, _ = overlay.apply(load(_SPEC / "openapi.yaml").data, _SPEC / "overlay.yaml")
    return json.dumps(data)


@cache
def _before() -> Surface:
    return _surface(json.loads(_pinned()))


def _surface(data: Any) -> Surface:
    return surface(build_api(data, quiet()), "a document", data)


# -- places ----------------------------------------------------------------------------------------------------------


def _parameters(data: Any) -> Iterator[tuple[str, list[Any], Any]]:
    """Give each optional parameter that stands in an operation, with the operation's name and its list."""
    named = {(o.method.lower(), o.path): n for n, o in _before().operations.items()}
    for path, item in data["paths"].items():
        for method, operation in item.items():
            for parameter in operation.get("parameters", ()) if isinstance(operation, dict) else ():
                plain = parameter.get("in") == "query" and parameter.get("schema", {}).get("type") in (
                    "string",
                    "integer",
                )
                if plain and not parameter.get("required") and (method, path) in named:
                    yield named[method, path], operation["parameters"], parameter


def _properties(data: Any) -> Iterator[tuple[str, Any, str]]:
    """Give the name, the schema and a key of each plain optional property, where one schema alone has it.

    Bodies of several content types are left out: their arguments are those of all of them.
    """
    parts = _parts_of_allof().union(*(o.bodies for o in _before().operations.values() if len(o.bodies) > 1))
    for name, schema in data["components"]["schemas"].items():
        if schema.get("type") != "object" or "allOf" in schema or name in parts or name not in _before().models:
            continue
        for key, value in schema.get("properties", {}).items():
            plain = value.get("type") in ("string", "integer", "boolean") and not any(k.startswith("x-") for k in value)
            if plain and key not in schema.get("required", ()) and key != "stream":
                yield name, schema, key


@cache
def _parts_of_allof() -> frozenset[str]:
    """Return the names of schemas that others hold, so that a change of one is a change of several classes."""
    found = set()
    todo = [json.loads(_pinned())]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            found |= {part["$ref"].rpartition("/")[2] for part in node.get("allOf", ()) if "$ref" in part}
            todo.extend(node.values())
        elif isinstance(node, list):
            todo.extend(node)
    return frozenset(found)


def _rows(name: str, key: str, what: str, *, request: bool, reply: bool, kind: str = "") -> list[Row]:
    """Return the rows for a field: one for the class, where the API uses it, and one for each argument made of it."""
    model = _before().models[name]
    arguments = [n for n, o in _before().operations.items() if name in o.bodies]
    rows = [(kind or "argument", f"{n}.{key}", what, request) for n in arguments]
    if model.sides or not arguments:
        breaking = (request and REQUEST in model.sides) or (reply and REPLY in model.sides)
        rows.append((kind or "field", f"{name}.{key}", what, breaking))
    return rows


# -- changes ---------------------------------------------------------------------------------------------------------

Change = Callable[[Any, random.Random], list[Row]]


def add_operation(data: Any, chance: random.Random) -> list[Row]:
    reply = chance.choice(sorted(name for name, m in _before().models.items() if m.fields and REPLY in m.sides))
    reply = reply if reply in data["components"]["schemas"] else "Model"
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


def remove_operation(data: Any, chance: random.Random) -> list[Row]:
    """Of those that bring no class of their own: that would be a row, too."""
    places = tuple(m.place for m in _before().models.values())
    alone = [
        (n, o)
        for n, o in sorted(_before().operations.items())
        if "?" not in o.path and not any(p.startswith(o.place) for p in places)
    ]
    name, operation = chance.choice(alone)
    del data["paths"][operation.path][operation.method.lower()]
    return [("operation", name, "removed", True)]


def rename_operation(data: Any, chance: random.Random) -> list[Row]:
    name, operation = chance.choice([(n, o) for n, o in sorted(_before().operations.items()) if "?" not in o.path])
    data["paths"][operation.path][operation.method.lower()]["x-sdk-name"] = "brand_new.verb"
    return [("operation", name, "renamed", True)]


def remove_parameter(data: Any, chance: random.Random) -> list[Row]:
    name, listed, parameter = chance.choice(list(_parameters(data)))
    listed.remove(parameter)
    return [("argument", f"{name}.{parameter['name']}", "removed", True)]


def add_parameter(data: Any, chance: random.Random) -> list[Row]:
    name, listed, _ = chance.choice(list(_parameters(data)))
    listed.append({"name": "brand_new", "in": "query", "schema": {"type": "boolean"}})
    return [("argument", f"{name}.brand_new", "added", False)]


def rename_parameter(data: Any, chance: random.Random) -> list[Row]:
    name, _, parameter = chance.choice(list(_parameters(data)))
    was, parameter["name"] = parameter["name"], f"{parameter['name']}_now"
    return [("argument", f"{name}.{was}", "renamed", True)]


def require_parameter(data: Any, chance: random.Random) -> list[Row]:
    name, _, parameter = chance.choice(list(_parameters(data)))
    parameter["required"] = True
    return [("argument", f"{name}.{parameter['name']}", "now required", True)]


def retype_parameter(data: Any, chance: random.Random) -> list[Row]:
    name, _, parameter = chance.choice(list(_parameters(data)))
    parameter["schema"] = {"type": "array", "items": {"type": "boolean"}}
    return [("argument", f"{name}.{parameter['name']}", "changed its type", True)]


def add_property(data: Any, chance: random.Random) -> list[Row]:
    name, schema, _ = chance.choice(list(_properties(data)))
    schema["properties"]["brand_new"] = {"type": "array", "items": {"type": "number"}}
    return _rows(name, "brand_new", "added", request=False, reply=False)


def remove_property(data: Any, chance: random.Random) -> list[Row]:
    name, schema, key = chance.choice([p for p in _properties(data) if len(p[1]["properties"]) > 1])
    del schema["properties"][key]
    rows = _rows(name, key, "removed", request=True, reply=True)
    return [(kind, name, what, True) for kind, name, what, _ in rows]  # also of a class that only programs use


def rename_property(data: Any, chance: random.Random) -> list[Row]:
    name, schema, key = chance.choice(list(_properties(data)))
    schema["properties"] = {f"{k}_now" if k == key else k: v for k, v in schema["properties"].items()}
    rows = _rows(name, key, "renamed", request=True, reply=True)
    return [(kind, name, what, True) for kind, name, what, _ in rows]


def require_property(data: Any, chance: random.Random) -> list[Row]:
    name, schema, key = chance.choice(list(_properties(data)))
    schema["required"] = [*schema.get("required", ()), key]
    return _rows(name, key, "now required", request=True, reply=False)


def retype_property(data: Any, chance: random.Random) -> list[Row]:
    name, schema, key = chance.choice(list(_properties(data)))
    schema["properties"][key] = {"type": "array", "items": {"type": "boolean"}}
    rows = _rows(name, key, "changed its type", request=True, reply=True)
    return [(kind, name, what, True) for kind, name, what, _ in rows]


def tighten_property(data: Any, chance: random.Random) -> list[Row]:
    strings = [p for p in _properties(data) if p[1]["properties"][p[2]] == {"type": "string"}]
    name, schema, key = chance.choice(strings)
    schema["properties"][key] = {"type": "string", "maxLength": 7}
    return _rows(name, key, "limit tightened", request=True, reply=False)


def add_value(data: Any, chance: random.Random) -> list[Row]:
    valued = [p for p in _properties(data) if len(p[1]["properties"][p[2]].get("enum", ())) > 1]
    name, schema, key = chance.choice(valued)
    schema["properties"][key]["enum"].append("brand-new")
    return _rows(name, key, "added", request=False, reply=False, kind="value")


def remove_value(data: Any, chance: random.Random) -> list[Row]:
    valued = [p for p in _properties(data) if len(p[1]["properties"][p[2]].get("enum", ())) > 2]
    name, schema, key = chance.choice(valued)
    schema["properties"][key]["enum"].pop()
    return _rows(name, key, "removed", request=True, reply=False, kind="value")


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
    for _ in range(_TIMES):
        data = json.loads(_pinned())
        expected = change(data, chance)
        told = [(c.kind, c.name, c.what, c.breaking) for c in compare(_before(), _surface(data)).changes]
        assert sorted(told) == sorted(expected)
