"""Build the WebSockets of an API from `x-sdk-websocket`, which says what OpenAPI has no place for.

x-sdk-websocket:
  realtime.connect:                 the name: a resource and a verb
    path: /realtime                 below the base URL
    parameters: [...]               as those of an operation
    send: {$ref: ...}               the union of the client's events, each with a constant `type`
    receive: {$ref: ...}            the union of the server's events
    end: [session.closed]           the types of the events that end the conversation
    setup: [session.update]         the client's events that set it up: a new connection sends the last of each again
    subprotocols: [...]             what the server may choose from
    description: ...
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..document.pointer import escape
from ..errors import GeneratorError
from . import Enum, ObjectType, Sender, Type, Union, WebSocket, names
from .inline import Inliner
from .parameters import ParameterBuilder
from .source import OperationSource

KEY = "x-sdk-websocket"
_KEYS = frozenset({"path", "parameters", "send", "receive", "end", "setup", "subprotocols", "description"})
#: What a connection has besides its senders.
_RESERVED = frozenset(
    {"send", "send_json", "recv", "close", "abort", "closed", "handshake", "subprotocol", "reconnects"}
)
_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)+", re.ASCII)


def websockets(document: Mapping[str, Any], inline: Inliner, parameters: ParameterBuilder) -> tuple[WebSocket, ...]:
    """Return the WebSockets of a document, in the order of their names. Raises: GeneratorError."""
    given = document.get(KEY) or {}
    return tuple(_websocket(name, raw, inline, parameters) for name, raw in sorted(given.items()))


def _websocket(name: str, raw: Mapping[str, Any], inline: Inliner, parameters: ParameterBuilder) -> WebSocket:
    pointer = f"/{KEY}/{escape(name)}"
    hint = f"see {KEY} in generator/ir/websockets.py"
    if not _NAME.fullmatch(name) or not isinstance(raw, Mapping) or raw.keys() - _KEYS:
        raise GeneratorError(f"{KEY} cannot describe {name!r} so", pointer=pointer, hint=hint)
    for key in ("path", "send", "receive"):
        if key not in raw:
            raise GeneratorError(f"the WebSocket {name} has no {key}", pointer=pointer, hint=hint)
    source = OperationSource(name, "GET", raw["path"], {}, {**raw, "operationId": name.replace(".", "_")}, pointer)
    types = {
        key: inline.type(
            inline.normaliser.schema(raw[key], f"{pointer}/{key}"), name, f"{key}_event", f"{pointer}/{key}"
        )
        for key in ("send", "receive")
    }
    found = parameters.build(source, raw["path"])
    senders = tuple(_senders(types["send"], inline, pointer))
    setup = tuple(raw.get("setup") or ())
    for kind in setup:
        if kind not in {sender.kind for sender in senders}:
            raise GeneratorError(f"no event of the client is of type {kind!r}", pointer=f"{pointer}/setup", hint=hint)
    return WebSocket(
        name, raw["path"], pointer, tuple(found.params), types["send"], types["receive"], senders,
        tuple(raw.get("end") or ()), setup, tuple(raw.get("subprotocols") or ()), raw.get("description"),
    )  # fmt: skip


def _senders(type_: Type, inline: Inliner, pointer: str) -> list[Sender]:
    """Return a sender for each event of the client, by the order of the document."""
    found: dict[str, Sender] = {}
    for obj in _objects(type_, inline, pointer):
        tag = next((f for f in obj.fields if f.key == "type" and isinstance(f.type, Enum)), None)
        kinds = [str(value) for value in tag.type.values] if tag and isinstance(tag.type, Enum) else []
        if len(kinds) != 1:
            raise GeneratorError(
                f"{obj.name} is an event without a constant type", pointer=obj.pointer,
                hint="give its `type` one value in spec/overlay.yaml",
            )  # fmt: skip
        path = [names.attribute(part, names.ARGUMENT_RESERVED) for part in kinds[0].split(".")]
        if path[0] in _RESERVED:
            path[0] += "_"
        found[".".join(path)] = Sender(".".join(path), kinds[0], obj.name)
    groups = {name.rpartition(".")[0] for name in found}
    groups |= {".".join(group.split(".")[:n]) for group in groups for n in range(1, group.count(".") + 1)}
    if clash := sorted(groups & found.keys()):
        raise GeneratorError(
            f"{clash[0]} is an event, and the beginning of others", pointer=pointer,
            hint="remove one of them from the union in spec/overlay.yaml",
        )  # fmt: skip
    return list(found.values())


def _objects(type_: Type, inline: Inliner, pointer: str) -> list[ObjectType]:
    target = inline.schemas.resolve(type_)
    if isinstance(target, ObjectType):
        return [target]
    if isinstance(target, Union):
        return [obj for member in target.members for obj in _objects(member, inline, pointer)]
    raise GeneratorError("an event of a WebSocket is an object", pointer=pointer, hint="correct the union")
