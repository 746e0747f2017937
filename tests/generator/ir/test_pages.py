"""Lists that page by the conventions of many APIs: what is requested, and when it ends."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from sdk.errors import APIResponseError

from ...faults.raw import Raw, always, reply
from ..packages import Packages

ITEM = "{type: object, properties: {id: {type: string}}}"
LIST = f"{{type: array, items: {ITEM}}}"
STRING, NUMBER = "{type: string}", "{type: integer}"
A, B = {"id": "a"}, {"id": "b"}


def listing(packages: Packages, argument: str, schema: str, headers: str = "{}") -> Any:
    """Return a package with one list."""
    query = f"[{argument}, {{name: limit, in: query, schema: {NUMBER}}}]"
    media = f"content: {{application/json: {{schema: {schema}}}}}"
    response = f"responses: {{'200': {{description: ok, headers: {headers}, {media}}}}}"
    text = f"paths: {{/a: {{get: {{operationId: listA, parameters: {query}, {response}}}}}}}"
    return packages(text, "--naming", "operation-ids")


def argument(name: str, schema: str = STRING) -> str:
    """Return a query parameter."""
    return f"{{name: {name}, in: query, schema: {schema}}}"


def walked(made: Any, *answers: tuple[Any, str], **arguments: Any) -> tuple[list[str], list[str]]:
    """Return the ids of all items and the targets of all requests; the same from a coroutine."""
    pages = [
        reply(json.dumps(body).encode(), headers=f"Content-Type: application/json\r\n{more}") for body, more in answers
    ]
    found = []

    async def collect(url: str) -> list[str]:
        async with made.Client(api_base=url, max_retries=0) as client:
            return [one.id async for one in client.a.list.asyncio_iter(**arguments)]

    with Raw(always(*pages)) as server, made.Client(api_base=server.url, max_retries=0) as client:
        found = [one.id for one in client.a.list.iter(**arguments)]
        targets = [request.split()[1].decode().removeprefix("/v1/") for request in server.requests]
    with Raw(always(*pages)) as server:
        assert asyncio.run(collect(server.url)) == found
    return found, targets


@pytest.mark.parametrize(
    ("parameter", "fields", "first", "last", "second"),
    [
        (
            argument("starting_after"), f"data: {LIST}, has_more: {{type: boolean}}",
            {"data": [A], "has_more": True}, {"data": [B], "has_more": False}, "a?starting_after=a",
        ),
        (
            argument("continue"), f"items: {LIST}, metadata: {{type: object, properties: {{continue: {STRING}}}}}",
            {"items": [A], "metadata": {"continue": "t"}}, {"items": [B], "metadata": {}}, "a?continue=t",
        ),
        (
            argument("cursor"), f"members: {LIST}, meta: {{type: object, properties: {{next_cursor: {STRING}}}}}",
            {"members": [A], "meta": {"next_cursor": "t"}}, {"members": [B], "meta": {"next_cursor": ""}}, "a?cursor=t",
        ),
        (
            argument("pageToken"), f"things: {LIST}, nextPageToken: {STRING}",
            {"things": [], "nextPageToken": "t"}, {"things": [A, B]}, "a?pageToken=t",
        ),
        (
            argument("offset", NUMBER), f"items: {LIST}, next: {{type: [string, 'null']}}",
            {"items": [A], "next": "https://h.x/v1/a?offset=1&limit=1"}, {"items": [B], "next": None},
            "a?offset=1&limit=1",
        ),
        (
            argument("skip", NUMBER), f"items: {LIST}, hasMore: {{type: boolean}}",
            {"items": [A], "hasMore": True}, {"items": [B], "hasMore": False}, "a?skip=1",
        ),
        (
            argument("page", NUMBER), f"items: {LIST}, has_more: {{type: boolean}}",
            {"items": [A], "has_more": True}, {"items": [B], "has_more": False}, "a?page=2",
        ),
    ],
)  # fmt: skip
def test_pages(packages: Packages, parameter: str, fields: str, first: Any, last: Any, second: str) -> None:
    """The second request asks for what the first reply says, and the last reply ends the list."""
    made = listing(packages, parameter, f"{{type: object, properties: {{{fields}}}}}")
    assert walked(made, (first, ""), (last, "")) == (["a", "b"], ["a", second])


LINK = 'Link: <https://h.x/v1/a?page=2&k=v>; rel="next", <https://h.x/v1/a?page=9>; rel="last"\r\n'


def test_page_numbers_end_with_the_links(packages: Packages) -> None:
    """A Link header without a next page is that of the last."""
    made = listing(packages, argument("page", NUMBER), LIST)
    last = 'Link: <https://h.x/v1/a?page=1>; rel="prev"\r\n'
    assert walked(made, ([A], LINK), ([B], last)) == (["a", "b"], ["a", "a?page=2"])


def test_page_numbers_end_with_an_empty_page(packages: Packages) -> None:
    """Without links one more page is requested; numbers go on from the one that was given."""
    made = listing(packages, argument("page", NUMBER), LIST)
    assert walked(made, ([A], ""), ([], ""), page=4) == (["a"], ["a?page=4", "a?page=5"])


def test_page_numbers_from_zero(packages: Packages) -> None:
    """The default of the argument is the number of the first page."""
    made = listing(packages, argument("page", "{type: integer, default: 0}"), LIST)
    assert walked(made, ([A], ""), ([], "")) == (["a"], ["a", "a?page=1"])


def test_links_alone(packages: Packages) -> None:
    """A list whose reply has a Link header follows it, with the whole query of the link."""
    made = listing(packages, argument("q"), LIST, f"{{Link: {{schema: {STRING}}}}}")
    assert walked(made, ([A], LINK), ([B], ""), q="x") == (["a", "b"], ["a?q=x", "a?q=x&page=2&k=v"])


def test_a_server_that_does_not_page(packages: Packages) -> None:
    """The same page again ends the list, and its items are not yielded twice."""
    made = listing(packages, argument("offset", NUMBER), LIST)
    assert walked(made, ([A, B], ""), ([A, B], "")) == (["a", "b"], ["a", "a?offset=2"])


def test_a_list_that_is_none(packages: Packages) -> None:
    """An object where the items should be is an error that says so."""
    made = listing(packages, argument("cursor"), f"{{type: object, properties: {{items: {LIST}, cursor: {STRING}}}}}")
    answer = reply(b'{"items": {"id": "a"}}')
    with (
        Raw(always(answer)) as server,
        made.Client(api_base=server.url, max_retries=0) as client,
        pytest.raises(APIResponseError, match="the data of the list is an object where an array was expected"),
    ):
        next(client.a.list.iter())
