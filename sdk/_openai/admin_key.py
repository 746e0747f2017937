"""The admin key of a client, beside an identity that the user gave as `auth=`."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from .._core.auth.keys import ApiKeys

if TYPE_CHECKING:
    from .._core.auth.protocol import Auth, Outgoing
    from .._core.effects import Ask
    from .._core.errors import APIError
    from .._core.options.resolve import Options
    from .._core.service import Service


def with_admin_key(auth: Auth, service: Service, options: Options) -> Auth:
    """Return the authentication of a client: the identity, and the admin key where an operation needs that."""
    return _WithAdminKey(auth, ApiKeys(service, options))


class _WithAdminKey:
    """Use the identity; for the operations of an organization, use `admin_api_key`."""

    __slots__ = ("_auth", "_keys")

    def __init__(self, auth: Auth, keys: ApiKeys) -> None:
        self._auth, self._keys = auth, keys

    def apply(self, outgoing: Outgoing) -> Generator[Ask, Any, None]:
        """Add the credentials that the operation needs."""
        return (self._keys if _needs_admin_key(outgoing) else self._auth).apply(outgoing)

    def renew(self, outgoing: Outgoing, error: APIError) -> bool:
        """Return whether the identity has another credential than the one that was refused."""
        renew = getattr(self._auth, "renew", None)
        return renew is not None and not _needs_admin_key(outgoing) and bool(renew(outgoing, error))

    def explain(self, outgoing: Outgoing, error: APIError) -> str | None:
        """Return what the identity says to a refusal."""
        explain = getattr(self._auth, "explain", None)
        hint: str | None = None if explain is None or _needs_admin_key(outgoing) else explain(outgoing, error)
        return hint


def _needs_admin_key(outgoing: Outgoing) -> bool:
    security = outgoing.request.spec.security
    return bool(security) and security[0][0] == "admin_api_key"
