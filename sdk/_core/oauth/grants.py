"""Sources of tokens for a `Credential`: the grants of OAuth 2.0 that need no person."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..auth.exchange import endpoint_failure, read_token
from ..auth.token_state import Token
from ..errors import APIError
from ..errors.redact import Redacted
from ..public import expose
from .token_endpoint import TokenEndpoint

if TYPE_CHECKING:
    from ..options.resolve import Options

_NOTHING: Mapping[str, str] = MappingProxyType({})


class _Grant:
    """A source of tokens: what it sends to its endpoint, and what it takes of the reply."""

    def __init__(self, endpoint: TokenEndpoint, form: Mapping[str, str]) -> None:
        self._endpoint, self._form = endpoint, form

    def fetch(self, options: Options, limit: float | None) -> Token:
        """Return a new token. Raises CredentialError."""
        until = None if limit is None else time.monotonic() + limit
        found, failure = None, None
        try:
            found = self._endpoint.send(options, limit, self._fields())
        except APIError as error:
            failure = endpoint_failure(self._endpoint, error, until, self._secrets())
        return self._taken(found, failure)

    async def afetch(self, options: Options, limit: float | None) -> Token:
        """Return a new token to a coroutine; see `fetch`."""
        until = None if limit is None else time.monotonic() + limit
        found, failure = None, None
        try:
            found = await self._endpoint.asend(options, limit, self._fields())
        except APIError as error:
            failure = endpoint_failure(self._endpoint, error, until, self._secrets())
        return self._taken(found, failure)

    def _fields(self) -> Mapping[str, str]:
        return self._form

    def _secrets(self) -> tuple[str, ...]:
        return self._endpoint.secrets

    def _taken(self, reply: Any, failure: BaseException | None) -> Token:
        return read_token(self._endpoint, reply, failure)

    def __repr__(self) -> str:
        return repr(self._endpoint)


class ClientCredentials(_Grant):
    """Tokens for a program: the client credentials grant (RFC 6749, section 4.4).

    `fields` are sent with the form, such as `audience`. With `in_body` the id and the secret are fields of the form,
    too, for servers that do not take the header Authorization.
    """

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        *,
        scopes: Iterable[str] = (),
        fields: Mapping[str, str] = _NOTHING,
        in_body: bool = False,
    ) -> None:
        scope = " ".join(scopes)
        form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {}), **fields}
        super().__init__(TokenEndpoint(token_url, client_id, client_secret, in_body=in_body), form)


class RefreshToken(_Grant):
    """Tokens for a person who has agreed: the refresh token grant (RFC 6749, section 6).

    A server may send another refresh token with each token; the next request takes that one, and `on_rotated` gets it,
    so that it can be kept for the next start of the program.
    """

    def __init__(
        self,
        token_url: str,
        refresh_token: str,
        client_id: str,
        client_secret: str | None = None,
        *,
        scopes: Iterable[str] = (),
        fields: Mapping[str, str] = _NOTHING,
        in_body: bool = False,
        on_rotated: Callable[[str], object] | None = None,
    ) -> None:
        scope = " ".join(scopes)
        form = {"grant_type": "refresh_token", **({"scope": scope} if scope else {}), **fields}
        super().__init__(TokenEndpoint(token_url, client_id, client_secret, in_body=in_body), form)
        self._refresh, self._on_rotated = Redacted(refresh_token), on_rotated

    def _fields(self) -> Mapping[str, str]:
        return {**self._form, "refresh_token": self._refresh}

    def _secrets(self) -> tuple[str, ...]:
        return (*self._endpoint.secrets, self._refresh)

    def _taken(self, reply: Any, failure: BaseException | None) -> Token:
        token = read_token(self._endpoint, reply, failure)
        new = reply.get("refresh_token")
        if isinstance(new, str) and new and new != self._refresh:
            self._refresh = Redacted(new)
            if self._on_rotated is not None:
                self._on_rotated(new)
        return token


expose(globals(), "auth", "ClientCredentials", "RefreshToken")
