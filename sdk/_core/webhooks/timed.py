"""Webhooks whose signature is a keyed hash of the body and of the time at which it was sent (HMAC, RFC 2104)."""

from __future__ import annotations

import hmac
import re
import time
from typing import Literal, NamedTuple

from ..errors import WebhookVerificationError
from .hashed import key_of, matches, mismatch
from .request import Headers, received, single_headers
from .standard import check_age, check_tolerance

_FIELD = re.compile(r"\s*([^=,;\s]+)=([^,;]*)")


class TimedBody(NamedTuple):
    """How an API signs: the header in lower case, where the time is, and what is hashed.

    With a `field` the header has fields, as in `t=1792324800,v1=0a1b...`: `field` are signatures, of which one must
    match, and `timestamp` is the time. Else `timestamp` is another header. `content` has the places `{timestamp}` and
    `{body}`.
    """

    header: str
    timestamp: str
    content: str = "{timestamp}.{body}"
    field: str = ""
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""

    def verify(
        self,
        body: bytes | str,
        headers: Headers,
        secret: str | None,
        *,
        source: str = "secret=",
        tolerance: float = 300,
        now: float | None = None,
    ) -> bytes:
        """Verify that a webhook was signed with the secret, and recently; return the body as bytes.

        `tolerance` is the allowed difference of the webhook's time, in seconds; `now` is Unix time, for tests.
        Raises: ConfigError for an invalid secret or argument, WebhookVerificationError for everything else.
        """
        key = key_of(secret, source)
        now = time.time() if now is None else now
        check_tolerance(tolerance, now)
        raw = received(body)
        timestamp, signatures = self._signed(headers)
        check_age(timestamp, tolerance, now, f"the time in {self.timestamp}")
        before, _, after = self.content.replace("{timestamp}", timestamp).encode().partition(b"{body}")
        digest = hmac.digest(key, before + raw + after, self.algorithm)
        found = [matches(given, self.prefix, digest, self.encoding) for given in signatures]
        if not any(found):
            raise mismatch()
        return raw

    def _signed(self, headers: Headers) -> tuple[str, list[str]]:
        """Return the time of a webhook, and its signatures."""
        if not self.field:
            signature, timestamp = single_headers(headers, (self.header, self.timestamp))
            return timestamp, [signature]
        (value,) = single_headers(headers, (self.header,))
        fields = _FIELD.findall(value)
        times = [text for name, text in fields if name == self.timestamp]
        if len(times) != 1:
            raise WebhookVerificationError(f"the header {self.header} has no single field {self.timestamp}")
        return times[0], [text for name, text in fields if name == self.field]
