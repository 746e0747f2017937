"""Paths in, IR operations out: one per path and method, with one merged signature."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from attrs import evolve

from ..document.media import essence, means_json
from ..document.pointer import escape
from ..document.shape import METHODS, UNSENT
from ..errors import GeneratorError, raise_all
from ..normalise.normaliser import Normaliser
from . import AnyType, Array, Events, Map, ObjectType, Operation, Param, Schema, Type, Union, names
from .bodies import BodyBuilder
from .collisions import arguments, by_id, part_from_resources
from .inline import CALLED, Inliner
from .replies import ReplyBuilder
from .schemas import SchemaBuilder, facts
from .security import is_token, security, writes_authorization
from .servers import check_server
from .unions import NESTED, json_types

#: What RequestOptions of the runtime holds; a parameter with one of these names needs another one.
OPTION_NAMES = frozenset(
    {
        *("client", "timeout", "stall_timeout", "deadline", "max_retries"),
        *("extra_headers", "extra_query", "extra_body", "idempotency_key"),
    }
)
#: Styles by the place of a parameter, the default first (OpenAPI 3.1.1, 4.8.12.2).
STYLES = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}


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
        self._unsent: Counter[str] = Counter()
        self._inline = Inliner(normaliser, schemas)
        version = str(document.get("openapi", ""))
        self._bodies = BodyBuilder(self._inline, version, self.notes, foreign=foreign)
        self._replies = ReplyBuilder(self._inline, foreign=foreign)
        self.extra_schemas: list[Schema] = self._inline.extra

    def build(self) -> tuple[Operation, ...]:
        """Return every operation, in the order of their names."""
        paths = {path: item for path, item in self._document.get("paths", {}).items() if path.startswith("/")}
        namer = names.OperationNames({p: {m: o for m, o in item.items() if m in METHODS} for p, item in paths.items()})
        lists = {
            (path, method): self._lists(operation, path, method == "get" and namer.has_items(path))
            for path, item in paths.items() for method, operation in item.items() if method in METHODS
        }  # fmt: skip
        namer.learn_lists(path for path, method in lists if method == "get" and lists[path, method])
        found: dict[str, Operation] = {}
        errors: list[GeneratorError] = []
        for path, item in paths.items():
            for method, operation in item.items():
                if method not in METHODS:
                    continue
                pointer = f"/paths/{escape(path)}/{method}"
                by_rule = namer.name(path, method.upper(), replies_with_list=lists[path, method])
                name = names.dotted(operation, pointer) or by_rule
                try:
                    said = {**_shared(item), **operation, CALLED: name}
                    built = self._operation(name, path, method.upper(), said, item, pointer)
                except GeneratorError as error:
                    if not self._lenient:
                        errors.append(error)
                        continue
                    self.notes.append(f"left out: {method.upper()} {path}: {error.problem}")
                    self.skipped.add(pointer)
                    continue
                if name in found and self._foreign:
                    built = self._part(built, operation, found, paths)
                if built.name in found:
                    raise GeneratorError(
                        f"two operations would both be called {name}: this one and {found[name].pointer}",
                        pointer=pointer,
                        hint="give one of them another name with x-sdk-name in spec/overlay.yaml",
                    )
                found[built.name] = built
                if self._foreign and operation.get("callbacks"):
                    self.notes.append(f"left out: the callbacks of {built.name}: {', '.join(operation['callbacks'])}")
        raise_all(errors)
        for name, count in self._unsent.items():
            of = f"{count:,} operations" if count > 1 else "an operation"
            self.notes.append(f"left out: the header {name} of {of}: the client writes it")
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

    def _part(
        self, built: Operation, raw: Mapping[str, Any], found: dict[str, Operation], paths: Mapping[str, Any]
    ) -> Operation:
        """Return an operation under a name of its own, or, if it has to do with one item, give another one's its own.

        What deletes or changes one thing must not be called as what does so to all of them.
        """
        other = found[built.name]
        its = self._raw_of(paths, other)
        above = built.path.startswith(f"{other.path.rstrip('/')}/") and built.method != "GET"
        if "x-sdk-name" in its or not names.is_item(built.path) or (names.is_item(other.path) and not above):
            return by_id(built, raw, found, self.notes)
        renamed = by_id(other, its, found, self.notes)
        del found[built.name]
        found[renamed.name] = renamed
        return built

    def _lists(self, raw: Mapping[str, Any], path: str, has_items: bool) -> bool:
        try:
            return self._replies.lists(raw, path, has_items=has_items and not names.is_item(path))
        except GeneratorError:  # told when the operation is built
            return False

    @staticmethod
    def _raw_of(paths: Mapping[str, Any], operation: Operation) -> Mapping[str, Any]:
        path = operation.pointer.split("/")[2].replace("~1", "/").replace("~0", "~")
        raw: Mapping[str, Any] = paths[path][operation.method.lower()]
        return raw

    def _operation(
        self, name: str, path: str, method: str, raw: Mapping[str, Any], item: Mapping[str, Any], pointer: str
    ) -> Operation:
        # What stands after a # is for names alone: it tells two uses of a path apart, and is never sent
        # (RFC 9110, section 4.2.5).
        bare, _, query = path.partition("#")[0].partition("?")
        where = {(p["in"], p["name"]): p for p in map(self._inline.deref, item.get("parameters") or [])}
        where.update({(p["in"], p["name"]): p for p in map(self._inline.deref, raw.get("parameters") or [])})
        params = [
            self._param(p, raw, f"{pointer}/parameters/{i}")
            for i, p in enumerate(where.values()) if not self._is_unsent(p, raw)
        ]  # fmt: skip
        in_path = re.findall(r"\{([^}]*)\}", bare)
        _check_path(in_path, [p.key for p in params if p.location == "path"], pointer)
        params.sort(key=lambda p: in_path.index(p.key) if p.location == "path" else len(in_path))
        body, fields = self._bodies.build(raw, f"{method} {path}", pointer)
        params += fields
        if self._foreign:
            check_server(self._document, item, raw, pointer)
        params = arguments(params, OPTION_NAMES, name, pointer, self.notes if self._foreign else None)
        reply, events = self._replies.build(raw, params, name, method, pointer)
        if events and events.switch:  # `.stream` sets the switch, so it is no argument
            switch = events.switch[:2]
            params = [p for p in params if not (p.attr == "stream" and (p.location, p.key) == switch)]
        return Operation(
            name, method, bare, pointer, tuple(params), body, reply, self._security(raw, pointer),
            fixed_query=tuple((k, v) for k, _, v in (pair.partition("=") for pair in query.split("&")) if k),
            events=events, page=self._replies.page(params, reply, method), deprecated=bool(raw.get("deprecated")),
            description=raw.get("description") or raw.get("summary"),
            structured=_structured(raw, params, events, pointer), id=str(raw.get("operationId", "")),
            asks=tuple((raw.get("x-sdk-asks") or {}).items()),
        )  # fmt: skip

    # -- arguments -----------------------------------------------------------------------------------------------

    def _is_unsent(self, param: Mapping[str, Any], operation: Mapping[str, Any]) -> bool:
        """Tell whether a parameter is a header that the client writes, and note that.

        Where no security scheme says so, Authorization is the caller's.
        """
        name = str(param["name"]).lower()
        if param["in"] != "header" or name not in UNSENT:
            return False
        if name == "authorization" and not writes_authorization(self._document, operation):
            return False
        self._unsent[str(param["name"])] += 1
        return True

    def _param(self, raw: Mapping[str, Any], operation: Mapping[str, Any], pointer: str) -> Param:
        location = raw["in"]
        if location == "header" and not is_token(str(raw["name"])):
            raise GeneratorError(
                f"{raw['name']!r} cannot be the name of a header", pointer=f"{pointer}/name",
                hint="correct the name, or remove the parameter, in spec/overlay.yaml",
            )  # fmt: skip
        if location not in ("path", "query", "header", "cookie"):
            raise GeneratorError(
                f"parameters in {location!r} cannot be expressed", pointer=pointer,
                hint="remove the parameter in spec/overlay.yaml, or send it with default_headers",
            )  # fmt: skip
        content = raw.get("content")
        schema_raw = next(iter(content.values())).get("schema", {}) if content else raw.get("schema", {})
        schema = self._inline.normaliser.schema(schema_raw, f"{pointer}/schema")
        key = raw["name"]
        attr = names.given(raw, pointer) or names.attribute(
            schema_raw.get("x-stainless-param") or key, names.ARGUMENT_RESERVED
        )
        type_ = self._inline.type(schema, operation, key, pointer)
        style = raw.get("style") or STYLES[location][0]
        if style not in STYLES[location]:
            raise GeneratorError(
                f"a {location} parameter of style {style!r} cannot be expressed", pointer=f"{pointer}/style",
                hint=f"write {' or '.join(STYLES[location])} in spec/overlay.yaml",
            )  # fmt: skip
        explode = raw.get("explode", style in ("form", "deepObject"))
        if content:
            style = self._written_as(next(iter(content)), schema, style, pointer)
        if style not in ("json", "deepObject") and (location != "query" or not explode or style != "form"):
            self._check_flat(type_, location, pointer)
        return Param(
            key, attr, location, type_, location == "path" or bool(raw.get("required")), style=style, explode=explode,
            facts=facts(schema), deprecated=bool(raw.get("deprecated") or schema.get("deprecated")),
            description=raw.get("description"), former=tuple(raw.get("x-sdk-former-names", ())),
            reserved=location == "query" and raw.get("allowReserved") is True,
        )  # fmt: skip

    def _written_as(self, kind: str, schema: dict[str, Any], style: str, pointer: str) -> str:
        """Return the style of a parameter that has a media type in its place: JSON, or text as it is."""
        flat = self._inline.normaliser.resolve(schema)
        if means_json(essence(kind), flat):
            return "json"
        if flat.get("type") in ("object", "array"):
            raise GeneratorError(
                f"a parameter that is written as {kind} cannot be expressed", pointer=f"{pointer}/content",
                hint="write application/json, or make it a string, in spec/overlay.yaml",
            )  # fmt: skip
        return style

    def _check_flat(self, type_: Type, location: str, pointer: str) -> None:
        """Refuse what has no form in a style that knows one level only."""
        resolve = self._inline.schemas.resolve
        target = resolve(type_)
        for member in target.members if isinstance(target, Union) else (type_,):
            if any(self._is_deep(inner) for inner in _inside(resolve(member))):
                raise GeneratorError(
                    f"a {location} parameter cannot hold arrays or objects inside of another", pointer=pointer,
                    hint="say content: {application/json: ...} of it in spec/overlay.yaml, if it is JSON",
                )  # fmt: skip

    def _is_deep(self, type_: Type) -> bool:
        resolve = self._inline.schemas.resolve
        return resolve(type_) != AnyType() and bool(json_types(type_, resolve) & NESTED)

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


def _inside(target: ObjectType | Type) -> list[Type]:
    match target:
        case Array(inner) | Map(inner):
            return [inner]
        case ObjectType(fields=fields):
            return [f.type for f in fields]
    return []


def _shared(item: Mapping[str, Any]) -> dict[str, Any]:
    return {k: item[k] for k in ("summary", "description") if k in item}


def _structured(raw: Mapping[str, Any], params: list[Param], events: Events | None, pointer: str) -> str:
    """Return the argument that takes the JSON schema of the answer."""
    place: str = raw.get("x-sdk-structured", "")
    if place and (not events or place.partition(".")[0] not in {p.key for p in params if p.location == "body"}):
        raise GeneratorError(
            f"x-sdk-structured is {place!r}, which is no argument of the body of an operation that streams",
            pointer=f"{pointer}/x-sdk-structured", hint="write response_format or text.format there",
        )  # fmt: skip
    return place
