"""Findings in the text of a document: what it does not say, and callers would need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..document import pointer as pointers
from ..document.media import EVENT_STREAM, essence, is_json
from ..document.shape import methods, written
from ..document.shape import objects as objects_of
from ..document.unknown_keys import lost_operations, unknown_keys
from .finding import Action, Finding, target

Document = Mapping[str, Any]
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def findings(document: Document) -> Iterator[Finding]:
    """Yield what a whole document leaves unsaid."""
    yield from _servers(document)
    yield from _security(document)
    for pointer, operation in _operations(document):
        yield from _operation(document, pointer, operation)
    yield from _descriptions(document)
    yield from _schemas(document)
    yield from _keys(document)


def _servers(document: Document) -> Iterator[Finding]:
    servers = document.get("servers") or ()
    urls = [str(server.get("url", "")) for server in servers if isinstance(server, Mapping)]
    own = any(
        item.get("servers") or any(item[m].get("servers") for m in methods(item) if isinstance(item.get(m), Mapping))
        for item in (document.get("paths") or {}).values() if isinstance(item, Mapping)
    )  # fmt: skip
    if not any(re.match(r"(https?:)?//", url) for url in urls) and not own:
        yield Finding(
            "no-server", "warning", "/servers" if urls else "",
            "no server has a whole URL: every caller has to pass api_base=",
            "add {servers: [{url: https://...}]} in the overlay",
        )  # fmt: skip
    for index, url in enumerate(urls if not any(url.startswith("https:") for url in urls) else ()):
        host = re.match(r"http://([^/:]+)", url)
        if host and host[1] not in ("localhost", "127.0.0.1") and not host[1].endswith((".local", ".internal")):
            yield Finding(
                "insecure-server", "warning", f"/servers/{index}/url", f"{url} sends keys in clear text",
                "write https:// if the server has it", (Action(f"$.servers[{index}]", {"url": f"https{url[4:]}"}),),
            )  # fmt: skip


def _security(document: Document) -> Iterator[Finding]:
    schemes = (document.get("components") or {}).get("securitySchemes")
    if not schemes:
        yield Finding(
            "no-security", "warning", "/components",
            "no security scheme: a key is sent as Authorization: Bearer, and the README cannot say more",
            "add components.securitySchemes and security in the overlay, or security: [] if no key is needed",
        )  # fmt: skip


def _operation(document: Document, pointer: str, operation: Mapping[str, Any]) -> Iterator[Finding]:
    responses: Mapping[str, Any] = operation.get("responses") or {}
    good = {code: one for code, one in responses.items() if str(code).startswith("2")}
    good = good or {code: one for code, one in responses.items() if code == "default"}
    if not good:
        yield Finding(
            "no-success", "warning", f"{pointer}/responses", "no response of success: the call returns None",
            "describe the 2xx response",
        )  # fmt: skip
    for code, raw in good.items():
        response = pointers.resolved(document, raw)
        for kind, media in (response.get("content") or {}).items():
            place = f"{pointer}/responses/{code}/content/{pointers.escape(kind)}"
            schema = media.get("schema") if isinstance(media, Mapping) else None
            stream = essence(kind) == EVENT_STREAM
            if (is_json(essence(kind)) or stream) and not schema and not media.get("itemSchema"):
                what = "events are str" if stream else "the reply is any value (Any)"
                yield Finding("untyped-reply", "warning", place, f"no schema: {what}", "add the schema")
    body = pointers.resolved(document, operation.get("requestBody") or {})
    for kind, media in (body.get("content") or {}).items():
        if is_json(essence(kind)) and isinstance(media, Mapping) and not media.get("schema"):
            place = f"{pointer}/requestBody/content/{pointers.escape(kind)}"
            yield Finding("untyped-body", "warning", place, "no schema: the body is any value", "add the schema")


def _descriptions(document: Document) -> Iterator[Finding]:
    operations = [one for _, one in _operations(document)]
    bare = [one for one in operations if not (one.get("description") or one.get("summary"))]
    if bare:
        yield Finding(
            "no-description", "hint", "/paths",
            f"{len(bare):,} of {len(operations):,} operations have no summary: their docstrings say only the path",
            "write summaries, or texts of your own in --descriptions FILE",
        )  # fmt: skip


def _schemas(document: Document) -> Iterator[Finding]:
    for path, kind, value in objects_of(dict(document)):
        if kind != "schema":
            continue
        enum = value.get("enum")
        numbers = isinstance(enum, list) and len(enum) > 1 and all(type(one) is int for one in enum)
        if isinstance(enum, list) and numbers and not value.get("x-enum-varnames"):
            yield Finding(
                "nameless-enum", "hint", written(path), f"the numbers {_some(enum)} have no names",
                "name them with x-enum-varnames: [...] in the overlay",
            )  # fmt: skip
        example = value.get("example")
        if value.get("type") == "string" and isinstance(example, str) and not value.keys() & {"format", "enum"}:
            formats = {"date-time": _DATE_TIME, "date": _DATE, "uuid": _UUID}
            found = next((name for name, rule in formats.items() if rule.fullmatch(example)), None)
            if found:
                place = tuple(pointers.split(written(path)))
                yield Finding(
                    "no-format", "hint", written(path), f"the example {example!r} is a {found}, the type is str",
                    f"say format: {found}", (Action(target(document, place), {"format": found}),),
                )  # fmt: skip


def _keys(document: Document) -> Iterator[Finding]:
    for lost in lost_operations(document.get("paths") or {}):
        remedy = f"did you mean {lost.meant}?" if lost.meant else "correct it, or call it x-..."
        yield Finding(
            "unknown-key", "warning", lost.pointer, f"{lost.key!r} is no method: this operation is left out", remedy
        )
    for one in unknown_keys(document):
        yield Finding(
            "unknown-key", "warning", one.pointer, f"OpenAPI has no {one.key!r} here: nothing reads it",
            f"did you mean {one.meant}?",
        )  # fmt: skip


def _some(values: list[Any]) -> str:
    shown = ", ".join(map(str, values[:4]))
    return f"{shown}, ..." if len(values) > 4 else shown


def _operations(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, item in (document.get("paths") or {}).items():
        for method in methods(item) if path.startswith("/") and isinstance(item, Mapping) else ():
            if isinstance(item.get(method), Mapping):
                yield f"/paths/{pointers.escape(path)}/{method}", item[method]
