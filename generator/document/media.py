"""Media types, as documents write them, and what a value of one is: JSON, text or bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
EVENT_STREAM = "text/event-stream"
JSON = "application/json"
#: Types of several JSON values in a row, a line for each (RFC 7464; ndjson.org; jsonlines.org).
_LINES = frozenset(
    {
        "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonl",
        "application/jsonlines", "application/x-jsonlines", "application/json-lines", "application/json-seq",
        "application/stream+json", "text/x-ndjson", "text/ndjson", "text/jsonl", "text/x-jsonl",
    }
)  # fmt: skip
#: Types of text besides text/...: several JSON values in a row are not one JSON value.
_TEXTS = _LINES | {"application/sdp", "application/yaml", "application/x-yaml"}
_BYTES = ("application/octet-stream", "application/zip", "application/pdf", "image/", "audio/", "video/", "font/")
_WILDCARDS = ("*/*", "application/*")
_CHARSET = re.compile(r"application/json;\s*charset=utf-?8", re.IGNORECASE)


def essence(declared: str) -> str:
    """Return a media type without its parameters, in lower case (RFC 9110, section 8.3.1)."""
    return declared.partition(";")[0].strip().lower()


def is_json(kind: str) -> bool:
    """Return whether a value of this type is one JSON value (RFC 6839, section 3.1)."""
    return kind not in _TEXTS and (kind in (JSON, "text/json") or kind.endswith("+json"))


def is_lines(declared: str) -> bool:
    """Return whether a value of a declared type is a stream of JSON values: by its name, or by a parameter `stream`."""
    kind, _, parameters = declared.partition(";")
    streams = any(one.partition("=")[0].strip().lower() == "stream" for one in parameters.split(";"))
    return essence(kind) in _LINES or essence(kind).endswith("+json-seq") or (streams and is_json(essence(kind)))


def is_watched(declared: str) -> bool:
    """Return whether a declared type is a stream of the changes to a value, by Kubernetes' parameter."""
    return is_lines(declared) and "stream=watch" in "".join(declared.lower().split())


def is_text(kind: str) -> bool:
    """Return whether a value of this type is text."""
    return kind in _TEXTS or kind.endswith("+json-seq") or (kind.startswith("text/") and not is_json(kind))


def is_file(kind: str) -> bool:
    """Return whether a value of this type is bytes, whatever its schema."""
    return kind.startswith(_BYTES)


def means_json(kind: str, schema: Mapping[str, Any]) -> bool:
    """Return whether a media type, or a range of them that frameworks write for "JSON mostly", is JSON.

    `schema` is canonical, and resolved: of a range, only what is neither text nor bytes is JSON.
    """
    return is_json(kind) or (kind in _WILDCARDS and is_structured(schema))


def is_bytes(schema: Mapping[str, Any]) -> bool:
    """Return whether a string is raw bytes: `format: binary`, or since 3.1 an unencoded media type that is not text."""
    if schema.get("format") == "binary":
        return True
    kind, encoded = essence(str(schema.get("contentMediaType", ""))), schema.get("contentEncoding", "binary")
    return encoded == "binary" and not kind.endswith("+xml") and kind.startswith(_BYTES)


def is_binary(schema: Mapping[str, Any]) -> bool:
    """Return whether a canonical, resolved schema describes bytes, or nothing at all."""
    return is_bytes(schema) or not (schema.keys() & {"type", "anyOf", "enum", "const"})


def is_structured(schema: Mapping[str, Any]) -> bool:
    """Return whether a canonical, resolved schema describes more than text or bytes."""
    return not is_binary(schema) and schema.get("type") != "string"


def names_plain_json(declared: str) -> bool:
    """Return whether a declared type is just another name of application/json; frameworks list several."""
    kind = essence(declared)
    return declared == JSON or kind == "text/json" or "*" in kind or bool(_CHARSET.fullmatch(declared))


def request_type(declared: str) -> str:
    """Return the content type to send JSON with, for a declared type or range."""
    return JSON if "*" in declared or not is_json(essence(declared)) else declared.strip()
