"""How an API signs its webhooks, where the document says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..document.pointer import resolved
from ..document.shape import methods
from ..errors import GeneratorError
from .security import is_token

#: Headers of which each names one way to sign: that of Standard Webhooks, and those of well-known senders.
_STANDARD = "webhook-signature"
_HASHED = {
    "x-hub-signature-256": ("sha256", "hex", "sha256="),
    "x-hub-signature": ("sha1", "hex", "sha1="),
    "x-shopify-hmac-sha256": ("sha256", "base64", ""),
}
#: The place of the time, what is hashed, the field of the signature, and what is in front of it.
_TIMED = {
    "stripe-signature": ("t", "{timestamp}.{body}", "v1", ""),
    "mux-signature": ("t", "{timestamp}.{body}", "v1", ""),
    "calendly-webhook-signature": ("t", "{timestamp}.{body}", "v1", ""),
    "paddle-signature": ("ts", "{timestamp}:{body}", "h1", ""),
    "x-slack-signature": ("x-slack-request-timestamp", "v0:{timestamp}:{body}", "", "v0="),
    "x-zm-signature": ("x-zm-request-timestamp", "v0:{timestamp}:{body}", "", "v0="),
}
_KEYS = frozenset({"header", "algorithm", "encoding", "prefix", "timestamp", "content", "field"})


class WebhookSignature(NamedTuple):
    """A keyed hash in a header: of the body, or with a `timestamp` of `content`, in one `field` of the header or alone.

    An empty header is the signature of Standard Webhooks.
    """

    header: str = ""
    algorithm: str = "sha256"
    encoding: str = "hex"
    prefix: str = ""
    timestamp: str = ""
    content: str = ""
    field: str = ""


def webhook_signature(document: Mapping[str, Any]) -> WebhookSignature | None:
    """Return how webhooks are signed: as `x-sdk-webhooks` says, else by the headers that they declare.

    `x-sdk-webhooks: {signature: standard}`, or `{header: X-Sign, algorithm: sha256, encoding: hex, prefix: "v1="}`, and
    with the time, too: `{header: X-Sign, timestamp: X-Time, content: "{timestamp}.{body}"}`.
    Raises: GeneratorError for an extension that says something else.
    """
    if not document.get("webhooks"):
        return None
    if (raw := document.get("x-sdk-webhooks")) is not None:
        return _declared(raw)
    for name in _headers(document):
        if name == _STANDARD:
            return WebhookSignature()
        if name in _HASHED:
            return WebhookSignature(name, *_HASHED[name])
        timestamp, content, field, prefix = _TIMED[name]
        return WebhookSignature(name, prefix=prefix, timestamp=timestamp, content=content, field=field)
    return None


def _declared(raw: Any) -> WebhookSignature:
    if raw == {"signature": "standard"}:
        return WebhookSignature()
    found = WebhookSignature(**{k: str(v) for k, v in raw.items()}) if _fits(raw) else WebhookSignature()
    known = found.algorithm in ("sha1", "sha256", "sha512") and found.encoding in ("hex", "base64")
    if not (found.header and is_token(found.header) and known and found.prefix.isascii() and _has_time(found)):
        raise GeneratorError(
            "x-sdk-webhooks does not say how webhooks are signed", pointer="/x-sdk-webhooks",
            hint="write {signature: standard}, or {header: Name, algorithm: sha1, sha256 or sha512, encoding: hex or "
            "base64, prefix: text}, and for a hash of the time, too, {timestamp: header, content: "
            "'{timestamp}.{body}'}, or {timestamp: t, field: v1} for fields of the one header",
        )  # fmt: skip
    timestamp = found.timestamp if found.field else found.timestamp.lower()
    content = found.content or ("{timestamp}.{body}" if timestamp else "")
    return found._replace(header=found.header.lower(), timestamp=timestamp, content=content)


def _has_time(found: WebhookSignature) -> bool:
    """Return whether what is said of the time is nothing, or complete."""
    if not found.timestamp:
        return not (found.content or found.field)
    once = all(found.content.count(place) == 1 for place in ("{timestamp}", "{body}"))
    return is_token(found.timestamp) and (not found.field or is_token(found.field)) and (not found.content or once)


def _fits(raw: Any) -> bool:
    return isinstance(raw, Mapping) and raw.keys() <= _KEYS and "header" in raw


def _headers(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the headers that webhooks declare, in lower case; the newest hash first."""
    names = set()
    for item in document["webhooks"].values():
        found = resolved(document, item) if isinstance(item, Mapping) else {}
        for owner in (found, *(found[m] for m in methods(found) if isinstance(found.get(m), Mapping))):
            parameters = (resolved(document, one) for one in owner.get("parameters") or ())
            names |= {str(one.get("name")).lower() for one in parameters if one.get("in") == "header"}
    yield from (name for name in (_STANDARD, *_HASHED, *_TIMED) if name in names)
