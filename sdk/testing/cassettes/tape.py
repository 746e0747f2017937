"""What a cassette holds: requests without secrets, responses byte for byte, in YAML that can be read and edited."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import yaml

from .tape_json import as_bytes, as_data
from .tape_secrets import REDACTED, SECRET_QUERY, scrub, scrub_bytes, scrub_value, secrets_of

VERSION = 1
_HEAD = "# Recorded by sdk.testing.cassette. Keys, cookies, organisations and projects are never written down.\n"
#: Headers of requests that say something about the request; all others stay out.
_ASKED = ("accept", "content-type", "openai-beta")
#: Headers of responses that are secret, or that are not true of what is kept here.
_UNKEPT = re.compile(
    r"set-cookie2?|.*organization.*|.*project.*|.*authenticate.*|authorization|.*api-key.*|.*token$|cookie"
    r"|transfer-encoding|content-encoding|content-length|connection|keep-alive|date|alt-svc|cf-.*|x-envoy-.*"
)
_LONG = 4096


class _Dumper(yaml.SafeDumper):
    """Write texts of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


@dataclass
class Asked:
    """A request as a cassette knows it. `body` is JSON that was decoded, the parts of a form, a text, or bytes."""

    method: str
    host: str
    path: str
    query: list[list[str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None

    @classmethod
    def of(cls, method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[Asked, list[str]]:
        """Read a request, and return its secrets beside it: they are in nothing that is written."""
        secrets = secrets_of(headers)
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        query = [[name, REDACTED if SECRET_QUERY.fullmatch(name) else value] for name, value in pairs]
        kept = {name: headers[name] for name in _ASKED if name in headers}
        if kept.get("content-type", "").startswith("multipart/"):
            kept["content-type"] = "multipart/form-data"  # the boundary is another one each time
        found = cls(method, parts.netloc.rpartition("@")[2], parts.path, query, kept, read_body(headers, body))
        return _scrubbed_asked(found, secrets), secrets

    def told(self) -> list[str]:
        """Return the request as lines, for people to compare."""
        query = f"?{urlencode([(name, value) for name, value in self.query])}" if self.query else ""
        lines = [f"{self.method} {self.path}{query}"]
        if isinstance(self.body, str):
            return [*lines, *self.body.splitlines()]
        return lines if self.body is None else [*lines, *_pretty(self.body).splitlines()]


@dataclass
class Answered:
    """A response: its body in the pieces in which it came."""

    status: int
    headers: list[list[str]]
    pieces: list[bytes]

    @classmethod
    def of(
        cls, status: int, headers: Iterable[tuple[str, str]], pieces: Sequence[bytes], secrets: list[str]
    ) -> Answered:
        """Read a response. A body that is no stream is one piece."""
        kept = [[n, scrub(v, secrets)] for n, v in headers if not _UNKEPT.fullmatch(n.lower())]
        streams = any(n == "content-type" and "text/event-stream" in v for n, v in kept)
        whole = list(pieces) if streams else [b"".join(pieces)]
        clean = [scrub_bytes(piece, secrets) for piece in whole if piece]
        joined = b"".join(clean)
        # Where a secret lies across two pieces, that it is not written down goes before how it came.
        return cls(status, kept, clean if (again := scrub_bytes(joined, secrets)) == joined else [again])


@dataclass
class Interaction:
    """A request and its response."""

    asked: Asked
    answered: Answered

    @cached_property
    def text(self) -> str:
        """What the tape says of it: made once, as a tape is written anew with every interaction."""
        dumped: str = yaml.dump([_written(self)], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**6)
        # After a text that ends in empty lines YAML marks the end of the document, where here the next one may follow.
        return dumped[:-4] if dumped.endswith("\n...\n") else dumped


def load(path: Path) -> list[Interaction]:
    """Read a tape. Raises ValueError for a file that is none."""
    with path.open(encoding="utf-8") as file:
        found = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(found, dict) or found.get("version") != VERSION:
        raise ValueError(f"{path} is no cassette of version {VERSION}; delete it to record it anew")
    return [_read(row) for row in found.get("interactions") or ()]


def save(path: Path, interactions: Sequence[Interaction]) -> None:
    """Write a tape, whole or not at all."""
    text = f"{_HEAD}version: {VERSION}\ninteractions:\n" + "".join(one.text for one in interactions)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _written(one: Interaction) -> dict[str, Any]:
    asked, answered = one.asked, one.answered
    request = {"method": asked.method, "host": asked.host, "path": asked.path, "query": asked.query,
               "headers": asked.headers}  # fmt: skip
    request = {name: value for name, value in request.items() if value not in ([], {})}
    if asked.body is not None:  # an empty object is a body, too
        request["body"] = asked.body
    response: dict[str, Any] = {"status": answered.status, "headers": answered.headers}
    pieces = [_readable(piece) for piece in answered.pieces]
    if len(pieces) == 1:
        kind = next((value for name, value in answered.headers if name.lower() == "content-type"), "")
        response |= ("json" in kind and as_data(answered.pieces[0])) or {"body": pieces[0]}
    elif pieces:
        response["pieces"] = pieces
    return {"request": request, "response": response}


def _read(row: dict[str, Any]) -> Interaction:
    request, response = row["request"], row["response"]
    pieces = response.get("pieces", [response["body"]] if "body" in response else [])
    if "json" in response:
        pieces = [as_bytes(response["json"], response.get("json_style"))]
    return Interaction(
        Asked(**{"host": "", **request}),
        Answered(
            response["status"],
            [list(pair) for pair in response.get("headers", ())],
            [piece.encode() if isinstance(piece, str) else bytes(piece) for piece in pieces],
        ),
    )


def _readable(piece: bytes) -> str | bytes:
    """Return text as text, where YAML gives it back as it is; other bytes stay bytes, which YAML writes as base64."""
    try:
        text = piece.decode()
    except UnicodeDecodeError:
        return piece
    # YAML cannot hold these, or takes them for the end of a line.
    return piece if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ufeff\ufffe\uffff]", text) else text


def read_body(headers: Mapping[str, str], body: bytes) -> Any:
    """Return a request's body in the form in which it is compared: JSON decoded, a form in parts, text, or bytes."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body:
        return None
    if kind == "multipart/form-data":
        from ..server.multipart import read_parts

        return [
            {"name": name, **({"file": part.filename} if part.filename is not None else {}), **_content(part.content)}
            for name, part in read_parts(headers["content-type"], body)
        ]
    if "json" in kind:
        try:
            found = json.loads(body)
            json.dumps(found, ensure_ascii=False).encode()  # a lone surrogate is none of YAML's characters
        except ValueError:
            return _readable(body)
        return found
    return _readable(body)


def _content(content: bytes) -> dict[str, Any]:
    """Return a part's text, or of what is long or no text its digest: enough to tell it from another."""
    readable = _readable(content)
    if isinstance(readable, str) and len(readable) <= _LONG:
        return {"text": readable}
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _pretty(body: Any) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False, sort_keys=True, default=repr)


def _scrubbed_asked(asked: Asked, secrets: list[str]) -> Asked:
    path, query, headers, body = (
        scrub_value(one, secrets) for one in (asked.path, asked.query, asked.headers, asked.body)
    )
    return Asked(asked.method, asked.host, path, query, headers, body)
