"""Build classes, aliases, and names for inline objects from canonical schemas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..document.media import is_bytes
from ..document.pointer import escape
from ..errors import GeneratorError
from ..normalise.canonical import INHERITED, OF, values_of
from ..normalise.components import component_pointer, numbered
from ..policy import STRICT, Policy, Report
from . import (
    AnyType,
    Array,
    Binary,
    Enum,
    Field,
    Map,
    ObjectType,
    Ref,
    Resolved,
    Scalar,
    Schema,
    Shortcut,
    Type,
    Union,
    names,
)
from .facts import facts
from .operation_ids import snake_case
from .referenced import is_number, says


class SchemaBuilder:
    """Build the IR of all component schemas, and of the inline schemas of operations."""

    def __init__(self, components: Mapping[str, Mapping[str, Any]], policy: Policy = STRICT) -> None:
        """Claim the names of all components. Raises: GeneratorError for one that is taken, by the policy."""
        self.components, self._notes = components, list[str]()
        self.resolves_names, self.lenient, self.snake_case = policy.resolves_names, policy.lenient, policy.snake_case
        self.standalone = policy.standalone
        self.objects: dict[str, ObjectType] = {}
        self.aliases: dict[str, Type] = {}
        self.modules: dict[str, str] = {}
        self.nullable: set[str] = set()
        self._origin: dict[str, str] = {}
        self._files: dict[str, str] = {}
        self._python: dict[str, str] = {}
        by_rule = {key: names.class_name(key) for key in components}
        named = {key: names.overlaid(schema, component_pointer(key)) for key, schema in components.items()}
        # Names of the overlay first, then those that need no rule: they stay where two would be one.
        for key in sorted(components, key=lambda key: (named[key] is None, by_rule[key] != key)):
            self._python[key] = self.claim(named[key] or by_rule[key], component_pointer(key))
        #: What an attribute cannot be called: the classes, too, since its annotation names them.
        self.reserved = names.MODEL_RESERVED | set(self._python.values())

    @property
    def report(self) -> Report:
        """Return what was renamed until now: operations add schemas."""
        return Report.of(self._notes)

    def note(self, text: str) -> None:
        """Add a sentence to the report."""
        self._notes.append(text)

    def build(self) -> tuple[Schema, ...]:
        """Return every component schema in name order."""
        drafts = [
            self.named(key, schema, component_pointer(key), self._python[key])
            for key, schema in self.components.items()
        ]
        for schema in drafts:
            for name in schema.accepts:
                if name not in self.modules:
                    raise GeneratorError(
                        f"x-sdk-accepts names {name}, which is not a class", pointer=f"{schema.pointer}/x-sdk-accepts",
                        hint="write the Python names of classes there",
                    )  # fmt: skip
        return tuple(sorted(drafts, key=lambda s: s.name))

    def named(self, key: str, schema: Mapping[str, Any], pointer: str, name: str) -> Schema:
        """Build one named schema with its inline objects."""
        inline, module = _Inline(self), self._module(name, pointer)
        body: ObjectType | Type
        members = [m for m in schema.get("anyOf", ()) if m != {"type": "null"}]
        nullable = len(members) == 1 and _is_class(members[0])
        if nullable or _is_class(schema):  # an object or null has the class of the object
            body = inline.object(members[0] if nullable else schema, name, pointer)
            self.objects[name] = body
            if nullable:
                self.nullable.add(name)
        else:
            body = inline.convert(schema, name, pointer, top=True)
            self.aliases[name] = body
        for item in inline.found:
            self.modules[item.name] = module
        return Schema(
            key, name, module, body, tuple(inline.found), pointer,
            tuple(schema.get("x-sdk-accepts", ())), schema.get("description"),
            tuple(schema.get("x-sdk-former-names", ())), schema.get("x-sdk-keep") is True,
        )  # fmt: skip

    def alias(self, key: str, type_: Type, pointer: str, name: str) -> Schema:
        """Build a named schema of a type that is built already."""
        self.aliases[name] = type_
        return Schema(key, name, self._module(name, pointer), type_, (), pointer)

    def _module(self, name: str, pointer: str) -> str:
        module = names.module_name(name)
        if self.resolves_names:
            module = numbered(module, [m for m, owner in self._files.items() if owner != name], "_")
        other = self._files.setdefault(module, name)
        if other != name:
            raise GeneratorError(
                f"the class {name} needs the module {module}.py, which the class {other} has",
                pointer=pointer,
                hint="give one of them another name with x-sdk-name in spec/overlay.yaml",
            )
        self.modules[name] = module
        return module

    def named_inline(self, schema: Mapping[str, Any], pointer: str) -> Type:
        """Build the type of a schema that holds no object and so needs no name."""
        return _Inline(self).convert(schema, "Value", pointer)

    def python(self, key: str, pointer: str) -> str:
        """Return the Python name of a component schema."""
        if key not in self._python:
            raise GeneratorError(f"no schema is called {key}", pointer=pointer, hint="correct the $ref")
        return self._python[key]

    def claim(self, name: str, pointer: str) -> str:
        """Reserve a class name for the schema at a place, and return it: another one where that is taken."""
        if self.resolves_names and self._origin.get(name, pointer) != pointer:
            taken = name
            name = numbered(name, self._origin)
            self.note(f"renamed: the schema at {pointer} is {name}, because {self._origin[taken]} is {taken}")
        if name in self._origin and self._origin[name] != pointer:
            raise GeneratorError(
                f"two schemas would both be called {name}: this one and {self._origin[name]}",
                pointer=pointer,
                hint="give one of them another name with x-sdk-name in spec/overlay.yaml",
            )
        self._origin[name] = pointer
        return name

    def resolve(self, type_: Type) -> Resolved:
        """Follow references to the object or alias behind them."""
        while isinstance(type_, Ref):
            if type_.name in self.objects:
                return self.objects[type_.name]
            type_ = self.aliases[type_.name]
        return type_


class _Inline:
    """Convert one named schema; `found` has its inline objects, inner ones first."""

    def __init__(self, builder: SchemaBuilder) -> None:
        self._builder = builder
        self.found: list[ObjectType] = []

    def object(self, schema: Mapping[str, Any], name: str, pointer: str) -> ObjectType:
        required, inherited = set(schema.get("required", ())), schema.get(INHERITED, ())
        fields = []
        called, components = self._attributes(schema["properties"], name, pointer), self._builder.components
        attrs = {attr: key for key, attr in called.items()}
        for key, value in schema["properties"].items():
            where, attr = f"{pointer}/properties/{escape(key)}", called[key]
            packed = "x-sdk-packed" in value
            type_ = self.convert(_unpacked(value, where) if packed else value, name + names.part(key), where)
            fields.append(
                Field(
                    key, attr, type_, key in required,
                    facts(value), bool(value.get("deprecated")), value.get("description"), packed,
                    tuple(value.get("x-sdk-former-names", ())),
                    says(value, "readOnly", components), says(value, "writeOnly", components), key in inherited,
                )
            )  # fmt: skip
        extra = schema.get("additionalProperties")
        return ObjectType(
            name, tuple(fields), pointer,
            self.convert(extra, f"{name}Value", f"{pointer}/additionalProperties") if isinstance(extra, dict) else None,
            extra is False, bool(schema.get("deprecated")), schema.get("description"),
            _shortcuts(schema, attrs, pointer), _vendor_keys(schema, attrs, pointer),
            media=_media(schema, called, pointer),
        )  # fmt: skip

    def _attributes(self, properties: Mapping[str, Any], name: str, pointer: str) -> dict[str, str]:
        """Return the attribute of each property. Raises: GeneratorError for one that is taken."""
        reserved = self._builder.reserved
        snake = self._builder.snake_case
        plain = {key: names.attribute(snake_case(key) if snake else key, reserved) for key in properties}
        given = {
            key: _given(value, f"{pointer}/properties/{escape(key)}", a_class=False)
            for key, value in properties.items()
        }
        shared = Counter(plain.values()) if self._builder.resolves_names else Counter[str]()
        by_rule = {key: names.with_signs(key, attr) if shared[attr] > 1 else attr for key, attr in plain.items()}
        found: dict[str, str] = {}
        for key in sorted(properties, key=lambda key: (given[key] is None, by_rule[key] != key)):
            where, attr = f"{pointer}/properties/{escape(key)}", given[key] or by_rule[key]
            if given[key] in names.MODEL_RESERVED or attr.startswith("_"):
                raise GeneratorError(
                    f"x-sdk-name is {attr!r}, which every model has for itself", pointer=f"{where}/x-sdk-name",
                    hint="write another name: none of the methods of a model, and without a leading _",
                )  # fmt: skip
            if attr in found and self._builder.resolves_names:
                attr = numbered(attr, {*found, *by_rule.values()}, "_")
            if attr not in (given[key], plain[key]):
                self._builder.note(f"renamed: the property {key!r} of {name} is {attr}")
            if attr in found:
                raise GeneratorError(
                    f"the properties {key!r} and {found[attr]!r} would both be called {attr}",
                    pointer=where,
                    hint="give one of them another name with x-sdk-name in spec/overlay.yaml",
                )
            found[attr] = key
        return {key: attr for attr, key in found.items()}

    def convert(self, schema: Mapping[str, Any], hint: str, pointer: str, *, top: bool = False) -> Type:
        """Convert a schema; `top` where `hint` is already the name of the alias that it becomes."""
        if "$ref" in schema:
            return Ref(self._builder.python(schema["$ref"], pointer))
        if "anyOf" in schema:
            return self._union(schema, hint, pointer, top)
        if "const" in schema or "enum" in schema:
            return _enum(schema)
        if (kind := schema.get("type")) is None:
            return AnyType()
        if kind == "array":
            word = names.singular(hint)
            item = self.convert(schema["items"], word or f"{hint}Item", f"{pointer}/items")
            return Array(item, self._builder.standalone and schema.get("uniqueItems") is True)
        if kind == "object":
            return self._object(schema, hint, pointer)
        if kind == "string" and is_bytes(schema):
            return Binary()
        if kind in ("string", "integer", "number", "boolean", "null"):
            return Scalar(kind, schema.get("format"))
        raise GeneratorError(f"{kind!r} is not a JSON type", pointer=f"{pointer}/type", hint="correct the type")

    def _object(self, schema: Mapping[str, Any], hint: str, pointer: str) -> Type:
        if schema.get("properties"):
            name = self._builder.claim(_given(schema, pointer, a_class=True) or hint, pointer)
            item = self.object(schema, name, pointer)
            self._builder.objects[name] = item
            self.found.append(item)
            return Ref(name)
        extra = schema.get("additionalProperties")
        return Map(
            self.convert(extra, f"{hint}Value", f"{pointer}/additionalProperties")
            if isinstance(extra, Mapping)
            else AnyType()
        )

    def _union(self, schema: Mapping[str, Any], hint: str, pointer: str, top: bool) -> Type:
        members = schema["anyOf"]
        inline = [m for m in members if m.get("type") == "object" and m.get("properties")]
        alone = f"{hint}Object" if top else hint
        types = []
        for index, member in enumerate(members):
            name = hint
            if member in inline:
                name = hint + _variant(member, inline, index) if len(inline) > 1 else alone
            elif member.get("type") == "array" and any(m.get("type") == "array" for m in members if m is not member):
                name = f"{hint}{index + 1}"
            types.append(self.convert(member, name, f"{pointer}/anyOf/{index}"))
        unique = tuple(dict.fromkeys(types))
        if len(unique) == 1:
            return unique[0]
        discriminator = schema.get("discriminator")
        if not discriminator or is_number(discriminator, members, self._builder.components):
            return Union(unique)
        classes = {
            m.get("$ref") or m.get(OF): t.name for m, t in zip(members, types, strict=True) if isinstance(t, Ref)
        }
        rest = classes.get(discriminator.get("x-sdk-rest"), "")
        return Union(unique, discriminator["propertyName"], self._mapping(discriminator, classes, pointer), rest)

    def _mapping(
        self, discriminator: Mapping[str, Any], classes: Mapping[str | None, str], pointer: str
    ) -> tuple[tuple[str, str], ...]:
        """Return the values of a discriminator with their classes; a schema without a value has its own name."""
        mapping = dict(discriminator["mapping"])
        for value, key in discriminator["mapping"].items():
            if key not in classes and self._builder.lenient:
                where = f"{pointer}/discriminator/mapping/{escape(value)}"
                self._builder.note(f"left out: at {where}: {key} is no member of the union")
                del mapping[value]
            elif key not in classes:
                raise GeneratorError(
                    f"the discriminator gives {value!r} to {key}, which is not a member of the union", pointer=pointer,
                    hint=f"add {key} to the union in spec/overlay.yaml, or correct the mapping",
                )  # fmt: skip
        rows = [*mapping.items(), *((key, key) for key in classes if key and key not in mapping.values())]
        return tuple((value, classes[key]) for value, key in rows)


def _enum(schema: Mapping[str, Any]) -> Enum:
    given = {repr(value): str(name) for value, name in schema.get("x-sdk-enum-names", ())}
    return Enum(values := tuple(values_of(schema)), tuple(given.get(repr(value), "") for value in values))


def _given(schema: Mapping[str, Any], pointer: str, *, a_class: bool) -> str | None:
    """Return the overlay's name for a property, or, in PascalCase, for its inline object."""
    name = names.overlaid(schema, pointer)
    return name if name and name[0].isupper() == a_class else None


def _is_class(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "object" and "properties" in schema


def _variant(member: Mapping[str, Any], inline: list[Mapping[str, Any]], index: int) -> str:
    """Name an inline member of a union after the schema that it was, or its constant, where it has one of its own."""
    if OF in member:
        return names.part(str(member[OF]))
    for key, value in member["properties"].items():
        others = [m["properties"].get(key, {}).get("const") for m in inline if m is not member]
        if isinstance(value.get("const"), str) and value["const"] not in others and None not in others:
            return names.part(value["const"])
    return f"Variant{index + 1}"


def _shortcuts(schema: Mapping[str, Any], attrs: Mapping[str, str], pointer: str) -> tuple[Shortcut, ...]:
    """Return the shortcuts that the overlay gives a class."""
    found = []
    for name, path in schema.get("x-sdk-shortcuts", {}).items():
        if name in attrs or not name.isidentifier() or not path or path[0] not in attrs:
            raise GeneratorError(
                f"x-sdk-shortcuts cannot give {name!r}: it is taken, no name, or its path begins with no property",
                pointer=f"{pointer}/x-sdk-shortcuts/{escape(name)}",
                hint="write {name: [property, ...]}, and remove a property that the shortcut takes the place of",
            )
        found.append(Shortcut(name, tuple(path)))
    return tuple(found)


def _media(schema: Mapping[str, Any], called: Mapping[str, str], pointer: str) -> tuple[str, str] | None:
    """Return the attributes that hold an image or a sound, which the overlay names by their properties."""
    given = schema.get("x-sdk-media")
    if given is None:
        return None
    content, url = (str(given.get(kind, "")) for kind in ("base64", "url")) if isinstance(given, dict) else ("", "")
    if content not in called or url not in {"", *called} or {"bytes", "save"} & {*called.values()}:
        raise GeneratorError(
            "x-sdk-media names no property, or the class has a property of the name bytes or save",
            pointer=f"{pointer}/x-sdk-media",
            hint="write {base64: property}, or {base64: property, url: property}",
        )
    return called[content], called.get(url, "")


def _vendor_keys(schema: Mapping[str, Any], attrs: Mapping[str, str], pointer: str) -> tuple[str, ...]:
    """Return the keys that the overlay gives a class beside its properties."""
    keys = tuple(schema.get("x-sdk-vendor-keys", ()))
    for name in keys:
        if name in attrs or name in schema.get("x-sdk-shortcuts", ()) or not name.isidentifier():
            raise GeneratorError(
                f"x-sdk-vendor-keys cannot give {name!r}: it is taken, or no name",
                pointer=f"{pointer}/x-sdk-vendor-keys",
                hint="delete it where the document has the property now",
            )
    return keys


def _unpacked(schema: Mapping[str, Any], pointer: str) -> Mapping[str, Any]:
    """Return the list of numbers among the alternatives of a packed property."""
    found: Mapping[str, Any] | None = next((m for m in schema.get("anyOf", [schema]) if m.get("type") == "array"), None)
    if found is None or schema["x-sdk-packed"] != "float32":
        raise GeneratorError(
            "x-sdk-packed is for a list of numbers or text, and only float32", pointer=f"{pointer}/x-sdk-packed",
            hint="write {type: [array, string], x-sdk-packed: float32}",
        )  # fmt: skip
    return found
