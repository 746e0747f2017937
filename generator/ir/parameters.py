"""Build arguments from the parameters of an operation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, assert_never

from ..document.media import JSON, essence, means_json
from ..document.shape import UNSENT
from ..errors import GeneratorError
from ..policy import STRICT, Policy
from . import (
    AnyType,
    Array,
    Binary,
    Enum,
    JsonType,
    Map,
    ObjectType,
    Param,
    Resolved,
    Scalar,
    Style,
    Type,
    Union,
    names,
)
from .facts import facts
from .inline import Inliner
from .operation_ids import snake_case
from .security import is_token, writes_authorization
from .source import OperationSource
from .unions import NESTED, json_types

#: Styles by the place of a parameter, the default first (OpenAPI 3.1.1, 4.8.12.2).
STYLES: Mapping[str, tuple[Style, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}


class BuiltParameters(NamedTuple):
    """The arguments of an operation, the headers that the client writes, notes, and pointers of what is left out.

    `content_type` is what the document requires as Content-Type, "" where it does not; a body has its own.
    """

    params: list[Param]
    unsent: list[str]
    notes: list[str]
    skipped: list[str]
    content_type: str


class ParameterBuilder:
    """Build the parameters of one document's operations."""

    def __init__(self, document: Mapping[str, Any], inline: Inliner, policy: Policy = STRICT) -> None:
        self._document, self._inline, self._policy = document, inline, policy

    def build(self, source: OperationSource, path: str) -> BuiltParameters:
        """Return the arguments, those in `path` first and in its order. Raises: GeneratorError, by the policy."""
        declared: dict[tuple[str, str], tuple[str, Mapping[str, Any]]] = {}
        for where, owner in ((source.pointer.rpartition("/")[0], source.item), (source.pointer, source.raw)):
            for index, p in enumerate(map(self._inline.deref, owner.get("parameters") or [])):
                declared[p["in"], p["name"]] = f"{where}/parameters/{index}", p
        unsent = [str(p["name"]) for _, p in declared.values() if self._is_unsent(p, source.raw)]
        found = BuiltParameters([], unsent, [], [], _content_type(p for _, p in declared.values()))
        for pointer, p in declared.values():
            if p["in"] == "header" and p["name"] in found.unsent:
                continue
            try:
                found.params.append(self._param(p, source, pointer))
            except GeneratorError as error:
                if not self._policy.lenient:
                    raise
                if p["in"] == "path":
                    key, attr = p["name"], names.attribute(p["name"], names.ARGUMENT_RESERVED)
                    found.params.append(Param(key, attr, "path", Scalar("string"), True, style="simple"))
                    found.notes.append(f"read as a string: at {pointer}: {error.problem}")
                else:
                    found.notes.append(f"left out: at {pointer}: the parameter {p['name']!r}: {error.problem}")
                    found.skipped.append(pointer)
        in_path = re.findall(r"\{([^}]*)\}", path)
        _check_path(in_path, [p.key for p in found.params if p.location == "path"], source.pointer)
        found.params.sort(key=lambda p: in_path.index(p.key) if p.location == "path" else len(in_path))
        return found

    def _is_unsent(self, param: Mapping[str, Any], operation: Mapping[str, Any]) -> bool:
        """Return whether a parameter is a header that the client writes.

        Authorization is the caller's where no security scheme writes it.
        """
        name = str(param["name"]).lower()
        if param["in"] != "header" or name not in UNSENT:
            return False
        return name != "authorization" or writes_authorization(self._document, operation)

    def _param(self, raw: Mapping[str, Any], source: OperationSource, pointer: str) -> Param:
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
        written = key.lower() if location == "header" else key  # headers have no case: X-Tenant is x_tenant
        called = schema_raw.get("x-stainless-param") or (snake_case(key) if self._policy.snake_case else written)
        attr = names.overlaid(raw, pointer) or names.attribute(called, names.ARGUMENT_RESERVED)
        type_ = self._inline.type(schema, source.owner, key, pointer)
        style = _style(raw, location, pointer)
        explode = raw.get("explode", style in ("form", "deepObject"))
        if content:
            style = self._style_of_media(next(iter(content)), schema, style, pointer)
        exploded = location == "query" and explode and style == "form"
        if style not in ("json", "deepObject") and (not exploded or self._is_list_of_lists(type_)):
            self._check_flat(type_, location, pointer)
        return Param(
            key, attr, location, type_, location == "path" or bool(raw.get("required")), style=style, explode=explode,
            facts=facts(schema), deprecated=bool(raw.get("deprecated") or schema.get("deprecated")),
            description=raw.get("description"), former=tuple(raw.get("x-sdk-former-names", ())),
            reserved=location == "query" and raw.get("allowReserved") is True,
        )  # fmt: skip

    def _style_of_media(self, kind: str, schema: dict[str, Any], style: Style, pointer: str) -> Style:
        """Return the style of a parameter that has a media type instead: JSON, or plain text."""
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
        """Reject nested arrays and objects: this style is flat."""
        resolve = self._inline.schemas.resolve
        target = resolve(type_)
        for member in target.members if isinstance(target, Union) else (type_,):
            if any(self._is_nested(inner) for inner in _inside(resolve(member))):
                raise GeneratorError(
                    f"a {location} parameter cannot hold arrays or objects inside of another", pointer=pointer,
                    hint="say content: {application/json: ...} of it in spec/overlay.yaml, if it is JSON",
                )  # fmt: skip

    def _is_list_of_lists(self, type_: Type) -> bool:
        """Return whether a value is an array of arrays, which no style of a query can write."""
        resolve = self._inline.schemas.resolve
        target = resolve(type_)
        lists = [resolve(one) for one in target.members] if isinstance(target, Union) else [target]
        return any(isinstance(one, Array) and json_types(one.item, resolve) == {JsonType.ARRAY} for one in lists)

    def _is_nested(self, type_: Type) -> bool:
        resolve = self._inline.schemas.resolve
        return resolve(type_) != AnyType() and bool(json_types(type_, resolve) & NESTED)


def _content_type(declared: Iterable[Mapping[str, Any]]) -> str:
    """Return the value of a Content-Type that each request must have, with a body or without one."""
    for p in declared:
        if p["in"] == "header" and p["name"].lower() == "content-type" and p.get("required"):
            schema: Mapping[str, Any] = p.get("schema") or {}
            said = (schema.get("default"), p.get("example"), schema.get("example"), *(schema.get("enum") or ()))
            value = next((one.strip() for one in said if isinstance(one, str) and "/" in one), JSON)
            return value if value.isascii() and value.isprintable() else JSON
    return ""


def _style(raw: Mapping[str, Any], location: str, pointer: str) -> Style:
    declared = raw.get("style") or STYLES[location][0]
    if (location, declared) == ("cookie", "cookie"):  # OpenAPI 3.2.0: a form that leaves signs as they are
        declared = "form"
    for style in STYLES[location]:
        if style == declared:
            return style
    raise GeneratorError(
        f"a {location} parameter of style {declared!r} cannot be expressed", pointer=f"{pointer}/style",
        hint=f"write {' or '.join(STYLES[location])} in spec/overlay.yaml",
    )  # fmt: skip


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


def _inside(target: Resolved) -> list[Type]:
    match target:
        case Array(inner) | Map(inner):
            return [inner]
        case ObjectType(fields=fields):
            return [f.type for f in fields]
        case AnyType() | Scalar() | Enum() | Binary() | Union():
            return []
        case _:
            assert_never(target)
