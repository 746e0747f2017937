"""Arguments for an operation, made from the document: what to pass to the SDK, and what must then be on the wire."""

from __future__ import annotations

import inspect
import re
from typing import Any

from attrs import define, field

from .document import FORM, JSON, MULTIPART, Document, Operation, Schema, plain
from .payload import Maker
from .surface import AnyEndpoint

FILE = b"\x00some bytes of a file\xff\r\n--"
Named = dict[str, Any]


@define
class Call:
    """The keyword arguments of one call, and what each part of its request must mean on the other side."""

    keywords: Named = field(factory=dict)
    path: Named = field(factory=dict)
    query: Named = field(factory=dict)
    header: Named = field(factory=dict)
    body: Any = None
    body_kind: str = ""


class Arguments:
    """Make calls of one operation."""

    def __init__(self, document: Document, operation: Operation, endpoint: AnyEndpoint) -> None:
        self._document, self._operation = document, operation
        self._accepted = set(inspect.signature(endpoint._build).parameters) - {"options"}

    def calls(self, *, full: bool) -> list[Call]:
        """Return a call for each content type of the body that the SDK can send, or one without a body."""
        bodies = self._operation.bodies() or {"": {}}
        return [self._call(kind, schema, Maker(self._document, full=full), full) for kind, schema in bodies.items()]

    def _call(self, kind: str, schema: Schema, maker: Maker, full: bool) -> Call:
        call = Call(body_kind=kind)
        for parameter in self._operation.parameters:
            if not (full or parameter.get("required")) or parameter["name"] == "stream":
                continue  # only `.stream` asks for a stream
            place = getattr(call, parameter["in"])
            raw = parameter.get("schema", {})
            value = place[parameter["name"]] = maker.make(plain(raw))
            call.keywords[self._name(parameter["name"], raw.get("x-stainless-param"))] = value
        if kind:
            self._add_body(call, schema, maker, full)
        return call

    def _add_body(self, call: Call, schema: Schema, maker: Maker, full: bool) -> None:
        if "body" in self._accepted:
            if not (full or self._operation.body.get("required")):
                call.body_kind = ""
                return
            call.body = call.keywords["body"] = FILE if schema.get("format") == "binary" else maker.make(schema)
            return
        if call.body_kind not in (JSON, MULTIPART, FORM):  # one field of the object, sent alone and raw
            alone = call.body_kind.rpartition("/")[2]
            call.body = call.keywords[alone] = maker.make(schema)
            return
        properties = maker.flat(schema).get("properties", {})
        call.body = maker.make(schema)
        if call.body.get("stream") is True:  # which only `.stream` can ask for
            call.body["stream"] = False
        for key, value in list(call.body.items()):
            call.body[key] = value = self._with_files(properties[key], value)
            name = self._name(key)
            if name not in self._accepted and key == "stream":
                del call.body[key]
            else:
                call.keywords[name] = value

    def _with_files(self, schema: Schema, value: Any) -> Any:
        """Put bytes where the document wants the content of a file."""
        for part in [schema, *schema.get("anyOf", ())]:
            part = self._document.schema(part)
            if part.get("format") == "binary" and isinstance(value, str):
                return FILE
            if part.get("items", {}).get("format") == "binary" and isinstance(value, list):
                return [FILE] * len(value)
        return value

    def _name(self, key: str, given: str | None = None) -> str:
        """Return the argument's name: the key, or the name that the document gives, made a word."""
        name = given or re.sub(r"\W+", "_", key).strip("_")
        return name if name in self._accepted else f"{name}_" if f"{name}_" in self._accepted else name
