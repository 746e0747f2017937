"""Webhooks whose signature is a keyed hash of the body alone (HMAC, RFC 2104)."""

from __future__ import annotations

import base64
import hmac
from typing import Literal, NamedTuple

from ..errors import ConfigError, WebhookVerificationError
from .request import Headers, received, redacted, single_headers


class HashedBody(NamedTuple):
    """How an API signs: the header in lower case, the hash, how it is written, and what is in front of it."""

    header: str
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""

    def verify(self, body: bytes | str, headers: Headers, secret: str | None, *, source: str = "secret=") -> bytes:
        """Verify that a webhook was signed with the secret; return the body as bytes.

        Raises: ConfigError for an invalid secret, WebhookVerificationError for everything else.
        """
        key = key_of(secret, source)
        raw = received(body)
        (given,) = single_headers(headers, (self.header,))
        if not matches(given, self.prefix, hmac.digest(key, raw, self.algorithm), self.encoding):
            raise mismatch()
        return raw


def key_of(secret: str | None, source: str) -> memoryview:
    """Return the secret as bytes. Raises: ConfigError for what is none; `source` is where it comes from."""
    secret = redacted(secret)
    if not isinstance(secret, str):
        raise ConfigError(f"{source} must be a str, not {type(secret).__name__}")
    if not secret:
        raise ConfigError(f"{source} is empty: anyone could sign with it")
    return memoryview(secret.encode("utf-8", "surrogatepass"))


def matches(given: str, prefix: str, digest: bytes, encoding: Literal["hex", "base64"]) -> bool:
    """Return whether a signature is this hash, in constant time."""
    text = digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()
    expected = f"{prefix}{text}"
    if encoding == "hex":
        given, expected = given.lower(), expected.lower()
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def mismatch() -> WebhookVerificationError:
    """Return the error of a signature that is another one."""
    return WebhookVerificationError(
        "the signature of the webhook does not match. Is it the secret of this endpoint, and the body as it came?"
    )
