"""Names that clash, or that no file can have, in the packages of any document: a rule decides, and a note tells."""

from __future__ import annotations

import importlib
from inspect import signature
from typing import Any

import pytest

from ...faults.raw import Raw, always, reply
from ..packages import OK, Packages

ID = "{name: id, in: path, required: true, schema: {type: string}}"


def test_arguments(packages: Packages) -> None:
    """The path keeps its name, another place puts its own behind it; options of every call keep theirs."""
    made = packages(
        f"""
        paths:
          /a/{{id}}:
            put:
              parameters:
                - {ID}
                - {{name: id, in: query, schema: {{type: integer}}}}
                - {{name: timeout, in: query, schema: {{type: integer}}}}
                - {{name: body, in: header, schema: {{type: integer}}}}
              requestBody:
                content:
                  application/json:
                    schema: {{type: object, properties: {{id: {{type: string}}, client: {{}}, id_query: {{}}}}}}
              {OK}
          /b:
            post:
              parameters: [{{name: body, in: query, schema: {{type: string}}}}]
              requestBody: {{required: true, content: {{application/json: {{schema: {{type: integer}}}}}}}}
              {OK}
        """
    )
    assert packages.reported == [
        "renamed: the argument 'id' (query) of a.replace is id_query",
        "renamed: the argument 'timeout' (query) of a.replace is timeout_",
        "renamed: the argument 'id' (body) of a.replace is id_body",
        "renamed: the argument 'client' (body) of a.replace is client_",
        "renamed: the argument 'id_query' (body) of a.replace is id_query_body",
        "renamed: the argument 'body' (body) of b.create is body_body",
    ]
    replace = importlib.import_module(f"{made.__name__}.api.a").replace
    with (
        Raw(always(reply(b"", headers="Content-Type: text/plain\r\n"))) as server,
        made.Client(api_base=server.url) as c,
    ):
        c.a.replace.sync("p", id_query=2, timeout_=3, body=4, id_body="b", client_="c", id_query_body="q", timeout=9)
        c.b.create.sync(body="q", body_body=7)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert b"/a/p?id=2&timeout=3" in head and b"body: 4" in head
    assert body == b'{"id":"b","client":"c","id_query":"q"}'
    assert server.requests[1].endswith(b"\r\n\r\n7") and b"/b?body=q" in server.requests[1]
    assert next(iter(signature(replace.__wrapped__).parameters)) == "id"


def test_schemas_and_properties(packages: Packages) -> None:
    """What is called so already keeps the name, else the first; the others get a number, their files, too."""
    made = packages(
        """
        components:
          schemas:
            item: {type: object, properties: {a: {}}}
            Item: {type: object, properties: {b: {}}}
            ID: {type: object, properties: {c: {}}}
            Id: {type: object, properties: {d: {}}}
            RootPet: {type: object, properties: {e: {}}}
            Root:
              type: object
              properties: {+1: {}, -1: {}, a-b: {}, a_b: {}, pet: {type: object, properties: {f: {}}}}
        """
    )
    models = made.models
    renamed = [
        "renamed: the schema at /components/schemas/item is Item2, because /components/schemas/Item is Item",
        "renamed: the property '+1' of Root is plus_1",
        "renamed: the property '-1' of Root is minus_1",
        "renamed: the property 'a-b' of Root is a_b_2",
        "renamed: the schema at /components/schemas/Root/properties/pet is RootPet2, because "
        "/components/schemas/RootPet is RootPet",
    ]
    assert packages.reported[:-1] == renamed
    for name, key in {"Item2": "a", "Item": "b", "ID": "c", "Id": "d", "RootPet": "e", "RootPet2": "f"}.items():
        assert getattr(models.__getattr__(name).from_dict({key: 1}), key) == 1
    root = models.Root.from_dict({"+1": 1, "-1": 2, "a-b": 3, "a_b": 4})
    assert (root.plus_1, root.minus_1, root.a_b_2, root.a_b) == (1, 2, 3, 4)
    assert models.Root(plus_1=1, minus_1=2).to_dict() == {"+1": 1, "-1": 2}


def test_names_of_the_overlay_come_first(packages: Packages) -> None:
    """A name that the overlay gives is kept; what has it by rule steps back. Methods of models are refused."""
    text = (
        "components: {schemas: {A: {type: object, properties: {x: {}, y: {}}}, B: {type: object, properties: {z: {}}}}}"
    )
    overlay = """
        - {target: $.components.schemas.B, x-reason: r, update: {x-sdk-name: A}}
        - {target: $.components.schemas.A.properties.y, x-reason: r, update: {x-sdk-name: x}}
        """
    models = packages(text, overlay=overlay).models
    assert models.A.from_dict({"z": 1}).z == 1
    assert models.A2.from_dict({"x": 1, "y": 2}).x == 2
    for name in ("to_dict", "_wire"):
        packages(text, overlay=overlay.replace("x-sdk-name: x}", f"x-sdk-name: {name}}}"), code=1)
        assert "which every model has for itself" in packages.err


def test_inline_classes_are_named_after_their_operation(packages: Packages) -> None:
    """Without an operationId the operation's own name says whose body or reply it is."""
    thing = "content: {application/json: {schema: {type: object, properties: {x: {}}}}}"
    made = packages(
        f"""
        paths:
          /big/pets:
            post:
              requestBody: {{{thing}}}
              responses: {{'200': {{description: ok, {thing}}}}}
          /big/cats: {{get: {{operationId: listCats, responses: {{'200': {{description: ok, {thing}}}}}}}}}
        """
    )
    assert [n for n in dir(made.models) if n[0].isupper()] == [
        "ApiModel", "BigPetsCreateBody", "BigPetsCreateResponse", "ListCatsResponse", "Unknown",
    ]  # fmt: skip


def test_paths_of_any_text(packages: Packages) -> None:
    """What a path says itself is percent-encoded, its parameters are values; reserved resources are reachable."""
    slow = "/".join(["x" * 300, "{x y}", "é" * 90])
    made = packages(
        f"""
        paths:
          /e/日本: {{get: {{{OK}}}}}
          /e/x: {{get: {{{OK}}}}}
          /f/a b%23c: {{get: {{{OK}}}}}
          /g/%20(x):y@$me: {{get: {{{OK}}}}}
          /b/x: {{get: {{{OK}}}}}
          /b/annotations: {{get: {{{OK}}}}}
          /b/annotations/typing: {{get: {{{OK}}}}}
          /{slow}: {{get: {{parameters: [{{name: x y, in: path, required: true, schema: {{type: string}}}}], {OK}}}}}
        """
    )
    with Raw(always(reply(b"", headers="Content-Type: text/plain\r\n"))) as server:
        client: Any = made.Client(api_base=server.url)
        client.e.日本.retrieve.sync()
        client.f.retrieve.sync()
        client.g.retrieve.sync()
        client.b.annotations_.retrieve.sync()
        client.b.annotations_.typing.retrieve.sync()
        long = next(name for name in dir(client) if name.startswith("xxx"))
        inner = next(name for name in dir(getattr(client, long)) if name.startswith("é"))
        assert len(long) <= 100 and len(inner.encode()) <= 100
        getattr(getattr(client, long), inner).retrieve.sync("1/2 3")
        client.close()
    targets = [request.split(b" ")[1].decode().removeprefix("/v1") for request in server.requests]
    assert targets == [
        "/e/%E6%97%A5%E6%9C%AC", "/f/a%20b%23c", "/g/%20(x):y@$me", "/b/annotations", "/b/annotations/typing",
        f"/{'x' * 300}/1%2F2%203/{'%C3%A9' * 90}",
    ]  # fmt: skip


def test_long_names_of_schemas(packages: Packages) -> None:
    """A schema may have a name that no file can have: that of the file is cut, and two of them stay apart."""
    long = "A" * 290
    text = f"components: {{schemas: {{{long}B: {{type: object, properties: {{b: {{}}}}}}, {long}C: {{type: array}}}}}}"
    models = packages(text).models
    assert getattr(models, "A" * 60).from_dict({"b": 1}).b == 1
    with pytest.warns(DeprecationWarning, match=f"{long}B is called {'A' * 60} now"):
        assert getattr(models, f"{long}B") is getattr(models, "A" * 60)
    assert max(len(path.name) for path in (packages.out).rglob("*.py")) <= 104
