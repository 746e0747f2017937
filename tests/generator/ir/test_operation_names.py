"""Names of operations, arguments and fields in documents as people write them: lists, items, uses of a path, signs."""

# ruff: noqa: E501 - an operation of a document reads best in one line

from __future__ import annotations

import pytest

from ...faults.raw import Raw, always, reply
from ..mini import api_of
from ..packages import OK, Packages

ID = "parameters: [{name: id, in: path, required: true, schema: {type: string}}]"


def get(schema: str, path: str) -> str:
    """Return an operation that replies with a schema; its path's variable is declared."""
    said = f"{ID}, " if "{id}" in path else ""
    content = f"content: {{application/json: {{schema: {schema}}}}}"
    return f"{{{said}responses: {{'200': {{description: ok, {content}}}}}}}"


def called(packages: Packages, *operations: str) -> list[str]:
    """Generate a package from lines `METHOD /path: {...}`; return the names of its operations."""
    lines = ["paths:"]
    for one in operations:
        method, path, raw = one.split(" ", 2)
        lines += [f"  {path}", f"    {method}: {raw}"] if f"  {path}" not in lines else [f"    {method}: {raw}"]
    packages("\n".join(lines))
    found = packages.out / packages.names[-1] / "api" / "_description.json"
    return [
        line.split('"')[1] for line in found.read_text().splitlines() if line.startswith('"') and '"method"' in line
    ]


@pytest.mark.parametrize(
    "reply",
    [
        "{type: object, properties: {total: {type: integer}, pets: {type: array, items: {}}}}",
        "{type: object, properties: {page: {type: object, properties: {items: {type: array, items: {}}}}}}",
        "{type: array, items: {}}",
        "{}",
    ],
)
def test_what_has_items_is_listed_and_created(packages: Packages, reply: str) -> None:
    """A path with items below it is a collection: whatever its list is called, GET lists and POST creates."""
    assert called(
        packages,
        f"get /pets: {get(reply, '/pets')}",
        f"post /pets: {{{OK}}}",
        f"get /pets/{{id}}: {get('{type: object}', '{id}')}",
    ) == ["pets.create", "pets.list", "pets.retrieve"]
    assert packages.reported == []


def test_what_has_no_items_is_one_thing(packages: Packages) -> None:
    """A reply with a list in it, of a path without items, is no list; POST changes it."""
    one = "{type: object, properties: {tags: {type: array, items: {}}}}"
    assert called(packages, f"get /me: {get(one, '')}", f"post /me: {{{OK}}}") == ["me.retrieve", "me.update"]


def test_an_item_keeps_the_name(packages: Packages) -> None:
    """What deletes one thing is `delete`, whatever stands first; what deletes all of them has another name."""
    operations = [f"delete /pets: {{operationId: deleteAllPets, {OK}}}", f"delete /pets/{{id}}: {{operationId: deletePet, {ID}, {OK}}}"]  # fmt: skip
    for order in (operations, operations[::-1]):
        assert called(packages, *order) == ["pets.delete", "pets.delete_all_pets"]
        assert packages.reported == ["named by its operationId: DELETE /pets is pets.delete_all_pets, not pets.delete"]


def test_items_of_an_item(packages: Packages) -> None:
    """What ends with a variable may be a collection, too: one row is deleted, not all. A thing with parts stays one."""
    both = ID.replace("[", "[{name: key, in: path, required: true, schema: {type: string}}, ")
    table, row = "/rows/{id}", "/rows/{id}/{key}"
    assert called(
        packages,
        f"get {table}: {get('{type: array, items: {}}', '{id}')}",
        f"delete {table}: {{operationId: dropRows, {ID}, {OK}}}",
        f"get {row}: {{{both}, {OK}}}",
        f"delete {row}: {{operationId: dropRow, {both}, {OK}}}",
    ) == ["rows.delete", "rows.drop_rows", "rows.list", "rows.retrieve"]
    gist = get("{type: object, properties: {parts: {type: array, items: {}}}}", "{id}")
    assert called(
        packages,
        f"get /gists/{{id}}: {gist}",
        f"get /gists/{{id}}/{{key}}: {{operationId: getPart, {both}, {OK}}}",
    ) == ["gists.get_part", "gists.retrieve"]


@pytest.mark.parametrize(
    ("root", "names"),
    [
        ("/v1/pets", ["v1.pets.list", "v1.pets.retrieve"]),
        ("/2010-04-01/pets", ["n2010_04_01.pets.list", "n2010_04_01.pets.retrieve"]),
        ("/api/v2/pets", ["api.pets.list", "api.pets.retrieve"]),
        ("/chat/pets", ["chat.list", "chat.retrieve"]),
    ],
)
def test_the_only_child_of_a_root(packages: Packages, root: str, names: list[str]) -> None:
    """It goes from the name, unless the root is a version: that says less."""
    assert called(packages, f"get {root}: {get('{}', '')}", f"get {root}/{{id}}: {get('{}', '{id}')}") == names


def test_a_name_of_the_overlay_stays(packages: Packages) -> None:
    """An operation that the overlay names keeps that name."""
    named = f"delete /pets: {{x-sdk-name: pets.delete, {OK}}}"
    one = f"delete /pets/{{id}}: {{operationId: deletePet, {ID}, {OK}}}"
    assert called(packages, named, one) == ["pets.delete", "pets.delete_pet"]


def test_an_operation_id_of_a_framework(packages: Packages) -> None:
    """The path and the method that FastAPI puts behind the name of a function say nothing new."""
    assert called(
        packages,
        f"delete /pets: {{operationId: drop_pets_pets_delete, {OK}}}",
        f"delete /pets/{{id}}: {{operationId: drop_pet_pets__id__delete, {ID}, {OK}}}",
    ) == ["pets.delete", "pets.drop_pets"]


def test_the_ending_of_a_path_is_no_name(packages: Packages) -> None:
    """`/calls.json` and `/calls/{id}.json` are a collection and its items."""
    reply = "{type: object, properties: {calls: {type: array, items: {}}}}"
    assert called(
        packages, f"get /calls.json: {get(reply, '')}", f"post /calls.json: {{{OK}}}",
        f"get /calls/{{id}}.json: {get('{type: object}', '{id}')}",
    ) == ["calls.create", "calls.list", "calls.retrieve"]  # fmt: skip


def test_uses_of_a_path(packages: Packages) -> None:
    """What stands behind a # names the operation, and is not sent."""
    text = f"paths:\n  /files/{{id}}: {{put: {{{ID}, {OK}}}}}\n  /files/{{id}}#share: {{put: {{{ID}, {OK}}}}}\n"
    package = packages(text)
    assert packages.reported == []
    with Raw(always(reply(b""))) as server, package.Client(api_base=server.url, api_key=None) as client:
        client.files.share.sync("a#b")
    assert server.requests[0].startswith(b"PUT /v1/files/a%23b HTTP/1.1\r\n")


def test_signs_tell_names_apart(packages: Packages) -> None:
    """Keys that differ by their signs alone are called by them."""
    names = ("day", "day<", "day>=", "a-b", "a_b")
    queries = ", ".join(f"{{name: '{name}', in: query, schema: {{type: integer}}}}" for name in names)
    fields = "{type: object, properties: {'+1': {}, '-1': {}, 'b': {}}}"
    made = packages(f"paths: {{/a: {{get: {{parameters: [{queries}], {get(fields, '')[1:-1]}}}}}}}")
    assert packages.reported == [
        "renamed: the property '+1' of ARetrieveResponse is plus_1",
        "renamed: the property '-1' of ARetrieveResponse is minus_1",
        "renamed: the argument 'day<' (query) of a.retrieve is day_lt",
        "renamed: the argument 'day>=' (query) of a.retrieve is day_gt_eq",
        "renamed: the argument 'a-b' (query) of a.retrieve is a_b_query",
    ]
    read = made.models.ARetrieveResponse.from_dict({"+1": 3, "-1": 4})
    assert (read.plus_1, read.minus_1) == (3, 4)


def test_signs_stay_out_of_names_that_are_free() -> None:
    """A sign is a word only where two names would be one."""
    schema = "{A: {type: object, properties: {'-1': {}, 'hate/threatening': {}}}}"
    assert [f.attr for f in api_of(schema).objects["A"].fields] == ["n1", "hate_threatening"]
