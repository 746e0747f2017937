"""Repairs of a document before anything reads it: what other tools write, and what older versions ignore."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from generator.document import pointer as pointers
from generator.document import shape
from generator.document.media import essence, is_json
from generator.document.read import Document
from generator.errors import GeneratorError

#: Keys under which null is a value.
_VALUES = frozenset({"default", "const", "example", "examples", "value"})
#: Keys under which false and true are plain switches for most tools.
_SWITCHES = frozenset({"additionalProperties", "unevaluatedItems", "unevaluatedProperties"})


def fill_empty_keys(data: dict[str, Any]) -> None:
    """Change a document in place: a key without a value is removed, and the schema `true` is `{}`.

    In a map of names, or of methods, the name is what counts: its value becomes an empty object.
    Source: YAML 1.2.2, section 10.2.1.1 (an empty node is null); JSON Schema 2020-12 Core, section 4.3.2.
    """
    for _, kind, value in shape.objects(data):
        for requirement in (value.get("security") or ()) if kind in ("document", "operation") else ():
            if isinstance(requirement, dict):  # a scheme without scopes
                requirement |= {name: [] for name, scopes in requirement.items() if scopes is None}
        for key, inside in list(value.items()):
            form = shape.below(kind, key)
            if inside is None and key not in _VALUES and not key.startswith("x-"):
                if (form is not None and form[1] == "operation") or (kind == "document" and key == "paths"):
                    value[key] = {}
                else:
                    del value[key]
            elif form is None or key in _SWITCHES:
                continue
            elif form[0] == "one" and form[1] == "schema" and inside is True:
                value[key] = {}
            elif form[0] in ("map", "sorted") and isinstance(inside, dict):
                for name, item in inside.items():
                    if (item is None or (item is True and form[1] == "schema")) and not _extension(form[1], name):
                        inside[name] = {}
            elif form == ("list", "schema") and isinstance(inside, list):
                inside[:] = [{} if item is True else item for item in inside]


def read_webhooks(document: Document) -> None:
    """Read `x-webhooks` as the webhooks of a document whose version has none (3.0), in place."""
    data = document.data
    if "openapi" in data and "webhooks" not in data and isinstance(data.get("x-webhooks"), dict):
        data["webhooks"] = data.pop("x-webhooks")
        document.origins["/webhooks"] = document, "/x-webhooks"


def _extension(kind: str, name: str) -> bool:
    return kind in ("path_item", "response", "callback") and name.startswith("x-")


def drop_reference_siblings(data: dict[str, Any]) -> None:
    """Remove the siblings of each `$ref` of an OpenAPI 3.0 document, in place; prose and our own names may stay.

    Path items are exempt: there the reference is one field among others.
    Source: OpenAPI 3.0.4, section 4.8.23 (Reference Object): "any properties added SHALL be ignored".
    """
    if not str(data.get("openapi", "")).startswith("3.0"):
        return
    for _, kind, value in shape.objects(data):
        if isinstance(value.get("$ref"), str) and kind != "path_item":
            for key in [k for k in value if k not in ("$ref", "description") and not k.startswith("x-")]:
                del value[key]


#: Lists of names for the values of an enum, by which other generators know them.
_VARNAMES = ("x-enum-varnames", "x-enumNames", "x-enum-names", "x-speakeasy-enums")


def name_enums(data: dict[str, Any]) -> None:
    """Put the names of enum values together with their values, in place, as pairs: later stages reorder values."""
    for _, kind, value in shape.objects(data):
        values = value.get("enum") if kind == "schema" else None
        names = next((value[key] for key in _VARNAMES if key in value), None) if isinstance(values, list) else None
        if isinstance(names, list) and isinstance(values, list):
            value["x-sdk-enum-names"] = [list(pair) for pair in zip(values, names, strict=False)]


def share_schemas(data: dict[str, Any]) -> None:
    """Give a media type without a schema that of its other spelling, in place: `application/json;charset=utf-8`.

    JSON without a schema has that of `*/*`: converters write it, where Swagger 2.0 has examples and no `produces`.
    """
    for _, kind, value in shape.objects(data):
        content = value.get("content") if kind in ("response", "request_body") else None
        if not isinstance(content, dict) or len(content) < 2:
            continue
        schemas = {essence(name): m["schema"] for name, m in content.items() if isinstance(m, dict) and "schema" in m}
        for name, media in content.items():
            found = schemas.get(essence(name), schemas.get("*/*") if is_json(essence(name)) else None)
            if isinstance(media, dict) and "schema" not in media and found is not None:
                media["schema"] = copy.deepcopy(found)


def resolve_anchors(data: dict[str, Any]) -> None:
    """Make references to anchors and identifiers of schemas refer to their places, in place: `#Cat`, `urn:zoo:cat`.

    Source: JSON Schema 2020-12 Core, sections 8.2.1 and 8.2.2.
    """
    named: dict[str, str] = {}
    references: list[dict[str, Any]] = []
    for path, kind, value in shape.objects(data):
        if kind != "schema":
            continue
        for key, prefix in (("$anchor", "#"), ("$dynamicAnchor", "#"), ("$id", "")):
            if isinstance(value.get(key), str):
                named.setdefault(f"{prefix}{value[key]}", f"#{shape.written(path)}")
        if "$ref" in value or "$dynamicRef" in value:
            references.append(value)
    for value in references if named else ():
        for key in ("$ref", "$dynamicRef"):
            if value.get(key) in named:
                value[key] = named[value[key]]


def resolve_bundled_mappings(data: dict[str, Any]) -> None:
    """Make discriminators refer to the schemas of this document, in place, where they name files from before bundling.

    Bundlers move the schemas, and leave `cats.yaml#/Cat`, `models/Cat.yaml` or `#/Cat` in a mapping: that is Cat. A
    schema that they wrote inline has no name, and no mapping can refer to it. A schema that is not a component and has
    no alternatives has no children that a mapping could name.
    Source: OpenAPI 3.0.4, section 4.8.25: "inline schemas will not be considered".
    """
    schemas = (data.get("components") or {}).get("schemas") or {}
    for path, kind, value in shape.objects(data):
        discriminator = value.get("discriminator") if kind == "schema" else None
        mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
        if not isinstance(mapping, dict):
            continue
        members = [*(value.get("oneOf") or ()), *(value.get("anyOf") or ())]
        nameless = not any(_names_schema(m) for m in members) if members else not _is_component(shape.written(path))
        for tag, target in list(mapping.items()):
            found = _BUNDLED.fullmatch(target) if isinstance(target, str) and target not in schemas else None
            name = next(filter(None, found.groups())) if found else ""
            if name in schemas:
                mapping[tag] = f"#/components/schemas/{pointers.join([name])[1:]}"
            elif name and nameless:
                del mapping[tag]


#: The extension by which a schema says which value of the discriminator means it.
_VALUE = "x-ms-discriminator-value"


def map_named_values(data: dict[str, Any]) -> None:
    """Put the values by which children are known into the mappings of their discriminators, in place.

    The children are the members of a union, or the schemas that extend the one with the discriminator, at any depth.
    """
    schemas = (data.get("components") or {}).get("schemas") or {}
    values = {name: s[_VALUE] for name, s in schemas.items() if isinstance(s, dict) and isinstance(s.get(_VALUE), str)}
    parents = {name: _refers_to(s.get("allOf")) for name, s in schemas.items() if values and isinstance(s, dict)}
    for path, kind, value in shape.objects(data) if values else ():
        discriminator = value.get("discriminator") if kind == "schema" else None
        if not isinstance(discriminator, dict) or not isinstance(discriminator.get("mapping", {}), dict):
            continue
        here = shape.written(path)
        own = pointers.split(here)[-1] if _is_component(here) else ""
        members = _refers_to([*(value.get("oneOf") or ()), *(value.get("anyOf") or ())])
        known = {str(target) for target in discriminator.get("mapping", {}).values()}
        for name, tag in values.items():
            target = f"#/components/schemas/{pointers.escape(name)}"
            if not known & {target, name} and (name in members or _extends(name, own, parents)):
                discriminator.setdefault("mapping", {}).setdefault(tag, target)


def _refers_to(members: Any) -> set[str]:
    """Return the names of the components among the members of a schema."""
    found = [one["$ref"] for one in members or () if isinstance(one, dict) and isinstance(one.get("$ref"), str)]
    return {pointers.reference(ref)[-1] for ref in found if ref.startswith("#/components/schemas/")}


def _extends(name: str, parent: str, parents: Mapping[str, set[str]]) -> bool:
    seen, todo = set[str](), [name]
    while todo:
        above = parents.get(todo.pop(), set()) - seen
        seen |= above
        todo += above
    return parent in seen


def _is_component(place: str) -> bool:
    return place.startswith("/components/schemas/") and place.count("/") == 3


def _names_schema(member: Any) -> bool:
    return isinstance(member, dict) and str(member.get("$ref", "")).startswith("#/components/schemas/")


#: A reference into another file, to a whole one, or to the top of one; the schema's name is in it.
_BUNDLED = re.compile(r"[^#]+#/(?:[^#]*/)?([^/#]+)|#/([^/#]+)|(?:[^#]*/)?([^/#]+)\.(?:ya?ml|json)")


def with_path_items(data: dict[str, Any]) -> dict[str, Any]:
    """Return a document with the path items that its `$ref`s lead to in their place; the siblings of a `$ref` win.

    Raises: GeneratorError for a reference that leads back to itself. Source: OpenAPI 3.1.1, section 4.8.9.
    """
    found = dict(data)
    for key in ("paths", "webhooks"):
        items = data.get(key)
        if isinstance(items, dict) and any(isinstance(item, dict) and "$ref" in item for item in items.values()):
            found[key] = {name: _in_place(data, item, pointers.join([key, name])) for name, item in items.items()}
    return found


def _in_place(data: Mapping[str, Any], item: Any, pointer: str) -> Any:
    seen: list[str] = []
    while isinstance(item, dict) and "$ref" in item:
        target = str(item["$ref"])
        if target in seen:
            raise GeneratorError(
                f"the $ref {target} leads back to itself", pointer=f"{pointer}/$ref", hint="write the path item there"
            )
        seen.append(target)
        own = {key: value for key, value in item.items() if key != "$ref"}
        item = {**pointers.at(data, pointers.reference(target)), **own}
    return item
