"""Lists in pages: what is asked for, what comes out, and when it ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.api import evals, files, models
from sdk.api.agents import environments
from sdk.api.fine_tuning import jobs
from sdk.api.organization import groups, usage
from sdk.errors import APIResponseError

Page = dict[str, Any]


class Server:
    """Answer with one page after another, the last one for ever, and remember the queries."""

    def __init__(self, *pages: Page) -> None:
        self.pages, self.queries = pages, list[dict[str, str]]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.queries.append(dict(request.url.params))
        return httpx.Response(200, content=json.dumps(self.pages[min(len(self.queries), len(self.pages)) - 1]))

    def asked(self, key: str) -> list[str | None]:
        """Return what each query had under a key."""
        return [query.get(key) for query in self.queries]


Listing = Callable[..., list[Any]]


@pytest.fixture(params=["sync", "asyncio"])
def listing(request: pytest.FixtureRequest) -> Listing:
    """Return all items of a list, each as its id: `listing(server, operation, *args, **kwargs)`."""

    def sync(server: Server, operation: Any, *args: Any, **kwargs: Any) -> list[Any]:
        with Client(api_key="k", admin_api_key="a", transport=httpx.MockTransport(server)) as client:
            return [_id(item) for item in operation.iter(*args, client=client, **kwargs)]

    def asynchronous(server: Server, operation: Any, *args: Any, **kwargs: Any) -> list[Any]:
        async def main() -> list[Any]:
            async with Client(api_key="k", admin_api_key="a", transport=httpx.MockTransport(server)) as client:
                return [_id(item) async for item in operation.asyncio_iter(*args, client=client, **kwargs)]

        return asyncio.run(main())

    return sync if request.param == "sync" else asynchronous


def _id(item: Any) -> Any:
    return item.id if hasattr(item, "id") else item.start_time


def page(*ids: str, **more: Any) -> Page:
    """Return a page of items with these ids."""
    return {"object": "list", "data": [{"id": id} for id in ids], **more}


@pytest.mark.parametrize(
    ("operation", "args", "param", "pages"),
    [
        (
            files.list,
            (),
            "after",
            [page("a", "b", last_id="b", has_more=True), page("c", last_id="c", has_more=False)],
        ),
        (jobs.list_events, ("ft-1",), "after", [page("a", "b", has_more=True), page("c", has_more=False)]),
        (
            groups.list,
            (),
            "after",
            [page("a", "b", next="b", has_more=True), page("c", next=None, has_more=False)],
        ),
        (
            environments.files.list,
            ("env-1",),
            "page",
            [page("a", "b", next="b", has_more=True), page("c", next=None, has_more=False)],
        ),
    ],
)
def test_follows_the_cursor(
    listing: Listing, operation: Any, args: tuple[str, ...], param: str, pages: list[Page]
) -> None:
    """Whichever key of the reply holds the cursor, every item of every page comes once, in order."""
    server = Server(*pages)
    assert listing(server, operation, *args, limit=2) == ["a", "b", "c"]
    assert server.asked(param) == [None, "b"]
    assert server.asked("limit") == ["2", "2"]


def test_follows_next_page(listing: Listing) -> None:
    """Usage gives a token in next_page, which goes into page; other arguments stay."""
    bucket = {"object": "bucket", "start_time": 1, "end_time": 2, "results": []}
    server = Server(
        {"object": "page", "data": [bucket], "has_more": True, "next_page": "t1"},
        {"object": "page", "data": [{**bucket, "start_time": 2}], "has_more": False, "next_page": None},
    )
    assert listing(server, usage.completions, start_time=1, group_by=["model"]) == [1, 2]
    assert server.queries == [
        {"start_time": "1", "group_by[]": "model"},
        {"start_time": "1", "group_by[]": "model", "page": "t1"},
    ]


def test_an_opaque_cursor_wins_over_the_last_id(listing: Listing) -> None:
    """Where the reply names what comes next, the last item's id is not used."""
    server = Server(page("a", next="token", has_more=True), page("b", next=None, has_more=False))
    assert listing(server, groups.list) == ["a", "b"]
    assert server.asked("after") == [None, "token"]


def test_a_list_that_comes_whole(listing: Listing) -> None:
    """A list without pages can be iterated like the others."""
    server = Server(page("gpt-4o", "gpt-4o-mini"))
    assert listing(server, models.list) == ["gpt-4o", "gpt-4o-mini"]
    assert server.queries == [{}]


def test_goes_on_where_last_id_is_left_out(listing: Listing) -> None:
    """A server that leaves last_id out means the last item's id."""
    server = Server(page("a", has_more=True), page("b", has_more=False))
    assert listing(server, files.list) == ["a", "b"]
    assert server.asked("after") == [None, "a"]


def test_stops_where_has_more_is_false(listing: Listing) -> None:
    """A cursor beside has_more false leads nowhere."""
    server = Server(page("a", last_id="a", has_more=False))
    assert listing(server, files.list) == ["a"]
    assert len(server.queries) == 1


@pytest.mark.parametrize(
    ("operation", "empty"),
    [
        (files.list, page(last_id="m1", has_more=True)),
        (groups.list, page(next="m1", has_more=True)),
        (groups.list, page(next="m1")),
    ],
)
def test_goes_on_after_an_empty_page(listing: Listing, operation: Any, empty: Page) -> None:
    """A page of which a filter leaves nothing is not the last one, if it says so or gives a token."""
    server = Server(empty, empty | {"last_id": "m2", "next": "m2"}, page("c", has_more=False))
    assert listing(server, operation) == ["c"]
    assert server.asked("after") == [None, "m1", "m2"]


@pytest.mark.parametrize(
    ("operation", "empty"),
    [
        (files.list, page(last_id="b", has_more=False)),
        (files.list, page(last_id="b")),
        (files.list, page(has_more=True)),
        (files.list, page(last_id="a", has_more=True)),
        (groups.list, page(next="b", has_more=False)),
        (groups.list, page(next="a", has_more=True)),
        (groups.list, page(next=None, has_more=True)),
    ],
)
def test_stops_on_an_empty_page(listing: Listing, operation: Any, empty: Page) -> None:
    """A page without items is the last one if it says so, or gives no cursor, or the one that led to it."""
    server = Server(page("a", last_id="a", next="a", has_more=True), empty)
    assert listing(server, operation) == ["a"]
    assert len(server.queries) == 2


def test_stops_on_a_repeated_page(listing: Listing) -> None:
    """A server that ignores the cursor sends the same page again: its items come once, and there is no third call."""
    server = Server(page("a", "b", last_id="b", has_more=True))
    assert listing(server, files.list) == ["a", "b"]
    assert len(server.queries) == 2


def test_stops_on_the_cursor_that_was_given(listing: Listing) -> None:
    """The cursor that the caller began with counts as seen."""
    server = Server(page("x", "b", last_id="b", has_more=True))
    assert listing(server, files.list, after="b") == []
    assert server.asked("after") == ["b"]


def test_stops_on_a_repeated_token(listing: Listing) -> None:
    """A token that comes again ends the list; the items of its page are new, and are taken."""
    server = Server(page("a", next="t", has_more=True), page("b", next="t", has_more=True))
    assert listing(server, groups.list) == ["a", "b"]
    assert server.asked("after") == [None, "t"]


def test_stops_on_a_cycle_of_tokens(listing: Listing) -> None:
    """A server that leads in a circle of two is left after one round."""
    server = Server(
        page("a", next="t", has_more=True), page("b", next="u", has_more=True), page("c", next="t", has_more=True)
    )
    assert listing(server, groups.list) == ["a", "b", "c"]


@pytest.mark.parametrize("cursor", [None, "", 7])
def test_stops_without_a_cursor(listing: Listing, cursor: Any) -> None:
    """has_more without a cursor to go on with is the end, not an endless list."""
    server = Server(page("a", next=cursor, has_more=True))
    assert listing(server, groups.list) == ["a"]


def test_asks_for_a_page_only_when_it_is_needed() -> None:
    """Nothing is asked for before the first item is taken, and page two only after the last item of page one."""
    server = Server(page("a", "b", last_id="b", has_more=True), page("c", last_id="c", has_more=False))
    with Client(api_key="k", transport=httpx.MockTransport(server)) as client:
        items = files.list.iter(client=client)
        assert len(server.queries) == 0
        assert [next(items).id, next(items).id, len(server.queries)] == ["a", "b", 1]
        assert [next(items).id, len(server.queries)] == ["c", 2]
        assert next(items, None) is None


@pytest.mark.parametrize("form", ["iter", "asyncio_iter"])
def test_a_wrong_argument_is_told_where_it_stands(form: str) -> None:
    """It is an error of the call, not of the loop that asks for the first item."""
    wrong: Any = getattr(files.list, form)
    with pytest.raises(TypeError, match="limits"):
        wrong(limits=3)


def test_the_first_page_alone() -> None:
    """`sync` gives the first page, with what it says of others."""
    server = Server(page("a", last_id="a", has_more=True))
    with Client(api_key="k", transport=httpx.MockTransport(server)) as client:
        first = files.list.sync(client=client)
    assert (first.data[0].id, first.has_more, first.last_id, len(server.queries)) == ("a", True, "a", 1)


def test_a_bound_list_and_path_parameters(listing: Listing) -> None:
    """Path parameters are kept from page to page."""
    paths: list[str] = []
    server = Server(page("a", last_id="a", has_more=True), page("b", last_id="b", has_more=False))

    def answer(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.path)
        return server(request)

    with Client(api_key="k", transport=httpx.MockTransport(answer)) as client:
        assert [item.id for item in client.evals.runs.list.iter("eval_1")] == ["a", "b"]
    assert paths == ["/v1/evals/eval_1/runs"] * 2


def test_every_list_of_the_document_can_be_iterated() -> None:
    """Each operation called list has `.iter`."""
    from pkgutil import walk_packages

    import sdk.api
    from sdk.operation import Operation, PagedOperation

    names = [m.name for m in walk_packages(sdk.api.__path__, "sdk.api.") if "._" not in m.name]
    from importlib import import_module

    found = [o for n in names for o in vars(import_module(n)).values() if isinstance(o, Operation)]
    lists = [o for o in found if o.name.rpartition(".")[2].startswith("list")]
    assert len(lists) == 76
    assert [o.name for o in lists if not isinstance(o, PagedOperation)] == []
    assert isinstance(evals.list, PagedOperation)


@pytest.mark.parametrize(
    ("data", "kind"),
    [({"id": "f"}, "an object"), ({}, "an object"), (5, "an integer"), (0, "an integer"), (1.5, "a number"),
     ("abc", "a string"), ("", "a string"), (True, "a boolean"), (False, "a boolean")],
)  # fmt: skip
@pytest.mark.parametrize("operation", [files.list, jobs.list_events, usage.completions])
def test_data_that_is_no_list(listing: Listing, operation: Any, data: Any, kind: str) -> None:
    """A page that cannot be taken item by item is an error that says what came; the items before it have come."""
    arguments: dict[str, Any] = {"start_time": 1} if operation is usage.completions else {"limit": 2}
    args = ("ft-1",) if operation is jobs.list_events else ()
    whole = {"object": "list", "data": data, "has_more": True}
    with pytest.raises(APIResponseError) as caught:
        listing(Server(whole), operation, *args, **arguments)
    failed = caught.value
    assert failed.message == f"the data of the list is {kind} where an array was expected"
    assert (failed.body, failed.status_code, failed.request_sent) == (whole, 200, True)
    assert failed.request is not None
    assert failed.request.url.startswith("https://api.openai.com/v1/")


def test_the_items_before_a_page_that_is_no_list() -> None:
    """What came on earlier pages has been handed out."""
    server = Server(page("a", last_id="a", has_more=True), {"data": 5})
    with Client(api_key="k", transport=httpx.MockTransport(server)) as client:
        items = client.files.list.iter()
        assert next(items).id == "a"
        with pytest.raises(APIResponseError):
            next(items)


@pytest.mark.parametrize("data", [None, []])
def test_a_list_without_items(listing: Listing, data: Any) -> None:
    """Null is no item, as a missing key is."""
    assert listing(Server({"object": "list", "data": data, "has_more": True}), files.list) == []
