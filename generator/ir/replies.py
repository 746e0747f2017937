"""Build what calls return from successful responses: a reply, a stream of events, pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, assert_never

from attrs import evolve

from ..document.media import (
    EVENT_STREAM,
    JSON,
    essence,
    is_binary,
    is_bytes,
    is_json,
    is_lines,
    is_structured,
    is_text,
    is_watched,
    means_json,
    request_type,
)
from ..document.pointer import escape
from ..errors import GeneratorError
from ..normalise.canonical import Schema
from ..policy import Policy
from . import (
    AnyType,
    Array,
    Binary,
    Enum,
    Events,
    JsonType,
    Map,
    ObjectType,
    Page,
    Param,
    Ref,
    Reply,
    Scalar,
    Type,
    Union,
    mentioned,
)
from .declared_pages import declared_page
from .inline import Inliner
from .pages import page_of
from .source import OperationSource
from .unions import json_types, object_members

#: Query parameters for a cursor, and the place of the next cursor in a reply: an explicit cursor before the id of the
#: last item. The first match is used.
CURSORS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("after", (("next",), ("last_id",), ("data", "id"))),
    ("page", (("next_page",), ("next",))),
    ("cursor", (("next_cursor",), ("next",))),
)
#: Keys of a reply that hint at another page, and parameters that ask for one.
MORE = frozenset({"has_more", "next", "next_page", "next_cursor", "last_id"})
ASKING = frozenset({*(param for param, _ in CURSORS), "offset", "page_token", "pageToken", "starting_after"})
#: The fields of a server-sent event (WHATWG HTML, section 9.2.6).
EVENT = frozenset({"event", "data", "id", "retry"})
#: Statuses of responses that have no content, whatever a document declares (RFC 9110, sections 15.3.5 and 15.3.6).
_EMPTY = ("204", "205")
_TIMES, _LINKS = ("date-time", "date", "time"), ("uri", "url", "uri-reference", "iri")


class ReplyBuilder:
    """Build the replies of one document's operations."""

    def __init__(self, inline: Inliner, policy: Policy) -> None:
        self._inline, self._standalone = inline, policy.standalone

    def build(self, source: OperationSource, params: Sequence[Param]) -> tuple[Reply, Events | None]:
        """Return the reply and the events of all successful responses; several types of reply are a union."""
        raw, pointer = source.raw, source.pointer
        responses = {str(code): response for code, response in raw.get("responses", {}).items()}
        codes = [code for code in sorted(responses) if code.startswith("2")]
        if not codes:  # all others are errors or redirects, whose content is not read
            codes = [code for code in ("default",) if code in responses]
        if source.method == "HEAD":  # RFC 9110, section 9.3.2: there is no content, whatever the document declares
            return Reply("none"), None
        by_status: dict[str, Mapping[str, Any]] = {
            code: {} if code in _EMPTY else self._inline.deref(responses[code]).get("content") or {} for code in codes
        }
        by_media_type: dict[str, list[Any]] = {}
        for content in by_status.values():
            for kind, media in content.items():
                schemas = by_media_type.setdefault(kind, [])
                if media.get("schema", {}) not in schemas:
                    schemas.append(media.get("schema", {}))
        below = f"{pointer}/responses"
        where = f"{below}/{codes[0] if codes else '200'}/content"
        streams = self._streams(by_media_type, where)
        others = {kind: self._schema(by_media_type[kind], kind, where) for kind in by_media_type if kind not in streams}
        reply = self._with_cases(self._reply(others, by_media_type, by_status, source.owner, below), params, source)
        if others and not all(by_status.values()):
            reply = evolve(reply, none_too=True)
        if not streams:
            return reply, None
        kind = streams[0]
        schema = self._schema(by_media_type[kind], kind, where)
        if is_watched(kind) and schema in others.values():
            schema = self._change(schema)
        events = self._events(schema, source.owner, f"{where}/{escape(kind)}")
        lines = kind.strip() if is_lines(kind) else ""
        events = self._with_switch(evolve(events, only=not others, media_type=lines), params, source)
        return (Reply("text") if events.only else reply), events

    def lists(self, raw: Mapping[str, Any], pointer: str, *, has_items: bool = False) -> bool:
        """Return whether an operation replies with a list, for its name; `has_items`: any list in the reply counts."""
        codes = (str(code) for code in raw.get("responses", {}) if str(code).startswith("2"))
        code = next(codes, "")
        response: Mapping[str, Any] = next((r for c, r in raw.get("responses", {}).items() if str(c) == code), {})
        content = self._inline.deref(response).get("content") or {}
        kind = next((kind for kind in content if is_json(essence(kind)) or "*" in kind), "")
        schema_raw: Any = content[kind].get("schema") if kind else None
        if not schema_raw:
            return has_items
        normaliser = self._inline.normaliser
        where = f"{pointer}/responses/{code}/content/{escape(essence(kind))}/schema"
        schema = normaliser.resolve(normaliser.schema(schema_raw, where))
        fields = schema.get("properties", {})
        if has_items and len(fields) == 1:  # an envelope: look into it
            fields = {**fields, **normaliser.resolve(next(iter(fields.values()))).get("properties", {})}
        lists = [key for key, field in fields.items() if normaliser.resolve(field).get("type") == "array"]
        return schema.get("type") == "array" or "data" in lists or (has_items and bool(lists))

    def page(self, params: Sequence[Param], reply: Reply, source: OperationSource) -> Page | None:
        """Return how an operation that lists requests its next page."""
        if (declared := source.raw.get("x-sdk-pages")) is not None:
            return declared_page(declared, params, reply, f"{source.pointer}/x-sdk-pages", self._inline.schemas.resolve)
        found = self._page(params, reply, source.method)
        if (found is not None and found.param) or not self._standalone or source.method != "GET":
            return found
        responses = {
            code: self._inline.deref(one)
            for code, one in source.raw.get("responses", {}).items()
            if str(code)[0] == "2"
        }
        return page_of(params, reply, responses, self._inline.schemas.resolve) or found

    def _page(self, params: Sequence[Param], reply: Reply, method: str) -> Page | None:
        resolve = self._inline.schemas.resolve
        body = resolve(reply.type) if reply.type else None
        if method != "GET" or not isinstance(body, ObjectType):
            return None
        fields = {f.key: f.type for f in body.fields}
        items = resolve(fields["data"]) if "data" in fields else None
        if not isinstance(items, Array):
            return None
        query = {p.key: p.type for p in params if p.location == "query"}
        members = object_members(items.item, resolve)
        ids = [next((f.type for f in m.fields if f.key == "id"), None) for m in members]
        for param, cursors in CURSORS:
            for cursor in cursors if param in query else ():
                values = [fields.get(cursor[0])]
                if cursor == ("data", "id"):
                    values = list(ids) if MORE & fields.keys() or not self._standalone else []
                if values and all(t is not None and self._fits(t, query[param]) for t in values):
                    return Page(param, cursor, items.item, "data", self._scalars(query[param]) == {"integer"})
        # A whole list is a list of one page. One with more pages, and no parameter to request them, is not.
        unsure = MORE & fields.keys() or (self._standalone and ASKING & query.keys())
        return None if unsure else Page("", (), items.item, "data")

    def _fits(self, value: Type, param: Type) -> bool:
        """Return whether a value of a reply can be the value of a parameter: both are like text, or integers."""
        one, other = self._scalars(value), self._scalars(param)
        return "" in one or "" in other or bool(one & other)

    def _scalars(self, type_: Type) -> set[str]:
        """Return the scalars of a type that cursors can have; "" is any value."""
        target = self._inline.schemas.resolve(type_)
        match target:
            case Union(members):
                return {found for member in members for found in self._scalars(member)}
            case AnyType():
                return {""}
            case Scalar("integer"):
                return {"integer"}
            case Scalar("string", format_) if format_ not in _LINKS:
                return {format_ if format_ in _TIMES else "text"}
            case ObjectType() | Scalar() | Enum() | Binary() | Array() | Map():
                return set()
            case _:
                assert_never(target)

    # -- replies ---------------------------------------------------------------------------------------------------

    def _with_cases(self, reply: Reply, params: Sequence[Param], source: OperationSource) -> Reply:
        """Return the reply with the argument that chooses its class: x-sdk-reply."""
        raw, where = source.raw.get("x-sdk-reply"), f"{source.pointer}/x-sdk-reply"
        if raw is None:
            return reply
        members = [] if reply.type is None else object_members(reply.type, self._inline.schemas.resolve)
        cases = {value: self._class_of(ref, where) for value, ref in raw.get("cases", {}).items()}
        fields = {p.key for p in params if p.location == "body"}
        if raw.get("by") not in fields or not cases or not {m.name for m in members}.issuperset(cases.values()):
            raise GeneratorError(
                "x-sdk-reply chooses by no argument of the body, or another class than those of the reply",
                pointer=where, hint="write {by: argument, cases: {value: '#/components/schemas/Name'}}",
            )  # fmt: skip
        return evolve(reply, chosen_by=raw["by"], cases=tuple(cases.items()))

    def _class_of(self, reference: str, where: str) -> str:
        return self._inline.schemas.python(self._inline.normaliser.schema({"$ref": reference}, where)["$ref"], where)

    def _schema(self, schemas: Sequence[Any], kind: str, where: str) -> Schema:
        raw = schemas[0] if len(schemas) == 1 else {"anyOf": list(schemas)}
        return self._inline.normaliser.schema(raw, f"{where}/{escape(essence(kind))}/schema")

    def _reply(
        self, schemas: Mapping[str, Schema], by_media_type: Mapping[str, Sequence[Any]],
        by_status: Mapping[str, Mapping[str, Any]], owner: str, below: str,
    ) -> Reply:  # fmt: skip
        """Return the reply for the media types of the responses below a pointer, by their canonical schemas."""
        flat = {kind: self._inline.normaliser.resolve(schema) for kind, schema in schemas.items()}
        json = [k for k in flat if means_json(essence(k), flat[k]) and not is_bytes(flat[k])]
        rest = [k for k in flat if k not in json]
        # Beside JSON, the same object in another format, such as XML, is the same reply: JSON is requested.
        same = [
            k for k in rest if not is_text(essence(k)) and any(schemas[k] == schemas[other] != {} for other in json)
        ]
        kept = [k for k in rest if not (json and is_structured(flat[k])) and k not in same]
        text_types = [k for k in kept if self._is_text(essence(k), flat[k])]
        accept = self._accept(json, kept)
        if json:
            type_, types = self._types(json, by_media_type, by_status, owner, below)
            null_too = self._may_be_null(type_)
            return Reply("json", type_, bool(text_types), len(text_types) < len(kept), null_too, accept, types)
        if not kept:
            return Reply("none")
        return Reply("text" if text_types else "binary", None, False, 0 < len(text_types) < len(kept), False, accept)

    def _types(
        self, json: Sequence[str], by_media_type: Mapping[str, Sequence[Any]],
        by_status: Mapping[str, Mapping[str, Any]], owner: str, below: str,
    ) -> tuple[Type, tuple[tuple[str, Type], ...]]:  # fmt: skip
        """Return the type of a JSON reply, and the types of single statuses where they differ."""
        kinds = {kind: escape(essence(kind)) for kind in json}
        together = _distinct(one for kind in json for one in by_media_type[kind])
        found = {
            status: _distinct(content[kind].get("schema", {}) for kind in json if kind in content)
            for status, content in by_status.items()
        }
        found = {status: schemas for status, schemas in found.items() if schemas}
        where = f"{below}/{next(iter(by_status))}/content"
        if len(_distinct(found.values())) < 2:
            schema = self._schema(together, json[0], where)
            return self._inline.type(schema, owner, "Response", f"{where}/{kinds[json[0]]}", decoded=True), ()
        types = []
        for status, schemas in found.items():
            place = f"{below}/{status}/content"
            schema = self._schema(schemas, json[0], place)
            key = f"Response{status.upper()}"
            type_ = self._inline.type(schema, owner, key, f"{place}/{kinds[json[0]]}", decoded=True)
            types.append((status.upper(), type_))
        union = self._inline.union([type_ for _, type_ in types], owner, "Response", where)
        return union, tuple(types) if mentioned(union) else ()

    @staticmethod
    def _is_text(kind: str, schema: Mapping[str, Any]) -> bool:
        return not is_bytes(schema) and (is_text(kind) or ("*" in kind and not is_binary(schema)))

    def _accept(self, json: Sequence[str], rest: Sequence[str]) -> str:
        """Return the Accept header. Content that is not JSON may have another media type than the declared one."""
        types = list(dict.fromkeys([*map(request_type, json), *(k.strip() for k in rest)]))
        if types in ([JSON], []) or not all(k.isascii() and k.isprintable() for k in types):
            return ""
        if not self._standalone:  # the pinned document declares some types of files that the servers do not send
            return types[0] if len(types) == 1 and is_text(essence(types[0])) else ""
        return ", ".join(types if json or types[0] == "*/*" else [*types, "*/*;q=0.1"])

    def _may_be_null(self, type_: Type) -> bool:
        schemas = self._inline.schemas
        if isinstance(type_, Ref) and type_.name in schemas.nullable:
            return True
        target = schemas.resolve(type_)
        return isinstance(target, Union) and any(m == Scalar("null") or self._may_be_null(m) for m in target.members)

    # -- events ----------------------------------------------------------------------------------------------------

    def _streams(self, by_media_type: Mapping[str, list[Any]], where: str) -> list[str]:
        """Return the media types that are streams; lines of JSON are text where no schema describes a line."""
        found = [kind for kind in by_media_type if essence(kind) == EVENT_STREAM]
        lines = [kind for kind in by_media_type if is_lines(kind)] if self._standalone and not found else []
        normaliser = self._inline.normaliser
        return found + [
            kind for kind in lines if is_structured(normaliser.resolve(self._schema(by_media_type[kind], kind, where)))
        ]

    def _events(self, schema: Schema, owner: str, where: str) -> Events:
        """Return the events by the schema of a stream; some frameworks write an array of them."""
        normaliser = self._inline.normaliser
        flat = normaliser.resolve(schema)
        if flat.get("type") == "array":
            schema, where = flat["items"], f"{where}/items"
            flat = normaliser.resolve(schema)
        if not is_structured(flat):
            return Events(Scalar("string"), None, data="text")
        type_ = self._inline.type(schema, owner, "Events", where, decoded=True)
        only_objects = json_types(type_, self._inline.schemas.resolve) == {JsonType.OBJECT}
        envelope = self._standalone and self._is_event(type_)
        return Events(type_, None, data="object" if only_objects else "json", envelope=envelope)

    def _change(self, schema: Schema) -> Schema:
        """Return the schema of a change to a list, by the schema of the list.

        Source: the watches of Kubernetes, whose documents declare the list in their place.
        """
        resolve = self._inline.normaliser.resolve
        items = [resolve(inner).get("items") for inner in resolve(schema).get("properties", {}).values()]
        lists = [item for item in items if item is not None]
        properties = {"type": {"type": "string"}, "object": lists[0] if len(lists) == 1 else {}}
        return {"type": "object", "properties": properties, "required": ["type", "object"]}

    def _is_event(self, type_: Type) -> bool:
        """Return whether a schema describes the event itself, with its fields: `{event: ..., data: ...}`."""
        resolve = self._inline.schemas.resolve
        members = object_members(type_, resolve)
        data = [f.type for m in members for f in m.fields if f.key == "data"]
        if not members or len(data) < len(members) or not all({f.key for f in m.fields} <= EVENT for m in members):
            return False
        return all(json_types(one, resolve) - {JsonType.STRING, JsonType.NULL} for one in data)

    def _with_switch(self, events: Events, params: Iterable[Param], source: OperationSource) -> Events:
        """Return the events with the argument that requests them, and the events that end them."""
        extension = source.raw.get("x-sdk-stream", {})
        end_events = tuple(extension.get("terminal", ()))
        mode = source.raw.get("x-stream-mode", "reply")
        if mode not in ("reply", "events"):
            raise GeneratorError(
                f"x-stream-mode is {mode!r}", pointer=f"{source.pointer}/x-stream-mode",
                hint="write events where events continue after one that reports an error, else leave the key out",
            )  # fmt: skip
        events = evolve(
            events,
            end_events=end_events,
            envelope=bool(extension.get("envelope", events.envelope)),
            ends_on_close=(self._standalone or mode == "events") and not end_events,
            error_events=mode == "events",
        )
        if "name" in extension:
            if extension.get("in") not in ("query", "body") or "value" not in extension:
                raise GeneratorError(
                    "x-sdk-stream names an argument without its place and the value that requests the stream",
                    pointer=f"{source.pointer}/x-sdk-stream", hint="write {in: query or body, name: ..., value: ...}",
                )  # fmt: skip
            return evolve(events, stream_flag=(extension["in"], extension["name"], extension["value"]))
        for p in params:
            if p.location not in ("query", "body") or p.key not in stream_flags(events.media_type):
                continue
            if JsonType.BOOLEAN in json_types(p.type, self._inline.schemas.resolve):
                return evolve(events, stream_flag=(p.location, p.key, True))
        if events.only or self._standalone:  # the Accept header requests it
            return events
        place = "query" if "requestBody" not in source.raw else "body"
        raise GeneratorError(
            f"{source.name} declares an event stream, but nothing says how to ask for it", pointer=source.pointer,
            hint=f"add x-sdk-stream: {{in: {place}, name: ..., value: ...}} to the operation in spec/overlay.yaml",
        )  # fmt: skip


def stream_flags(media_type: str) -> set[str]:
    """Return the arguments that request a stream, by convention: `stream`, and the `watch` of `...;stream=watch`."""
    return {"stream", media_type.partition("stream=")[2].partition(";")[0].strip()} - {""}


def _distinct(values: Iterable[Any]) -> list[Any]:
    """Return values that cannot be hashed, each once."""
    return list({repr(value): value for value in values}.values())
