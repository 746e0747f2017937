"""Binary strings inside JSON: JSON has no bytes, so that there they are text.

Source: OpenAPI 3.1.1, section 4.4.2 (Working with Binary Data).
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from . import Api, Binary, ObjectType, Operation, Scalar, Type, mentioned
from .rename import Renaming

#: Bodies that are always JSON.
_JSON = "json"


class _Texts(Renaming):
    """Write each binary string as text."""

    def type(self, type_: Type) -> Type:
        return Scalar("string", "binary") if isinstance(type_, Binary) else super().type(type_)


def with_text_in_json(api: Api) -> Api:
    """Return the API with text in place of binary strings wherever only JSON, a URL or a header holds them."""
    texts = _Texts({}, {})
    classes = [name for o in api.operations if o.body and o.body.kind != _JSON for name in o.body.classes]
    files = _reachable(api, [type_ for o in api.operations for type_ in _of_files(o)], classes)
    schemas = tuple(s if files & {s.name, *(o.name for o in s.inline)} else texts.schema(s) for s in api.schemas)
    objects = {o.name: o for s in schemas for o in (*s.inline, s.body) if isinstance(o, ObjectType)}
    return evolve(
        api, schemas=schemas, operations=tuple(_operation(o, texts) for o in api.operations), objects=objects,
        aliases={s.name: s.body for s in schemas if not isinstance(s.body, ObjectType)},
    )  # fmt: skip


def _of_files(operation: Operation) -> list[Type]:
    """Return the types of the arguments that a body holds as bytes."""
    if operation.body is None or operation.body.kind == _JSON:
        return []
    return [p.type for p in operation.params if p.location == "body"]


def _operation(operation: Operation, texts: _Texts) -> Operation:
    kept = _of_files(operation)
    changed = texts.operation(operation)
    params = [
        old if old.location == "body" and old.type in kept else new
        for old, new in zip(operation.params, changed.params, strict=True)
    ]
    return evolve(changed, params=tuple(params))


def _reachable(api: Api, types: Iterable[Type], more: Iterable[str] = ()) -> set[str]:
    """Return the names of the classes and aliases that values of types hold, at any depth."""
    todo = [*more, *(name for type_ in types for name in mentioned(type_))]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        target = api.objects.get(name)
        inner = [api.aliases[name]] if target is None else [f.type for f in target.fields]
        inner += [target.extra] if target is not None and target.extra is not None else []
        todo += [one for type_ in inner for one in mentioned(type_)]
    return found
