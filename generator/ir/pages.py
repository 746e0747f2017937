"""How a list requests its next page, by the names that APIs give to arguments and fields for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from . import Array, ObjectType, Page, Param, Reply, Resolved, Scalar, Type, Union

#: Arguments that take a token of the reply.
TOKENS = (
    *("cursor", "page_token", "pageToken", "next_token", "nextToken", "continuation_token", "continuationToken"),
    *(
        "continue",
        "_continue",
        "after",
        "marker",
        "pagination_token",
        "next_cursor",
        "page_cursor",
        "PageToken",
        "next",
    ),
)
#: Where replies have it: at the top, or in an object with other facts of the page.
NEXT = (
    *("next_cursor", "nextCursor", "next_page_token", "nextPageToken", "next_token", "nextToken", "NextToken"),
    *(
        "continuation_token",
        "continuationToken",
        "continue",
        "next_marker",
        "end_cursor",
        "endCursor",
        "cursor",
        "after",
    ),
    *("next_page", "nextPage", "next"),
)
#: Arguments that take the id of the last item.
LAST = ("starting_after", "startingAfter", "after_id", "since_id")
NUMBERS = ("page", "page_number", "pageNumber", "page_num", "pageNum", "pageIndex")
OFFSETS = ("offset", "skip", "start", "startAt", "start_index", "startIndex", "start_at")
URLS = ("next", "next_url", "nextUrl", "next_page_url", "next_page_uri", "nextLink", "next_link", "@odata.nextLink")
MORE = ("has_more", "hasMore", "has_next", "hasNext", "more", "has_next_page", "hasNextPage")
#: Names of the list among several of a reply.
ITEMS = ("data", "items", "results", "values", "records", "entries", "list")

Resolve = Callable[[Type], Resolved]


def page_of(params: Sequence[Param], reply: Reply, responses: Mapping[str, Any], resolve: Resolve) -> Page | None:
    """Return how an operation that lists requests its next page, None if no convention fits."""
    body = resolve(reply.type) if reply.type is not None else None
    query = {p.key: p for p in params if p.location == "query"}
    if isinstance(body, Array):
        linked = any("link" in map(str.lower, one.get("headers") or ()) for one in responses.values())
        return _counted(query, "", body.item, "", "", resolve) or (
            Page("", (), body.item, "", kind="link") if linked else None
        )
    if not isinstance(body, ObjectType) or (found := _items(body, resolve)) is None:
        return None
    items, item = found
    places = list(_places(body, resolve))
    more = next((place for key, place, _ in places if key in MORE), "")
    for key in (k for k in TOKENS if k in query):
        for name in NEXT:
            for found_key, place, type_ in places:
                if found_key == name and _is_token(type_, query[key].type, resolve):
                    return Page(query[key].attr, (place,), item, items, kind="token", more=more)
    target = resolve(item)
    id_ = next((f.attr for f in target.fields if f.key == "id"), "") if isinstance(target, ObjectType) else ""
    last = next((query[key] for key in LAST if key in query), None)
    if last is not None and id_ and more:
        return Page(last.attr, (id_,), item, items, kind="last", more=more)
    url = next((place for key, place, type_ in places if key in URLS and kinds(type_, resolve) == {"string"}), "")
    if url and any(key in query for key in (*OFFSETS, *NUMBERS, *TOKENS, "limit")):
        return Page("", (url,), item, items, kind="url", more=more)
    return _counted(query, items, item, more, "", resolve)


def _counted(
    query: Mapping[str, Param], items: str, item: Type, more: str, next_: str, resolve: Resolve
) -> Page | None:
    """Return the page of an argument that counts pages or items."""
    for kind, keys in (("number", NUMBERS), ("offset", OFFSETS)):
        for key in keys:
            if key in query and kinds(query[key].type, resolve) <= {"integer", "number"}:
                facts = {fact.keyword: fact.value for fact in query[key].facts}
                first = facts.get("default", 0 if facts.get("minimum") == 0 else 1)
                place = str(first if isinstance(first, int) else 1) if kind == "number" else next_
                return Page(query[key].attr, (place,), item, items, kind=kind, more=more)
    return None


def _items(body: ObjectType, resolve: Resolve) -> tuple[str, Type] | None:
    """Return the attribute of the list of a reply, and the type of its items."""
    lists = {f.key: (f.attr, target.item) for f in body.fields if isinstance(target := resolve(f.type), Array)}
    named = next((lists[key] for key in ITEMS if key in lists), None)
    return named or (next(iter(lists.values())) if len(lists) == 1 else None)


def _places(body: ObjectType, resolve: Resolve) -> Iterator[tuple[str, str, Type]]:
    """Yield the fields of a reply, and of the objects in it, with their key, their place in attributes and type."""
    for f in body.fields:
        yield f.key, f.attr, f.type
    for f in body.fields:
        target = without_null(f.type, resolve)
        if isinstance(target, ObjectType):
            yield from ((g.key, f"{f.attr}.{g.attr}", g.type) for g in target.fields)


def without_null(type_: Type, resolve: Resolve) -> Resolved:
    target = resolve(type_)
    if isinstance(target, Union):
        rest = [one for one in map(resolve, target.members) if one != Scalar("null")]
        return rest[0] if len(rest) == 1 else target
    return target


def kinds(type_: Type, resolve: Resolve) -> set[str]:
    """Return the kinds of scalar that a type is, null aside; "other" for anything else."""
    target = resolve(type_)
    members = [resolve(one) for one in target.members] if isinstance(target, Union) else [target]
    return {one.kind if isinstance(one, Scalar) else "other" for one in members} - {"null"}


def _is_token(value: Type, param: Type, resolve: Resolve) -> bool:
    one, other = kinds(value, resolve), kinds(param, resolve)
    target = without_null(value, resolve)
    link = isinstance(target, Scalar) and target.format in ("uri", "url", "uri-reference", "iri")
    return not link and bool(one & other) and one <= {"string", "integer"}
