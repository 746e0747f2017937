"""What may be in no tape: keys, cookies, organisations and projects, of headers and of bodies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

REDACTED = "REDACTED"
#: Query parameters whose values are not written down.
SECRET_QUERY = re.compile(r"(?i).*(key|token|secret|sig|signature|password)")
_HEADERS = re.compile(r"authorization|cookie|.*api-key.*|.*organization|.*project")
#: Members of bodies that hold a secret, whoever it belongs to: a tool's, a session's, a new key.
_NAMES = r"(?:[\w-]*[-_])?authorization|api[-_]?key|[\w-]*secret|(?:access|refresh|auth)[-_]token|password"
_NAME = re.compile(_NAMES, re.IGNORECASE)
_MEMBER = re.compile(rf'("(?:{_NAMES})"\s*:\s*")(?:[^"\\]|\\.)*"'.encode(), re.IGNORECASE)
#: What looks like a key wherever it stands: the hosted API's own, and those that it gives to browsers.
_KEY = r"(?<![A-Za-z0-9])(?:sk|ek|sess)[-_][A-Za-z0-9_-]{12,}"
_KEY_TEXT, _KEY_BYTES = re.compile(_KEY), re.compile(_KEY.encode())
#: A secret shorter than this would be found in many a word.
_LEAST = 8


def secrets_of(headers: Mapping[str, str]) -> list[str]:
    """Return the secrets of a request's headers, which its body and its reply may repeat."""
    found = []
    for name, value in headers.items():
        if _HEADERS.fullmatch(name):
            found += [value, value.partition(" ")[2]]
    return sorted({one for one in found if len(one) >= _LEAST}, key=len, reverse=True)


def scrub(text: str, secrets: list[str]) -> str:
    """Return a text without them."""
    for secret in secrets:
        text = text.replace(secret, REDACTED)
    return _KEY_TEXT.sub(REDACTED, text)


def scrub_bytes(data: bytes, secrets: list[str]) -> bytes:
    """Return a body, or a piece of one, without them."""
    for secret in secrets:
        data = data.replace(secret.encode(), REDACTED.encode())
    return _KEY_BYTES.sub(REDACTED.encode(), _MEMBER.sub(rb"\1REDACTED" + b'"', data))


def scrub_value(value: Any, secrets: list[str]) -> Any:
    """Return a body that was decoded without them."""
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
