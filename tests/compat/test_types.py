"""The types of the face: stubs that are written from its tables."""

from __future__ import annotations

import ast

from sdk.compat.openai import OpenAI
from sdk.compat.openai.resource import BaseResource
from tests.contract.official.stubs.__main__ import ROOM, differing
from tests.contract.official.stubs.resources import UNTYPED


def test_the_stubs_are_what_the_tables_give() -> None:
    """If this fails, run `python -m tests.contract.official.stubs`."""
    assert differing() == []


def test_every_name_of_a_typed_resource_is_there() -> None:
    """A checker takes no resource, method or helper that a client does not have."""
    tree = ast.parse((ROOM / "resources" / "__init__.pyi").read_text(encoding="utf-8"))
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    client = OpenAI(api_key="k", base_url="http://127.0.0.1:9/v1")
    left, seen = [("", "Resources")], 0
    while left:
        path, name = left.pop()
        found = client.resource(path) if path else client
        for node in classes[name].body if name in classes else ():
            member = node.target if isinstance(node, ast.AnnAssign) else node
            own = str(getattr(member, "id", None) or getattr(member, "name", ""))
            value = getattr(found, own)
            seen += 1
            if isinstance(value, BaseResource):
                assert isinstance(node, ast.AnnAssign)
                inner = f"{path}.{own}".lstrip(".")
                assert (ast.unparse(node.annotation) == "Any") == (inner in UNTYPED)
                left.append((inner, ast.unparse(node.annotation)))
            else:
                assert callable(value)
    assert seen > 200
