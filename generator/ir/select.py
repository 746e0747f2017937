"""Select a part of an API: the schemas in use, or some resources with the schemas that they use."""

from __future__ import annotations

from collections.abc import Collection

from attrs import evolve

from ..errors import GeneratorError
from ..normalise.components import PLACE
from ..policy import Report
from . import Api, ObjectType, Operation, Type, mentioned


def select(api: Api, include: Collection[str]) -> Api:
    """Return the API with only the named resources and those below them: `chat`, `fine_tuning.jobs`.

    Raises: GeneratorError for a name that no resource has.
    """
    known = {o.resource for o in api.operations} | {w.resource for w in api.websockets}
    known |= {".".join(name.split(".")[:n]) for name in known for n in range(1, name.count(".") + 1)}
    for name in include:
        if name not in known:
            raise GeneratorError(
                f"no resource is called {name!r}", hint=f"choose among these: {', '.join(sorted(known))}"
            )
    operations = tuple(o for o in api.operations if _is_within(o.resource, include))
    api = evolve(
        api, operations=operations, websockets=tuple(w for w in api.websockets if _is_within(w.resource, include))
    )
    return _part(api, _reachable(api, operations, _of_websockets(api)))


def _is_within(resource: str, include: Collection[str]) -> bool:
    return any(f"{resource}.".startswith(f"{name}.") for name in include)


def _of_websockets(api: Api) -> list[str]:
    """Return the names of the schemas that WebSockets send and receive."""
    types = [t for w in api.websockets for t in (*w.request_types, w.receives)]
    return [name for type_ in types for name in mentioned(type_)]


def used(api: Api, events: str | None) -> Api:
    """Return the API without the schemas that nothing uses; its report lists them.

    Schemas are in use if an operation sends or receives them, if a webhook sends them (`events` is the key of the union
    of all webhooks), or if the overlay keeps them. An API without operations keeps all schemas.
    """
    if not api.operations:
        return api
    roots = [s.name for s in api.schemas if s.keep or s.key == events]
    kept = _reachable(api, api.operations, [*roots, *_of_websockets(api)])
    unused = [s.name for s in api.schemas if s.name not in kept and s.pointer.startswith(PLACE)]
    note = f"left out: {len(unused)} schema{'s' * (len(unused) > 1)} that nothing uses: {', '.join(unused)}"
    return evolve(_part(api, kept), report=api.report + Report((note,) if unused else ()))


def _part(api: Api, kept: set[str]) -> Api:
    """Return the API with only some schemas."""
    schemas = tuple(s for s in api.schemas if s.name in kept)
    modules = {s.module for s in schemas}
    return evolve(
        api, schemas=schemas, modules={name: module for name, module in api.modules.items() if module in modules}
    )


def _reachable(api: Api, operations: Collection[Operation], roots: Collection[str] = ()) -> set[str]:
    """Return the names of the schemas that operations send or receive, at any depth; a file is kept whole."""
    file = {o.name: s for s in api.schemas for o in s.inline} | {s.name: s for s in api.schemas}
    todo = [*roots, *(name for operation in operations for type_ in _types(operation) for name in mentioned(type_))]
    todo += [name for operation in operations if operation.body for name in operation.body.classes]
    kept: set[str] = set()
    while todo:
        schema = file[todo.pop()]
        if schema.name in kept:
            continue
        kept.add(schema.name)
        todo += schema.accepts
        for body in (schema.body, *schema.inline):
            todo += _mentions(body)
    return kept


def _types(operation: Operation) -> list[Type]:
    found = [p.type for p in operation.params]
    found += [operation.reply.type] if operation.reply.type is not None else []
    found += [type_ for _, type_ in operation.reply.by_status]
    found += [operation.events.type] if operation.events else []
    found += [type_ for _, type_ in operation.errors]
    return found + ([operation.page.item] if operation.page else [])


def _mentions(body: ObjectType | Type) -> list[str]:
    if not isinstance(body, ObjectType):
        return mentioned(body)
    types = [f.type for f in body.fields] + ([body.extra] if body.extra is not None else [])
    return [name for type_ in types for name in mentioned(type_)]
