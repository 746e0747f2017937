"""Remove secrets from tapes: keys, cookies, organisations and projects, from headers and bodies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

REDACTED = "REDACTED"
#: Query parameters whose values are redacted.
SECRET_QUERY = re.compile(r"(?i).*(key|token|secret|sig|signature|password)")
_HEADERS = re.compile(r"authorization|cookie|.*api-key.*|.*organization|.*project")
#: Keys of JSON bodies whose values are secrets: of tools, of sessions, new API keys.
_NAMES = r"(?:[\w-]*[-_])?authorization|api[-_]?key|[\w-]*secret|(?:access|refresh|auth)[-_]token|password"
_NAME = re.compile(_NAMES, re.IGNORECASE)
_MEMBER = re.compile(rf'("(?:{_NAMES})"\s*:\s*")(?:[^"\\]|\\.)*"'.encode(), re.IGNORECASE)
#: Strings that look like a key of the hosted API, or like one that it issues for browsers.
_KEY = r"(?<![A-Za-z0-9])(?:sk|ek|sess)[-_][A-Za-z0-9_-]{12,}"
_KEY_TEXT, _KEY_BYTES = re.compile(_KEY), re.compile(_KEY.encode())
#: Shorter secrets are not searched for: they would match parts of ordinary words.
_MIN_SECRET_LENGTH = 8


def secrets_of(headers: Mapping[str, str]) -> list[str]:
    """Return the secrets of a request's headers; its body and its response may repeat them."""
    found = []
    for name, value in headers.items():
        if _HEADERS.fullmatch(name):
            found += [value, value.partition(" ")[2]]
    return sorted({one for one in found if len(one) >= _MIN_SECRET_LENGTH}, key=len, reverse=True)


def scrub(text: str, secrets: list[str]) -> str:
    """Return a string without the secrets."""
    for secret in secrets:
        text = text.replace(secret, REDACTED)
    return _KEY_TEXT.sub(REDACTED, text)


def scrub_bytes(data: bytes, secrets: list[str]) -> bytes:
    """Return a body, or a piece of it, without the secrets."""
    for secret in secrets:
        data = data.replace(secret.encode(), REDACTED.encode())
    return _KEY_BYTES.sub(REDACTED.encode(), _MEMBER.sub(rb"\1REDACTED" + b'"', data))


def scrub_value(value: Any, secrets: list[str]) -> Any:
    """Return a decoded body without the secrets."""
    if isinstance(value, str):
        return scrub(value, secrets)
    if isinstance(value, bytes):
        return scrub_bytes(value, secrets)
    if isinstance(value, list):
        return [scrub_value(item, secrets) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        scrub(str(k), secrets): REDACTED if isinstance(v, str) and _NAME.fullmatch(str(k)) else scrub_value(v, secrets)
        for k, v in value.items()
    }
