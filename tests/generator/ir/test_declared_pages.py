"""Lists that page as x-sdk-pages of their operation says."""

from __future__ import annotations

from typing import Any

import pytest

from ..packages import Packages
from .test_pages import ITEM, LIST, NUMBER, STRING, A, B, argument, walked

META = f"rows: {LIST}, other: {LIST}, meta: {{type: object, properties: {{position: {STRING}, url: {STRING}}}}}"
FIELDS = f"{{type: object, properties: {{{META}, again: {{type: boolean}}}}}}"


def listing(packages: Packages, parameter: str, schema: str, pages: str, **options: Any) -> Any:
    """Return a package with one list that declares its pages."""
    media = f"content: {{application/json: {{schema: {schema}}}}}"
    response = f"responses: {{'200': {{description: ok, {media}}}}}"
    text = (
        f"paths: {{/a: {{get: {{operationId: listA, x-sdk-pages: {pages}, parameters: [{parameter}], {response}}}}}}}"
    )
    return packages(text, "--naming", "operation-ids", **options)


@pytest.mark.parametrize(
    ("parameter", "pages", "first", "last", "second"),
    [
        (
            argument("since"), "{argument: since, next: meta.position, items: rows}",
            {"rows": [A], "meta": {"position": "p2"}}, {"rows": [B], "meta": {}}, "a?since=p2",
        ),
        (
            argument("since"), "{argument: since, last: id, items: rows, more: again}",
            {"rows": [A], "again": True}, {"rows": [B], "again": False}, "a?since=a",
        ),
        (
            argument("p", NUMBER), "{argument: p, counts: pages, first: 0, items: rows, more: again}",
            {"rows": [A], "again": True}, {"rows": [B], "again": False}, "a?p=1",
        ),
        (
            argument("from", NUMBER), "{argument: from, counts: items, items: rows, more: again}",
            {"rows": [A], "again": True}, {"rows": [B], "again": False}, "a?from=1",
        ),
        (
            argument("x"), "{url: meta.url, items: rows}",
            {"rows": [A], "meta": {"url": "https://x.example/a?cursor=7"}}, {"rows": [B], "meta": {}}, "a?cursor=7",
        ),
    ],
)  # fmt: skip
def test_each_form(packages: Packages, parameter: str, pages: str, first: Any, last: Any, second: str) -> None:
    """Every item of both pages comes, and the second request is the one that was declared."""
    made = listing(packages, parameter, FIELDS, pages)
    assert walked(made, (first, ""), (last, "")) == (["a", "b"], ["a", second])


def test_the_reply_itself_is_the_list(packages: Packages) -> None:
    """Without `items` the reply is the list; the header Link has the next page."""
    made = listing(packages, argument("x"), f"{{type: array, items: {ITEM}}}", "{url: Link}")
    link = 'Link: <https://x.example/a?page=2>; rel="next"\r\n'
    assert walked(made, ([A], link), ([B], "")) == (["a", "b"], ["a", "a?page=2"])


def test_no_pages(packages: Packages) -> None:
    """`false` takes a list that looks as if it had pages for one that comes whole."""
    fields = f"{{type: object, properties: {{data: {LIST}, next_cursor: {STRING}}}}}"
    made = listing(packages, argument("cursor"), fields, "false")
    assert not hasattr(made.Client(api_base="http://127.0.0.1", api_key=None).a.list, "iter")


@pytest.mark.parametrize(
    ("pages", "problem"),
    [
        ("{argument: nope, next: meta.position, items: rows}", "'nope', which is not a query parameter"),
        ("{argument: since, next: meta.nope, items: rows}", "'meta.nope', and the reply has no 'nope' there"),
        ("{argument: since, next: meta.position, items: meta}", "'meta', which is not a list of the reply"),
        ("{argument: since, items: rows}", "does not say where the next page is"),
        ("{argumnt: since}", "takes argument, counts, first"),
    ],
)
def test_what_names_nothing_is_an_error(packages: Packages, pages: str, problem: str) -> None:
    """A declaration that does not fit its operation is refused, with its place."""
    listing(packages, argument("since"), FIELDS, pages, code=1)
    assert "/paths/~1a/get/x-sdk-pages: " in packages.err
    assert problem in packages.err
