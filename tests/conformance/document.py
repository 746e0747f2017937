"""The pinned document, made into plain JSON Schema of draft 2020-12: the judge of requests and replies.

Nothing here comes from the generator but its overlay, so that the two can disagree.
"""

from __future__ import annotations

import fnmatch
import functools
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from generator.document import overlay

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = "#/components/schemas/"
METHODS = ("get", "put", "post", "delete", "patch")
JSON = "application/json"
EVENTS = "text/event-stream"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
#: Keywords that hold one schema, a list of them, or a map of them.
_ONE = ("items", "additionalProperties", "not", "propertyNames")
_SEVERAL = ("anyOf", "allOf", "oneOf", "prefixItems")
#: What an operation's object says besides its parameters, body and replies is none of the judge's business.
_KEPT = (
    *("type", "format", "enum", "const", "required", "$ref", "pattern", "uniqueItems", "multipleOf"),
    *(f"{least}{what}" for least in ("min", "max") for what in ("Length", "Items", "Properties", "imum")),
)

Schema = dict[str, Any]


def plain(raw: Any, within: str = "") -> Any:
    """Rewrite a schema of OpenAPI 3.0 or 3.1 as draft 2020-12; `within` is what `$recursiveRef` means.

    `nullable` becomes a second type (or an `anyOf` with null), a boolean `exclusiveMinimum` a number. `oneOf` is
    taken as `anyOf`: many alternatives of the document overlap, so that a literal one would refuse valid values.
    """
    if not isinstance(raw, dict):
        return raw
    out: Schema = {key: raw[key] for key in _KEPT if key in raw}
    for key in _ONE:
        if key in raw:
            out[key] = plain(raw[key], within)
    for key in _SEVERAL:
        if key in raw:
            out[key] = [plain(item, within) for item in raw[key]]
    if "properties" in raw:
        out["properties"] = {name: plain(value, within) for name, value in raw["properties"].items()}
    if "$recursiveRef" in raw:
        out["$ref"] = within
    for key, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if raw.get(key) is True:
            out[key] = out.pop(limit)
        elif raw.get(key) not in (None, False):
            out[key] = raw[key]
    if "oneOf" in out:
        alternatives = out.pop("oneOf")
        if "anyOf" in out:
            out.setdefault("allOf", []).append({"anyOf": alternatives})
        else:
            out["anyOf"] = alternatives
    nullable = raw.get("nullable") is True or {"nullable": True} in raw.get("allOf", ())
    return _or_null(out) if nullable else out


def _or_null(out: Schema) -> Schema:
    if set(out) & {"$ref", "anyOf", "allOf", "const", "not"} or not isinstance(out.get("type"), str):
        return {"anyOf": [out, {"type": "null"}]} if out else out
    if "enum" in out:
        out["enum"] = [*out["enum"], None]
    return {**out, "type": [out["type"], "null"]}


class Operation:
    """What the document says of one path and method."""

    def __init__(self, document: Document, path: str, method: str, raw: Mapping[str, Any], shared: list[Any]) -> None:
        self.path, self.method, self.raw = path, method.upper(), raw
        deref = document.deref
        found = {(p["in"], p["name"]): p for p in map(deref, [*shared, *raw.get("parameters", [])])}
        self.parameters: list[dict[str, Any]] = list(found.values())
        self.body: dict[str, Any] = deref(raw.get("requestBody") or {})
        self.status, reply = next((c, deref(r)) for c, r in sorted(raw["responses"].items()) if c[0] == "2")
        self.replies: dict[str, Schema] = {
            kind.partition(";")[0]: plain(media.get("schema", {}))
            for kind, media in (reply.get("content") or {}).items()
        }

    @property
    def key(self) -> tuple[str, str]:
        """Method and path template, as in the document."""
        return self.method, self.path

    def bodies(self) -> dict[str, Schema]:
        """Return content type → schema of the request body."""
        content = self.body.get("content", {})
        return {kind.partition(";")[0]: plain(media.get("schema", {})) for kind, media in content.items()}

    def __repr__(self) -> str:
        return f"{self.method} {self.path}"


class Document:
    """The pinned document with its overlay, and validators for all of its schemas."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.raw: dict[str, Any] = data["components"]["schemas"]
        self.schemas: dict[str, Schema] = {name: plain(schema, f"{SCHEMAS}{name}") for name, schema in self.raw.items()}
        content = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": {"schemas": self.schemas}}
        resource: Resource[Any] = DRAFT202012.create_resource(content)
        registry: Registry[Any] = Registry().with_resource("", resource)
        self._root = Draft202012Validator({"$ref": "#"}, registry=registry)
        self._resolver = registry.resolver("")
        self.operations = [
            Operation(self, path, method, item[method], item.get("parameters", []))
            for path, item in data["paths"].items()
            for method in METHODS
            if method in item
        ]

    def deref(self, node: dict[str, Any]) -> dict[str, Any]:
        """Follow references outside schemas."""
        while "$ref" in node:
            found: Any = self.data
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def schema(self, node: Schema) -> Schema:
        """Follow a schema's bare reference."""
        while set(node) == {"$ref"}:
            node = self.schemas[node["$ref"].removeprefix(SCHEMAS)]
        return node

    def repeats(self, emitted: Collection[str]) -> set[str]:
        """Return the names of the schemas that repeat others, by the overlay: they have no class of their own."""
        patterns = self.data["components"].get("x-sdk-repeats", ())
        matching = {name for name in self.raw if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)}
        return {name for name in matching if self.python(name) not in emitted}

    def used(self, *, parts: bool, without: Collection[str] = ()) -> set[str]:
        """Return the names of the schemas that operations, webhooks and what the overlay keeps refer to, at any depth.

        `parts`: also what is only part of others, by `allOf`. Replies are those of success. `without`: names that are
        left out, with what only they refer to.
        """
        kept = [f"{SCHEMAS}{name}" for name, schema in self.raw.items() if schema.get("x-sdk-keep")]
        todo: list[Any] = [kept, self.data.get("webhooks", {}), self.data.get("x-sdk-websocket", {})]
        for operation in self.operations:
            done = [reply for code, reply in operation.raw["responses"].items() if code[0] == "2"]
            todo += [operation.parameters, operation.body, done, {**operation.raw, "responses": {}}]
        found: set[str] = set()
        while todo:
            node = todo.pop()
            if isinstance(node, str) and node.startswith(SCHEMAS) and (name := node.removeprefix(SCHEMAS)) not in found:
                if name in without:
                    continue
                found.add(name)
                todo.append(self.raw[name])
            elif isinstance(node, dict):
                todo += [value for key, value in node.items() if parts or key != "allOf"]
            elif isinstance(node, list):
                todo += node
        return found

    def python(self, name: str) -> str:
        """Return the Python name of a component schema: the overlay's, or its own with its parts capitalised."""
        given: str | None = self.raw[name].get("x-sdk-name")
        return given or "".join(part[:1].upper() + part[1:] for part in re.split(r"\W+|_", name))

    def validator(self, schema: Schema) -> Validator:
        """Return the independent validator for a schema of this document."""
        return self._root.evolve(schema=schema, _resolver=self._resolver)

    def valid(self, schema: Schema, value: Any) -> bool:
        """Tell whether a value is valid."""
        return self.validator(schema).is_valid(value)

    def paths(self, schema: Schema, value: Any) -> set[tuple[str | int, ...]]:
        """Return the JSON paths at which a value breaks a schema; for a union that is its own path."""
        return {tuple(error.absolute_path) for error in self.validator(schema).iter_errors(value)}

    def problems(self, schema: Schema, value: Any) -> list[str]:
        """Return what is wrong with a value, for assertions."""
        return [f"{e.json_path}: {e.message[:200]}" for e in self.validator(schema).iter_errors(value)]

    def unions(self) -> Iterator[tuple[str, Schema]]:
        """Yield (place, schema) of every union in the component schemas, nested ones too."""
        for name, schema in self.schemas.items():
            yield from _unions(schema, name)


def _unions(schema: Any, place: str) -> Iterator[tuple[str, Schema]]:
    if not isinstance(schema, dict):
        return
    if "anyOf" in schema:
        yield place, schema
    for key in _ONE:
        yield from _unions(schema.get(key), f"{place}/{key}")
    for key in _SEVERAL:
        for index, item in enumerate(schema.get(key, ())):
            yield from _unions(item, f"{place}/{key}/{index}")
    for name, value in schema.get("properties", {}).items():
        yield from _unions(value, f"{place}.{name}")


@functools.cache
def pinned() -> Document:
    """Load the pinned document and apply its overlay, once."""
    data = yaml.load((ROOT / "spec" / "openapi.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    corrected, _ = overlay.apply(data, ROOT / "spec" / "overlay.yaml")
    return Document(corrected)
