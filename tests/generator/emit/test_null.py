"""Models of nullable properties: None that was given is null, what was omitted is left out."""

# ruff: noqa: E501 - a schema of a document reads best in one line

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ...faults.raw import Raw, always
from ..mini import imported
from ..standalone import Build, build, json_reply

__all__ = ["build"]
SCHEMAS = """
Name: {type: [string, 'null']}
Json: {}
Place: {type: object, properties: {city: {type: string}}}
Profile:
  type: object
  required: [must]
  properties:
    must: {type: [string, 'null']}
    typed: {type: [string, 'null']}
    union: {anyOf: [{$ref: '#/components/schemas/Place'}, {type: 'null'}]}
    flag: {type: integer, nullable: true}
    named: {$ref: '#/components/schemas/Name'}
    one-of: {oneOf: [{type: integer}, {type: 'null'}]}
    choice: {enum: [a, null]}
    free: {}
    json: {$ref: '#/components/schemas/Json'}
    plain: {type: integer}
    place: {$ref: '#/components/schemas/Place'}
    fixed: {const: x}
"""
NULLABLE = {"typed": "typed", "union": "union", "flag": "flag", "named": "named", "one_of": "one-of", "choice": "choice", "free": "free", "json": "json"}  # fmt: skip
PLAIN = ("plain", "place", "fixed")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The generated models of SCHEMAS."""
    with imported(tmp_path_factory.mktemp("null"), SCHEMAS, name="null") as mini:
        yield mini.models


@pytest.mark.parametrize(("attr", "key"), NULLABLE.items())
def test_a_nullable_property(models: Any, attr: str, key: str) -> None:
    """However the document says that it may be null: given or assigned, None is null; omitted, it is left out."""
    assert models.Profile(must="a").to_dict() == {"must": "a"}
    assert models.Profile(must="a", **{attr: None}).to_dict() == {"must": "a", key: None}
    assigned = models.Profile(must="a")
    setattr(assigned, attr, None)
    assert assigned.to_dict() == {"must": "a", key: None}


@pytest.mark.parametrize("attr", PLAIN)
def test_a_property_that_must_not_be_null(models: Any, attr: str) -> None:
    """None leaves it out, as no server would take null."""
    assert models.Profile(must="a", **{attr: None}).to_dict() == {"must": "a"}


def test_a_required_nullable_property(models: Any) -> None:
    """It is always there, and is null where None was given."""
    assert models.Profile(must=None).to_dict() == {"must": None}


def test_a_patch_that_clears(build: Build) -> None:
    """A model in a body clears what it says null of: one built by hand, one of a reply, and one in a list."""
    user = "{type: object, properties: {profile: {$ref: '#/components/schemas/Profile'}, others: {type: array, items: {$ref: '#/components/schemas/Profile'}}}}"
    profile = "{type: object, properties: {bio: {type: [string, 'null']}, age: {type: integer}}}"
    package = build(
        f"paths: {{/users: {{patch: {{x-sdk-name: users.update, requestBody: {{content: {{application/merge-patch+json: {{schema: {user}}}}}}}, "
        f"responses: {{'200': {{description: ok, content: {{application/json: {{schema: {user}}}}}}}}}}}}}}}\n"
        f"components: {{schemas: {{Profile: {profile}}}}}\n"
    )
    make = __import__(f"{package.__name__}.models", fromlist=["Profile"]).Profile
    reply = json_reply(b'{"profile": {"bio": "old", "age": 3}, "others": [{"age": 4}]}')
    with Raw(always(reply)) as server, package.Client(api_base=server.url, api_key=None) as client:
        found = client.users.update.sync(profile=make(bio=None, age=3), others=[make(age=4), make(bio=None)])
        found.profile.bio = found.others[0].bio = None
        client.users.update.sync(profile=found.profile, others=found.others)
        bodies = [json.loads(request.partition(b"\r\n\r\n")[2]) for request in server.requests]
    assert bodies == [
        {"profile": {"bio": None, "age": 3}, "others": [{"age": 4}, {"bio": None}]},
        {"profile": {"bio": None, "age": 3}, "others": [{"bio": None, "age": 4}]},
    ]
