"""The option `auth`: one identity for a client, and what it knows of its server. Loaded for clients that have one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import ConfigError
from .table import MISSING, OPTIONS


def with_identity(given: Mapping[str, Any], kept: Mapping[str, Any], *, has_base: bool) -> dict[str, Any]:
    """Return the options that a client is made of, where `auth` is given or kept.

    `kept` are the options of the client that is copied, none for a new one; `has_base`: the environment names a server.
    A key or a function is the same as `api_key`. Raises ConfigError for two identities, or one that has no server.
    """
    found = {**kept, **given}
    auth = given.get("auth")
    if auth is None:
        if given.get("api_key") is not None:
            found["auth"] = None  # the key takes the place of the identity
        return _without_query(found, kept) if found.get("auth") is None else found
    if given.get("api_key") is not None:
        raise ConfigError("auth and api_key are both given: api_key= is the short form of auth=, so give one of them")
    found = _without_query(found, kept)
    OPTIONS["auth"].check(auth)
    if not callable(getattr(auth, "apply", None)):
        return {**found, "api_key": auth, "auth": None}
    found["api_key"] = MISSING
    server, former = getattr(auth, "server", None), getattr(kept.get("auth"), "server", None)
    if former is not None and given.get("api_base") is None and found.get("api_base") == former.api_base:
        found["api_base"] = None  # the server of the former identity is not for this one
    if server is None:
        return found
    if given.get("api_base") is None and server.api_base is not None:
        found["api_base"] = server.api_base
    if found.get("api_base") is None and not has_base and server.missing:
        raise ConfigError(server.missing)
    query = found.get("default_query")
    if server.query and (query is None or isinstance(query, Mapping)):
        found["default_query"] = {**server.query, **(query or {})}
    return found


def _without_query(found: dict[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options without the query that the former identity of a copied client added."""
    former = getattr(kept.get("auth"), "server", None)
    if former is not None and former.query and found.get("default_query") is kept.get("default_query"):
        query = kept["default_query"]
        found["default_query"] = {n: v for n, v in query.items() if former.query.get(n) != v}
    return found
