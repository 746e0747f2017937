"""Paths in, IR operations out: one per path and method, with one merged signature."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import evolve

from . import names
from .collisions import arguments, by_id, part_from_resources
from .errors import GeneratorError
from .ir import Array, Binary, Body, Events, Field, ObjectType, Operation, Page, Param, Ref, Reply, Schema, Type, Union
from .normalise import Normaliser, escape
from .schemas import SchemaBuilder, facts
from .servers import check_server
from .service import security
from .shape import METHODS
from .unions import object_members

#: What RequestOptions of the runtime holds; a parameter with one of these names needs another one.
OPTION_NAMES = frozenset(
    {
        *("client", "timeout", "stall_timeout", "deadline", "max_retries"),
        *("extra_headers", "extra_query", "extra_body", "idempotency_key"),
    }
)
#: Query parameters that carry a cursor, and where the reply holds the next one: a cursor made for it before the last
#: item's id. The first that fits is used.
CURSORS = (
    ("after", ("next", "last_id", "data.id")),
    ("page", ("next_page",)),
    ("cursor", ("next_cursor", "next")),
)
#: Keys of a reply that say there may be another page.
MORE = frozenset({"has_more", "next", "next_page", "next_cursor", "last_id"})
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
EVENT_STREAM = "text/event-stream"
#: Where an operation carries its dotted name to what stands inline in it and has no operationId to go by.
_NAME = "x-sdk-called"


class OperationBuilder:
    """Build the operations of one document."""

    def __init__(
        self, document: Mapping[str, Any], normaliser: Normaliser, schemas: SchemaBuilder, *, foreign: bool = False,
        lenient: bool = False,
    ) -> None:  # fmt: skip
        """`foreign`: names fall back to the operationId, keys go by scheme. `lenient`: leave out, and note."""
        self._document = document
        self._foreign, self._lenient = foreign, lenient
        self.notes = schemas.notes
        self.skipped: set[str] = set()
        self._normaliser = normaliser
        self._schemas = schemas
        self.extra_schemas: list[Schema] = []

    def build(self) -> tuple[Operation, ...]:
        """Return every operation, in the order of their names."""
        paths = {path: item for path, item in self._document.get("paths", {}).items() if path.startswith("/")}
        namer = names.OperationNames({p: {m: o for m, o in item.items() if m in METHODS} for p, item in paths.items()})
        namer.learn_lists(p for p, item in paths.items() if "get" in item and self._replies_with_list(item["get"], p))
        found: dict[str, Operation] = {}
        for path, item in paths.items():
            for method, operation in item.items():
                if method not in METHODS:
                    continue
                pointer = f"/paths/{escape(path)}/{method}"
                lists = self._replies_with_list(operation, path)
                name = names.dotted(operation, pointer) or namer.name(path, method.upper(), replies_with_list=lists)
                try:
                    built = self._operation(
                        name, path, method.upper(), {**_shared(item), **operation, _NAME: name}, item, pointer
                    )
                except GeneratorError as error:
                    if not self._lenient:
                        raise
                    self.notes.append(f"left out: {method.upper()} {path}: {error.problem}")
                    self.skipped.add(pointer)
                    continue
                if name in found and self._foreign:
                    built = by_id(built, operation, found, self.notes)
                if built.name in found:
                    raise GeneratorError(
                        f"two operations would both be called {name}: this one and {found[name].pointer}",
                        pointer=pointer,
                        hint="give one of them another name with x-sdk-name in spec/overlay.yaml",
                    )
                found[built.name] = built
                if self._foreign and operation.get("callbacks"):
                    self.notes.append(f"left out: the callbacks of {built.name}: {', '.join(operation['callbacks'])}")
        for built in list(found.values()):
            for former in self._raw_of(paths, built).get("x-sdk-former-names", ()):
                if former in found or "." not in former:
                    raise GeneratorError(
                        f"x-sdk-former-names holds {former!r}, which is taken, or no resource and verb",
                        pointer=f"{built.pointer}/x-sdk-former-names", hint="write the dotted name that it had",
                    )  # fmt: skip
                found[former] = evolve(built, name=former, renamed=built.name, deprecated=True)
        if self._foreign:
            part_from_resources(found, paths, self.notes)
        return tuple(found[name] for name in sorted(found))

    @staticmethod
    def _raw_of(paths: Mapping[str, Any], operation: Operation) -> Mapping[str, Any]:
        path = operation.pointer.split("/")[2].replace("~1", "/").replace("~0", "~")
        raw: Mapping[str, Any] = paths[path][operation.method.lower()]
        return raw

    def _operation(
        self, name: str, path: str, method: str, raw: Mapping[str, Any], item: Mapping[str, Any], pointer: str
    ) -> Operation:
        bare, _, query = path.partition("?")
        where = {(p["in"], p["name"]): p for p in map(self._deref, item.get("parameters", []))}
        where.update({(p["in"], p["name"]): p for p in map(self._deref, raw.get("parameters", []))})
        params = [self._param(p, raw, f"{pointer}/parameters/{i}") for i, p in enumerate(where.values())]
        in_path = re.findall(r"\{([^}]*)\}", bare)
        _check_path(in_path, [p.key for p in params if p.location == "path"], pointer)
        params.sort(key=lambda p: in_path.index(p.key) if p.location == "path" else len(in_path))
        body, fields = self._body(raw, pointer)
        params += fields
        if self._foreign:
            check_server(self._document, item, raw, pointer)
        params = arguments(params, OPTION_NAMES, name, pointer, self.notes if self._foreign else None)
        reply, streamed = self._replies(raw, name, pointer)
        events = self._switch(streamed, params, raw, pointer) if streamed else None
        if events:  # `.stream` sets the switch, so it is no argument
            params = [p for p in params if not (p.attr == "stream" and (p.location, p.key) == events.switch[:2])]
        return Operation(
            name, method, bare, pointer, tuple(params), body, reply, self._security(raw, pointer),
            fixed_query=tuple((k, v) for k, _, v in (pair.partition("=") for pair in query.split("&")) if k),
            events=events, page=self._page(params, reply, method), deprecated=bool(raw.get("deprecated")),
            description=raw.get("description") or raw.get("summary"),
            structured=_structured(raw, params, events, pointer), id=str(raw.get("operationId", "")),
            asks=tuple((raw.get("x-sdk-asks") or {}).items()),
        )  # fmt: skip

    # -- arguments -----------------------------------------------------------------------------------------------

    def _param(self, raw: Mapping[str, Any], operation: Mapping[str, Any], pointer: str) -> Param:
        location = raw["in"]
        if location not in ("path", "query", "header", "cookie"):
            raise GeneratorError(
                f"parameters in {location!r} cannot be expressed", pointer=pointer,
                hint="remove the parameter in spec/overlay.yaml, or send it with default_headers",
            )  # fmt: skip
        content = raw.get("content")
        schema_raw = next(iter(content.values())).get("schema", {}) if content else raw.get("schema", {})
        schema = self._normaliser.schema(schema_raw, f"{pointer}/schema")
        key = raw["name"]
        attr = names.given(raw, pointer) or names.attribute(
            schema_raw.get("x-stainless-param") or key, names.ARGUMENT_RESERVED
        )
        style = raw.get("style") or ("form" if location == "query" else "simple")
        if location == "path" and style != "simple":
            raise GeneratorError(
                f"a path parameter of style {style!r} cannot be expressed", pointer=f"{pointer}/style",
                hint="remove the style in spec/overlay.yaml, and put the value into that form where it is given",
            )  # fmt: skip
        return Param(
            key, attr, location, self._inline(schema, operation, key, pointer),
            location == "path" or bool(raw.get("required")),
            style="json" if content else style, explode=raw.get("explode", style in ("form", "deepObject")),
            facts=facts(schema), deprecated=bool(raw.get("deprecated") or schema.get("deprecated")),
            description=raw.get("description"), former=tuple(raw.get("x-sdk-former-names", ())),
        )  # fmt: skip

    def _inline(self, schema: Mapping[str, Any], operation: Mapping[str, Any], key: str, pointer: str) -> Type:
        """Build the type of a parameter, a body or a reply that has no component schema of its own."""
        if "$ref" in schema:
            return Ref(self._schemas.python(schema["$ref"], pointer))
        if not _holds_object(schema):
            return self._schemas.named_inline(schema, pointer)
        owner = operation.get("operationId") or operation[_NAME]
        name = names.given(schema, pointer) or names.class_name(names.part(owner) + names.part(key))
        named = self._schemas.named(key, schema, pointer, self._schemas.claim(name, pointer))
        self.extra_schemas.append(named)
        return Ref(named.name)

    def _body(self, raw: Mapping[str, Any], pointer: str) -> tuple[Body | None, list[Param]]:
        request = self._deref(raw.get("requestBody") or {})
        content = {kind.partition(";")[0].strip(): media for kind, media in request.get("content", {}).items()}
        if not content:
            return None, []
        objects: dict[str, ObjectType] = {}
        whole: dict[str, Type] = {}
        for kind, media in content.items():
            schema = self._normaliser.schema(
                media.get("schema", {}), f"{pointer}/requestBody/content/{escape(kind)}/schema"
            )
            if kind not in (MULTIPART, FORM) and "json" not in kind:
                whole[kind] = (
                    Binary()
                    if schema.get("format") == "binary" or not schema
                    else self._schemas.named_inline(schema, pointer)
                )
                continue
            type_ = self._inline(schema, raw, "Body", pointer)
            target = self._schemas.resolve(type_)
            if isinstance(target, ObjectType):
                objects[kind] = target
            else:
                whole[kind] = type_
        required = bool(request.get("required", False))
        if not objects:
            kind, type_ = next(iter(whole.items()))
            body = Body("json" if "json" in kind else "raw", True, required, kind)
            return body, [Param("body", "body", "body", type_, required)]
        kinds = {MULTIPART: "multipart", FORM: "form"}
        kind = "auto" if len(objects) > 1 else kinds.get(next(iter(objects)), "json")
        encodings = {k: v for media in content.values() for k, v in (media.get("encoding") or {}).items()}
        fields = self._fields(objects, encodings)
        alone = next(((f.key, f.content_type) for f in fields if f.content_type in whole), None)
        left_out = [k for k in whole if not alone or k != alone[1]]
        if left_out:
            raise GeneratorError(
                f"a body can be an object or {left_out[0]}, and one signature cannot say both",
                pointer=f"{pointer}/requestBody/content", hint="remove one of the content types in spec/overlay.yaml",
            )  # fmt: skip
        classes = tuple(dict.fromkeys(o.name for o in objects.values()))
        return Body(kind, False, required, next(iter(objects)), alone, classes), fields

    def _fields(self, objects: Mapping[str, ObjectType], encodings: Mapping[str, Any]) -> list[Param]:
        """Merge the fields of a body's content types into one signature."""
        merged: dict[str, Param] = {}
        for obj in objects.values():
            for f in obj.fields:
                new = Param(
                    f.key, _argument(f), "body", f.type, f.required,
                    style=encodings.get(f.key, {}).get("style", ""),
                    content_type=encodings.get(f.key, {}).get("contentType"),
                    facts=f.facts, deprecated=f.deprecated, description=f.description, former=f.former,
                )  # fmt: skip
                old = merged.get(f.key)
                if old is not None and old.type != new.type:
                    types = tuple(dict.fromkeys([old.type, new.type]))
                    new = evolve(new, type=Union(types), facts=tuple(dict.fromkeys(old.facts + new.facts)))
                merged[f.key] = new
        everywhere = [
            k for k in merged if all(any(f.key == k and f.required for f in o.fields) for o in objects.values())
        ]
        return [evolve(p, required=k in everywhere) for k, p in merged.items()]

    # -- replies ---------------------------------------------------------------------------------------------------

    def _replies(self, raw: Mapping[str, Any], name: str, pointer: str) -> tuple[Reply, Type | None]:
        """Return the reply and the events of all successful responses: what several of them say is a union."""
        if not raw.get("responses"):  # OpenAPI 3.1 lets a document say nothing of them
            return Reply("none"), None
        said: dict[str, list[Any]] = {}
        codes = [code for code in sorted(map(str, raw.get("responses", {}))) if code.startswith("2")]
        if not codes:
            raise GeneratorError(
                f"{name} has no successful response", pointer=f"{pointer}/responses", hint="add a 2xx response"
            )
        for response in (self._deref(raw["responses"][code]) for code in codes):
            for kind, media in (response.get("content") or {}).items():
                schemas = said.setdefault(kind.partition(";")[0].strip(), [])
                if media.get("schema", {}) not in schemas:
                    schemas.append(media.get("schema", {}))
        types = {}
        for kind, schemas in said.items():
            where = f"{pointer}/responses/{codes[0]}/content/{escape(kind)}"
            schema = self._normaliser.schema(schemas[0] if len(schemas) == 1 else {"anyOf": schemas}, f"{where}/schema")
            types[kind] = self._inline(schema, raw, "Events" if kind == EVENT_STREAM else "Response", where)
        events = types.pop(EVENT_STREAM, None)
        return self._reply(types), events

    def _reply(self, types: Mapping[str, Type]) -> Reply:
        if not types:
            return Reply("none")
        if any(isinstance(self._schemas.resolve(t), Binary) for t in types.values()):
            return Reply("binary")
        json = next((t for kind, t in types.items() if "json" in kind), None)
        text = any(kind.startswith("text/") or kind == "application/sdp" for kind in types)
        if json is not None:
            return Reply("json", json, text)
        return Reply("text") if text else Reply("binary")

    def _switch(self, events: Type, params: list[Param], raw: Mapping[str, Any], pointer: str) -> Events:
        said = raw.get("x-sdk-stream", {})
        more = tuple(said.get("terminal", ())), bool(said.get("envelope"))
        if "name" in said:
            return Events(events, (said["in"], said["name"], said["value"]), *more)
        for p in params:
            if p.key == "stream":
                return Events(events, (p.location, p.key, True), *more)
        raise GeneratorError(
            f"{raw.get('operationId')} declares an event stream, but nothing says how to ask for it", pointer=pointer,
            hint="add x-sdk-stream: {in: body, name: ..., value: ...} to the operation in spec/overlay.yaml",
        )  # fmt: skip

    def _replies_with_list(self, raw: Mapping[str, Any], path: str) -> bool:
        response: Mapping[str, Any] = next(
            (r for c, r in raw.get("responses", {}).items() if str(c).startswith("2")), {}
        )
        schema_raw = (self._deref(response).get("content") or {}).get("application/json", {}).get("schema")
        if not schema_raw:
            return False
        schema = self._normaliser.resolve(self._normaliser.schema(schema_raw, f"/paths/{escape(path)}"))
        data = self._normaliser.resolve(schema.get("properties", {}).get("data", {}))
        return data.get("type") == "array" or schema.get("type") == "array"

    def _page(self, params: list[Param], reply: Reply, method: str) -> Page | None:
        body = self._schemas.resolve(reply.type) if reply.type else None
        if method != "GET" or not isinstance(body, ObjectType):
            return None
        fields = {f.key: f for f in body.fields}
        items = self._schemas.resolve(fields["data"].type) if "data" in fields else None
        if not isinstance(items, Array):
            return None
        query = {p.key for p in params if p.location == "query"}
        members = object_members(items.item, self._schemas.resolve)
        for param, cursors in CURSORS:
            for cursor in cursors:
                has_it = cursor in fields or (
                    cursor == "data.id" and members and all(any(f.key == "id" for f in m.fields) for m in members)
                )
                if param in query and has_it:
                    return Page(param, cursor, items.item, "data")
        # A list that comes whole is a list of one page. One that has more, and no parameter to ask for it, is neither.
        return None if MORE & fields.keys() else Page("", "", items.item, "data")

    # -- the rest --------------------------------------------------------------------------------------------------

    def _security(self, raw: Mapping[str, Any], pointer: str) -> str:
        if self._foreign:
            return security(self._document, raw, pointer, self.notes)
        required = raw.get("security", self._document.get("security", []))
        schemes = self._document.get("components", {}).get("securitySchemes", {})
        for alternative in required:
            for scheme in alternative:
                if scheme not in schemes:
                    raise GeneratorError(
                        f"no security scheme is called {scheme}", pointer=f"{pointer}/security", hint="correct the name"
                    )
                return "admin_api_key" if "admin" in scheme.lower() else "api_key"
        return "none"

    def _deref(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in raw:
            raw = self._normaliser.lookup(raw["$ref"], raw["$ref"])
        return raw


def _argument(field: Field) -> str:
    """Return the name of a body's field as an argument: the overlay's, or by the rules of arguments."""
    by_rule = names.attribute(field.key)
    overlaid = field.attr.rstrip("_") != by_rule.rstrip("_")
    return field.attr if overlaid else names.attribute(field.key, names.ARGUMENT_RESERVED)


def _check_path(in_path: list[str], declared: list[str], pointer: str) -> None:
    for key in in_path:
        if key not in declared:
            raise GeneratorError(
                f"the path has {{{key}}}, and no path parameter is called so", pointer=f"{pointer}/parameters",
                hint="add the parameter in spec/overlay.yaml",
            )  # fmt: skip
    for key in declared:
        if key not in in_path:
            raise GeneratorError(
                f"the path parameter {key!r} does not occur in the path", pointer=f"{pointer}/parameters",
                hint="remove the parameter in spec/overlay.yaml, or correct its name",
            )  # fmt: skip


def _shared(item: Mapping[str, Any]) -> dict[str, Any]:
    return {k: item[k] for k in ("summary", "description") if k in item}


def _holds_object(schema: Mapping[str, Any]) -> bool:
    if schema.get("properties"):
        return True
    parts = [
        *schema.get("anyOf", ()),
        *(schema[k] for k in ("items", "additionalProperties") if isinstance(schema.get(k), Mapping)),
    ]
    return any("$ref" in p or _holds_object(p) for p in parts)


def _structured(raw: Mapping[str, Any], params: list[Param], events: Events | None, pointer: str) -> str:
    """Return the argument that takes the JSON schema of the answer."""
    place: str = raw.get("x-sdk-structured", "")
    if place and (not events or place.partition(".")[0] not in {p.key for p in params if p.location == "body"}):
        raise GeneratorError(
            f"x-sdk-structured is {place!r}, which is no argument of the body of an operation that streams",
            pointer=f"{pointer}/x-sdk-structured", hint="write response_format or text.format there",
        )  # fmt: skip
    return place
