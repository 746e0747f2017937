"""Exchange a token of the place where a program runs for one of the API (RFC 8693)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import APIError, APIStatusError, APITimeoutError, CredentialError
from ..errors.redact import Redacted, redact
from .clock import clock_hint
from .token_state import Token

if TYPE_CHECKING:
    from ..options.resolve import Options

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange"
#: The kinds of subject tokens (RFC 8693, section 3).
JWT = "urn:ietf:params:oauth:token-type:jwt"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"

_REFUSED = "Check that it trusts this workload: the issuer, audience and subject of the token, and its own identifiers."


class Subject(Protocol):
    """The token that says who this program is: where it comes from, and its kind, a URN of RFC 8693."""

    token_type: str

    def get(self, options: Options, limit: float | None) -> str:
        """Return the token, "" if the connection itself proves who this is. Raises CredentialError."""

    async def aget(self, options: Options, limit: float | None) -> str:
        """Return the token to a coroutine; see `get`."""


class Endpoint(Protocol):
    """A server that gives tokens as JSON. The errors of `send` are APIErrors."""

    def send(self, options: Options, limit: float | None, **request: Any) -> Any:
        """Send a request and return its JSON; `limit` are seconds, `options` those of the client that calls."""

    async def asend(self, options: Options, limit: float | None, **request: Any) -> Any:
        """Send a request from a coroutine; see `send`."""


class TokenExchange:
    """A source of tokens: each is exchanged for a new subject token at an endpoint that takes JSON.

    `fields` are sent beside those of RFC 8693.
    """

    def __init__(self, endpoint: Endpoint, subject: Subject, fields: Mapping[str, str]) -> None:
        self._endpoint, self._subject, self._fields = endpoint, subject, fields

    def fetch(self, options: Options, limit: float | None) -> Token:
        """Return a new token. Raises CredentialError."""
        until = None if limit is None else time.monotonic() + limit
        subject = Redacted(self._subject.get(options, limit))
        found, failure = None, None
        try:
            found = self._endpoint.send(options, _left(until), json=self._body(subject))
        except APIError as error:
            failure = endpoint_failure(self._endpoint, error, until, (subject,))
        return read_token(self._endpoint, found, failure)

    async def afetch(self, options: Options, limit: float | None) -> Token:
        """Return a new token to a coroutine; see `fetch`."""
        until = None if limit is None else time.monotonic() + limit
        subject = Redacted(await self._subject.aget(options, limit))
        found, failure = None, None
        try:
            found = await self._endpoint.asend(options, _left(until), json=self._body(subject))
        except APIError as error:
            failure = endpoint_failure(self._endpoint, error, until, (subject,))
        return read_token(self._endpoint, found, failure)

    def _body(self, subject: str) -> dict[str, str]:
        given = {"subject_token": subject} if subject else {}
        return {"grant_type": GRANT_TYPE, **given, "subject_token_type": self._subject.token_type, **self._fields}

    def __repr__(self) -> str:
        return repr(self._endpoint)


def _left(until: float | None) -> float | None:
    return None if until is None else max(0.001, until - time.monotonic())


def endpoint_failure(
    endpoint: object, error: APIError, until: float | None, secrets: tuple[str, ...] = ()
) -> CredentialError | TimeoutError:
    """Return the error of a source whose endpoint failed.

    `until` is the deadline of the caller by time.monotonic(): the endpoint is not to blame for that.
    """
    if isinstance(error, APITimeoutError) and until is not None and time.monotonic() >= until - 0.01:
        return TimeoutError()
    secrets = tuple(secret for secret in secrets if secret)
    redact(error, secrets)  # a server may echo the token that it refuses
    reason = error.message
    if isinstance(error.body, dict):  # RFC 6749, section 5.2
        words = [error.body.get(name) for name in ("error", "error_description")]
        reason = ": ".join(word for word in words if isinstance(word, str)) or reason
    status = "" if error.status_code is None else f"{error.status_code}: "
    hint = error.hint
    if isinstance(error, APIStatusError) and error.status_code < 500:
        hint = clock_hint(error.headers, time.time()) or _REFUSED
    message = f"{endpoint!r} gave no token: {status}{reason}"
    failure = CredentialError(message, hint=hint, retry_after=_seconds(error.headers.get("retry-after")))
    failure.__cause__ = error
    return failure


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() else None


def read_token(endpoint: object, reply: Any, failure: BaseException | None = None) -> Token:
    """Return the token of a successful reply (RFC 8693, section 2.2.1), else raise the failure.

    `expires_in` counts from the moment of asking, so that a wrong clock does no harm.
    """
    if failure is not None:
        raise failure
    value = reply.get("access_token") if isinstance(reply, Mapping) else None
    if not isinstance(value, str) or not value:
        raise CredentialError(f"{endpoint!r} gave no token: its reply has no access_token")
    lifetime = reply.get("expires_in")
    if isinstance(lifetime, str) and lifetime.isascii() and lifetime.isdigit():  # some servers quote the number
        lifetime = int(lifetime)
    if lifetime is None:
        return Token(value)
    if isinstance(lifetime, bool) or not isinstance(lifetime, int | float) or not 0 < lifetime < 1e9:
        raise CredentialError(f"{endpoint!r} gave no token: the expires_in of its reply is not a number of seconds")
    return Token(value, float(lifetime))
