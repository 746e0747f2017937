"""Names: the rules on paths and keys of our own, and the names of the pinned document."""

# ruff: noqa: E501 - a schema or an operation of a document reads best in one line

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.errors import GeneratorError
from generator.ir import names
from generator.ir.operations import OPTION_NAMES
from generator.render import build_api
from sdk._core.client.base import BaseClient
from sdk._core.model import ApiModel
from sdk._core.request.data import OPTION_NAMES as RUNTIME_OPTION_NAMES

from .. import whole
from ..conftest import ROOT
from ..mini import api_of, quiet

LIST = {"200": {"content": {"application/json": {"schema": {"properties": {"data": {"type": "array"}}}}}}}
ONE = {"200": {"content": {"application/json": {"schema": {"properties": {"id": {"type": "string"}}}}}}}


def operation(path: str, responses: Mapping[str, Any]) -> dict[str, Any]:
    keys = [segment[1:-1] for segment in path.partition("?")[0].split("/") if segment.startswith("{")]
    return {
        "responses": responses,
        "parameters": [{"in": "path", "name": key, "required": True, "schema": {"type": "string"}} for key in keys],
    }


def named(*operations: str) -> list[str]:
    """Return the names of operations, each said as `METHOD /path`, or `METHOD /path list` where the reply is one."""
    paths: dict[str, dict[str, Any]] = {}
    for said in operations:
        method, path, *lists = said.split()
        paths.setdefault(path, {})[method.lower()] = operation(path, LIST if lists else ONE)
    built = build_api({"openapi": "3.1.0", "paths": paths, "components": {"schemas": {}}}, quiet()).operations
    found = {f"{o.method} {o.path}{'?beta=true' if o.fixed_query else ''}": o.name for o in built}
    return [found[" ".join(said.split()[:2])] for said in operations]


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        (["GET /cats list", "POST /cats"], ["cats.list", "cats.create"]),
        (["GET /limit", "POST /limit"], ["limit.retrieve", "limit.update"]),
        (
            ["GET /cats/{id}", "POST /cats/{id}", "DELETE /cats/{id}", "PUT /cats/{id}", "PATCH /dogs"],
            ["cats.retrieve", "cats.update", "cats.delete", "cats.replace", "dogs.update"],
        ),
        (["HEAD /cats", "OPTIONS /cats", "TRACE /cats"], ["cats.head", "cats.options", "cats.trace"]),
        (["GET /cats/{id} list"], ["cats.retrieve"]),
        (["POST /cats/{id}/cancel", "GET /cats/{id}/content"], ["cats.cancel", "cats.content"]),
        (["GET /cats/{id}/toys list", "GET /cats/{id}/toys/{toy}"], ["cats.toys.list", "cats.toys.retrieve"]),
        (["POST /chat/completions", "GET /chat/completions/{id}"], ["chat.create", "chat.retrieve"]),
        (["POST /chat/completions", "GET /chat"], ["chat.completions.create", "chat.retrieve"]),
        (["POST /audio/speech", "POST /audio/voices"], ["audio.speech.create", "audio.voices.create"]),
        (
            ["GET /organization/projects list", "GET /organization/users list", "GET /projects/{id}/keys list"],
            ["organization.projects.list", "organization.users.list", "organization.projects.keys.list"],
        ),
        (["GET /projects list"], ["projects.list"]),
        (["POST /cats", "POST /cats?beta=true"], ["cats.create", "beta.cats.create"]),
        (["GET /", "GET /{id}/x"], ["root.retrieve", "x.retrieve"]),
        (["GET /import/class", "GET /import/a-b"], ["import_.class_.retrieve", "import_.a_b.retrieve"]),
        (["GET /options", "GET /close"], ["options_.retrieve", "close_.retrieve"]),
        (["GET /Any", "GET /Any/x"], ["Any_.retrieve", "Any_.x.retrieve"]),
    ],
)
def test_an_operation_is_named_by_its_path(operations: list[str], expected: list[str]) -> None:
    """Resource segments, then a verb."""
    assert named(*operations) == expected


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("ChatCompletion", "ChatCompletion"), ("create_thing", "CreateThing"), ("OpenAIFile", "OpenAIFile"),
        ("3DModel", "Model3DModel"), ("None", "NoneModel"), ("TaggedUnion", "TaggedUnionModel"), ("a.b-c", "ABC"),
    ],
)  # fmt: skip
def test_a_class_is_named_by_its_key(key: str, name: str) -> None:
    """A key that is a class name already stays; any other becomes one."""
    assert names.class_name(key) == name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("type", "type"), ("id", "id"), ("event_types[]", "event_types"), ("hate/threatening", "hate_threatening"),
        ("class", "class_"), ("1st", "n1st"), ("a  b", "a_b"), ("a__b", "a__b"), ("", "empty"), ("+", "u2b"),
        ("ﬁle", "file"), ("é", "é"), ("to_dict", "to_dict_"),
    ],
)  # fmt: skip
def test_an_attribute_has_the_name_of_its_key(key: str, name: str) -> None:
    """JSON names stay; `_` stands for odd characters, and after a name that Python or the models need."""
    assert names.attribute(key, names.MODEL_RESERVED) == name


@pytest.mark.parametrize(
    ("word", "name"), [("Choices", "Choice"), ("Entries", "Entry"), ("Status", None), ("Address", None)]
)
def test_the_items_of_a_plural_have_its_singular(word: str, name: str | None) -> None:
    """An inline item is named by the singular, where there is one."""
    assert names.singular(word) == name


def test_a_request_side_never_has_the_name_of_a_class() -> None:
    """Where FooParam is a class, the dict of Foo is called FooDict, or longer."""
    assert names.param_names(["Foo", "FooParam", "Bar", "Baz", "BazParam", "BazDict"]) == {
        "Foo": "FooDict", "FooParam": "FooParamDict", "Bar": "BarParam",
        "Baz": "BazDictDict", "BazParam": "BazParamDict", "BazDict": "BazDictParam",
    }  # fmt: skip


def test_the_overlay_names_classes_attributes_and_arguments() -> None:
    """x-sdk-name in PascalCase names an inline object, else its property; and parameters and operations."""
    api = api_of(
        "Cat: {x-sdk-name: Tom, properties: {tail: {x-sdk-name: Tail, properties: {x: {}}}, class: {x-sdk-name: kind}}}",
        "/cats: {post: {x-sdk-name: zoo.feed, parameters: [{in: query, name: timeout, x-sdk-name: seconds}], "
        "requestBody: {content: {application/json: {schema: {properties: {client: {x-sdk-name: owner}}}}}}, "
        "responses: {'200': {}}}}",
    )
    tom = api.objects["Tom"]
    assert [(f.key, f.attr) for f in tom.fields] == [("tail", "tail"), ("class", "kind")]
    assert "Tail" in api.objects
    assert api.operations[0].name == "zoo.feed"
    assert [p.attr for p in api.operations[0].params] == ["seconds", "owner"]


@pytest.mark.parametrize("name", ["1st", "a b", "class", "Any", 7])
def test_a_name_that_python_cannot_have_is_refused(name: object) -> None:
    """The overlay's names must be names."""
    with pytest.raises(GeneratorError, match="cannot be a name") as caught:
        names.overlaid({"x-sdk-name": name}, "/x")
    assert caught.value.pointer == "/x/x-sdk-name"


@pytest.mark.parametrize("name", ["create", "a..b", "a b.c", 7])
def test_an_operation_needs_a_dotted_name(name: object) -> None:
    """The overlay names an operation by resource and verb."""
    with pytest.raises(GeneratorError, match="not a name for an operation"):
        names.dotted({"x-sdk-name": name}, "/x")


def test_the_names_that_the_runtime_needs_are_reserved() -> None:
    """The generator's lists are those of the runtime, which it never imports."""
    assert OPTION_NAMES == RUNTIME_OPTION_NAMES
    assert {name for name in vars(ApiModel) if not name.startswith("_")} <= names.MODEL_RESERVED
    assert {name for name in dir(BaseClient) if not name.startswith("_")} | {"options"} == names.CLIENT_RESERVED


def rows(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return sorted(line for line in lines if not line.startswith("#"))


def test_the_389_operations_have_the_names_of_the_list() -> None:
    """The pinned document with its overlay gives exactly the names that were decided."""
    operations = whole.api().operations
    named = [f"{o.name}\t{o.method}\t{o.path}{'?beta=true' if o.fixed_query else ''}" for o in operations]
    assert len(named) == 389
    assert sorted(named) == rows(Path(__file__).with_name("operations.txt"))


def test_the_list_is_the_one_that_was_decided() -> None:
    """The list of this repository is the shared ones together, where these are at hand."""
    lists = [ROOT.parent / "shared" / name for name in ("operations.tsv", "operations-additions.tsv")]
    if not all(shared.is_file() for shared in lists):
        pytest.skip("needs the lists of names, which are not part of the repository: ../shared/operations*.tsv")
    older = "evals.runs.cancel\tPOST\t/evals/{eval_id}/runs/{run_id}"  # a newer path has its name
    decided = {row for shared in lists for row in rows(shared)} - {older} | {older.replace("cancel", "cancel_legacy")}
    assert sorted(decided) == rows(Path(__file__).with_name("operations.txt"))
