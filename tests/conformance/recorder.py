"""A server in memory that judges each request by the document and answers with a reply made from it."""

from __future__ import annotations

import email
import email.policy
import json
import re
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx

from .document import EVENTS, FORM, JSON, MULTIPART, Document, Operation, Schema, plain
from .payload import Maker

BASE = "http://server.test/v1"
BINARY = b"\x89binary\x00"
#: Headers that no operation declares, because every request may have them.
_COMMON = {
    "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "host",
    "idempotency-key", "transfer-encoding", "user-agent", "x-retry-count",
}  # fmt: skip


class Seen:
    """What one request said, read back by the document's own rules."""

    def __init__(self, request: httpx.Request) -> None:
        self.method = request.method
        self.kind = request.headers.get("content-type", "").partition(";")[0]
        self.key = request.headers.get("authorization", "")
        self.path: dict[str, Any] = {}
        self.query: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.body: Any = None


class Recorder:
    """Judge requests of one operation; `problems` collects what is wrong, `seen` what was sent."""

    def __init__(self, document: Document, operation: Operation, *, full: bool, reply: str = JSON) -> None:
        self._document, self._operation = document, operation
        self._maker, self._kind = Maker(document, full=full), reply
        self.problems: list[str] = []
        self.seen: list[Seen] = []
        self.replied: Any = None

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Take one request whose body has been read."""
        seen = Seen(request)
        self.seen.append(seen)
        if request.method != self._operation.method:
            self.problems.append(f"the method is {request.method}")
        self._take_path(seen, request)
        self._take_query(seen, request)
        self._take_headers(seen, request)
        self._take_body(seen, request)
        return self._reply(request)

    def _judge(self, what: str, schema: Schema, value: Any) -> None:
        self.problems += [f"{what} {problem}" for problem in self._document.problems(schema, value)]

    def _parameters(self, location: str) -> dict[str, dict[str, Any]]:
        return {p["name"]: p for p in self._operation.parameters if p["in"] == location}

    def _take_path(self, seen: Seen, request: httpx.Request) -> None:
        template = self._operation.path.partition("?")[0]
        raw = request.url.raw_path.decode().partition("?")[0].removeprefix("/v1")
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))
        match = re.fullmatch(pattern, raw)
        if not match:
            self.problems.append(f"the path {raw} is not {template}")
            return
        for name, parameter in self._parameters("path").items():
            schema = plain(parameter["schema"])
            seen.path[name] = self._typed(schema, unquote(match[name]))
            self._judge(f"path {name}", schema, seen.path[name])

    def _take_query(self, seen: Seen, request: httpx.Request) -> None:
        pairs = parse_qsl(request.url.query.decode(), keep_blank_values=True, strict_parsing=bool(request.url.query))
        for fixed in filter(None, self._operation.path.partition("?")[2].split("&")):
            pair = (fixed.partition("=")[0], fixed.partition("=")[2])
            if pair not in pairs:
                self.problems.append(f"the query lacks {fixed}")
            else:
                pairs.remove(pair)
        for name, parameter in self._parameters("query").items():
            schema = plain(parameter.get("schema", {}))
            found, pairs = self._from_pairs(name, parameter, schema, pairs)
            if found is None:
                if parameter.get("required"):
                    self.problems.append(f"the query lacks {name}")
                continue
            seen.query[name] = found
            self._judge(f"query {name}", schema, found)
        self.problems += [f"the query has {name}, which is not declared" for name, _ in pairs]

    def _from_pairs(
        self, name: str, parameter: dict[str, Any], schema: Schema, pairs: list[tuple[str, str]]
    ) -> tuple[Any, list[tuple[str, str]]]:
        """Take a parameter out of the query, by its style: form, exploded or not, or deepObject."""
        deep = parameter.get("style") == "deepObject"
        mine = [(k, v) for k, v in pairs if k == name or (deep and k.startswith(f"{name}["))]
        rest = [pair for pair in pairs if pair not in mine]
        if not mine:
            return None, rest
        flat = self._maker.flat(schema)
        kinds = self._kinds(schema)
        if deep and "object" in kinds:
            inner = flat.get("properties", {})
            return {k[len(name) + 1 : -1]: self._typed(inner.get(k[len(name) + 1 : -1], {}), v) for k, v in mine}, rest
        if "array" in kinds and (deep or len(mine) > 1 or "string" not in kinds):
            items = self._items(schema)
            texts = [v for _, v in mine] if parameter.get("explode", True) else mine[0][1].split(",")
            return [self._typed(items, text) for text in texts], rest
        if len(mine) > 1:
            self.problems.append(f"the query has {name} {len(mine)} times")
        return self._typed(schema, mine[0][1]), rest

    def _take_headers(self, seen: Seen, request: httpx.Request) -> None:
        declared = {name.lower(): parameter for name, parameter in self._parameters("header").items()}
        fixed = {name.lower(): value for name, value in self._operation.raw.get("x-sdk-headers", {}).items()}
        for name, value in request.headers.items():
            if name in declared:
                schema = plain(declared[name]["schema"])
                texts = [text.strip() for text in value.split(",")]
                found = texts if "array" in self._kinds(schema) else self._typed(schema, value)
                seen.header[declared[name]["name"]] = found
                self._judge(f"header {name}", schema, found)
            elif value == fixed.get(name):
                continue
            elif name not in _COMMON:
                self.problems.append(f"the header {name} is not declared")
        missing = [n for n, p in declared.items() if p.get("required") and n not in request.headers]
        missing += [name for name in fixed if name not in request.headers]
        self.problems += [f"the header {name} is missing" for name in missing]

    def _take_body(self, seen: Seen, request: httpx.Request) -> None:
        bodies = self._operation.bodies()
        if not request.content and not seen.kind:
            if self._operation.body.get("required"):
                self.problems.append("the body is missing")
            return
        if seen.kind not in bodies:
            self.problems.append(f"the body is {seen.kind}, and declared is {', '.join(bodies) or 'none'}")
            return
        schema = bodies[seen.kind]
        match seen.kind:
            case "application/json":
                seen.body = json.loads(request.content)
            case "multipart/form-data":
                seen.body = self._parts(schema, request)
            case "application/x-www-form-urlencoded":
                pairs = [(k, [v]) for k, v in parse_qsl(request.content.decode(), strict_parsing=True)]
                seen.body = self._fields(schema, pairs)
            case _:
                seen.body = request.content if schema.get("format") == "binary" else request.content.decode()
        self._judge("body", schema, _files_as_text(seen.body))

    def _parts(self, schema: Schema, request: httpx.Request) -> dict[str, Any]:
        head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
        message = email.message_from_bytes(head + request.content, policy=email.policy.HTTP)
        found: dict[str, list[Any]] = {}
        for part in message.iter_parts():
            assert isinstance(part, EmailMessage)
            name = str(part.get_param("name", header="content-disposition"))
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            if part.get_filename() is not None:
                found.setdefault(name, []).append(content)
            elif part.get_content_type() == JSON and part["content-type"]:
                found.setdefault(name, []).append(json.loads(content))
            else:
                found.setdefault(name, []).append(content.decode())
        return self._fields(schema, list(found.items()))

    def _fields(self, schema: Schema, found: list[tuple[str, list[Any]]]) -> dict[str, Any]:
        """Return the fields of a form as an object; a field that comes several times is an array.

        An object is a part of JSON, as OpenAPI says, or a field for each of its keys, `name[key]`, as servers read it.
        """
        properties = self._maker.flat(schema).get("properties", {})
        out: dict[str, Any] = {}
        for name, values in found:
            holder, _, key = name.rstrip("]").partition("[")
            if key and name not in properties and "object" in self._kinds(properties.get(holder, {})):
                inner = self._maker.flat(properties[holder]).get("properties", {})
                place = out.setdefault(holder, {})
                *above, last = key.split("][")  # name[key][key] is an object in an object
                for one in above:
                    place = place.setdefault(one, {})
                place[last] = self._typed(inner.get(key, {}), values[0])
                continue
            bare = name if name in properties else re.sub(r"\[\]$", "", name)
            if bare not in properties:
                self.problems.append(f"the body has {name}, which is not declared")
                continue
            inner = properties[bare]
            kinds = self._kinds(inner)
            if "array" in kinds and (len(values) > 1 or not kinds & {"string", "binary"}):
                items = self._items(inner)
                out[bare] = [self._typed(items, v) if isinstance(v, str) else v for v in values]
            else:
                out[bare] = self._typed(inner, values[0]) if isinstance(values[0], str) else values[0]
        return out

    def _kinds(self, schema: Schema) -> set[str]:
        """Return the JSON types that a schema allows."""
        flat = self._maker.flat(schema)
        types = flat.get("type", [])
        found = {types} if isinstance(types, str) else set(types)
        return found.union(*(self._kinds(m) for union in flat["unions"] for m in union))

    def _items(self, schema: Schema) -> Schema:
        flat = self._maker.flat(schema)
        inner: Schema = flat.get("items", {})
        return inner or next((i for union in flat["unions"] for m in union if (i := self._items(m))), {})

    def _typed(self, schema: Schema, text: str) -> Any:
        """Read text as the type that the schema says."""
        kinds = self._kinds(schema)
        if kinds & {"integer", "number"} and re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", text):
            return json.loads(text)
        if "boolean" in kinds and text in ("true", "false"):
            return text == "true"
        return text

    def _reply(self, request: httpx.Request) -> httpx.Response:
        replies, status = self._operation.replies, int(self._operation.status)
        if "text/event-stream" in request.headers["accept"] and EVENTS in replies:
            return httpx.Response(status, headers={"content-type": EVENTS}, content=self._stream(replies[EVENTS]))
        if self._kind == JSON and JSON in replies:
            self.replied = self._maker.make(replies[JSON])
            return httpx.Response(status, json=self.replied)
        kind = self._kind if self._kind in replies else next(iter(replies), None)
        if kind is None:
            return httpx.Response(status)
        self.replied = "v=0 text" if kind in ("application/sdp", "text/plain") else BINARY
        return httpx.Response(status, headers={"content-type": kind}, content=self.replied)

    def _stream(self, schema: Schema) -> bytes:
        self.replied = self._maker.make(schema)
        event, data = "", self.replied
        if {"event", "data"} <= set(self.replied):  # the schema tells of the event with its name
            self.replied = {"event": self.replied["event"], "data": self.replied["data"]}
            event, data = f"event: {self.replied['event']}\n", self.replied["data"]
        text = data if isinstance(data, str) else json.dumps(data)
        return f"{event}data: {text}\n\ndata: [DONE]\n\n".encode()


def _files_as_text(body: Any) -> Any:
    """Put a text in place of bytes: what JSON Schema calls a string of format binary."""
    if isinstance(body, dict):
        return {key: _files_as_text(value) for key, value in body.items()}
    if isinstance(body, list):
        return [_files_as_text(value) for value in body]
    return "a file" if isinstance(body, bytes) else body


__all__ = ["BASE", "BINARY", "FORM", "MULTIPART", "Recorder", "Seen"]
