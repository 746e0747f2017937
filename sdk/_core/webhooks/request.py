"""A webhook as web frameworks hand it over: the bytes of its body, and its headers in any form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeAlias

from ..errors import WebhookVerificationError
from ..errors.redact import Redacted


class _HasItems(Protocol):
    """Headers with the items of a mapping that are not a Mapping, such as http.client.HTTPMessage."""

    def items(self) -> Iterable[tuple[Any, Any]]: ...


#: Headers in the forms of web frameworks: a mapping, or an object like it, or pairs; str or bytes.
Headers: TypeAlias = Mapping[Any, Any] | _HasItems | Iterable[tuple[Any, Any]]

__all__ = ["Headers"]


def redacted(secret: str | None) -> str | None:
    """Return the secret with a repr that hides it, since error reporters show variables."""
    return Redacted(secret) if isinstance(secret, str) else secret


def received(body: bytes | str) -> bytes:
    """Return a body as bytes. Raises: WebhookVerificationError for what cannot be the body as it came."""
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


def single_headers(headers: Headers, names: Iterable[str]) -> list[str]:
    """Return the values of headers by their names in lower case.

    Raises: WebhookVerificationError for a header that is missing or repeated, and for an object that is not headers.
    """
    wanted: dict[str, list[str]] = {name: [] for name in names}
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
    return [values[0] for values in wanted.values()]


def _pairs(headers: Any) -> Iterable[tuple[Any, Any]]:
    """Return the names and values of headers; the headers of some frameworks are not a Mapping."""
    if callable(items := getattr(headers, "items", None)):
        found: Any = items()
    elif callable(keys := getattr(headers, "keys", None)):
        names: Any = keys()
        found = [(name, headers[name]) for name in names]
    else:
        found = headers
    pairs: Iterable[tuple[Any, Any]] = found
    return pairs


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
