"""A file of params holds a schema as requests send it, and the parts that only that schema holds."""

from __future__ import annotations

from pathlib import Path

from ..mini import imported, trees_of

SCHEMAS = """
Order:
  properties:
    lines: {type: array, items: {$ref: '#/components/schemas/Line'}}
    to: {$ref: '#/components/schemas/Place'}
Line:
  required: [what]
  properties:
    what: {type: string}
    kind: {$ref: '#/components/schemas/Kind'}
    tree: {$ref: '#/components/schemas/Tree'}
Kind: {oneOf: [{$ref: '#/components/schemas/Big'}, {$ref: '#/components/schemas/Small'}]}
Big: {properties: {big: {type: boolean}}, required: [big]}
Small: {properties: {small: {type: boolean}, kind: {$ref: '#/components/schemas/Kind'}}, required: [small]}
Tree: {type: array, items: {$ref: '#/components/schemas/Node'}}
Node: {oneOf: [{type: string}, {$ref: '#/components/schemas/Tree'}]}
Place: {properties: {town: {type: string}}}
Trip: {properties: {from: {$ref: '#/components/schemas/Place'}}}
"""
PATHS = "".join(
    f"""
/{path}:
  post:
    operationId: {path}
    requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/{schema}'}}}}}}}}
    responses: {{'204': {{description: ok}}}}
"""
    for path, schema in (("orders", "Order"), ("trips", "Trip"))
)


def test_a_file_has_a_schema_and_the_parts_that_only_it_holds() -> None:
    """Place is a part of two bodies, so that it has a file of its own; parts come before what holds them."""
    files = trees_of(SCHEMAS, PATHS)["sdk/params"]
    assert sorted(files) == ["__init__.py", "__init__.pyi", "_index.py", "line.py", "place.py"]
    places = [files["line.py"].index(f"{name}Param") for name in ("class Big", "class Line")]
    assert places == sorted(places)
    assert '"""What a request sends as `Line`, and the parts that only it holds."""' in files["line.py"]
    assert '"""What a request sends as `Place`."""' in files["place.py"]


def test_an_alias_in_a_circle_names_what_follows_in_a_text() -> None:
    """Checkers read a file from above: a node may be a tree, and a tree is an array of nodes."""
    text = trees_of(SCHEMAS, PATHS)["sdk/params"]["line.py"]
    assert "NodeParam: TypeAlias = 'str | TreeParam'".replace("'", '"') in text
    assert "TreeParam: TypeAlias = Sequence[NodeParam]" in text


def test_every_name_loads_from_the_folder(tmp_path: Path) -> None:
    """At run time the index names the file of each class and alias."""
    with imported(tmp_path, SCHEMAS, PATHS) as mini:
        names = dir(mini.params)
        assert names == ["BigParam", "KindParam", "LineParam", "NodeParam", "PlaceParam", "SmallParam", "TreeParam"]
        for name in names:
            assert getattr(mini.params, name) is not None
