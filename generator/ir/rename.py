"""Rename models everywhere in an API. The old names become former names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from attrs import define, evolve

from . import (
    AnyType,
    Api,
    Array,
    Binary,
    Enum,
    Map,
    ObjectType,
    Operation,
    Ref,
    Reply,
    Scalar,
    Schema,
    Type,
    Union,
    WebSocket,
    names,
)


def renamed(api: Api, new: Mapping[str, str]) -> Api:
    """Return the API with new names for some models; an object that gets the name of another one gives way to it."""
    if not new:
        return api
    taken_over: dict[str, list[str]] = {name: [] for name in new.values() if name in api.modules}
    for old, name in new.items():
        if name in taken_over:
            taken_over[name] += [*api.objects[old].former, old]
    renaming = Renaming(new, taken_over)
    schemas = tuple(sorted(map(renaming.schema, api.schemas), key=lambda s: s.name))
    modules = {name: schema.module for schema in schemas for name in (schema.name, *(o.name for o in schema.inline))}
    objects = {o.name: o for s in schemas for o in (*s.inline, s.body) if isinstance(o, ObjectType)}
    return evolve(
        api, schemas=schemas, operations=tuple(map(renaming.operation, api.operations)), objects=objects,
        aliases={s.name: s.body for s in schemas if not isinstance(s.body, ObjectType)}, modules=modules,
        nullable=frozenset(new.get(name, name) for name in api.nullable), params=names.param_names(modules),
        websockets=tuple(map(renaming.websocket, api.websockets)),
    )  # fmt: skip


@define
class Renaming:
    """New names by old ones; `taken_over` has the former names of each object that remains in place of others."""

    new: Mapping[str, str]
    taken_over: Mapping[str, list[str]]

    def schema(self, schema: Schema) -> Schema:
        inline = tuple(self._object(o) for o in schema.inline if self.new.get(o.name) not in self.taken_over)
        body = self._object(schema.body) if isinstance(schema.body, ObjectType) else self.type(schema.body)
        former = (*schema.former, schema.name) if schema.name in self.new else schema.former
        accepts = tuple(map(self.name, schema.accepts))
        return evolve(schema, name=self.name(schema.name), body=body, inline=inline, accepts=accepts, former=former)

    def operation(self, operation: Operation) -> Operation:
        body, events, page = operation.body, operation.events, operation.page
        return evolve(
            operation,
            params=tuple(evolve(p, type=self.type(p.type)) for p in operation.params),
            body=body and evolve(body, classes=tuple(map(self.name, body.classes))),
            reply=self._reply(operation.reply),
            events=events and evolve(events, type=self.type(events.type)),
            errors=tuple((status, self.type(type_)) for status, type_ in operation.errors),
            page=page and evolve(page, item=self.type(page.item)),
        )

    def websocket(self, socket: WebSocket) -> WebSocket:
        return evolve(
            socket,
            params=tuple(evolve(p, type=self.type(p.type)) for p in socket.params),
            sends=self.type(socket.sends),
            receives=self.type(socket.receives),
            senders=tuple(evolve(sender, event=self.name(sender.event)) for sender in socket.senders),
        )

    def _reply(self, reply: Reply) -> Reply:
        by_status = tuple((status, self.type(type_)) for status, type_ in reply.by_status)
        return evolve(reply, type=None if reply.type is None else self.type(reply.type), by_status=by_status)

    def type(self, type_: Type) -> Type:
        match type_:
            case Ref(name):
                return Ref(self.name(name))
            case Array(item, unique):
                return Array(self.type(item), unique)
            case Map(value):
                return Map(self.type(value))
            case Union(members):
                mapping = tuple((value, self.name(name)) for value, name in type_.mapping)
                some = tuple(dict.fromkeys(map(self.type, members)))
                if len(some) == 1:
                    return some[0]
                return evolve(type_, members=some, mapping=mapping, rest=self.name(type_.rest))
            case AnyType() | Scalar() | Enum() | Binary():
                return type_
            case _:
                assert_never(type_)

    def name(self, name: str) -> str:
        return self.new.get(name, name)

    def _object(self, obj: ObjectType) -> ObjectType:
        own = (obj.name,) if obj.name in self.new else ()
        return evolve(
            obj, name=self.name(obj.name), former=(*obj.former, *own, *self.taken_over.get(obj.name, ())),
            fields=tuple(evolve(f, type=self.type(f.type)) for f in obj.fields),
            extra=obj.extra and self.type(obj.extra),
        )  # fmt: skip
