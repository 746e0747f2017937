"""Names of operations by tag and operationId: what the author called them, whatever stands beside them."""

from __future__ import annotations

from typing import Any

import pytest

from generator.ir.operation_ids import in_snake_case, operation_name, snake_case

from ...faults.raw import Raw, always, reply
from ..packages import OK, Packages


@pytest.mark.parametrize(
    ("route", "raw", "name"),
    [
        ("POST /points/delete", {"operationId": "deletePoints", "tags": ["Points"]}, "points.delete"),
        ("POST /containers/{id}/start", {"operationId": "ContainerStart", "tags": ["Container"]}, "container.start"),
        ("GET /user/login", {"operationId": "loginUser", "tags": ["user"]}, "user.login"),
        ("GET /pet/findByStatus", {"operationId": "findPetsByStatus", "tags": ["pet"]}, "pet.find_by_status"),
        ("GET /pet/{id}", {"operationId": "getPetById", "tags": ["pet"]}, "pet.get_by_id"),
        ("GET /pets/{id}", {"operationId": "getPet", "tags": ["pets"]}, "pets.get"),
        ("GET /pets", {"operationId": "getPets", "tags": ["pets"]}, "pets.get_pets"),
        ("GET /pets", {"operationId": "listPets"}, "pets.list"),
        ("POST /chat.postMessage", {"operationId": "chat_postMessage", "tags": ["chat"]}, "chat.post_message"),
        ("POST /chat.postMessage", {"operationId": "chat.postMessage"}, "chat.post_message"),
        ("GET /repos/{o}/{r}/commits", {"operationId": "repos/list-commits", "tags": ["repos"]}, "repos.list_commits"),
        ("GET /v1/store", {"operationId": "getInventory"}, "store.get_inventory"),
        ("GET /rest/api/3/issue/{k}", {"operationId": "getIssue", "tags": ["Issue"]}, "issue.get"),
        ("GET /x", {"operationId": "x", "tags": ["Two words (apps)"]}, "two_words_apps.x"),
        ("GET /x", {"operationId": "options", "tags": ["options"]}, "options_.options"),
        ("GET /a", {"operationId": "read_a_a_get", "tags": ["b"]}, "b.read_a"),
        ("GET /a", {"operationId": "ListHTTPRoutes", "tags": ["HTTPRoute"]}, "http_route.list"),
        ("GET /lists", {"operationId": "listLists", "tags": ["Lists"]}, "lists.list"),
        ("GET /lists", {"operationId": "listAllLists", "tags": ["List"]}, "list.list_all"),
        ("POST /posts", {"operationId": "postPosts", "tags": ["posts"]}, "posts.post"),
        ("GET /artists/{id}", {"operationId": "get-an-artist", "tags": ["Artists"]}, "artists.get"),
        ("GET /albums/{id}/tracks", {"operationId": "get-an-albums-tracks", "tags": ["Albums"]}, "albums.get_tracks"),
        ("GET /v3/items", {"operationId": "get-/v3/items_getPage", "tags": ["Item"]}, "item.get_page"),
        ("GET /x", {"operationId": "import", "tags": ["x"]}, "x.import_"),
        (
            "GET /x",
            {"operationId": "a", "x-speakeasy-group": "one.two", "x-speakeasy-name-override": "do"},
            "one.two.do",
        ),
        (
            "GET /x",
            {"operationId": "a", "x-fern-sdk-group-name": ["one"], "x-fern-sdk-method-name": "doIt"},
            "one.do_it",
        ),
        ("GET /x", {"tags": ["x"]}, None),
    ],
)
def test_names(route: str, raw: dict[str, Any], name: str | None) -> None:
    """The tag is the resource, and the operationId without the tag's words is the verb."""
    method, _, path = route.partition(" ")
    assert operation_name(path, method, raw) == name


@pytest.mark.parametrize(
    ("by_path", "name"),
    [
        ("Urls.geoData.retrieve", "urls.geo_data.retrieve"),
        ("files.import_", "files.import_"),
        ("Options.list", "options_.list"),
    ],
)
def test_names_of_paths(by_path: str, name: str) -> None:
    """What has no operationId is in snake_case, too, and no keyword or attribute of clients."""
    assert in_snake_case(by_path) == name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("photoUrls", "photo_urls"),
        ("X-Trace-Id", "x_trace_id"),
        ("bookingID", "booking_id"),
        ("a_b", "a_b"),
        ("$", "$"),
    ],
)
def test_snake_case(key: str, name: str) -> None:
    """Words are separated, whatever separated them before."""
    assert snake_case(key) == name


TEXT = f"""
paths:
  /pets/{{petId}}:
    put:
      tags: [Pet]
      operationId: updatePet
      parameters:
        - {{name: petId, in: path, required: true, schema: {{type: string}}}}
        - {{name: X-Trace-Id, in: header, schema: {{type: string}}}}
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pet'}}}}}}}}
      responses:
        '200': {{description: ok, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pet'}}}}}}}}
  /other: {{get: {{{OK}}}}}
components: {{schemas: {{Pet: {{type: object, properties: {{photoUrls: {{type: array, items: {{type: string}}}}}}}}}}}}
"""


def test_the_wire_keeps_its_names(packages: Packages) -> None:
    """Arguments and attributes are snake_case; what is sent and read has the names of the document."""
    made = packages(TEXT, "--naming", "operation-ids")
    with Raw(always(reply(b'{"photoUrls": ["u"]}'))) as server, made.Client(api_base=server.url) as client:
        pet = client.pet.update.sync("7", x_trace_id="t", photo_urls=["v"])
        client.other.retrieve.sync()
    assert (pet.photo_urls, pet.to_dict()) == (["u"], {"photoUrls": ["u"]})
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"PUT /v1/pets/7 HTTP") and b"X-Trace-Id: t" in head
    assert body == b'{"photoUrls":["v"]}'


def test_names_by_paths(packages: Packages) -> None:
    """With --naming paths nothing of that holds: names are those of paths and of JSON."""
    made = packages(TEXT, "--naming", "paths")
    with Raw(always(reply(b'{"photoUrls": ["u"]}'))) as server, made.Client(api_base=server.url) as client:
        assert client.pets.replace.sync("7", photoUrls=["v"]).photoUrls == ["u"]


def test_operation_ids_are_the_default(packages: Packages) -> None:
    """The command without a choice names by tags and operationIds."""
    from generator.commands.arguments import parser
    from generator.commands.job import policy_of
    from generator.config import Config

    for command in (["generate"], ["diff", "a", "b"]):
        assert policy_of(parser().parse_args(command), Config()).operations == "operation-ids"
