"""Remove secrets from tapes: keys, cookies, organisations and projects, from headers, queries and bodies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from ..._core.errors.redact import HARMLESS_HEADERS, HARMLESS_QUERY, KEY_PREFIXES, Redacted, carries_credentials
from ..._core.errors.redact import credentials as credentials_of
from ..._openai.service import OPENAI
from ..description.document import operations

REDACTED = "REDACTED"
#: Response headers that a tape keeps: what a client reads, and what helps to find out what happened. All others are
#: secret, or may be, or describe the transfer and not the stored body.
_KEPT = frozenset(
    {
        *("accept-ranges", "age", "allow", "cache-control", "content-disposition", "content-language", "content-range"),
        *("content-type", "etag", "last-modified", "location", "openai-model", "openai-poll-after-ms"),
        *("openai-processing-ms", "openai-version", "request-id", "retry-after", "retry-after-ms", "server", "vary"),
        *("apim-request-id", "via", "x-cache", "x-litellm-call-id", "x-litellm-model-id", "x-litellm-version"),
        *("x-ms-region", "x-ms-request-id", "x-request-id", "x-served-by", "x-should-retry", "x-trace-id"),
    }
)
_KEPT_PREFIXES = ("x-ratelimit-", "ratelimit")
#: Response headers that a tape drops, and whose values may still appear in a body: they are not secrets.
_DROPPED = re.compile(
    r"date|expires|pragma|content-(?:length|encoding|security-policy.*)|transfer-encoding|trailer|connection|keep-alive"
    r"|alt-svc|strict-transport-security|referrer-policy|permissions-policy|nel|report-to|server-timing|x-powered-by"
    r"|x-(?:content-type|frame)-options|x-robots-tag|x-xss-protection|access-control-.*|cross-origin-.*|cf-.*|x-envoy-.*"
)
#: Request headers whose values are no secret.
_HARMLESS = HARMLESS_HEADERS | OPENAI.harmless_headers
#: Keys of JSON bodies whose values are secrets: of tools, of sessions, new API keys.
_NAMES = r"(?:[\w-]*[-_])?authorization|api[-_]?key|[\w-]*secret|(?:access|auth|id|refresh|subject)[-_]token|password"
_NAME = re.compile(_NAMES, re.IGNORECASE)
_MEMBER = re.compile(rf'("(?:{_NAMES})"\s*:\s*")(?:[^"\\]|\\.)*"'.encode(), re.IGNORECASE)
#: Strings that look like keys, of hosted APIs and gateways, like those that are issued for browsers, or like signed
#: tokens (RFC 7515, section 3.1).
_SIGNED = r"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"
_KEY = rf"(?<![A-Za-z0-9])(?:(?:(?:sk|ek|sess)[-_]|{KEY_PREFIXES})[A-Za-z0-9_-]{{12,}}|{_SIGNED})"
_KEY_TEXT, _KEY_BYTES = re.compile(_KEY), re.compile(_KEY.encode())


def secrets_of(headers: Mapping[str, str], query: Iterable[tuple[str, str]]) -> list[str]:
    """Return the secrets of a request, the longest first; its body and its response may repeat them.

    Those are the values of all headers and query parameters except those that are known to be harmless.
    """
    hidden = [(name, value) for name, value in headers.items() if name.lower() not in _HARMLESS]
    return _all_forms(hidden, [value for name, value in query if not _is_harmless(name)])


def secrets_of_response(headers: Iterable[tuple[str, str]]) -> list[str]:
    """Return the secrets of a response, the longest first: the values of the headers that a tape drops as secrets."""
    return _all_forms([(n, v) for n, v in headers if not _is_kept(n.lower()) and not _DROPPED.fullmatch(n.lower())], ())


def _all_forms(headers: Iterable[tuple[str, str]], values: Iterable[str]) -> list[str]:
    found = credentials_of({str(n): (name, Redacted(value)) for n, (name, value) in enumerate(headers)}, *values)
    return sorted({form for secret in found for form in _forms(secret)}, key=lambda form: (-len(form), form))


def _forms(secret: str) -> Iterable[str]:
    """Yield a secret as it is and as JSON writes it: some encoders escape slashes, or the characters of HTML."""
    yield secret
    escaped = json.dumps(secret)[1:-1]
    yield escaped
    yield escaped.replace("/", "\\/")
    yield re.sub("[<>&'+=/]", lambda found: f"\\u{ord(found[0]):04x}", escaped)
    yield re.sub("[<>&]", lambda found: f"\\u{ord(found[0]):04x}", escaped)


@cache
def _described() -> frozenset[str]:
    """Return the query parameters of all operations of the API."""
    names = {name for one in operations().values() for name in one.get("query", {}).get("properties", {})}
    return frozenset(name.partition("[")[0] for name in names)


def _is_harmless(name: str) -> bool:
    """Return whether a tape keeps the value of a query parameter: one that the API describes, or that is known."""
    bare = name.partition("[")[0].lower()
    return bare in HARMLESS_QUERY or (bare in _described() and not carries_credentials(bare))


def _is_kept(name: str) -> bool:
    return name in _KEPT or name.startswith(_KEPT_PREFIXES)


def scrub_query(pairs: Iterable[Iterable[str]]) -> list[list[str]]:
    """Return the pairs of a query without the values that are not known to be harmless."""
    return [[name, value if _is_harmless(name) else REDACTED] for name, value in pairs]


def scrub_headers(headers: Iterable[tuple[str, str]], secrets: list[str]) -> list[list[str]]:
    """Return the headers of a response that a tape keeps, without secrets."""
    return [
        [name, scrub(_without_query(value) if name.lower() == "location" else value, secrets)]
        for name, value in headers
        if _is_kept(name.lower())
    ]


def _without_query(url: str) -> str:
    """Return the address of a redirect without userinfo and without secret values of its query."""
    parts = urlsplit(url)
    pairs = scrub_query(parse_qsl(parts.query, keep_blank_values=True))
    netloc = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=netloc, query=urlencode([(name, value) for name, value in pairs])).geturl()


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


def scrub_json(data: bytes, secrets: list[str]) -> bytes:
    """Return a JSON body without the secrets, however it escapes them; a body that is not JSON, as `scrub_bytes`."""
    clean = scrub_bytes(data, secrets)
    try:
        found = json.loads(clean)
    except (ValueError, RecursionError):
        return clean
    hidden = scrub_value(found, secrets)
    return clean if hidden == found else json.dumps(hidden, ensure_ascii=False, separators=(",", ":")).encode()


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
