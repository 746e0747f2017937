"""Remove secrets from requests and responses for errors and logs. Pure; malformed input raises nothing."""

import re
from collections.abc import Collection, Iterable, Mapping, MutableMapping
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
KEY_PREFIXES = (
    "gsk_|xai-|hf_|sess-|ek[-_]|pplx-|nvapi-|csk-|fw_|tgp_v1_|r8_|jina_|AIza|ya29\\.|gh[pousr]_|glpat-|A[KS]IA"
)
_KEY = rf"(?<![A-Za-z0-9])(sk[-_]|(?:{KEY_PREFIXES})(?=[A-Za-z0-9]{{12}}))[A-Za-z0-9*_-]{{6,}}"
_BEARER = r"(?i)\b(bearer\s+)[A-Za-z0-9*._~+/=-]{6,}"
# Validation errors of pydantic echo the input, and so the prompt, after the reason.
_INPUT = r"""(\\?['"]input\\?['"]\s*:\s*|\binput_value=).*"""
_SHOWN, _DEEPEST, _NESTED = 500, 100, 8
#: Request headers whose values are shown, whoever sets them. All other values that users give are secrets: no rule can
#: list the names under which gateways take their keys.
HARMLESS_HEADERS = frozenset(
    {
        *("accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "connection"),
        *("content-encoding", "content-language", "content-length", "content-type", "date", "expect", "host"),
        *("if-match", "if-modified-since", "if-none-match", "if-unmodified-since", "keep-alive", "pragma", "prefer"),
        *("priority", "range", "te", "traceparent", "transfer-encoding", "user-agent", "x-client-request-id"),
        *("x-correlation-id", "x-request-id", "x-retry-count", "x-title"),
    }
)
#: Query parameters whose values are shown where users add them to those of an operation.
HARMLESS_QUERY = frozenset(
    {
        *("after", "alt", "api-version", "api_version", "before", "beta", "deployment", "expand", "fields", "format"),
        *("include", "limit", "model", "order", "page", "provider", "purpose", "region", "stream", "version"),
    }
)
# Arguments of an operation are described and harmless, unless their names say that they hold a credential.
_CREDENTIALS = (
    r"(?i)auth(?!or)|(?:^|[^a-z])keys?$|apikey$|token$|secret|cookie|password|^sig$|signature|credential|^code$"
)
# Schemes of authentication, which are not part of the secret (IANA, HTTP Authentication Scheme Registry, and others).
_SCHEMES = frozenset(("api-key", "apikey", "basic", "bearer", "digest", "dpop", "key", "negotiate", "token"))
#: The minimum length of a secret that an error hides where the server echoes it. Shorter keys are placeholders for
#: local servers, such as `k` or `ollama`, which may occur in ordinary words.
MIN_SECRET_LENGTH = 8


class Redacted(str):
    """A str that is hidden in tracebacks that show variables, and wherever else `repr` shows it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


def redacted(value: Any, depth: int = 0) -> Any:
    """Return a value whose strings are hidden in its `repr`; dicts, lists and tuples are copied."""
    if depth > _NESTED:  # deeper than any query, or a value that contains itself
        return value
    if value.__class__ is str:
        return Redacted(value)
    if isinstance(value, str) and value.__class__ is not Redacted:  # an enum is its value, whatever str() says
        return Redacted(str.__str__(value))
    if isinstance(value, Mapping):
        return {name: redacted(inner, depth + 1) for name, inner in value.items()}
    if value.__class__ is list or value.__class__ is tuple:
        return value.__class__(redacted(inner, depth + 1) for inner in value)
    return value


def scalars(value: Any, depth: int = 0) -> Iterable[str]:
    """Yield the strings and numbers in a value; a query may write some of them as JSON."""
    if isinstance(value, Mapping | list | tuple) and depth <= _NESTED:
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from scalars(inner, depth + 1)
    elif isinstance(value, str):
        yield str.__str__(value)
    elif isinstance(value, int | float):
        yield repr(value)


def redact_arguments(given: MutableMapping[str, Any]) -> None:
    """Hide the values of the headers and the query among the arguments of a call, in place: all frames see them so."""
    for name, harmless in (("extra_headers", HARMLESS_HEADERS), ("extra_query", HARMLESS_QUERY)):
        values = given.get(name)
        if isinstance(values, Mapping):
            given[name] = redacted_values(values, harmless)


def redacted_values(values: Mapping[Any, Any], harmless: Collection[str]) -> dict[Any, Any]:
    """Return headers or a query whose values are hidden, except those of harmless names."""
    return {k: v if isinstance(k, str) and k.lower() in harmless else redacted(v) for k, v in values.items()}


def masked(values: Mapping[str, Any], harmless: Collection[str]) -> dict[str, Any]:
    """Return headers or a query as a pickle may hold them: with `***` for all values but those of harmless names."""
    return {name: value if name.lower() in harmless else "***" for name, value in values.items()}


def carries_credentials(name: str) -> bool:
    """Return whether an argument of this name holds a credential."""
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


def credentials(headers: Mapping[str, tuple[str, str]], *more: str) -> tuple[str, ...]:
    """Return the secrets in the headers of a request, (name, value) by name, and `more`; the longest come first.

    A server may echo a part of a header, or a value as it is in a URL. The longest come first since a secret may
    contain another one.
    """
    from urllib.parse import quote, quote_plus  # here: only an error needs them

    found = {*more}
    for _, value in headers.values():
        if value.__class__ is Redacted:
            found.update(_parts(value))
    found |= {quote(secret, safe="") for secret in found} | {quote_plus(secret) for secret in found}
    return tuple(sorted((one for one in found if len(one) >= MIN_SECRET_LENGTH), key=lambda one: (-len(one), one)))


def _parts(value: str) -> Iterable[str]:
    """Yield a header's value without the name of its scheme, and its parts: between separators, and behind `=`."""
    scheme, space, rest = value.partition(" ")
    whole = rest if space and scheme.lower() in _SCHEMES else str(value)
    yield whole
    for word in re.split(r"[\s,;]+", whole):
        yield word.strip("\"'")
        yield word.partition("=")[2].strip("\"'")


def redact(error: Any, secrets: Iterable[str]) -> None:
    """Hide secrets in all attributes of an error that may quote the server, and in what its causes say."""
    from .variables import chain  # here: only an error has causes

    secrets = tuple(secrets)
    for name in ("message", "request_id", "code", "type", "param", "hint", "headers", "body"):
        value = getattr(error, name)
        hidden = without(value, secrets)
        if hidden is not value:
            setattr(error, name, hidden)
    for one in chain(error):
        hidden = tuple(without(argument, secrets) for argument in one.args)
        if any(new is not old for new, old in zip(hidden, one.args, strict=True)):
            one.args = hidden
        if isinstance(document := getattr(one, "doc", None), str):  # of a JSONDecodeError: all that was not JSON
            one.doc = without(document, secrets)  # type: ignore[attr-defined]  # it is there


def without(value: Any, secrets: Iterable[str]) -> Any:
    """Return a value without secrets; the same object if it holds none."""
    for secret in secrets:
        value = _without(value, secret)
    return value


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
        return super().__getitem__(name.lower() if isinstance(name, str) else name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        """Return a header's value, or the default."""
        return super().get(name.lower(), default) if isinstance(name, str) else default


def visible_headers(headers: Mapping[str, str] | Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the visible headers by lower-case name; repeated ones are joined with a comma."""
    pairs = cast("Iterable[tuple[Any, str]]", headers.items() if isinstance(headers, Mapping) else headers)
    shown = VisibleHeaders()
    for name, value in pairs:
        if not isinstance(name, str):
            raise TypeError(f"the name of a header must be a str, not {type(name).__name__}")
        name = name.lower()
        if name in _HEADERS or name.startswith(_HEADER_PREFIXES) or name.endswith(_HEADER_SUFFIXES):
            shown[name] = f"{shown[name]}, {value}" if name in shown else value
    return shown


def request_id(headers: Mapping[str, str]) -> str | None:
    """Return the server's id of a request, from any of the headers that servers use; their names are in lower case."""
    found = headers.get("x-request-id") or headers.get("request-id") or headers.get("apim-request-id")
    return found or headers.get("x-litellm-call-id")  # the gateway's own id, if it forwards no other
