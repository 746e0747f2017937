"""Build request bodies: one way to send the media types of an operation, and its arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from attrs import evolve, frozen

from ..document.media import (
    FORM,
    JSON,
    MULTIPART,
    essence,
    is_binary,
    is_bytes,
    is_file,
    is_json,
    is_text,
    means_json,
    names_plain_json,
    request_type,
)
from ..document.pointer import escape
from ..errors import GeneratorError
from ..normalise.canonical import Schema, bare
from ..policy import Policy
from . import (
    AnyType,
    Array,
    Binary,
    Body,
    BodyKind,
    Field,
    JsonType,
    Map,
    ObjectType,
    Param,
    Scalar,
    Style,
    Type,
    Union,
    names,
)
from .inline import Inliner
from .media_choice import media_choice, sent_without_choice
from .operation_ids import snake_case
from .part_types import note_parts, one_type, part_headers, written_type
from .source import OperationSource
from .unions import json_types

_KINDS: Mapping[str, Literal["multipart", "form"]] = {MULTIPART: "multipart", FORM: "form"}
#: Styles of an encoding that join values with a delimiter.
_DELIMITED: Mapping[str, Style] = {"form": "form", "spaceDelimited": "spaceDelimited", "pipeDelimited": "pipeDelimited"}


@frozen(eq=False)
class _Media:
    """One media type of a body: as declared, its essence, its encodings, its schema, and that resolved."""

    declared: str
    kind: str
    encoding: Mapping[str, Any]
    schema: Schema
    flat: Schema


class _Form(NamedTuple):
    """How a field of a form is written; by default as its media type does."""

    style: Style = ""
    explode: bool = True
    reserved: bool = False


class BuiltBody(NamedTuple):
    """The body of an operation, its arguments, and notes on what of it is not used."""

    body: Body | None
    fields: list[Param]
    notes: tuple[str, ...] = ()


class BodyBuilder:
    """Build the bodies of one document's operations."""

    def __init__(self, inline: Inliner, version: str, policy: Policy) -> None:
        """`version` is OpenAPI's."""
        self._inline, self._policy = inline, policy
        numbers = [int(n) for n in re.findall(r"\d+", version)[:3]]
        # An object without an encoding is JSON in a form from 3.0.4 on, and in 3.1; before, its members are fields.
        self._json_in_forms = numbers >= [3, 0, 4]

    def build(self, source: OperationSource) -> BuiltBody:
        """Return the body of an operation.

        Raises: GeneratorError where its media types have no one signature, unless the policy takes it as any value.
        """
        try:
            return self._build(source)
        except GeneratorError as error:
            if not self._policy.lenient:
                raise
            return self._any_body(source, error)

    def _any_body(self, source: OperationSource, error: GeneratorError) -> BuiltBody:
        """Return the body as an argument of any value: its text or its bytes where it is not JSON."""
        request = self._inline.deref(source.raw.get("requestBody") or {})
        declared = [kind for kind in request.get("content") or {} if kind.isascii() and kind.isprintable()]
        required = bool(request.get("required", False))
        form = next((kind for kind in declared if essence(kind) in _KINDS), None)
        json = next((kind for kind in declared if is_json(essence(kind))), None)
        sent = json or next((kind for kind in declared if "*" not in kind), "application/octet-stream")
        type_: Type = AnyType() if json else Union((Scalar("string"), Binary()))
        body = Body("json" if json else "raw", True, required, request_type(sent) if json else sent.strip())
        if form and not json:
            type_, body = Map(AnyType()), Body(_KINDS[essence(form)], True, required, essence(form))
        where = f"{source.pointer}/requestBody"
        note = f"read as any value, sent as {body.content_type}: at {error.pointer or where}: {error.problem}"
        return BuiltBody(body, [Param("body", "body", "body", type_, required)], (note,))

    def _build(self, source: OperationSource) -> BuiltBody:
        raw, pointer = source.raw, source.pointer
        request = self._inline.deref(raw.get("requestBody") or {})
        media = [self._media(kind, raw_media, pointer) for kind, raw_media in (request.get("content") or {}).items()]
        if not media:
            return BuiltBody(None, [])
        required = bool(request.get("required", False))
        json = [m for m in media if means_json(m.kind, m.flat)]
        forms = [m for m in media if m.kind in _KINDS]
        rest = [m for m in media if m not in json and m not in forms]
        different = self._different(json)
        if different and not self._policy.standalone:
            raise _two_bodies(json[0], different[0], pointer)
        if different:
            return self._one_of(json, source, required)
        types: dict[str, Type] = {}
        for m in [m for m in media if m in forms or m is self._first(json)]:
            types[m.declared] = self._type(m, types, source)
        objects = {
            m: target for m in media if m.declared in types
            and isinstance(target := self._inline.schemas.resolve(types[m.declared]), ObjectType)
        }  # fmt: skip
        if json and not any(m in objects for m in json):
            objects = {}  # other values are the argument `body`
        elif json:
            objects = {m: o for m, o in objects.items() if m.kind != FORM or self._as_form(m, json)}
        if objects:
            body, fields, used = self._spread(objects, rest, required, pointer)
        elif json:
            first = self._first(json)
            assert first is not None
            body, used = Body("json", True, required, request_type(first.declared)), [first]
            fields = [Param("body", "body", "body", types[first.declared], required)]
        elif forms:
            body, used = Body(_KINDS[forms[0].kind], True, required), [forms[0]]
            type_ = self._mapping(types[forms[0].declared], pointer, multipart=forms[0].kind == MULTIPART)
            fields = [Param("body", "body", "body", type_, required)]
        else:
            # The value decides which one: it is text, or bytes of whatever kind.
            files = [m for m in rest if is_bytes(m.flat) or is_file(m.kind)]
            by_value = len(rest) > 1 and bool(files) and all(m in files or m.kind == "text/plain" for m in rest)
            content_type = None if by_value or "*" in rest[0].declared else rest[0].declared.strip()
            body, used = Body("raw", True, required, content_type), rest if by_value else rest[:1]
            fields = [Param("body", "body", "body", self._raw(rest, pointer), required)]
        if self._policy.standalone:
            used = self._choices(body, used, json, rest)
            fields += media_choice([_sent_as(m, json) for m in used], sent_without_choice(body, [m.kind for m in used]))
        unused = [m.declared for m in media if m not in used and not (m in json and names_plain_json(m.declared))]
        notes = self._note_unused(body, unused, source) if unused else ()
        return BuiltBody(
            body,
            fields,
            (*notes, *note_parts([m.encoding for m in objects if m.kind == MULTIPART], body, source.title)),
        )

    def _as_form(self, m: _Media, json: Sequence[_Media]) -> bool:
        """Return whether a form beside JSON has the same fields, and writes them as all forms do."""
        return self._policy.standalone and not m.encoding and any(bare(m.schema) == bare(one.schema) for one in json)

    @staticmethod
    def _choices(body: Body, used: list[_Media], json: list[_Media], rest: list[_Media]) -> list[_Media]:
        """Return the media types that the arguments of a body can be written as: the one that is sent comes first."""
        if body.kind == "raw":
            return [*used, *(m for m in rest if m not in used and "*" not in m.declared)]
        return [*used, *(m for m in json if m not in used and used[0] in json and not names_plain_json(m.declared))]

    def _media(self, declared: str, raw: Mapping[str, Any], pointer: str) -> _Media:
        where = f"{pointer}/requestBody/content/{escape(declared)}"
        if not (declared.isascii() and declared.isprintable()):
            raise GeneratorError(
                f"{declared!r} is no media type", pointer=where, hint="correct it in spec/overlay.yaml"
            )
        schema = self._inline.normaliser.schema(raw.get("schema", {}), f"{where}/schema")
        return _Media(
            declared, essence(declared), raw.get("encoding") or {}, schema, self._inline.normaliser.resolve(schema)
        )

    @staticmethod
    def _first(json: Sequence[_Media]) -> _Media | None:
        return next((m for m in json if m.declared == JSON), json[0] if json else None)

    @staticmethod
    def _different(json: Sequence[_Media]) -> list[_Media]:
        """Return the media types whose schema is another one than that of the first."""
        return [m for m in json if bare(m.schema) != bare(json[0].schema)]

    def _one_of(self, json: Sequence[_Media], source: OperationSource, required: bool) -> BuiltBody:
        """Return the body that each media type describes in another way: an array may decide which one is sent."""
        types: dict[str, Type] = {}
        for m in json:
            types[m.declared] = self._type(m, types, source)
        resolve = self._inline.schemas.resolve
        lists = [m for m in json if json_types(types[m.declared], resolve) == {JsonType.ARRAY}]
        others = [m for m in json if m not in lists]
        first = self._first(others) or json[0]
        content_type, of_lists = request_type(first.declared), request_type((lists or [first])[0].declared)
        body = Body(
            "json", True, required, content_type, list_content_type=of_lists if of_lists != content_type else ""
        )
        type_ = Union(tuple(dict.fromkeys(types.values())))
        sent = f"{content_type}, and an array as {of_lists}" if body.list_content_type else content_type
        unused = [m.declared for m in json if request_type(m.declared) not in (content_type, of_lists)]
        note = f"sent as {sent}: {source.title}"
        if unused:
            note += f"; content_type= chooses {' or '.join(unused)}"
        fields = [Param("body", "body", "body", type_ if len(type_.members) > 1 else type_.members[0], required)]
        fields += media_choice([request_type(m.declared) for m in (first, *json)], sent)
        return BuiltBody(body, fields, (note,))

    def _type(self, m: _Media, known: Mapping[str, Type], source: OperationSource) -> Type:
        """Return the type of a media type's schema; a second inline object is named by its media type."""
        key = f"{_KINDS.get(m.kind, 'Json').title()}Body" if known else "Body"
        return self._inline.type(m.schema, source.owner, key, source.pointer)

    def _raw(self, media: Sequence[_Media], pointer: str) -> Type:
        types: list[Type] = []
        for m in media:
            if m.kind.startswith("multipart/") and not self._policy.standalone:
                raise GeneratorError(
                    f"a body of the type {m.kind} cannot be written", pointer=f"{pointer}/requestBody/content",
                    hint="write multipart/form-data, or another type, in spec/overlay.yaml",
                )  # fmt: skip
            if is_bytes(m.flat) or (is_binary(m.flat) and not is_text(m.kind)):
                types.append(Binary())
            elif is_text(m.kind) and self._is_scalar(m.flat):
                types.append(self._inline.schemas.named_inline(m.schema, pointer))
            else:  # no Python type fits: its text or its bytes
                types += [Scalar("string"), Binary()]
        unique = tuple(dict.fromkeys(types))
        return unique[0] if len(unique) == 1 else Union(unique)

    def _is_scalar(self, schema: Mapping[str, Any]) -> bool:
        members = [self._inline.normaliser.resolve(m) for m in schema.get("anyOf", (schema,))]
        return not any(is_binary(m) or "anyOf" in m or m.get("type") in ("object", "array") for m in members)

    def _mapping(self, type_: Type, pointer: str, *, multipart: bool) -> Type:
        target = self._inline.schemas.resolve(type_)
        if multipart and isinstance(target, Array):  # parts without names: the caller gives them one
            return Map(Union((target.item, type_)))
        if multipart and isinstance(target, Binary | Scalar):
            return Map(type_)
        members = target.members if isinstance(target, Union) else (type_,)
        if not all(isinstance(self._inline.schemas.resolve(m), Map | ObjectType | AnyType) for m in members):
            raise GeneratorError(
                "a form is an object, and this one is not", pointer=f"{pointer}/requestBody/content",
                hint="describe its fields as properties in spec/overlay.yaml",
            )  # fmt: skip
        return type_

    def _spread(
        self, objects: Mapping[_Media, ObjectType], rest: Sequence[_Media], required: bool, pointer: str
    ) -> tuple[Body, list[Param], list[_Media]]:
        """Return the body whose fields are arguments."""
        kinds = [m.kind for m in objects]
        json = next((m for m in objects if m.kind not in _KINDS), None)
        fields = self._fields(objects, pointer)
        others = [m.kind for m in rest]
        raw = next(((f.key, str(f.content_type)) for f in fields if f.content_type in others), None)
        kind: BodyKind = "auto" if json else "auto_form"
        if len(objects) == 1 or (json and MULTIPART not in kinds):
            kind = "json" if json else _KINDS[kinds[0]]
            # Servers that document a form with a file mean multipart: a form cannot hold it.
            if kind == "form" and self._policy.standalone and any(self._is_file(f.type) for f in fields):
                kind = "auto_form"
        content_type = request_type(json.declared) if json else kinds[0]
        optional_body = self._policy.standalone and not required and not any(f.required for f in fields)
        body = Body(
            kind, False, required, content_type, raw,
            tuple(dict.fromkeys(o.name for o in objects.values())), optional_body,
        )  # fmt: skip
        return body, fields, [*objects, *(m for m in rest if raw and m.kind == raw[1])]

    def _is_file(self, type_: Type) -> bool:
        target = self._inline.schemas.resolve(type_)
        return isinstance(target, Binary) or (isinstance(target, Array) and self._is_file(target.item))

    def _fields(self, objects: Mapping[_Media, ObjectType], pointer: str) -> list[Param]:
        """Merge the fields of a body's media types into one signature."""
        encodings: dict[str, Any] = {}
        for m in sorted(objects, key=lambda m: m.kind == FORM):
            for key, encoding in m.encoding.items() if m.kind in _KINDS else ():
                where = f"{pointer}/requestBody/content/{escape(m.declared)}/encoding/{escape(key)}"
                encodings[key] = (encoding, where)
                if not self._policy.standalone and m.kind == MULTIPART and part_headers(encoding):
                    raise GeneratorError(
                        "a part cannot have headers of its own here", pointer=f"{where}/headers",
                        hint="remove them in spec/overlay.yaml",
                    )  # fmt: skip
        in_form = any(m.kind == FORM for m in objects)
        coded = in_form or any(m.kind == MULTIPART for m in objects)
        merged: dict[str, Param] = {}
        for obj in objects.values():
            for f in obj.fields:
                if f.read_only and self._policy.standalone:
                    continue  # only replies have it (OpenAPI 3.0.4, 4.7.24.2)
                encoding, where = encodings.get(f.key, ({}, pointer))
                form = self._form(f, encoding, where, in_form=in_form) if coded else _Form()
                written = coded and written_type(f.type, encoding, self._inline.schemas.resolve)
                new = Param(
                    f.key, _argument(f, snake=self._policy.snake_case), "body", written or f.type,
                    f.required and not f.read_only,
                    style=form.style, explode=form.explode, reserved=form.reserved,
                    content_type=one_type(encoding.get("contentType")),
                    facts=f.facts, deprecated=f.deprecated, description=f.description, former=f.former,
                )  # fmt: skip
                old = merged.get(f.key)
                if old is not None and old.type != new.type:
                    types = tuple(dict.fromkeys([old.type, new.type]))
                    new = evolve(new, type=Union(types), facts=tuple(dict.fromkeys(old.facts + new.facts)))
                merged[f.key] = new
        everywhere = [
            k for k in merged
            if all(any(f.key == k and f.required and not f.read_only for f in o.fields) for o in objects.values())
        ]  # fmt: skip
        return [evolve(p, required=k in everywhere) for k, p in merged.items()]

    def _form(self, field: Field, encoding: Mapping[str, Any], where: str, *, in_form: bool) -> _Form:
        """Return how a field of a form is written (OpenAPI 3.1.1, 4.8.15: Encoding Object)."""
        types = json_types(field.type, self._inline.schemas.resolve)
        if encoding.keys() & {"style", "explode", "allowReserved"}:
            style = encoding.get("style", "form")
            reserved = bool(encoding.get("allowReserved")) and in_form
            if style == "deepObject":
                return _Form("deepObject", reserved=reserved)
            if style not in _DELIMITED:
                raise GeneratorError(
                    f"a field of a form cannot have the style {style!r}", pointer=f"{where}/style",
                    hint="write form, spaceDelimited, pipeDelimited or deepObject in spec/overlay.yaml",
                )  # fmt: skip
            if not encoding.get("explode", style == "form"):
                return _Form(_DELIMITED[style], explode=False, reserved=reserved)
            return _Form("form" if JsonType.OBJECT in types and not in_form else "", reserved=reserved)
        content_type = encoding.get("contentType")
        if content_type is not None and is_json(essence(content_type)):
            return _Form("json" if in_form else "")
        if not self._policy.standalone and written_type(field.type, encoding, self._inline.schemas.resolve):
            raise GeneratorError(
                f"the object {field.key!r} is sent as {content_type}, which cannot be written",
                pointer=f"{where}/contentType", hint="write application/json, or a string, in spec/overlay.yaml",
            )  # fmt: skip
        return _Form("auto" if in_form and self._json_in_forms and JsonType.OBJECT in types else "")

    def _note_unused(self, body: Body, unused: Sequence[str], source: OperationSource) -> tuple[str, ...]:
        """Return the note on media types that are not used. Raises: GeneratorError for them, by the policy."""
        if not self._policy.standalone:
            used = "an object" if not body.whole else str(body.content_type)
            raise GeneratorError(
                f"a body can be {used} or {unused[0]}, and one signature cannot say both",
                pointer=f"{source.pointer}/requestBody/content",
                hint="remove one of the content types in spec/overlay.yaml",
            )
        sent = {"form": FORM, "multipart": MULTIPART}.get(body.kind, body.content_type)
        return (f"sent as {sent or 'what is given'}, not as {' or '.join(unused)}: {source.title}",)


def _two_bodies(one: _Media, other: _Media, pointer: str) -> GeneratorError:
    return GeneratorError(
        f"the body is another one as {other.declared} than as {one.declared}, and one signature cannot say both",
        pointer=f"{pointer}/requestBody/content", hint="remove one of the content types in spec/overlay.yaml",
    )  # fmt: skip


def _sent_as(m: _Media, json: Sequence[_Media]) -> str:
    """Return the content type of a body in a media type."""
    return request_type(m.declared) if m in json else m.kind if m.kind in _KINDS else m.declared.strip()


def _argument(field: Field, *, snake: bool) -> str:
    """Return the name of a body's field as an argument: the overlay's, or by the rules of arguments."""
    key = snake_case(field.key) if snake else field.key
    by_rule = names.attribute(key)
    overlaid = field.attr.rstrip("_") != by_rule.rstrip("_")
    return field.attr if overlaid else names.attribute(key, names.ARGUMENT_RESERVED)
