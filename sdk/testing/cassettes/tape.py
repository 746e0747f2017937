"""The tape of a cassette: requests without secrets and responses byte for byte, as YAML that people can edit."""

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
from .tape_secrets import (
    scrub_bytes,
    scrub_headers,
    scrub_json,
    scrub_query,
    scrub_value,
    secrets_of,
    secrets_of_response,
)

VERSION = 1
_HEAD = "# Recorded by sdk.testing.cassette. Keys, cookies, organisations and projects are never written down.\n"
#: Request headers that a tape keeps.
_KEPT_HEADERS = ("accept", "content-type", "openai-beta")
_MAX_FORM_TEXT = 4096


class _Dumper(yaml.SafeDumper):
    """Write strings of several lines as blocks."""


def _represent_str(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_str)


@dataclass
class TapeRequest:
    """A request on a tape. `body` is decoded JSON, the parts of a form, a str, or bytes."""

    method: str
    host: str
    path: str
    query: list[list[str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None

    @classmethod
    def of(cls, method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[TapeRequest, list[str]]:
        """Return the request without its secrets, and the secrets, which its response must not contain either."""
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        secrets, query = secrets_of(headers, pairs), scrub_query(pairs)
        kept = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
        if kept.get("content-type", "").startswith("multipart/"):
            kept["content-type"] = "multipart/form-data"  # the boundary differs in each request
        request = cls(method, parts.netloc.rpartition("@")[2], parts.path, query, kept, read_body(headers, body))
        return request._scrubbed(secrets), secrets

    def lines(self) -> list[str]:
        """Return the request as lines, for a diff."""
        query = f"?{urlencode([(name, value) for name, value in self.query])}" if self.query else ""
        lines = [f"{self.method} {self.path}{query}"]
        if isinstance(self.body, str):
            return [*lines, *self.body.splitlines()]
        return lines if self.body is None else [*lines, *_pretty(self.body).splitlines()]

    def _scrubbed(self, secrets: list[str]) -> TapeRequest:
        path, query, headers, body = (
            scrub_value(one, secrets) for one in (self.path, self.query, self.headers, self.body)
        )
        return TapeRequest(self.method, self.host, path, query, headers, body)


@dataclass
class TapeResponse:
    """A response on a tape. `pieces` is its body as it arrived; a body that is not a stream is one piece."""

    status: int
    headers: list[list[str]]
    pieces: list[bytes]
    #: The messages of a WebSocket in order: {"send": ...} by the client, {"receive": ...}, {"close": [code, reason]}.
    messages: list[dict[str, Any]] | None = None

    @classmethod
    def of(
        cls, status: int, headers: Iterable[tuple[str, str]], pieces: Sequence[bytes], secrets: list[str]
    ) -> TapeResponse:
        """Return the response without the secrets."""
        headers = list(headers)
        secrets = sorted({*secrets, *secrets_of_response(headers)}, key=len, reverse=True)
        kept = scrub_headers(headers, secrets)
        media_type = next((value for name, value in kept if name.lower() == "content-type"), "")
        received = list(pieces) if "text/event-stream" in media_type else [b"".join(pieces)]
        scrub_piece = scrub_json if "json" in media_type else scrub_bytes
        clean = [scrub_piece(piece, secrets) for piece in received if piece]
        joined = b"".join(clean)
        # If a secret spans two pieces, the body is stored as one piece.
        return cls(status, kept, clean if (again := scrub_bytes(joined, secrets)) == joined else [again])


@dataclass
class Interaction:
    """A request and its response."""

    request: TapeRequest
    response: TapeResponse

    @cached_property
    def text(self) -> str:
        """The interaction as YAML. It is cached, because each new interaction rewrites the whole tape."""
        dumped: str = yaml.dump([_to_row(self)], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**6)
        # YAML ends the document after a string that ends in empty lines; here another interaction may follow.
        return dumped[:-4] if dumped.endswith("\n...\n") else dumped


def load(path: Path) -> list[Interaction]:
    """Read a tape. Raises ValueError if the file is not a tape."""
    with path.open(encoding="utf-8") as file:
        found = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(found, dict) or found.get("version") != VERSION:
        raise ValueError(f"{path} is not a cassette of version {VERSION}; delete it to record it again")
    return [_from_row(row) for row in found.get("interactions") or ()]


def save(path: Path, interactions: Sequence[Interaction]) -> None:
    """Write a tape atomically."""
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


def _to_row(interaction: Interaction) -> dict[str, Any]:
    sent, received = interaction.request, interaction.response
    request = {
        "method": sent.method,
        "host": sent.host,
        "path": sent.path,
        "query": sent.query,
        "headers": sent.headers,
    }
    request = {name: value for name, value in request.items() if value not in ([], {})}
    if sent.body is not None:  # an empty object is a body, too
        request["body"] = sent.body
    response: dict[str, Any] = {"status": received.status, "headers": received.headers}
    if received.messages is not None:
        return {"request": request, "response": {**response, "messages": received.messages}}
    pieces = [_str_or_bytes(piece) for piece in received.pieces]
    if len(pieces) == 1:
        media_type = next((value for name, value in received.headers if name.lower() == "content-type"), "")
        response |= ("json" in media_type and as_data(received.pieces[0])) or {"body": pieces[0]}
    elif pieces:
        response["pieces"] = pieces
    return {"request": request, "response": response}


def _from_row(row: dict[str, Any]) -> Interaction:
    request, response = row["request"], row["response"]
    pieces = response.get("pieces", [response["body"]] if "body" in response else [])
    if "json" in response:
        pieces = [as_bytes(response["json"], response.get("json_style"))]
    return Interaction(
        TapeRequest(**{"host": "", **request, "query": scrub_query(request.get("query", ()))}),
        TapeResponse(
            response["status"],
            [list(pair) for pair in response.get("headers", ())],
            [piece.encode() if isinstance(piece, str) else bytes(piece) for piece in pieces],
            response.get("messages"),
        ),
    )


def _str_or_bytes(piece: bytes) -> str | bytes:
    """Decode UTF-8 that YAML reproduces exactly; other bytes stay bytes, which YAML writes as base64."""
    try:
        text = piece.decode()
    except UnicodeDecodeError:
        return piece
    # YAML cannot represent these characters, or reads them as line breaks.
    return piece if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ufeff\ufffe\uffff]", text) else text


def read_body(headers: Mapping[str, str], body: bytes) -> Any:
    """Return a request's body as it is compared: decoded JSON, the parts of a form, a str, or bytes."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body:
        return None
    if media_type == "multipart/form-data":
        from ..server.multipart import read_parts

        return [
            {
                "name": name,
                **({"file": part.filename} if part.filename is not None else {}),
                **_part_content(part.content),
            }
            for name, part in read_parts(headers["content-type"], body)
        ]
    if "json" in media_type:
        try:
            found = json.loads(body)
            json.dumps(found, ensure_ascii=False).encode()  # raises for a lone surrogate, which YAML cannot represent
        except ValueError:
            return _str_or_bytes(body)
        return found
    return _str_or_bytes(body)


def _part_content(content: bytes) -> dict[str, Any]:
    """Return a short text of a part; else its digest, which is enough to compare it."""
    text = _str_or_bytes(content)
    if isinstance(text, str) and len(text) <= _MAX_FORM_TEXT:
        return {"text": text}
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _pretty(body: Any) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False, sort_keys=True, default=repr)
