"""Remove secrets from requests and responses for errors and logs. Pure; malformed input raises nothing."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

# Headers that help with diagnosis and hold no secret. All others, such as Set-Cookie, are hidden.
_HEADERS = frozenset(
    {
        *("age", "allow", "content-encoding", "content-language", "content-length", "content-type", "date", "server"),
        *("transfer-encoding", "via", "retry-after", "retry-after-ms", "www-authenticate", "x-should-retry"),
        *("request-id", "x-request-id", "apim-request-id", "x-ms-request-id", "x-ms-region", "x-trace-id", "cf-ray"),
        *("x-cache", "x-served-by"),
        *("x-litellm-call-id", "x-litellm-model-id", "x-litellm-version"),
    }
)
_HEADER_PREFIXES = ("x-ratelimit-", "ratelimit")
#: The end of the name of a header in which an API describes itself.
_HEADER_SUFFIXES = ("-model", "-organization", "-processing-ms", "-version")
# These patterns are compiled on first use, and cached: most processes never print an error.
# Keys of hosted APIs and of most gateways. Some servers echo a rejected key in their message.
_KEY = r"(?<![A-Za-z0-9])(sk[-_]|(?:gsk_|xai-|hf_|sess-)(?=[A-Za-z0-9]{12}))[A-Za-z0-9*_-]{6,}"
_BEARER = r"(?i)\b(bearer\s+)[A-Za-z0-9*._~+/=-]{6,}"
# Validation errors of pydantic echo the input, and so the prompt, after the reason.
_INPUT = r"""(\\?['"]input\\?['"]\s*:\s*|\binput_value=).*"""
_SHOWN, _DEEPEST = 500, 100
# Credential headers, by name. Other user headers are not secret.
_CREDENTIALS = r"(?i)auth|api-?key|token|secret|cookie|password"
#: The minimum length of a secret. Shorter keys are placeholders for local servers, such as `k` or `ollama`, which may
#: occur in ordinary words.
MIN_SECRET_LENGTH = 8


class Redacted(str):
    """The value of a header, hidden in tracebacks that show variables."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


def carries_credentials(name: str) -> bool:
    """Return whether a header of this name holds a credential."""
    return re.search(_CREDENTIALS, name) is not None


def hide_url(url: str) -> str:
    """Return the URL without userinfo and fragment, and with every query value hidden."""
    head, mark, query = url.partition("#")[0].partition("?")
    scheme, slashes, rest = head.partition("://")
    if slashes:
        host, slash, path = rest.partition("/")
        head = scheme + slashes + host.rpartition("@")[2] + slash + path
    if not mark:
        return head
    # A part without "=" may be a value as well as a name.
    hidden = (f"{name}=***" if equals else "***" for name, equals, _ in (p.partition("=") for p in query.split("&")))
    return head + "?" + "&".join(hidden)


def hide_keys(text: str) -> str:
    """Hide everything that looks like an API key or a bearer token."""
    return re.sub(_BEARER, r"\1***", re.sub(_KEY, r"\1***", text))


def credentials(headers: Mapping[str, tuple[str, str]], *more: str) -> frozenset[str]:
    """Return the credentials in the headers of a request, (name, value) by name, and in `more`."""
    values = [value.split()[-1] for name, value in headers.values() if carries_credentials(name) and value.strip()]
    return frozenset(found for found in (*values, *more) if len(found) >= MIN_SECRET_LENGTH)


def redact(error: Any, secrets: Iterable[str]) -> None:
    """Hide secrets in all attributes of an error that may quote the server."""
    for secret in secrets:
        for name in ("message", "request_id", "code", "type", "param", "hint", "headers", "body"):
            value = getattr(error, name)
            hidden = _without(value, secret)
            if hidden is not value:
                setattr(error, name, hidden)
        error.args = tuple(_without(argument, secret) for argument in error.args)


def _without(value: Any, secret: str, depth: int = 0) -> Any:
    """Return a value without a secret; the same object if it holds none."""
    if isinstance(value, str):
        return value.replace(secret, "***") if secret in value else value
    if isinstance(value, bytes):
        return value.replace(secret.encode(), b"***") if secret.encode() in value else value
    if not isinstance(value, dict | list):
        return value
    if depth > _DEEPEST:
        return "***"
    if isinstance(value, list):
        items = [_without(item, secret, depth + 1) for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    pairs = [(_without(k, secret), _without(v, secret, depth + 1)) for k, v in value.items()]
    same = all(k is old and v is value[old] for (k, v), old in zip(pairs, value, strict=True))
    return value if same else type(value)(pairs)


def one_line(text: str) -> str:
    """Return the text as an error shows it: one line, printable, without echoed input, cut at 500 characters."""
    text = re.sub(_INPUT, r"\1…", text[: 20 * _SHOWN], flags=re.DOTALL)
    text = "".join(c if c.isprintable() else " " for c in text)
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


class VisibleHeaders(dict[str, str]):
    """Headers by lower-case name; look-ups ignore case (RFC 9110, section 5.1)."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        """Return a header's value, or the default."""
        return super().get(name.lower(), default)


def visible_headers(headers: Mapping[str, str] | Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the visible headers by lower-case name; repeated ones are joined with a comma."""
    pairs = cast("Iterable[tuple[str, str]]", headers.items() if isinstance(headers, Mapping) else headers)
    shown = VisibleHeaders()
    for name, value in pairs:
        name = name.lower()
        if name in _HEADERS or name.startswith(_HEADER_PREFIXES) or name.endswith(_HEADER_SUFFIXES):
            shown[name] = f"{shown[name]}, {value}" if name in shown else value
    return shown


def request_id(headers: Mapping[str, str]) -> str | None:
    """Return the server's id of a request, from any of the headers that servers use."""
    found = headers.get("x-request-id") or headers.get("request-id") or headers.get("apim-request-id")
    return found or headers.get("x-litellm-call-id")  # the gateway's own id, if it forwards no other
