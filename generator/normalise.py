"""Turn every schema of an OpenAPI 3.0 or 3.1 document into one canonical form.

A canonical schema is a dict of exactly one of these kinds, plus annotations (default, deprecated, ranges, ...):

    {}                                     anything
    {"$ref": "Name"}                       a component schema, by its key
    {"anyOf": [...], "discriminator"?}     a union; null is {"type": "null"}, always the last member
    {"const": value}                       one value
    {"enum": [...], "type"?}               several values, null not among them
    {"type": "object" | "array" | "string" | "integer" | "number" | "boolean" | "null", ...}

The rules, with their counts in the pinned document, stand in the design under "Normalise".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import GeneratorError

Schema = dict[str, Any]

PREFIX = "#/components/schemas/"
#: Keywords that can hold properties of a reply: dropping one silently would lose part of the document.
INEXPRESSIBLE = ("if", "then", "else", "$dynamicRef", "dependentSchemas")
#: Keywords that shape a type; a $ref beside one of them means both hold.
STRUCTURAL = ("properties", "required", "allOf", "anyOf", "oneOf", "items", "additionalProperties", "enum", "const")
#: Keywords that a $ref, a union or an allOf keeps beside it because they speak of the place, not of the type.
ANNOTATIONS = (
    "default", "deprecated", "description", "readOnly", "writeOnly",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minLength", "maxLength", "pattern", "minItems", "maxItems", "minProperties", "maxProperties", "format",
)  # fmt: skip


class Normaliser:
    """Normalise schemas against the components of one document; component results are kept."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._raw: Mapping[str, Any] = document.get("components", {}).get("schemas", {})
        self._done: dict[str, Schema] = {}
        self._busy: list[str] = []

    def components(self) -> dict[str, Schema]:
        """Return every component schema, canonical, in the document's order."""
        return {name: self.component(name) for name in self._raw}

    def component(self, name: str) -> Schema:
        """Return one component schema, canonical."""
        if name not in self._done:
            if name in self._busy:
                raise GeneratorError(
                    f"the schema contains itself through allOf: {' → '.join([*self._busy, name])}",
                    pointer=f"{PREFIX}{name}",
                    hint="break the cycle with an overlay action that removes one of the allOf members",
                )
            self._busy.append(name)
            self._done[name] = self.schema(self._raw[name], f"{PREFIX}{name}")
            self._busy.pop()
        return self._done[name]

    def schema(self, raw: Any, pointer: str) -> Schema:
        """Return one schema, canonical. `pointer` is where it stands, for messages."""
        if raw is True or raw == {}:
            return {}
        if not isinstance(raw, Mapping):
            raise GeneratorError(f"{raw!r} is not a schema", pointer=pointer, hint="write a schema object here")
        for keyword in INEXPRESSIBLE:
            if keyword in raw:
                raise GeneratorError(
                    f"the schema keyword {keyword!r} cannot be expressed as a Python type",
                    pointer=f"{pointer}/{keyword}",
                    hint=f"remove it in spec/overlay.yaml: target the schema and update or remove {keyword!r}",
                )
        raw = _without_hints(raw)
        if "$recursiveRef" in raw:
            return {"$ref": self._recursive_anchor(pointer)}
        nullable = raw.get("nullable") is True
        if "$ref" in raw:
            result = self._reference(raw, pointer)
        elif "allOf" in raw:
            result = self._all_of(raw, pointer)
        elif "anyOf" in raw or "oneOf" in raw:
            result = self._union(raw, pointer)
        else:
            result = self._plain(raw, pointer)
        return _or_null(result) if nullable else result

    # -- the kinds ---------------------------------------------------------------------------------------------

    def _reference(self, raw: Mapping[str, Any], pointer: str) -> Schema:
        target = str(raw["$ref"])
        siblings = {k: v for k, v in raw.items() if k in STRUCTURAL}
        if siblings:
            return self._merge([{"$ref": target}, {"type": "object", **siblings}], raw, pointer)
        if target.startswith(PREFIX) and "/" not in target[len(PREFIX) :]:
            return {"$ref": target[len(PREFIX) :], **_annotations(raw)}
        if target in self._busy:
            raise GeneratorError(
                f"the $ref {target} leads back to itself", pointer=pointer, hint="give that schema a name in components"
            )
        self._busy.append(target)
        inlined = self.schema(self.lookup(target, pointer), target)
        self._busy.pop()
        return {**inlined, **_annotations(raw)}

    def _all_of(self, raw: Mapping[str, Any], pointer: str) -> Schema:
        null_only = [m for m in raw["allOf"] if isinstance(m, Mapping) and set(m) - {"description"} == {"nullable"}]
        parts = [m for m in raw["allOf"] if m not in null_only]
        own = {k: v for k, v in raw.items() if k in STRUCTURAL and k != "allOf"}
        if own:
            parts.append({"type": "object", **own})
        if len(parts) == 1:
            result = {**self.schema(parts[0], f"{pointer}/allOf/0"), **_annotations(raw)}
        else:
            result = self._merge(parts, raw, pointer)
        return _or_null(result) if any(m["nullable"] for m in null_only) else result

    def _union(self, raw: Mapping[str, Any], pointer: str) -> Schema:
        keyword = "oneOf" if "oneOf" in raw else "anyOf"
        members = raw[keyword]
        if "oneOf" in raw and "anyOf" in raw:
            return self._all_of(
                {**_annotations(raw), "allOf": [{"oneOf": raw["oneOf"]}, {"anyOf": raw["anyOf"]}]}, pointer
            )
        rest = {k: v for k, v in raw.items() if k in STRUCTURAL and k != keyword}
        # A member that only demands keys chooses between fields of one object: the object is the type.
        if all(isinstance(m, Mapping) and set(m) - {"description", "title", "type"} == {"required"} for m in members):
            return self._plain({k: v for k, v in raw.items() if k not in (keyword, "not")}, pointer)
        if rest:
            union = {keyword: members, **({"discriminator": raw["discriminator"]} if "discriminator" in raw else {})}
            return self._merge([union, {"type": "object", **rest}], raw, pointer)
        canonical = [self.schema(m, f"{pointer}/{keyword}/{i}") for i, m in enumerate(members)]
        result = make_union(canonical)
        if "anyOf" in result and "discriminator" in raw:
            mapping = raw["discriminator"].get("mapping") or {}
            result["discriminator"] = {
                "propertyName": raw["discriminator"]["propertyName"],
                "mapping": {value: str(ref).rpartition("/")[2] for value, ref in mapping.items()},
            }
        return {**result, **_annotations(raw)}

    def _plain(self, raw: Mapping[str, Any], pointer: str) -> Schema:
        types = raw.get("type")
        if isinstance(types, list):
            variants = [self._plain({**raw, "type": t}, pointer) for t in types]
            return {**make_union(variants), **_annotations(raw)} if len(variants) != 1 else variants[0]
        out = {k: v for k, v in raw.items() if k not in ("nullable", "title", "enum", "const", "not")}
        if types == "null":
            return {"type": "null"}
        if "const" in raw or "enum" in raw:
            values = list(dict.fromkeys([raw["const"]] if "const" in raw else raw["enum"]))
            if types == "string":  # YAML reads unquoted yes, 1 or 2024-01-01 as something else than text
                values = [v if v is None else str(v) for v in values]
            kept = [v for v in values if v is not None]
            if not kept:
                return {"type": "null"}
            result = {**out, **({"const": kept[0]} if len(kept) == 1 else {"enum": kept})}
            return _or_null(result) if len(kept) < len(values) else result
        if types is None:
            types = _implied_type(raw)
            if types:
                out["type"] = types
        if types == "object":
            self._object(out, pointer)
        elif types == "array":
            self._array(out, pointer)
        return out

    def _object(self, out: Schema, pointer: str) -> None:
        if "properties" in out:
            out["properties"] = {
                key: self.schema(value, f"{pointer}/properties/{escape(key)}")
                for key, value in out["properties"].items()
            }
        extra = out.get("additionalProperties")
        patterns = out.pop("patternProperties", None)
        if patterns:  # the keys' pattern is a constraint; the values' type is what a reader needs
            extra = {"anyOf": [*patterns.values(), *([extra] if isinstance(extra, Mapping) else [])]}
        if isinstance(extra, Mapping):
            out["additionalProperties"] = self.schema(extra, f"{pointer}/additionalProperties")

    def _array(self, out: Schema, pointer: str) -> None:
        if "prefixItems" in out:
            first = out.pop("prefixItems")
            items = [*first, *([out["items"]] if isinstance(out.get("items"), Mapping) else [])]
            out["items"] = {"anyOf": items}
        out["items"] = self.schema(out.get("items", {}) or {}, f"{pointer}/items")

    # -- allOf ---------------------------------------------------------------------------------------------------

    def _merge(self, parts: list[Any], raw: Mapping[str, Any], pointer: str) -> Schema:
        """Merge the parts of an allOf into one object, or a union of objects where a part is a union."""
        resolved = [self.resolve(self.schema(part, f"{pointer}/allOf/{i}")) for i, part in enumerate(parts)]
        resolved = [part for part in resolved if _says_something(part)]
        for index, part in enumerate(resolved):
            if "anyOf" in part:
                others = resolved[:index] + resolved[index + 1 :]
                members = [
                    m if m == {"type": "null"} else self._merge_objects([self.resolve(m), *others], pointer)
                    for m in part["anyOf"]
                ]
                result = make_union(members)
                if "discriminator" in part and "anyOf" in result:
                    result["discriminator"] = {"propertyName": part["discriminator"]["propertyName"], "mapping": {}}
                return {**result, **_annotations(raw)}
        if len(resolved) == 1:
            return {**resolved[0], **_annotations(raw)}
        return {**self._merge_objects(resolved, pointer), **_annotations(raw)}

    def _merge_objects(self, parts: list[Schema], pointer: str) -> Schema:
        result: Schema = {"type": "object", "properties": {}}
        required: dict[str, None] = {}
        for part in parts:
            if "anyOf" in part:  # a union among several: multiply out, one at a time
                others = [p for p in parts if p is not part]
                return make_union([self._merge_objects([self.resolve(m), *others], pointer) for m in part["anyOf"]])
            if part.get("type") != "object":
                raise GeneratorError(
                    f"allOf joins an object with {part.get('type', 'something that is not an object')}",
                    pointer=pointer,
                    hint="say what is meant with an overlay action that replaces the allOf",
                )
            for key, value in part.get("properties", {}).items():
                before = result["properties"].get(key)
                result["properties"][key] = value if before is None else self._narrow(before, value)
            required.update(dict.fromkeys(part.get("required", ())))
            if "additionalProperties" in part:
                result["additionalProperties"] = part["additionalProperties"]
            if part.get("deprecated"):
                result["deprecated"] = True
        if required:
            result["required"] = list(required)
        return result

    def _narrow(self, before: Schema, after: Schema) -> Schema:
        """Join two descriptions of one property: both hold, so the later one refines the earlier."""
        if not _says_something(after):
            return {**before, **after}
        if after.get("type") == before.get("type") == "object" and "properties" in after and "properties" in before:
            return self._merge_objects([before, after], "")
        return {**_annotations(before), **after}

    def resolve(self, schema: Schema) -> Schema:
        """Follow references until something else stands there."""
        while "$ref" in schema:
            schema = self.component(schema["$ref"])
        return schema

    # -- references ------------------------------------------------------------------------------------------------

    def lookup(self, target: str, pointer: str) -> Any:
        """Return what a local reference points at."""
        node: Any = self._document
        for part in target.removeprefix("#/").split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            try:
                node = node[int(key)] if isinstance(node, list) else node[key]
            except (KeyError, IndexError, ValueError, TypeError):
                raise GeneratorError(
                    f"the $ref {target} leads nowhere", pointer=pointer, hint="correct it, or add the schema"
                ) from None
        return node

    def _recursive_anchor(self, pointer: str) -> str:
        name = pointer.removeprefix(PREFIX).partition("/")[0]
        if not pointer.startswith(PREFIX) or name not in self._raw:
            raise GeneratorError(
                "$recursiveRef outside a component schema", pointer=pointer, hint="name the schema in components"
            )
        return name


def make_union(members: list[Schema]) -> Schema:
    """Join canonical schemas into one union: nested anonymous unions flattened, doubles removed, null last."""
    flat: list[Schema] = []
    for member in members:
        inner = member["anyOf"] if "anyOf" in member and "discriminator" not in member else [member]
        flat.extend(m for m in inner if m not in flat)
    if any(m == {} for m in flat):
        return {}
    null = {"type": "null"}
    if null in flat:
        flat = [m for m in flat if m != null] + [null]
    return flat[0] if len(flat) == 1 else {"anyOf": flat}


def escape(key: str) -> str:
    """Escape a key for a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _or_null(schema: Schema) -> Schema:
    annotations = _annotations(schema)
    bare = {k: v for k, v in schema.items() if k not in ("default", "deprecated", "description")}
    return {**make_union([bare if "anyOf" not in bare else schema, {"type": "null"}]), **annotations} if schema else {}


def _annotations(raw: Mapping[str, Any]) -> Schema:
    return {k: v for k, v in raw.items() if (k in ANNOTATIONS and k != "format") or k.startswith("x-sdk-")}


def _without_hints(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return {k: v for k, v in raw.items() if not k.startswith("x-") or k.startswith("x-sdk-")}


def _says_something(schema: Schema) -> bool:
    return any(k in schema for k in ("type", "anyOf", "$ref", "const", "enum", "items", "properties"))


def _implied_type(raw: Mapping[str, Any]) -> str | None:
    if "properties" in raw or "additionalProperties" in raw or "patternProperties" in raw or "required" in raw:
        return "object"
    return "array" if "items" in raw or "prefixItems" in raw else None
