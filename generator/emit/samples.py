"""Sample calls: the shortest arguments with which an operation can be called, as Python."""

from __future__ import annotations

from typing import assert_never

from ..ir import AnyType, Api, Array, Binary, Enum, Map, ObjectType, Operation, Scalar, Type, Union
from .types import literal_value

_SAMPLES = {"string": '"..."', "integer": "1", "number": "1.5", "boolean": "True", "null": "None"}
_FORMATS = {
    "date": '"2026-01-31"',
    "date-time": '"2026-01-31T12:00:00Z"',
    "uuid": '"123e4567-e89b-42d3-a456-426614174000"',
}


def simplest(operations: list[Operation]) -> Operation | None:
    """Return the operation that is simplest to call: a GET without arguments, if there is one."""
    current = [operation for operation in operations if not (operation.replaced_by or operation.deprecated)]
    return min(current or operations, key=_effort, default=None)


def call(operation: Operation, api: Api) -> str:
    """Return a statement that calls an operation of `client`, and prints what it returns."""
    name, arguments = f"client.{operation.name}", _arguments(operation, api)
    if only_streams(operation):
        return f"with {name}.stream({arguments}) as stream:\n        for event in stream:\n            print(event)"
    return f"{name}.sync({arguments})" if operation.reply.kind == "none" else f"print({name}.sync({arguments}))"


def only_streams(operation: Operation) -> bool:
    """Return whether an operation has no reply but a stream."""
    return operation.events is not None and operation.events.only


def _effort(operation: Operation) -> tuple[bool, int, bool, bool]:
    required = sum(param.required for param in operation.params)
    plain = operation.reply.kind in ("json", "text")
    return only_streams(operation), required, operation.method != "GET", not plain


def _arguments(operation: Operation, api: Api) -> str:
    values = [(p, _sample(p.type, api, ())) for p in operation.params if p.required]
    return ", ".join(text if p.location == "path" else f"{p.attr}={text}" for p, text in values)


def _sample(type_: Type, api: Api, above: tuple[str, ...]) -> str:
    """Return a value of a type as Python: the shortest that can be sent."""
    target = api.resolve(type_)
    match target:
        case Scalar(kind, format):
            return _FORMATS.get(format or "", _SAMPLES[kind])
        case Enum(values):
            return literal_value(values[0])
        case Binary():
            return 'b"..."'
        case Array():
            return "[]"
        case Union(members):
            return _sample(members[0], api, above)
        case ObjectType() if target.name not in above:
            inside = {f.key: _sample(f.type, api, (*above, target.name)) for f in target.fields if f.required}
            return "{" + ", ".join(f"{literal_value(key)}: {text}" for key, text in inside.items()) + "}"
        case ObjectType() | Map():
            return "{}"
        case AnyType():
            return _SAMPLES["string"]
        case _:
            assert_never(target)
