"""Write the schemas of requests and replies, compactly: strict mode and the local server read them.

The result is JSON Schema of draft 2020-12, reduced to keywords that validate. `oneOf` becomes `anyOf`: alternatives
overlap in real documents, and `oneOf` would reject valid replies.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from ..document.pointer import at, join, reference, resolved, split
from ..ir import Operation, WebSocket
from ..ir.security import Spelling
from ..ir.servers import Server, server_of

Schema = dict[str, Any]

#: Keywords that are kept as they are.
_FACTS = (
    "type", "enum", "const", "required", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
)  # fmt: skip
#: What the local server of a package reads besides, to reply with likely values.
_FOR_REPLIES = ("format", "example")
#: The most characters of an example.
_LONGEST = 100
_ONE = ("items", "additionalProperties", "propertyNames", "not")
_SEVERAL = ("allOf", "anyOf", "oneOf")
_NULL: Schema = {"type": "null"}


def describe(
    document: Mapping[str, Any],
    operations: Sequence[Operation],
    schemes: Mapping[str, Spelling] | None = None,
    websockets: Sequence[WebSocket] = (),
) -> str:
    """Return the description as JSON text: operations by name, and the schemas that they use.

        {"base": the path of the base URL,
         "schemes": {name: [place, name there, prefix of the key]},
         "operations": {name: {"method", "path", "status", "replies": {content type: schema},
                               "headers": {name: value}, "query": schema of an object,
                               "bodies": {content type: schema}, "body_required": true,
                               "base": another path, "security": [[name of a scheme]]}},
          "websockets": {name: {"path", "send": schema, "receive": schema}},
         "schemas": {key: schema}}

    An operation without a query or body has no such key. `schemes` are those of a package. A reference
    is only the key of a schema.
    """
    base = _path_of(server_of(document))
    kept = _FACTS if schemes is None else (*_FACTS, *_FOR_REPLIES)
    found = {op.name: _operation(document, op, base, kept) for op in operations}
    if schemes is not None:
        for op in operations:
            found[op.name] |= {"security": op.security} if op.security else {}
    raw: Mapping[str, Any] = document.get("components", {}).get("schemas", {})
    schemas: dict[str, Schema] = {}
    sockets = {socket.name: _websocket(document, socket) for socket in websockets}
    waiting = [name for op in found.values() for schema in _schemas(op) for name in _references(schema)]
    waiting += [name for one in sockets.values() for key in ("send", "receive") for name in _references(one[key])]
    while waiting:
        name = waiting.pop()
        if name not in schemas:
            # A reference to a place inside another schema is its own key.
            schemas[name] = compact(at(document, reference(name)) if name.startswith("#") else raw[name], name, kept)
            waiting += _references(schemas[name])
    rows = [f"{_json(name)}:{_json(op)}" for name, op in found.items()]
    defs = [f"{_json(name)}:{_json(schemas[name])}" for name in sorted(schemas)]
    # One line each, so that a diff of the file shows what an update of the document changed.
    head = f'"base":{_json(base)},' + (f'"schemes":{_json(schemes)},' if schemes is not None else "")
    opened = [f"{_json(name)}:{_json(one)}" for name, one in sockets.items()]
    middle = '\n},"websockets":{\n' + ",\n".join(opened) if opened else ""
    return f'{{{head}"operations":{{\n' + ",\n".join(rows) + middle + '\n},"schemas":{\n' + ",\n".join(defs) + "\n}}\n"


def _json(value: object) -> str:
    # YAML reads 2024-01-01 as a date; among the values of an enum it is a str.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _websocket(document: Mapping[str, Any], socket: WebSocket) -> dict[str, Any]:
    raw = at(document, split(socket.pointer))
    return {"path": socket.path, "send": compact(raw["send"]), "receive": compact(raw["receive"])}


def _operation(document: Mapping[str, Any], op: Operation, base: str, kept: Sequence[str]) -> dict[str, Any]:
    raw = at(document, split(op.pointer))
    responses = {str(code): response for code, response in (raw.get("responses") or {}).items()}
    good = sorted(code for code in responses if code.startswith("2")) or ["default"]
    contents = {code: resolved(document, responses.get(code, {})).get("content") or {} for code in good}
    status = next((code for code in good if contents[code]), good[0])
    replies: dict[str, list[Any]] = {}
    for content in contents.values():
        for kind, media in content.items():
            schemas = replies.setdefault(kind.partition(";")[0].strip(), [])
            if (schema := compact(media.get("schema", {}), "", kept)) not in schemas:
                schemas.append(schema)
    fixed = "&".join(f"{key}={value}" for key, value in op.fixed_query)
    return {
        "method": op.method,
        "path": f"{op.path}?{fixed}" if fixed else op.path,
        "status": int(status) if status.isdigit() else 200,
        "replies": {kind: _one_of(schemas) for kind, schemas in replies.items()},
        **({"headers": dict(op.fixed_headers)} if op.fixed_headers else {}),
        **_query(document, op, raw, kept),
        **_bodies(document, raw, kept),
        **({"base": own} if op.server and (own := urlsplit(op.server).path.rstrip("/")) != base else {}),
    }


def _one_of(schemas: Sequence[Any]) -> Any:
    """Return the schema of the replies of several statuses."""
    if len(schemas) == 1 or not all(schemas):
        return schemas[0] if all(schemas) else {}
    return {"anyOf": list(schemas)}


def _path_of(server: Server) -> str:
    """Return the path of a base URL, without a slash at its end."""
    return urlsplit(server.where).path.rstrip("/")


def _query(document: Mapping[str, Any], op: Operation, raw: Mapping[str, Any], kept: Sequence[str]) -> dict[str, Any]:
    """Return the query as the schema of an object."""
    shared = at(document, split(op.pointer.rpartition("/")[0])).get("parameters", ())
    found = [resolved(document, parameter) for parameter in [*shared, *raw.get("parameters", ())]]
    query = {one["name"]: one for one in found if one["in"] == "query"}
    if not query:
        return {}
    schema: Schema = {"properties": {name: compact(one.get("schema", {}), "", kept) for name, one in query.items()}}
    required = [name for name, one in query.items() if one.get("required")]
    return {"query": {**schema, "required": required} if required else schema}


def _bodies(document: Mapping[str, Any], raw: Mapping[str, Any], kept: Sequence[str]) -> dict[str, Any]:
    if "requestBody" not in raw:
        return {}
    body = resolved(document, raw["requestBody"])
    content = {kind: compact(media.get("schema", {}), "", kept) for kind, media in (body.get("content") or {}).items()}
    return {"bodies": content, **({"body_required": True} if body.get("required") else {})}


def _schemas(op: Mapping[str, Any]) -> list[Schema]:
    """Return every schema of an operation's description."""
    query = [op["query"]] if "query" in op else []
    return [*op["replies"].values(), *query, *op.get("bodies", {}).values()]


def _reference(raw: Mapping[str, Any], within: str) -> str:
    if "$ref" not in raw:
        return within
    tokens = reference(str(raw["$ref"]))
    return tokens[2] if len(tokens) == 3 and tokens[:2] == ["components", "schemas"] else f"#{quote(join(tokens))}"


def compact(raw: Any, within: str = "", kept: Sequence[str] = _FACTS) -> Any:
    """Return one schema in the form of the description: the keywords `kept`, and schemas inside.

    `within` is the target of `$recursiveRef`.
    """
    if not isinstance(raw, Mapping):
        return raw
    out: Schema = {key: raw[key] for key in kept if key in raw}
    if "example" in kept:
        several = raw.get("examples")
        first = several[0] if isinstance(several, list) and several else None
        out |= _example(out.pop("example", first))
    for limit, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        # In OpenAPI 3.0 the keyword is a flag, in JSON Schema a number.
        if isinstance(out.get(limit), bool) and out.pop(limit):
            out[limit] = out.pop(bound)
    if "$ref" in raw or "$recursiveRef" in raw:
        out["$ref"] = _reference(raw, within)
    if "properties" in raw:
        out["properties"] = {key: compact(value, within, kept) for key, value in raw["properties"].items()}
    for key in _ONE:
        if key in raw and raw[key] not in (True, {}):
            out[key] = compact(raw[key], within, kept)
    if first := raw.get("prefixItems"):  # the description has one schema for all items
        _add_first_items(out, [compact(item, within, kept) for item in first], raw.get("items"))
    if "patternProperties" in raw:  # without them, which keys are extra is unknown
        out.pop("additionalProperties", None)
    for key in _SEVERAL:
        members = [compact(member, within, kept) for member in raw.get(key, ())]
        if key == "allOf":
            members = [member for member in members if member]
        if not members:
            continue
        if key == "oneOf" and "anyOf" in out:
            out.setdefault("allOf", []).append({"anyOf": members})
        else:
            out["anyOf" if key == "oneOf" else key] = members
    nullable = raw.get("nullable") is True or any(m == {"nullable": True} for m in raw.get("allOf", ()))
    return _or_null(out) if nullable and out else out


def _example(value: object) -> Schema:
    """Return the example of a schema, if it is a short text or a number: larger ones are made of these."""
    if isinstance(value, str):
        return {"example": value} if len(value) <= _LONGEST else {}
    return {"example": value} if isinstance(value, int | float) else {}


def _add_first_items(out: Schema, first: list[Any], rest: Any) -> None:
    """Put the schemas of the first items of an array (`prefixItems`) beside that of the rest, in place."""
    if rest in (None, True, {}):
        return  # the rest is any value
    if rest is False:
        del out["items"]
        out["maxItems"] = min(len(first), out.get("maxItems", len(first)))
    members = [*first, *([out["items"]] if "items" in out else [])]
    if all(member not in (True, {}) for member in members):
        out["items"] = {"anyOf": members}
    else:
        out.pop("items", None)


def _or_null(out: Schema) -> Schema:
    simple = isinstance(out.get("type"), str) and not out.keys() & {"$ref", "anyOf", "allOf", "const", "not"}
    if not simple:
        return {"anyOf": [out, _NULL]}
    enum = {"enum": [*out["enum"], None]} if "enum" in out else {}
    return {**out, **enum, "type": [out["type"], "null"]}


def _references(schema: Any) -> list[str]:
    if not isinstance(schema, dict):
        return []
    found = [schema["$ref"]] if "$ref" in schema else []
    for key in _ONE:
        found += _references(schema.get(key))
    for key in _SEVERAL:
        for member in schema.get(key, ()):
            found += _references(member)
    for value in schema.get("properties", {}).values():
        found += _references(value)
    return found
