"""The flows of OAuth 2.0 that a program can follow alone, as the data of functions of a package."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple
from urllib.parse import urljoin

from .operation_ids import snake_case

Grant = Literal["client_credentials", "refresh_token"]


class TokenFlow(NamedTuple):
    """One function: its name, the scheme, the grant, where tokens come from ("": the caller says), and the scopes."""

    name: str
    scheme: str
    grant: Grant
    token_url: str
    scopes: tuple[str, ...]


def token_flows(schemes: Mapping[str, Any], base: str) -> tuple[TokenFlow, ...]:
    """Return the flows of the security schemes; a relative URL is below the server, whose base URL is `base`.

    Source: OpenAPI 3.1.1, sections 4.8.28 and 4.8.29.
    """
    oauth = {n: raw for n, raw in schemes.items() if isinstance(raw, Mapping) and raw.get("type") == "oauth2"}
    found: list[TokenFlow] = []
    for name, raw in oauth.items():
        flows = raw.get("flows") or {}
        prefix = f"{snake_case(name)}_" if len(oauth) > 1 else ""
        if isinstance(flow := flows.get("clientCredentials"), Mapping):
            found.append(_flow(f"{prefix}client_credentials", name, "client_credentials", flow, "tokenUrl", base))
        for kind in ("authorizationCode", "password"):
            if isinstance(flow := flows.get(kind), Mapping) and (flow.get("refreshUrl") or flow.get("tokenUrl")):
                key = "refreshUrl" if flow.get("refreshUrl") else "tokenUrl"
                found.append(_flow(f"{prefix}refresh_token", name, "refresh_token", flow, key, base))
                break
    return tuple(found)


def _flow(function: str, scheme: str, grant: Grant, raw: Mapping[str, Any], key: str, base: str) -> TokenFlow:
    url = str(raw.get(key) or "")
    whole = url if re.match(r"https?://", url) else urljoin(f"{base}/", url) if base and url else ""
    scopes = raw.get("scopes")
    return TokenFlow(function, scheme, grant, whole, tuple(map(str, scopes)) if isinstance(scopes, Mapping) else ())
