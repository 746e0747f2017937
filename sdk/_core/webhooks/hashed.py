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
        secret = redacted(secret)
        if not isinstance(secret, str):
            raise ConfigError(f"{source} must be a str, not {type(secret).__name__}")
        if not secret:
            raise ConfigError(f"{source} is empty: anyone could sign with it")
        raw = received(body)
        (given,) = single_headers(headers, (self.header,))
        digest = hmac.digest(memoryview(secret.encode("utf-8", "surrogatepass")), raw, self.algorithm)
        text = digest.hex() if self.encoding == "hex" else base64.b64encode(digest).decode()
        expected = f"{self.prefix}{text}"
        if self.encoding == "hex":
            given = given.lower()
            expected = expected.lower()
        if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
            raise WebhookVerificationError(
                "the signature of the webhook does not match. Is it the secret of this endpoint, and the body as it "
                "came?"
            )
        return raw
