"""Standard Webhooks: verify the signature of a webhook, and that it is recent.

Source: Standard Webhooks 1.0.0 (symmetric signatures, `v1`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import time
from collections.abc import Callable
from typing import TypeAlias

from ..errors import ConfigError, WebhookVerificationError
from ..validators import number_problem
from .request import Headers, received, redacted, single_headers

#: Called with the id of a verified webhook; returns whether it has been handled before.
Seen: TypeAlias = Callable[[str], bool]

_NAMES = ("webhook-id", "webhook-timestamp", "webhook-signature")
#: Digits of Unix time in seconds: int() takes other digits, signs and underscores too.
_TIMESTAMP = re.compile(r"[0-9]{1,15}", re.ASCII)
#: The largest Unix time that a webhook can have.
_LATEST = 1e15
_PREFIX = "whsec_"


def verify(
    body: bytes | str,
    headers: Headers,
    secret: str | None,
    *,
    source: str = "secret=",
    tolerance: float = 300,
    seen: Seen | None = None,
    now: float | None = None,
) -> bytes:
    """Verify that a webhook was signed with the secret, and recently; return the body as bytes.

    `secret` is `whsec_` and base64, or the key itself, and `source` is where it comes from. `tolerance` is the allowed
    difference of the webhook's time, in seconds. `seen` is called with the id of a verified webhook and returns True if
    it has been handled before (a replay). `now` is Unix time in seconds, for tests.
    Raises: ConfigError for an invalid secret or argument, WebhookVerificationError for everything else.
    """
    secret = redacted(secret)
    key = memoryview(_key(secret, source))
    now = time.time() if now is None else now
    check_tolerance(tolerance, now)
    if seen is not None and not callable(seen):
        raise ConfigError(f"seen= must be callable, not {type(seen).__name__}")
    raw = received(body)
    id_, timestamp, signature = single_headers(headers, _NAMES)
    check_age(timestamp, tolerance, now, "the header webhook-timestamp")
    content = b".".join((id_.encode(), timestamp.encode(), raw))
    expected = base64.b64encode(hmac.digest(key, content, hashlib.sha256))
    matches = [hmac.compare_digest(expected, given) for given in _signatures(signature)]
    if not any(matches):
        raise WebhookVerificationError(
            "no signature of the webhook matches. Is it the secret of this endpoint, and the body as it came?"
        )
    if seen is not None and seen(id_):
        raise WebhookVerificationError("the webhook has been handled before: its webhook-id was seen")
    return raw


def check_tolerance(tolerance: float, now: float) -> None:
    """Raise ConfigError for a value that would accept every webhook or none, such as NaN."""
    for name, value in (("tolerance", tolerance), ("now", now)):
        problem = number_problem(value, whole=False, least=0, most=_LATEST)
        if problem is not None:
            raise ConfigError(f"{name}= {problem}")


def _key(secret: str | None, source: str) -> bytes:
    if not isinstance(secret, str):
        raise ConfigError(f"{source} must be a str, not {type(secret).__name__}")
    key: bytes | None
    wanted = "text in UTF-8"
    try:
        key = secret.encode()
        if secret.startswith(_PREFIX):
            wanted = f"{_PREFIX} and base64"
            key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = None
    if key is None:  # raised here, not in `except`: the context of the error could show the secret
        raise ConfigError(f"{source} is not {wanted}")
    if not key:
        raise ConfigError(f"{source} is empty: anyone could sign with it")
    return key


def check_age(timestamp: str, tolerance: float, now: float, place: str) -> None:
    """Raise WebhookVerificationError for a time that is too far from now; `place` is where the webhook has it."""
    if not _TIMESTAMP.fullmatch(timestamp):
        raise WebhookVerificationError(f"{place} is not Unix time in whole seconds")
    age = int(now) - int(timestamp)
    if age > tolerance:
        raise WebhookVerificationError(f"the webhook is too old: {age} s, and {tolerance:g} s are allowed")
    if -age > tolerance:
        raise WebhookVerificationError(
            f"the webhook is {-age} s in the future, and {tolerance:g} s are allowed. Is this clock right?"
        )


def _signatures(header: str) -> list[bytes]:
    """Return the signatures of version v1; other versions may be asymmetric (v1a) or newer."""
    parts = (part.partition(",") for part in header.split(" "))
    return [signature.encode() for version, _, signature in parts if version == "v1"]
