"""The server and the security schemes of a document, as the data that a generated client carries."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..document import pointer as pointers
from ..document.pointer import escape
from ..errors import GeneratorError
from . import Security
from .oauth import TokenFlow, token_flows
from .servers import Choice, Server, choices_of, server_of

#: HTTP authentication schemes that answer a challenge, which a key alone cannot do.
#: Source: the IANA registry of HTTP authentication schemes.
_CHALLENGES = frozenset(
    {
        *("concealed", "digest", "dpop", "gnap", "hoba", "mutual", "negotiate", "ntlm", "privatetoken"),
        *("scram-sha-1", "scram-sha-256", "vapid"),
    }
)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2

#: What an operation wants of which the document says nothing: a key is sent if the client has one.
UNTOLD: Security = (("api_key",), ())

Spelling = tuple[str, str, str]
"""How a key is sent: header, query or cookie; its name there; the scheme in front of the key."""


def is_token(name: str) -> bool:
    """Return whether a str is a token: the name of a header or cookie, or an authentication scheme."""
    return bool(_TOKEN.fullmatch(name))


class ServiceFacts(NamedTuple):
    """Where the API is, and the security schemes that a key can satisfy."""

    server: Server
    schemes: dict[str, Spelling]
    choices: tuple[Choice, ...] = ()
    flows: tuple[TokenFlow, ...] = ()


def service_of(document: Mapping[str, Any]) -> ServiceFacts:
    """Return the facts of a document's service. Raises: GeneratorError for a server that no client can have."""
    found = {name: _form_of(document, name) for name in _schemes(document)}
    schemes = {name: form for name, form in found.items() if isinstance(form, tuple)}
    server = server_of(document)
    return ServiceFacts(server, schemes, choices_of(document), token_flows(_schemes(document), server.base))


def security(
    document: Mapping[str, Any], raw: Mapping[str, Any], pointer: str, *, lenient: bool = False
) -> tuple[Security, list[str]]:
    """Return the keys that an operation wants, and a note for each alternative that keys cannot satisfy.

    Raises: GeneratorError where that leaves none, unless `lenient`: then the caller proves who calls in another way.
    """
    if "security" not in raw and "security" not in document and not _schemes(document):
        return UNTOLD, []
    required = raw.get("security", document.get("security") or [])
    found: list[tuple[str, ...]] = []
    problems: list[tuple[str, str]] = []
    for index, alternative in enumerate(required or []):
        place = f"{pointer if 'security' in raw else ''}/security/{index}"
        for name in alternative:
            if name not in _schemes(document):
                raise GeneratorError(
                    f"no security scheme is called {name}", pointer=place,
                    hint="correct the name in spec/overlay.yaml, or add the scheme to components.securitySchemes",
                )  # fmt: skip
        try:
            found += _keys(document, alternative)
        except GeneratorError as error:
            problems.append((place, error.problem))
            if index == len(required) - 1 and not found and not lenient:
                raise
    notes = [f"left out: one way to prove who calls, of {pointer}: {problem}" for _, problem in problems]
    if not found:
        notes = [f"left out: at {place}: no key proves who calls: {problem}" for place, problem in problems]
    alternatives = tuple(dict.fromkeys(found))
    return () if alternatives == ((),) else alternatives, notes  # nothing alone is no key


def writes_authorization(document: Mapping[str, Any], raw: Mapping[str, Any]) -> bool:
    """Return whether an operation's key may go into the Authorization header."""
    required = raw.get("security", document.get("security")) or []
    names = {name for alternative in required for name in alternative if name in _schemes(document)}
    return any(isinstance(sent := _form_of(document, n), tuple) and sent[1].lower() == "authorization" for n in names)


def _keys(document: Mapping[str, Any], alternative: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return the ways to satisfy an alternative of `security`, each as the schemes that need a key.

    One key satisfies all schemes that are sent in the same way, such as one scheme for each flow of OAuth 2.
    Raises: GeneratorError if the schemes cannot be combined.
    """
    places: dict[tuple[str, str], dict[str, Spelling]] = {}
    for name in alternative:
        form = _form_of(document, name)
        if isinstance(form, GeneratorError):
            raise form
        if form is None:
            continue
        place = form[0], form[1].lower() if form[0] == "header" else form[1]
        here = places.setdefault(place, {})
        for other, its in here.items():
            if its[2] != form[2]:
                raise GeneratorError(
                    f"the security schemes {other} and {name} both want {form[0]} {form[1]}",
                    pointer=f"/components/securitySchemes/{escape(name)}",
                    hint="a request has one of each: write them as two alternatives in spec/overlay.yaml",
                )
        here[name] = form
    return list(itertools.product(*places.values()))


def _schemes(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return (document.get("components") or {}).get("securitySchemes") or {}


def _form_of(document: Mapping[str, Any], name: str) -> Spelling | GeneratorError | None:
    """Return how a scheme's key is sent; None for a certificate, an error (not raised) if no key satisfies it."""
    raw = pointers.resolved(document, _schemes(document)[name])
    kind = raw.get("type")
    if kind == "apiKey" and raw.get("in") in ("header", "query", "cookie") and raw.get("name"):
        key = str(raw["name"])
        if raw["in"] == "query" or is_token(key):
            return raw["in"], key, ""
    if kind in ("oauth2", "openIdConnect"):
        return "header", "Authorization", "Bearer"
    if kind == "http":
        word = str(raw.get("scheme", "bearer"))
        if word.lower() not in _CHALLENGES and is_token(word):
            return "header", "Authorization", {"bearer": "Bearer", "basic": "Basic"}.get(word.lower(), word)
    if kind == "mutualTLS":
        return None  # a certificate: http_options={"cert": ...}
    kind_text = f"http with the scheme {raw.get('scheme')!r}" if kind == "http" else f"of the type {kind!r}"
    return GeneratorError(
        f"the security scheme {name} is {kind_text}, which one key cannot satisfy",
        pointer=f"/components/securitySchemes/{escape(name)}",
        hint="correct it in spec/overlay.yaml: apiKey (in, name), http (bearer, basic), oauth2, openIdConnect or "
        "mutualTLS; or give the operations other `security`",
    )
