"""Webhooks: verify that a request comes from the API, and read its event.

    event = sdk.webhooks.unwrap(request_body, request_headers)      # the secret: OPENAI_WEBHOOK_SECRET
    if event.type == "response.completed": ...

The body must be the bytes as received: JSON that was decoded and encoded again has another signature. Source:
Standard Webhooks 1.0.0 (symmetric signatures, `v1`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from attrs import define

from .._core.errors import ConfigError, WebhookVerificationError
from .._core.errors.redact import Redacted
from .._core.model import Unknown
from .._core.public import expose
from .._core.validators import number_problem
from .environment import webhook_secret

if TYPE_CHECKING:
    from ..models import WebhookEvent


class _HasItems(Protocol):
    """Headers with the items of a mapping that are not a Mapping, such as http.client.HTTPMessage."""

    def items(self) -> Iterable[tuple[Any, Any]]: ...


#: Headers in the forms of web frameworks: a mapping, or an object like it, or pairs; str or bytes.
Headers: TypeAlias = Mapping[Any, Any] | _HasItems | Iterable[tuple[Any, Any]]
#: Called with the id of a verified webhook; returns whether it has been handled before.
Seen: TypeAlias = Callable[[str], bool]

__all__ = ["Headers", "Seen", "UnknownEvent", "unwrap", "verify"]

#: Digits of Unix time in seconds: int() takes other digits, signs and underscores too.
_TIMESTAMP = re.compile(r"[0-9]{1,15}", re.ASCII)
#: The largest Unix time that a webhook can have.
_LATEST = 1e15
_PREFIX = "whsec_"


@define(eq=False, repr=False, kw_only=True)
class UnknownEvent(Unknown):
    """A verified event of an unknown type, or without a type; its keys are attributes."""

    @property
    def raw(self) -> dict[str, Any]:
        """The event as received."""
        return self.to_dict()


def unwrap(
    body: bytes | str,
    headers: Headers,
    secret: str | None = None,
    *,
    tolerance: float = 300,
    seen: Seen | None = None,
    now: float | None = None,
) -> WebhookEvent | UnknownEvent:
    """Verify a webhook and return its event as a model, or as an `UnknownEvent` if its type is unknown.

    The arguments are those of `verify`. Raises: the errors of `verify`; WebhookVerificationError also for a body that
    is not a JSON object.
    """
    secret = _redacted(secret)
    raw = verify(body, headers, secret, tolerance=tolerance, seen=seen, now=now)
    import orjson

    from .. import models

    try:
        wire = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise WebhookVerificationError("the webhook is genuine, but its body is not JSON") from error
    if not isinstance(wire, dict):
        raise WebhookVerificationError("the webhook is genuine, but its body is not a JSON object")
    if not isinstance(wire.get("type"), str):  # without a type, the union would guess from the keys
        return UnknownEvent.from_dict(wire)
    reader: Any = models.WebhookEvent
    event: WebhookEvent | Unknown = reader.from_dict(wire)
    return UnknownEvent.from_dict(wire) if isinstance(event, Unknown) else event


def verify(
    body: bytes | str,
    headers: Headers,
    secret: str | None = None,
    *,
    tolerance: float = 300,
    seen: Seen | None = None,
    now: float | None = None,
) -> bytes:
    """Verify that a webhook was signed with the secret, and recently; return the body as bytes.

    `secret` is `whsec_` and base64, or the key itself; by default OPENAI_WEBHOOK_SECRET. `tolerance` is the allowed
    difference of the webhook's time, in seconds. `seen` is called with the id of a verified webhook and returns True if
    it has been handled before (a replay). `now` is Unix time in seconds, for tests.
    Raises: ConfigError for a missing or invalid secret or argument, WebhookVerificationError for everything else.
    """
    secret = _redacted(secret)
    key = memoryview(_key(secret))
    now = time.time() if now is None else now
    _check_arguments(tolerance, now, seen)
    raw = _bytes(body)
    signed = _signed_headers(headers)
    _check_time(signed.timestamp, tolerance, now)
    content = b".".join((signed.id.encode(), signed.timestamp.encode(), raw))
    expected = base64.b64encode(hmac.digest(key, content, hashlib.sha256))
    matches = [hmac.compare_digest(expected, given) for given in _signatures(signed.signature)]
    if not any(matches):
        raise WebhookVerificationError(
            "no signature of the webhook matches. Is it the secret of this endpoint, and the body as it came?"
        )
    if seen is not None and seen(signed.id):
        raise WebhookVerificationError("the webhook has been handled before: its webhook-id was seen")
    return raw


def _check_arguments(tolerance: float, now: float, seen: Seen | None) -> None:
    """Raise ConfigError for a value that would accept every webhook or none, such as NaN."""
    for name, value in (("tolerance", tolerance), ("now", now)):
        problem = number_problem(value, whole=False, least=0, most=_LATEST)
        if problem is not None:
            raise ConfigError(f"{name}= {problem}")
    if seen is not None and not callable(seen):
        raise ConfigError(f"seen= must be callable, not {type(seen).__name__}")


def _redacted(secret: str | None) -> str | None:
    """Return the secret with a repr that hides it, since error reporters show variables."""
    return Redacted(secret) if isinstance(secret, str) else secret


def _key(secret: str | None) -> bytes:
    source = "secret="
    if secret is None:
        source, secret = "OPENAI_WEBHOOK_SECRET", _redacted(webhook_secret())
        if secret is None:
            raise ConfigError("no webhook secret: give secret= or set OPENAI_WEBHOOK_SECRET")
    if not isinstance(secret, str):
        raise ConfigError(f"{source} must be a str, not {type(secret).__name__}")
    key: bytes | None
    wanted = "text in UTF-8"
    try:
        key = secret.encode()
        if secret.startswith(_PREFIX):
            wanted = f"{_PREFIX} and base64"
            key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = None
    if key is None:  # raised here, not in `except`: the context of the error could show the secret
        raise ConfigError(f"{source} is not {wanted}")
    if not key:
        raise ConfigError(f"{source} is empty: anyone could sign with it")
    return key


def _bytes(body: bytes | str) -> bytes:
    if isinstance(body, str):
        try:
            return body.encode()
        except UnicodeEncodeError:
            raise WebhookVerificationError("the body is a str that is not UTF-8; pass the bytes as received") from None
    if not isinstance(body, bytes | bytearray | memoryview):
        raise WebhookVerificationError(
            f"the body must be bytes or str as received, not {type(body).__name__}: "
            "JSON that was decoded and encoded again has another signature"
        )
    return bytes(body)


class _Signed(NamedTuple):
    id: str
    timestamp: str
    signature: str


def _signed_headers(headers: Headers) -> _Signed:
    wanted: dict[str, list[str]] = {"webhook-id": [], "webhook-timestamp": [], "webhook-signature": []}
    try:
        pairs = [(name, value) for name, value in _pairs(headers)]
    except (TypeError, ValueError):
        message = f"the headers must be a mapping or pairs of name and value, not {type(headers).__name__}"
        raise WebhookVerificationError(message) from None
    for name, value in pairs:
        found = wanted.get(_header_name(_text(name) or ""))
        if found is not None:
            values = value if isinstance(value, list | tuple) else [value]
            found.extend(text for text in map(_text, values) if text)
    for name, values in wanted.items():
        if len(values) != 1:
            problem = "is missing" if not values else f"is there {len(values)} times"
            raise WebhookVerificationError(f"the header {name} {problem}")
    return _Signed(*(values[0] for values in wanted.values()))


def _pairs(headers: Any) -> Iterable[tuple[Any, Any]]:
    """Return the names and values of headers; the headers of some frameworks are not a Mapping."""
    if callable(items := getattr(headers, "items", None)):
        found: Iterable[tuple[Any, Any]] = items()
        return found
    keys = getattr(headers, "keys", None)
    return [(name, headers[name]) for name in keys()] if callable(keys) else headers


def _header_name(name: str) -> str:
    """Return a name in lower case. WSGI writes it as HTTP_WEBHOOK_ID (PEP 3333)."""
    if name.startswith("HTTP_"):
        name = name.removeprefix("HTTP_").replace("_", "-")
    return name.lower()


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    return value if isinstance(value, str) and not _has_surrogate(value) else None


def _has_surrogate(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)


def _check_time(timestamp: str, tolerance: float, now: float) -> None:
    if not _TIMESTAMP.fullmatch(timestamp):
        raise WebhookVerificationError("the header webhook-timestamp is not Unix time in whole seconds")
    age = int(now) - int(timestamp)
    if age > tolerance:
        raise WebhookVerificationError(f"the webhook is too old: {age} s, and {tolerance:g} s are allowed")
    if -age > tolerance:
        raise WebhookVerificationError(
            f"the webhook is {-age} s in the future, and {tolerance:g} s are allowed. Is this clock right?"
        )


def _signatures(header: str) -> list[bytes]:
    """Return the signatures of version v1; other versions may be asymmetric (v1a) or newer."""
    parts = (part.partition(",") for part in header.split(" "))
    return [signature.encode() for version, _, signature in parts if version == "v1"]


expose(globals(), "webhooks")
