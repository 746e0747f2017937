"""How an API signs its webhooks, where the document says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..document.pointer import resolved
from ..document.shape import METHODS
from ..errors import GeneratorError
from .security import is_token

#: Headers of which each names one way to sign: that of Standard Webhooks, and those of well-known senders.
_STANDARD = "webhook-signature"
_HASHED = {
    "x-hub-signature-256": ("sha256", "hex", "sha256="),
    "x-hub-signature": ("sha1", "hex", "sha1="),
}
_KEYS = frozenset({"signature", "header", "algorithm", "encoding", "prefix"})


class WebhookSignature(NamedTuple):
    """A keyed hash of the body in a header; an empty header is the signature of Standard Webhooks."""

    header: str = ""
    algorithm: str = "sha256"
    encoding: str = "hex"
    prefix: str = ""


def webhook_signature(document: Mapping[str, Any]) -> WebhookSignature | None:
    """Return how webhooks are signed: as `x-sdk-webhooks` says, else by the headers that they declare.

    `x-sdk-webhooks: {signature: standard}`, or `{header: X-Sign, algorithm: sha256, encoding: hex, prefix: "v1="}`.
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
    return None


def _declared(raw: Any) -> WebhookSignature:
    if raw == {"signature": "standard"}:
        return WebhookSignature()
    found = WebhookSignature(**{k: str(v) for k, v in raw.items()}) if _fits(raw) else WebhookSignature()
    known = found.algorithm in ("sha1", "sha256", "sha512") and found.encoding in ("hex", "base64")
    if not (found.header and is_token(found.header) and known and found.prefix.isascii()):
        raise GeneratorError(
            "x-sdk-webhooks does not say how webhooks are signed", pointer="/x-sdk-webhooks",
            hint="write {signature: standard}, or {header: Name, algorithm: sha1, sha256 or sha512, encoding: hex or "
            "base64, prefix: text}",
        )  # fmt: skip
    return found._replace(header=found.header.lower())


def _fits(raw: Any) -> bool:
    return isinstance(raw, Mapping) and raw.keys() <= _KEYS - {"signature"} and "header" in raw


def _headers(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the headers that webhooks declare, in lower case; the newest hash first."""
    names = set()
    for item in document["webhooks"].values():
        found = resolved(document, item) if isinstance(item, Mapping) else {}
        for owner in (found, *(found[m] for m in METHODS if isinstance(found.get(m), Mapping))):
            parameters = (resolved(document, one) for one in owner.get("parameters") or ())
            names |= {str(one.get("name")).lower() for one in parameters if one.get("in") == "header"}
    yield from (name for name in (_STANDARD, *_HASHED) if name in names)
