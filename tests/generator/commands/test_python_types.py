"""Values of replies as Python has them: named enums, UUIDs, dates; what a server sends otherwise stays as it is."""

from __future__ import annotations

import enum
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from ...faults.raw import Raw, always, reply
from ..conftest import Mypy
from ..packages import Packages

_ID = "123e4567-e89b-42d3-a456-426614174000"
SCHEMAS = """
components:
  schemas:
    Kind: {type: string, enum: [small-one, big, 1st, -1]}
    Level: {type: integer, enum: [1, 2], x-enum-varnames: [LOW, HIGH]}
    Kinds: {type: array, items: {$ref: '#/components/schemas/Kind'}}
    Thing:
      type: object
      required: [id]
      properties:
        id: {type: string, format: uuid}
        day: {type: string, format: date}
        kind: {$ref: '#/components/schemas/Kind'}
        maybe: {nullable: true, allOf: [{$ref: '#/components/schemas/Kind'}]}
        kinds: {$ref: '#/components/schemas/Kinds'}
        by: {type: object, additionalProperties: {$ref: '#/components/schemas/Level'}}
        level: {$ref: '#/components/schemas/Level'}
"""
PATHS = """
paths:
  /a:
    post:
      operationId: a
      parameters: [{name: level, in: query, schema: {$ref: '#/components/schemas/Level'}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
"""
HEAD = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n"


def _thing(made: Any, body: bytes) -> Any:
    with Raw(always(reply(body))) as server, made.Client(api_base=server.url) as client:
        return client.a.create.sync(id="1")


def test_named_enums_are_enums(packages: Packages) -> None:
    """Members have the document's names, else names of their values; lists, maps and nullable values have them, too."""
    made = packages(PATHS + SCHEMAS, head=HEAD)
    body = b'{"id": "x", "kind": "big", "maybe": "1st", "kinds": ["small-one", "-1"], "by": {"a": 2}, "level": 1}'
    thing = _thing(made, body)
    kind, level = made.models.Kind, made.models.Level
    assert (thing.kind, thing.maybe, thing.level) == (kind.BIG, kind.VALUE_1ST, level.LOW)
    assert all(isinstance(one, enum.Enum) for one in (thing.kind, thing.maybe, thing.level, *thing.kinds))
    assert (thing.kinds, thing.by) == ([kind.SMALL_ONE, kind.MINUS_1], {"a": level.HIGH})
    assert thing.kind == "big" and thing.to_dict()["kind"].__class__ is str


def test_a_value_that_the_document_does_not_have(packages: Packages) -> None:
    """It stays as it came, null included: enums are open, and a str that is no UUID or date is a str."""
    made = packages(PATHS + SCHEMAS, head=HEAD)
    thing = _thing(
        made, b'{"id": "x-1", "day": "soon", "kind": "new", "maybe": null, "kinds": ["new", 1], "level": "3"}'
    )
    assert (thing.id, thing.day, thing.kind, thing.maybe, thing.kinds) == ("x-1", "soon", "new", None, ["new", 1])
    assert thing.level == "3"


def test_a_uuid_and_a_date(packages: Packages) -> None:
    """They have their classes, and go out as they came, or as they are assigned."""
    made = packages(PATHS + SCHEMAS, head=HEAD)
    thing = _thing(made, f'{{"id": "{_ID.upper()}", "day": "2026-01-31"}}'.encode())
    assert (thing.id, thing.day) == (UUID(_ID), date(2026, 1, 31))
    assert thing.to_dict() == {"id": _ID.upper(), "day": "2026-01-31"}
    thing.id, thing.kind = UUID(int=1), made.models.Kind.BIG
    assert thing.to_dict() == {"id": str(UUID(int=1)), "day": "2026-01-31", "kind": "big"}
    assert '"kind":"big"' in thing.to_json()


def test_members_are_arguments(packages: Packages) -> None:
    """A member, its value, a UUID and a date can be sent."""
    made = packages(PATHS + SCHEMAS, head=HEAD)
    with Raw(always(reply(b"{}"))) as server, made.Client(api_base=server.url) as client:
        kinds = [made.models.Kind.BIG, "small-one"]
        client.a.create.sync(id=UUID(_ID), day=date(2026, 1, 31), kinds=kinds, level=made.models.Level.LOW)
    assert server.requests[0].startswith(b"POST /v1/a?level=1 ")
    assert server.requests[0].endswith(f'{{"id":"{_ID}","day":"2026-01-31","kinds":["big","small-one"]}}'.encode())


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ("{type: string, enum: [a b, a-b, None, mro]}", ["A_B", "A_B_2", "NONE", "MRO"]),
        ("{type: integer, enum: [-1, 0, 10]}", ["MINUS_1", "VALUE_0", "VALUE_10"]),
        ("{type: string, enum: [x, y], x-enumNames: [First, class]}", ["First", "CLASS"]),
        ("{type: string, enum: ['', 'ä', '<='], x-enum-varnames: [EMPTY]}", ["EMPTY", "VALUE", "VALUE_2"]),
    ],
)
def test_the_names_of_members(packages: Packages, schema: str, names: list[str]) -> None:
    """Names that Python cannot have are written another way, and no two are the same."""
    paths = PATHS.replace("$ref: '#/components/schemas/Level'", "$ref: '#/components/schemas/E'")
    made = packages(f"{paths}{SCHEMAS}    E: {schema}\n", head=HEAD)
    assert [name for name, _ in made.models.E.__members__.items()] == names


@pytest.mark.long
@pytest.mark.timeout(240)
def test_type_checkers_know_them(packages: Packages, mypy: Mypy) -> None:
    """What everybody writes type-checks: attributes of dates and members, and a match of all members."""
    made = packages(PATHS + SCHEMAS, head=HEAD)
    program = f"""
from typing import assert_never
from {made.__name__} import Client
from {made.__name__}.models import Level, Thing

def year(thing: Thing) -> int:
    return thing.day.year if thing.day else thing.id.version or 0

def word(level: Level) -> str:
    match level:
        case Level.LOW:
            return level.name
        case Level.HIGH:
            return "high"
        case _:
            assert_never(level)

def send(client: Client) -> Thing:
    return client.a.create.sync(id="x", level=Level.LOW, kinds=["big"])
"""
    file = packages.out / "program.py"
    file.write_text(program)
    assert mypy(packages.out, str(file)).startswith("Success")


def test_sets_are_taken_where_items_are_unique(packages: Packages) -> None:
    """An array of unique scalars takes a set, in body and query; any other array, and the SDK's own, takes none."""
    text = "{type: array, uniqueItems: true, items: {type: string}}"
    made = packages(
        f"""
        paths:
          /a:
            post:
              parameters:
                - {{name: tags, in: query, explode: false, schema: {text}}}
                - {{name: plain, in: query, schema: {{type: array, items: {{type: string}}}}}}
              requestBody: {{content: {{application/json: {{schema: {{type: object, properties: {{
                labels: {text},
                things: {{type: array, uniqueItems: true, items: {{type: object}}}}}}}}}}}}}}
              responses: {{'204': {{description: ok}}}}
        """
    )
    annotations = made.api.a.create.__wrapped__.__annotations__
    assert annotations["tags"] == annotations["labels"] == "Sequence[str] | AbstractSet[str] | Unset"
    assert annotations["plain"] == "Sequence[str] | Unset" and "AbstractSet" not in annotations["things"]
    with Raw(always(reply(b""))) as server, made.Client(api_base=server.url) as client:
        client.a.create.sync(tags={"x"}, labels=frozenset({"y"}))
    assert server.requests[0].startswith(b"POST /v1/a?tags=x HTTP") and server.requests[0].endswith(b'{"labels":["y"]}')
