"""What a document says of its server and of keys, as the data that a generated client carries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from .errors import GeneratorError
from .normalise import escape


class ServiceFacts(NamedTuple):
    """Base URL, prefix of the environment variables, and security schemes: (place, name, prefix) by name."""

    base_url: str
    prefix: str
    schemes: dict[str, tuple[str, str, str]]

    def variable(self, scheme: str) -> str:
        """Return the environment variable of a scheme's key, as the runtime reads it."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", scheme).strip("_")
        return f"{self.prefix}_{words.upper()}"


def service_of(document: Mapping[str, Any], package: str) -> ServiceFacts:
    """Return the facts of a document's service. Raises: GeneratorError for a scheme that cannot be expressed."""
    schemes = (document.get("components") or {}).get("securitySchemes") or {}
    found = {name: _scheme(raw, name) for name, raw in schemes.items()}
    return ServiceFacts(_base_url(document), package.upper(), {n: s for n, s in found.items() if s is not None})


def _base_url(document: Mapping[str, Any]) -> str:
    """Return the first server's URL with its variables' defaults; a relative one is taken from a local server."""
    servers = document.get("servers") or [{"url": "/"}]
    url = str(servers[0].get("url", "/"))
    for name, variable in (servers[0].get("variables") or {}).items():
        url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    if not re.match(r"https?://", url):
        url = f"http://localhost/{url.lstrip('/')}"
    return url.rstrip("/")


def _scheme(raw: Mapping[str, Any], name: str) -> tuple[str, str, str] | None:
    kind = raw.get("type")
    if kind == "apiKey":
        return raw["in"], raw["name"], ""
    if kind in ("oauth2", "openIdConnect"):
        return "header", "Authorization", "Bearer"
    if kind == "http":
        word = str(raw.get("scheme", "bearer"))
        return "header", "Authorization", {"bearer": "Bearer", "basic": "Basic"}.get(word.lower(), word)
    if kind == "mutualTLS":
        return None  # a certificate: http_options={"cert": ...}
    raise GeneratorError(
        f"the security scheme {name} has the type {kind!r}, which cannot be expressed",
        pointer=f"/components/securitySchemes/{escape(name)}",
        hint="correct it in an overlay: apiKey, http, oauth2, openIdConnect or mutualTLS",
    )
