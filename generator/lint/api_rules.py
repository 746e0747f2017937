"""Findings in the SDK that a document gives: names, lists, unions, replies as callers will meet them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ..document import pointer as pointers
from ..ir import Api, Array, ObjectType, Operation, Scored, Union
from ..ir.pages import LAST, NUMBERS, OFFSETS, TOKENS
from ..ir.unions import decide, mapped_values, object_members
from .finding import Action, Finding, target

_ASKING = frozenset((*LAST, *NUMBERS, *OFFSETS, *TOKENS))
_LONGEST_CLASS = 45


def findings(api: Api, document: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what callers of an API stumble over."""
    current = [one for one in api.operations if not one.replaced_by]
    for operation in current:
        yield from _name(operation, document)
        yield from _page(operation, api)
    yield from _ids(current)
    yield from _unions(api)
    yield from _classes(api)


def _name(operation: Operation, document: Mapping[str, Any]) -> Iterator[Finding]:
    raw = pointers.at(document, pointers.split(operation.pointer))
    if operation.id or not isinstance(raw, dict) or raw.get("x-sdk-name"):
        return
    place = target(document, tuple(pointers.split(operation.pointer)))
    yield Finding(
        "no-operation-id", "warning", operation.pointer,
        f"no operationId: the path names it {operation.name}, and its neighbours may change that",
        "keep the name", (Action(place, {"x-sdk-name": operation.name}),),
    )  # fmt: skip


def _ids(operations: list[Operation]) -> Iterator[Finding]:
    counts = Counter(one.id for one in operations if one.id)
    for operation in operations:
        if counts[operation.id] > 1:
            yield Finding(
                "same-operation-id", "warning", operation.pointer,
                f"the operationId {operation.id} is that of {_others(counts[operation.id] - 1)}, too",
                "give each its own",
            )  # fmt: skip


def _others(count: int) -> str:
    return "another operation" if count == 1 else f"{count:,} other operations"


def _page(operation: Operation, api: Api) -> Iterator[Finding]:
    """Warn of a list that has an argument for its next page, and cannot be iterated."""
    asking = [p.key for p in operation.params if p.location == "query" and p.key in _ASKING]
    body = api.resolve(operation.reply.type) if operation.reply.type is not None else None
    lists = isinstance(body, Array) or (
        isinstance(body, ObjectType) and any(isinstance(api.resolve(f.type), Array) for f in body.fields)
    )
    if operation.method == "GET" and asking and lists and (operation.page is None or not _pages(operation)):
        yield Finding(
            "no-pages", "warning", operation.pointer,
            f"{operation.name} takes {', '.join(asking)}, and the reply does not say where the next page is: it has no "
            ".iter",
            "describe the field of the reply, or say x-sdk-pages in the overlay",
        )  # fmt: skip


def _pages(operation: Operation) -> bool:
    return operation.page is not None and bool(operation.page.param or operation.page.kind)


def _unions(api: Api) -> Iterator[Finding]:
    seen: set[str] = set()
    for schema in api.schemas:
        found = [f.type for f in schema.body.fields] if isinstance(schema.body, ObjectType) else [schema.body]
        for type_ in found:
            union = api.resolve(type_) if not isinstance(type_, ObjectType) else None
            members = object_members(type_, api.resolve) if isinstance(union, Union) else []
            if len(members) < 2:
                continue
            tag = union.tag if isinstance(union, Union) else None
            decision = decide(members, api.resolve, tag, mapped_values(type_, api.resolve))
            names = ", ".join(member.name for member in members[:4])
            if isinstance(decision, Scored) and names not in seen:
                seen.add(names)
                yield Finding(
                    "untagged-union", "hint", schema.pointer,
                    f"nothing tells {names} apart but their keys: the nearest one is taken",
                    "add a discriminator, or a property with one value (const) in each",
                )  # fmt: skip


def _classes(api: Api) -> Iterator[Finding]:
    for schema in api.schemas:
        for one in schema.inline:
            if len(one.name) > _LONGEST_CLASS:
                yield Finding(
                    "long-name", "hint", one.pointer, f"the class is called {one.name}, by its place",
                    "move the schema to components.schemas under a name of its own",
                )  # fmt: skip
