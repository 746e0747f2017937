"""Unusual but legal documents: what is generated from them imports, type-checks and behaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.ir import names

from ..conftest import Mypy
from ..mini import imported

#: Properties with the names of Python's keywords and builtins, of the models' methods, and of what their modules use.
KEYS = (
    *("class", "def", "import", "None", "True", "async", "match", "type", "list", "dict", "str", "int", "float"),
    *("bool", "bytes", "object", "date", "datetime", "Any", "Literal", "Self", "TypeAlias", "define", "lazy", "Lazy"),
    *("from_dict", "to_dict", "additional_properties", "self", "cls", "wire", "get", "v", "i", "x", "k", "frozenset"),
    *("classmethod", "property", "isinstance", "ApiModel", "Union", "Cat", "Odd", "builtins", "_hidden", "__dunder__"),
    *("with space", "with-dash", "with.dot", "hate/threatening", "event_types[]", "1st", "+1", "-1x", "é", "ﬁ", "²"),
    *('quote"', "apostrophe'", "back\\slash", "line\nbreak", 'three"""quotes', "{brace}", "%s", "日本", "😀", ""),
)
#: Component schemas with the names of what generated modules import.
CLASSES = (
    *("Model", "Union", "Best", "Shape", "Alias", "Any", "Literal", "TypedDict", "List", "Self", "ApiModel", "Unknown"),
    *("None", "str", "dict", "object", "Required", "TypeAlias", "Mapping", "Sequence", "Request", "Unset"),
    *("FileInput", "RequestOptions", "import", "date", "datetime", "Field", "snake_case", "with-dash", "1st", "é"),
)
TYPES: tuple[dict[str, Any], ...] = (
    {"type": "string"},
    {"type": "array", "items": {"type": "integer"}},
    {"type": "object", "additionalProperties": {"type": "number"}},
    {"type": "string", "format": "date-time"},
    {"type": "string", "format": "date"},
    {"enum": ["a", "b"]},
    {"$ref": "#/components/schemas/Cat"},
    {"type": "array", "items": {"$ref": "#/components/schemas/Cat"}},
    {},
)
VALUES = ("x", [1], {"a": 1.5}, "2026-01-02T03:04:05+00:00", "2026-01-02", "c", {"name": "x"}, [{"name": "x"}], None)
PROSE = 'Says """this""" and \\that\\ and {{ this }} {% that %} and ends with "'

SCHEMAS = {
    "Cat": {"properties": {"name": {"type": "string"}}, "description": PROSE},
    "Odd": {
        "description": PROSE,
        "properties": {key: {**TYPES[n % len(TYPES)], "description": PROSE} for n, key in enumerate(KEYS)},
        "required": ["class", "list"],
    },
    **{name: {"properties": {"name": {"type": "string"}}, "required": ["name"]} for name in CLASSES},
    "All": {"properties": {f"p{n}": {"$ref": f"#/components/schemas/{name}"} for n, name in enumerate(CLASSES)}},
    "OneOfAll": {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in CLASSES]},
    "Empty": {},
    "NoProperties": {"type": "object", "properties": {}},
    "Enum": {"enum": ["line\nbreak", 'quote"', "quote'", '"""', "back\\slash", ""]},
    "Numbers": {"enum": [1, 2.5, True]},
    "Whole": {"type": "integer", "enum": [1, 2]},
    "Yes": {"const": True},
    "HoldsOdd": {
        "x-sdk-keep": True,
        "properties": {
            "enum": {"$ref": "#/components/schemas/Enum"},
            "numbers": {"$ref": "#/components/schemas/Numbers"},
            "none": {"$ref": "#/components/schemas/NoProperties"},
            "empty": {"$ref": "#/components/schemas/Empty"},
            "whole": {"enum": [1, 2]},
            "yes": {"$ref": "#/components/schemas/Yes"},
            "null": {"type": "null"},
            "long": {"type": "string", "pattern": '^"""\\d{2}$', "default": 'x"""\\'},
        },
    },
    "Foo": {"properties": {"a": {"type": "string"}}},
    "FooParam": {"properties": {"b": {"type": "string"}}},
    "FooDict": {"properties": {"c": {"type": "string"}}},
    "Part0": {"properties": {"type": {"const": "t0"}, "n": {"type": "integer"}}, "required": ["type"]},
    **{f"Part{n}": {"properties": {"type": {"const": f"t{n}"}}, "required": ["type"]} for n in range(1, 100)},
    "Huge": {"x-sdk-keep": True, "oneOf": [{"$ref": f"#/components/schemas/Part{n}"} for n in range(100)]},
}
EMPTY = {"application/json": {"schema": {"$ref": "#/components/schemas/NoProperties"}}}
REPLY = {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/All"}}}}}


def parameter(name: str, where: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": where, "schema": {"type": "string"}, "required": where == "path", **more}


PATHS = {
    "/": {"post": {"responses": REPLY}},
    "/{id}": {"get": {"parameters": [parameter("id", "path")], "responses": REPLY}},
    "/import/global": {"post": {"responses": REPLY, "description": PROSE}},
    "/import/other": {"get": {"responses": REPLY}},
    "/lists/{a-b.c}/list": {"get": {"parameters": [parameter("a-b.c", "path")], "responses": REPLY}},
    "/str/{self}/int": {"post": {"parameters": [parameter("self", "path")], "responses": REPLY}},
    "/options": {"get": {"responses": REPLY}, "head": {"responses": REPLY}, "put": {"responses": REPLY}},
    "/odd": {
        "get": {
            "x-sdk-name": "odd.list",
            "responses": REPLY,
            "parameters": [
                parameter("options", "query", description=PROSE), parameter("Request", "query"),
                parameter("UNSET", "query"), parameter("X-Head", "header"), parameter("class", "query"),
                parameter("list", "query"), parameter("é[]", "query", style="form"),
            ],
        },
        "post": {
            "x-sdk-name": "odd.import",
            "responses": REPLY,
            "requestBody": {
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["list", "many"],
                            "properties": {
                                "list": {"type": "array", "items": {"type": "string"}},
                                "from_dict": {"$ref": "#/components/schemas/Odd"},
                                "foo": {"anyOf": [{"$ref": "#/components/schemas/Foo"}, {"type": "null"}]},
                                "foo_param": {"$ref": "#/components/schemas/FooParam"},
                                "foo_dict": {"$ref": "#/components/schemas/FooDict"},
                                "many": {"$ref": "#/components/schemas/OneOfAll"},
                                "when": {"type": "string", "format": "date"},
                                "enum": {"$ref": "#/components/schemas/Enum"},
                            },
                        }
                    }
                }
            },
        },
    },
    "/a/b": {"get": {"responses": REPLY}},
    "/a/c": {"get": {"responses": REPLY}},
    "/a_b": {"put": {"responses": REPLY, "requestBody": {"required": True, "content": EMPTY}}},
    "/odd/str": {"get": {"x-sdk-name": "odd.str.list", "responses": REPLY}},
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that the package is generated into."""
    return tmp_path_factory.mktemp("odd")


@pytest.fixture(scope="module")
def odd(folder: Path) -> Iterator[Any]:
    """Give the package generated from the odd document."""
    with imported(folder, json.dumps(SCHEMAS, ensure_ascii=False), json.dumps(PATHS), "odd") as package:
        yield package


@pytest.mark.long
@pytest.mark.timeout(240)
def test_it_type_checks(odd: Any, folder: Path, mypy: Mypy) -> None:
    """mypy --strict finds nothing in the generated package."""
    assert mypy(folder, "-p", "odd").startswith("Success")


def test_every_module_imports(odd: Any) -> None:
    """Every name of the models and params can be asked for."""
    for name in dir(odd.models):
        assert getattr(odd.models, name) is not None
    for name in dir(odd.params):
        assert getattr(odd.params, name) is not None


@pytest.mark.parametrize(("key", "number"), [(key, n) for n, key in enumerate(KEYS)])
def test_a_property_of_any_name_goes_both_ways(odd: Any, key: str, number: int) -> None:
    """The attribute is named by rule; its value comes back under the key of the document."""
    value = VALUES[number % len(VALUES)]
    wire = {key: value}
    made = odd.models.Odd.from_dict(wire)
    assert made.to_dict() == wire
    attr = next(a for a, k in attributes(odd).items() if k == key)
    assert attr.isidentifier()
    read = getattr(made, attr)
    rebuilt = odd.models.Odd(**{"class_": None, "list": None, attr: read})
    assert {k: v for k, v in rebuilt.to_dict().items() if v is not None} == {
        k: v for k, v in wire.items() if v is not None
    }


def attributes(odd: Any) -> dict[str, str]:
    """Return attribute → key of the class with all the odd names."""
    from attrs import fields

    renamed = odd.models.Odd._renamed
    return {a.name: renamed.get(a.name, a.name) for a in fields(odd.models.Odd) if a.name != "_wire"}


def test_a_class_of_any_name_decodes(odd: Any) -> None:
    """A component with the name of something that generated code imports has a class of its own."""
    assert {names.class_name(name) for name in CLASSES} <= set(dir(odd.models))
    wire = {f"p{n}": {"name": "x"} for n in range(len(CLASSES))}
    made = odd.models.All.from_dict(wire)
    assert made.to_dict() == wire
    assert {type(getattr(made, f"p{n}")).__name__ for n in range(len(CLASSES))} == {
        names.class_name(n) for n in CLASSES
    }
    assert type(made.p0) is not type(made.p1)


def test_resources_with_names_alike_have_types_of_their_own(odd: Any, folder: Path) -> None:
    """a.b and a_b are two resources, for type checkers, too."""
    stub = (folder / "odd" / "api" / "_resources.pyi").read_text()
    assert "    from .a.b import retrieve as retrieve" in stub
    assert "    from .a_b import replace as replace" in stub
    assert stub.count("class ABResource(Resource):") == stub.count("class ABResource_(Resource):") == 1


def test_a_body_without_fields_is_an_empty_object(odd: Any) -> None:
    """What the document requires is sent, even where nothing can be said in it."""
    assert odd.api.a_b.replace.request().content().data == b"{}"


def test_values_of_any_text_stay(odd: Any) -> None:
    """Odd values of enums, empty objects and free values come back as they came."""
    wire = {"enum": "line\nbreak", "numbers": 2.5, "none": {}, "empty": [1], "yes": True, "null": None, "long": '"""'}
    assert odd.models.HoldsOdd.from_dict(wire).to_dict() == wire


def test_a_huge_union_decodes(odd: Any) -> None:
    """A union with 100 members is one table."""
    assert type(odd.models.Huge.from_dict({"type": "t99"})).__name__ == "Part99"


def test_prose_with_quotes_is_a_docstring(odd: Any) -> None:
    """Descriptions are text, whatever they hold."""
    assert odd.models.Cat.__doc__.startswith('Says """this""" and \\that\\')
    assert odd.api.odd.list.__doc__.count('Says """this""" and \\that\\') == 1


def test_operations_of_any_name_build_requests(odd: Any) -> None:
    """Keywords, builtins and odd characters in paths and parameters become names by rule."""
    from importlib import import_module

    assert import_module("odd.api.root").create.request().path == "/"
    assert import_module("odd.api.root").retrieve.request("x").path == "/x"
    assert import_module("odd.api.import_.global_").create.request().path == "/import/global"
    assert import_module("odd.api.lists.list").retrieve.request("x").path == "/lists/x/list"
    assert import_module("odd.api.str.int").create.request(self_="x").path == "/str/x/int"
    assert import_module("odd.api.options_").replace.request().method == "PUT"
    request = odd.api.odd.list.request(options_="a", Request_="b", UNSET_="c", x_head="g", class_="d", list="e", é="f")
    values = [("options", "a"), ("Request", "b"), ("UNSET", "c"), ("class", "d"), ("list", "e"), ("é[]", "f")]
    assert request.query == values
    assert request.headers == {"X-Head": "g"}
    request = odd.api.odd.import_.request(list=["x"], many={"name": "x"}, from_dict={"class": "x"})
    assert json.loads(request.content().data) == {"list": ["x"], "many": {"name": "x"}, "from_dict": {"class": "x"}}
