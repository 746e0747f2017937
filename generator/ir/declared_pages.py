"""How a list requests its next page, as the document says: `x-sdk-pages` of an operation.

    x-sdk-pages: {argument: position, next: meta.position, items: rows}     a token of the reply
    x-sdk-pages: {argument: since, last: id, items: rows, more: has_more}   a field of the last item
    x-sdk-pages: {argument: p, counts: pages, first: 0, items: rows}        page numbers
    x-sdk-pages: {argument: from, counts: items, items: rows}               offsets
    x-sdk-pages: {url: links.next, items: rows}                             the URL of the next page
    x-sdk-pages: {url: Link}                                                the header Link

Places are JSON keys in dots; without `items` the reply itself is the list. `x-sdk-pages: false` is no pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..errors import GeneratorError
from . import Array, ObjectType, Page, Param, Reply, Resolved, Type
from .pages import without_null

Resolve = Callable[[Type], Resolved]
_KEYS = frozenset({"argument", "next", "last", "counts", "first", "items", "url", "more"})


def declared_page(raw: Any, params: Sequence[Param], reply: Reply, pointer: str, resolve: Resolve) -> Page | None:
    """Return the page that the document declares. Raises: GeneratorError for what names nothing."""
    if raw is False:
        return None
    if not isinstance(raw, Mapping) or not raw.keys() <= _KEYS:
        raise _wrong(f"x-sdk-pages takes {', '.join(sorted(_KEYS))}", pointer)
    body = reply.type
    if body is None or reply.kind != "json":
        raise _wrong("x-sdk-pages is for an operation that replies with JSON", pointer)
    items, listed = _place(raw.get("items"), body, pointer, resolve)
    target = without_null(listed, resolve)
    if not isinstance(target, Array):
        raise _wrong(f"items of x-sdk-pages is {raw.get('items')!r}, which is not a list of the reply", pointer)
    more = _place(raw.get("more"), body, pointer, resolve)[0]
    if "url" in raw:
        if raw["url"] == "Link":
            return Page("", (), target.item, items, kind="link", more=more)
        return Page("", (_place(raw["url"], body, pointer, resolve)[0],), target.item, items, kind="url", more=more)
    param = next((p for p in params if p.location == "query" and p.key == raw.get("argument")), None)
    if param is None:
        raise _wrong(f"argument of x-sdk-pages is {raw.get('argument')!r}, which is not a query parameter", pointer)
    if "next" in raw:
        kind, place = "token", _place(raw["next"], body, pointer, resolve)[0]
    elif "last" in raw:
        kind, place = "last", _place(raw["last"], target.item, pointer, resolve)[0]
    elif raw.get("counts") in ("pages", "items"):
        kind = "number" if raw["counts"] == "pages" else "offset"
        place = str(raw.get("first", 1)) if kind == "number" else ""
    else:
        raise _wrong("x-sdk-pages does not say where the next page is", pointer)
    return Page(param.attr, (place,), target.item, items, kind=kind, more=more)


def _place(keys: Any, type_: Type, pointer: str, resolve: Resolve) -> tuple[str, Type]:
    """Return a place as attributes in dots, and the type of what is there."""
    attributes: list[str] = []
    for key in str(keys).split(".") if keys else ():
        target = without_null(type_, resolve)
        field = next((f for f in target.fields if f.key == key), None) if isinstance(target, ObjectType) else None
        if field is None:
            raise _wrong(f"x-sdk-pages names {keys!r}, and the reply has no {key!r} there", pointer)
        attributes.append(field.attr)
        type_ = field.type
    return ".".join(attributes), type_


def _wrong(problem: str, pointer: str) -> GeneratorError:
    return GeneratorError(
        problem, pointer=pointer,
        hint="write {argument: name, next: place}, {argument: name, last: key}, {argument: name, counts: pages or "
        "items} or {url: place or Link}, each with items: place",
    )  # fmt: skip
