"""What two requests have to have in common, and where they differ."""

from __future__ import annotations

import email
import email.policy
import json
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qsl

from attrs import frozen

from .recorder import Sent

#: Headers that are each client's own.
OWN = frozenset({"user-agent", "idempotency-key", "x-retry-count", "host", "accept-encoding", "connection"})
OWN_PREFIX = "x-stainless-"
#: What stands for a length that is right: it follows from the body, which is compared.
LENGTH = "that of the body"
Values = dict[str, str]


@frozen(order=True)
class Difference:
    """One thing that two requests say differently: both values as text, None where there is none."""

    what: str
    ours: str | None
    official: str | None


def compare(ours: Sent, official: Sent) -> set[Difference]:
    """Return all differences of two requests."""
    one, other = _described(ours), _described(official)
    names = one.keys() | other.keys()
    return {Difference(n, one.get(n), other.get(n)) for n in names if one.get(n) != other.get(n)}


def _described(sent: Sent) -> Values:
    """Return a request as named texts."""
    path, _, query = sent.target.partition("?")
    found = {"method": sent.method, "path": path, **_headers(sent)}
    found |= _grouped("query", [(name, value) for name, value in parse_qsl(query, keep_blank_values=True)])
    return found | _body(sent)


def _headers(sent: Sent) -> Values:
    found = {}
    for name, value in sent.headers:
        lower = name.lower()
        if lower in OWN or lower.startswith(OWN_PREFIX):
            continue
        if lower == "content-length" and int(value) == len(sent.body):
            value = LENGTH
        if lower == "content-type":
            value = value.partition("; boundary=")[0]
        found[f"header {lower}"] = value
    return found


def _body(sent: Sent) -> Values:
    headers = {name.lower(): value for name, value in sent.headers}
    kind = headers.get("content-type", "").partition(";")[0]
    if not sent.body:
        return {}
    if kind == "application/json":
        value = json.loads(sent.body)
        members = value if isinstance(value, dict) else {"": value}
        return {"body": "JSON", **{f"body {key}": _text(inner) for key, inner in members.items()}}
    if kind == "multipart/form-data":
        return {"body": "parts", **_grouped("part", _parts(headers["content-type"], sent.body))}
    return {"body": f"{kind}: {sent.body!r}"}


def _parts(content_type: str, body: bytes) -> list[tuple[str, str]]:
    """Return the parts of a body: the name of each, and the text of its headers and its content."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    found = []
    for part in message.iter_parts():
        assert isinstance(part, EmailMessage)
        name = str(part.get_param("name", header="content-disposition"))
        file = part.get_filename()
        kind = f" as {part['content-type']}" if part["content-type"] else ""
        named = f" in the file {file}" if file is not None else ""
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        value = content.decode(errors="backslashreplace")
        found.append((name, f"{value!r}{kind}{named}"))
    return found


def _grouped(what: str, pairs: list[tuple[str, str]]) -> Values:
    """Return the values of each name in their order; the order of the names has no meaning."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {f"{what} {name}": ", ".join(values) for name, values in found.items()}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
