"""Turn every schema of an OpenAPI 3.0 or 3.1 document into one canonical form.

A canonical schema is a dict of exactly one of these kinds, plus annotations (default, deprecated, ranges, ...):

    {}                                     anything
    {"$ref": "Name"}                       a component schema, by its key
    {"anyOf": [...], "discriminator"?}     a union; null is {"type": "null"}, always the last member
    {"const": value}                       one value
    {"enum": [...], "type"?}               several values, null not among them
    {"type": "object" | "array" | "string" | "integer" | "number" | "boolean" | "null", ...}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from ..document import pointer as pointers
from ..document.pointer import escape
from ..errors import GeneratorError, raise_all
from ..policy import STRICT, Policy, Report
from .canonical import (
    INHERITED,
    NULL,
    Schema,
    annotations_of,
    bare,
    both,
    fits,
    has_type,
    make_union,
    means_null,
    of_values,
    or_null,
)
from .components import PLACE, component_pointer, leads_back

#: Keywords that can hold properties of a reply: dropping one silently would lose part of the document.
INEXPRESSIBLE = ("if", "then", "else", "$dynamicRef", "dependentSchemas")
#: Keywords that give a value its type; beside a $ref, an allOf or a union, both hold.
STRUCTURAL = frozenset({
    "properties", "required", "allOf", "anyOf", "oneOf", "items", "prefixItems",
    "additionalProperties", "patternProperties", "enum", "const",
})  # fmt: skip
_TYPES = ("string", "integer", "number", "boolean", "null", "object", "array")
#: Keywords that only one type of value has.
_OF_TYPE = {
    "object": ("properties", "required", "additionalProperties", "patternProperties"),
    "array": ("items", "prefixItems"),
}


class Normaliser:
    """Normalise schemas against the components of one document; component results are kept."""

    def __init__(self, document: Mapping[str, Any], policy: Policy = STRICT) -> None:
        self._document, self._policy = document, policy
        self._skipped: dict[str, str] = {}  # pointer → note
        self._notes: list[str] = []
        self._raw: Mapping[str, Any] = document.get("components", {}).get("schemas", {})
        self._done: dict[str, Schema] = {}
        self._busy: list[str] = []

    def components(self) -> dict[str, Schema]:
        """Return every component schema, canonical, in the document's order.

        Raises: GeneratorError for a schema that cannot be expressed, unless the policy takes it as any value, and for
        one that is defined by itself alone.
        """
        done: dict[str, Schema] = {}
        errors: list[GeneratorError] = []
        for name in self._raw:
            try:
                done[name] = self.component(name)
            except RecursionError:
                raise GeneratorError(
                    "the schema nests too deep: in itself, or in a chain of allOf", pointer=component_pointer(name),
                    hint="flatten it in spec/overlay.yaml",
                ) from None  # fmt: skip
            except GeneratorError as error:
                errors.append(error)
        raise_all(errors)
        ended: set[str] = set()
        for name in done:
            try:
                self._check_ends(name, (), ended)
            except GeneratorError as error:
                done[name] = self._done[name] = self._any_value(error, component_pointer(name))
        return done

    @property
    def report(self) -> Report:
        """Return which schemas could not be expressed."""
        return Report.of(dict.fromkeys([*self._notes, *self._skipped.values()]), self._skipped)

    def component(self, name: str) -> Schema:
        """Return one component schema, canonical."""
        if name not in self._done:
            if name in self._busy:
                raise GeneratorError(
                    f"the schema contains itself through allOf: {' → '.join([*self._busy, name])}",
                    pointer=component_pointer(name),
                    hint="break the cycle with an overlay action that removes one of the allOf members",
                )
            self._busy.append(name)
            try:
                self._done[name] = self.schema(self._raw[name], component_pointer(name))
            finally:
                self._busy.pop()
        return self._done[name]

    def schema(self, raw: Any, pointer: str) -> Schema:
        """Return one schema, canonical. `pointer` is its place, for messages.

        Raises: GeneratorError for one that cannot be expressed, unless the policy takes it as any value.
        """
        try:
            return self._schema(raw, pointer)
        except GeneratorError as error:
            return self._any_value(error, pointer)

    def _any_value(self, error: GeneratorError, pointer: str) -> Schema:
        """Return the schema of any value in place of one that cannot be expressed, or raise, by the policy."""
        if not self._policy.lenient:
            raise error
        self._skipped[pointer] = f"read as any value: at {pointer}: {error.problem}"
        return {}

    def _schema(self, raw: Any, pointer: str) -> Schema:
        if raw is True or raw == {}:
            return {}
        if not isinstance(raw, Mapping):
            raise GeneratorError(
                f"{json.dumps(raw)} is not a schema that any value satisfies", pointer=pointer,
                hint="write a schema object here, or remove it in spec/overlay.yaml",
            )  # fmt: skip
        for keyword in INEXPRESSIBLE:
            if keyword in raw and self._policy.standalone:
                return self._conditional(raw, pointer)
            if keyword in raw:
                raise GeneratorError(
                    f"the schema keyword {keyword!r} cannot be expressed as a Python type",
                    pointer=f"{pointer}/{keyword}",
                    hint=f"remove it in spec/overlay.yaml: target the schema and update or remove {keyword!r}",
                )
        raw = {k: v for k, v in raw.items() if not k.startswith("x-") or k.startswith("x-sdk-")}
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
        return or_null(result) if nullable else result

    def _conditional(self, raw: Mapping[str, Any], pointer: str) -> Schema:
        """Return a schema whose conditions make the properties that they add optional; what they forbid is not read."""
        plain = {k: v for k, v in raw.items() if k not in INEXPRESSIBLE}
        found = ", ".join(keyword for keyword in INEXPRESSIBLE if keyword in raw)
        self._notes.append(f"read as far as types go: at {pointer}: {found}")
        if "$dynamicRef" in raw:
            return self._schema({**plain, "$ref": raw["$dynamicRef"]}, pointer)
        dependent = [(f"dependentSchemas/{escape(key)}", one) for key, one in raw.get("dependentSchemas", {}).items()]
        parts = [*((k, raw[k]) for k in ("if", "then", "else") if isinstance(raw.get(k), Mapping)), *dependent]
        result = self._schema(plain, pointer)
        for place, part in parts:
            added = self.resolve(self.schema(part, f"{pointer}/{place}"))
            if added.get("type") != "object" or (has_type(result) and self.resolve(result).get("type") != "object"):
                continue
            before = self.resolve(result).get("properties", {})
            if new := {k: v for k, v in added.get("properties", {}).items() if k not in before}:
                result = both(result, {"type": "object", "properties": new}, self.resolve) or result
        return result

    def resolve(self, schema: Schema) -> Schema:
        """Follow references until there is something else."""
        seen: list[str] = []
        while "$ref" in schema:
            if schema["$ref"] in seen:
                raise leads_back((*seen, schema["$ref"]))
            seen.append(schema["$ref"])
            schema = self.component(schema["$ref"])
        return schema

    # -- the kinds ---------------------------------------------------------------------------------------------

    def _reference(self, raw: Mapping[str, Any], pointer: str) -> Schema:
        target = str(raw["$ref"])
        own = _own(raw, "$ref")
        if own.keys() & STRUCTURAL:
            return self._merge([{"$ref": target}, own], raw, pointer)
        if len(tokens := pointers.reference(target)) == 3 and tokens[:2] == ["components", "schemas"]:
            return {"$ref": tokens[2], **annotations_of(raw)}
        if target in self._busy:
            raise GeneratorError(
                f"the $ref {target} leads back to itself", pointer=pointer,
                hint="move that schema to components/schemas, where it has a name, and refer to it there",
            )  # fmt: skip
        self._busy.append(target)
        try:
            inlined = self.schema(self.lookup(target, pointer), pointers.join(tokens))
        finally:
            self._busy.pop()
        return {**inlined, **annotations_of(raw)}

    def _all_of(self, raw: Mapping[str, Any], pointer: str) -> Schema:
        # {nullable: true} alone among the members is how 3.0 documents make a reference nullable.
        parts = [m for m in raw["allOf"] if m is not True and not means_null(m)]
        result = self._merge([*parts, _own(raw, "allOf")], raw, pointer)
        return or_null(result) if any(means_null(m) and m["nullable"] for m in raw["allOf"]) else result

    def _union(self, raw: Mapping[str, Any], pointer: str) -> Schema:
        keyword = "oneOf" if "oneOf" in raw else "anyOf"
        own = _own(raw, keyword)
        # A member that only demands keys chooses between fields of one object: the object is the type.
        if all(
            isinstance(m, Mapping) and set(m) - {"description", "title", "type"} == {"required"} for m in raw[keyword]
        ):
            return self._merge([own], raw, pointer)
        discriminator = {k: v for k, v in raw.items() if k == "discriminator"}
        if own.keys() & STRUCTURAL:
            if any(isinstance(m, Mapping) and not has_type(self.schema(m, pointer)) for m in raw[keyword]):
                return self._with_optional(own, raw, keyword, pointer)
            return self._merge([{keyword: raw[keyword], **discriminator}, own], raw, pointer)
        members = [
            self._member(m, raw, f"{pointer}/{keyword}/{i}") for i, m in enumerate(raw[keyword]) if m is not False
        ]
        if not members:
            raise _empty(f"{pointer}/{keyword}")
        result = make_union(members)
        if discriminator and "anyOf" in result:
            mapping = raw["discriminator"].get("mapping") or {}
            result["discriminator"] = {
                "propertyName": raw["discriminator"]["propertyName"],
                "mapping": {value: _named(str(ref)) for value, ref in mapping.items()},
                **{key: value for key, value in raw["discriminator"].items() if key == "x-sdk-rest"},
            }
            if isinstance(rest := raw["discriminator"].get("defaultMapping"), str):  # OpenAPI 3.2.0, section 4.25
                result["discriminator"].setdefault("x-sdk-rest", _named(rest))
        return {**result, **annotations_of(raw)}

    def _with_optional(self, own: Schema, raw: Mapping[str, Any], keyword: str, pointer: str) -> Schema:
        """Return the object beside a union of which a member adds nothing: what the others add is optional."""
        result = self._merge([own], raw, pointer)
        for index, member in enumerate(raw[keyword]):
            found = self.resolve(self.schema(member, f"{pointer}/{keyword}/{index}")) if member is not False else {}
            if found.get("type") == "object":
                result = both(result, {k: v for k, v in bare(found).items() if k != "required"}, self.resolve) or result
        return {**result, **annotations_of(raw)}

    def _member(self, raw: Any, union: Mapping[str, Any], pointer: str) -> Schema:
        """Normalise a member of a union; a member without a type has the type beside the union."""
        if means_null(raw) and raw["nullable"]:
            return dict(NULL)
        member = self.schema(raw, pointer)
        kind = union.get("type")
        if has_type(member) or not isinstance(kind, str):
            return member
        return self.schema({**raw, "type": kind} if isinstance(raw, Mapping) else {"type": kind}, pointer)

    def _plain(self, raw: Mapping[str, Any], pointer: str) -> Schema:
        kind = raw.get("type")
        if isinstance(kind, list):
            return self._types(raw, kind, pointer)
        if kind is not None and kind not in _TYPES:  # below a keyword that no version knows, nothing has checked it
            raise GeneratorError(f"{kind!r:.60} is not a JSON type", pointer=f"{pointer}/type", hint="correct the type")
        out = {k: v for k, v in raw.items() if k not in ("nullable", "title", "enum", "const", "not", "$defs")}
        if kind == "null":
            return dict(NULL)
        values = [raw["const"]] if "const" in raw else raw.get("enum", ())
        if values and not any(isinstance(v, dict | list) for v in values):
            return of_values(values, out)
        kind = kind or _implied_type(raw)
        if kind:
            out["type"] = kind
        for other, keywords in _OF_TYPE.items():
            if kind != other:
                out = {k: v for k, v in out.items() if k not in keywords}
        if kind == "object":
            self._object(out, pointer)
        elif kind == "array":
            self._array(out, pointer)
        return out

    def _types(self, raw: Mapping[str, Any], kinds: list[str], pointer: str) -> Schema:
        """Return the union of a list of types, each with the values of its type."""
        variants = []
        for kind in kinds:
            values = [raw["const"]] if "const" in raw else raw.get("enum")
            one = {k: v for k, v in raw.items() if k not in ("const", "enum")}
            if values:
                fitting = [v for v in values if fits(v, kind) and (kind != "number" or "integer" not in kinds)]
                if not fitting:
                    continue
                one["enum"] = fitting
            variants.append(self._plain({**one, "type": kind}, pointer))
        if not variants:
            raise _empty(f"{pointer}/type")
        if len(variants) == 1:
            return variants[0]
        return {**make_union(variants), **annotations_of(raw)}

    def _object(self, out: Schema, pointer: str) -> None:
        if "properties" in out:
            out["properties"] = {
                key: self.schema(value, f"{pointer}/properties/{escape(key)}")
                for key, value in out["properties"].items()
                if value is not False  # a property that no object may have
            }
        extra = out.get("additionalProperties")
        if patterns := out.pop(
            "patternProperties", None
        ):  # the keys' pattern is a constraint; the values' type is what a reader needs
            extra = {"anyOf": [*patterns.values(), *([extra] if isinstance(extra, Mapping) else [])]}
        if isinstance(extra, Mapping):
            out["additionalProperties"] = self.schema(extra, f"{pointer}/additionalProperties")

    def _array(self, out: Schema, pointer: str) -> None:
        items = out.get("items") or {}  # false means that there is nothing beyond prefixItems
        if first := out.pop("prefixItems", None):
            items = {"anyOf": [*first, *([items] if isinstance(out.get("items"), Mapping) else [])]}
        out["items"] = self.schema(items, f"{pointer}/items")

    # -- allOf ---------------------------------------------------------------------------------------------------

    def _merge(self, parts: list[Any], raw: Mapping[str, Any], pointer: str) -> Schema:
        """Join the parts of an allOf: one object with all properties, or a union of such where a part is a union."""
        result: Schema = {}
        for index, part in enumerate(parts):
            canonical = self.schema(part, f"{pointer}/allOf/{index}")
            joined = both(result, canonical, self.resolve)
            if joined is None:
                one, other = (self.resolve(s).get("type", "another value") for s in (result, canonical))
                raise GeneratorError(
                    f"allOf joins schemas that no value satisfies together ({one} and {other})",
                    pointer=pointer,
                    hint="say what is meant with an overlay action that replaces the allOf",
                )
            result = joined
        result = {**result, **annotations_of(raw)}
        own = {key for part in parts if isinstance(part, Mapping) for key in part.get("properties", ())}
        inherited = [key for key in result.get("properties", ()) if key not in own]
        return {**result, INHERITED: inherited} if own and inherited else result

    def lookup(self, target: str, pointer: str) -> Any:
        """Return the target of a local reference."""
        node = pointers.at(self._document, pointers.reference(target))
        if node is pointers.MISSING:
            raise GeneratorError(
                f"the $ref {target} leads nowhere", pointer=pointer, hint="correct it, or add the schema"
            )
        return node

    def _check_ends(self, name: str, above: tuple[str, ...], ended: set[str]) -> None:
        """Check that references and unions end; properties and items end with the data."""
        if name in above:
            raise leads_back((*above[above.index(name) :], name))
        if name in ended:
            return
        schema = self._done[name]
        for member in schema.get("anyOf", (schema,)):
            if member.get("$ref") in self._done:
                self._check_ends(member["$ref"], (*above, name), ended)
        ended.add(name)

    def _recursive_anchor(self, pointer: str) -> str:
        name = pointers.split(pointer.removeprefix(PLACE))[0]
        if not pointer.startswith(PLACE) or name not in self._raw:
            raise GeneratorError(
                "$recursiveRef outside a component schema", pointer=pointer, hint="name the schema in components"
            )
        return name


def _own(raw: Mapping[str, Any], keyword: str) -> Schema:
    """Return what of a schema concerns its type, without one keyword."""
    return {k: v for k, v in raw.items() if (k in STRUCTURAL or k in ("type", "format")) and k != keyword}


def _implied_type(raw: Mapping[str, Any]) -> str | None:
    return next((kind for kind, keywords in _OF_TYPE.items() if any(k in raw for k in keywords)), None)


def _named(reference: str) -> str:
    """Return the key of the schema that a discriminator's mapping names: a reference, or the key itself."""
    return pointers.reference(reference)[-1] if "/" in reference else unquote(reference)


def _empty(pointer: str) -> GeneratorError:
    return GeneratorError(
        "no value satisfies this: nothing is left to choose from", pointer=pointer,
        hint="say in spec/overlay.yaml what it is",
    )  # fmt: skip
