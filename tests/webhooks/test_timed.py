"""Webhooks whose signature is a keyed hash of their body and their time."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from sdk._core.webhooks.timed import TimedBody
from sdk.errors import ConfigError, WebhookVerificationError

BODY, SECRET, NOW = b'{"type": "a"}', "s3cr3t-of-this-endpoint", 1_800_000_000
FIELDS = TimedBody("x-sign", "t", "{timestamp}.{body}", "v1")
ALONE = TimedBody("x-sign", "x-time", "v0:{timestamp}:{body}", prefix="v0=")


def digest(content: bytes) -> str:
    """Return the hash of what is signed."""
    return hmac.new(SECRET.encode(), content, hashlib.sha256).hexdigest()


RIGHT, V0 = digest(b"%d.%b" % (NOW, BODY)), digest(b"v0:%d:%b" % (NOW, BODY))


@pytest.mark.parametrize(
    ("signature", "headers"),
    [
        (FIELDS, {"X-Sign": f"t={NOW},v1={RIGHT}"}),
        (FIELDS, {"X-Sign": f"t={NOW}, v1={'0' * 64}, v1={RIGHT.upper()}, v0=a"}),  # after a change of the secret
        (FIELDS, {"X-Sign": f"t={NOW};v1={RIGHT}"}),
        (ALONE, {"X-Sign": f"v0={V0}", "X-Time": str(NOW)}),
    ],
)
@pytest.mark.parametrize("later", [0, 300, -300])
def test_a_right_signature(signature: TimedBody, headers: dict[str, str], later: int) -> None:
    """The time is a field of the header or a header; one of several signatures is enough."""
    assert signature.verify(BODY, headers, SECRET, now=NOW + later) == BODY


@pytest.mark.parametrize(
    ("signature", "headers", "problem"),
    [
        (FIELDS, {}, "the header x-sign is missing"),
        (FIELDS, {"X-Sign": f"t={NOW}"}, "does not match"),
        (FIELDS, {"X-Sign": f"v1={RIGHT}"}, "has no single field t"),
        (FIELDS, {"X-Sign": f"t={NOW},t={NOW},v1={RIGHT}"}, "has no single field t"),
        (FIELDS, {"X-Sign": f"t={NOW + 1},v1={RIGHT}"}, "does not match"),
        (FIELDS, {"X-Sign": f"t=now,v1={RIGHT}"}, "the time in t is not Unix time"),
        (FIELDS, {"X-Sign": f"t={NOW},v1={V0}"}, "does not match"),
        (ALONE, {"X-Sign": f"v0={V0}"}, "the header x-time is missing"),
        (ALONE, {"X-Sign": V0, "X-Time": str(NOW)}, "does not match"),
    ],
)
def test_a_wrong_one(signature: TimedBody, headers: dict[str, str], problem: str) -> None:
    """What is missing, there twice, changed or of another content is refused, and no secret is shown."""
    with pytest.raises(WebhookVerificationError, match=problem) as caught:
        signature.verify(BODY, headers, SECRET, now=NOW)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(("later", "problem"), [(301, "too old: 301 s"), (-301, "301 s in the future")])
def test_a_time_that_is_far(later: int, problem: str) -> None:
    """A webhook that is older or newer than the tolerance is refused, though its signature is right."""
    with pytest.raises(WebhookVerificationError, match=problem):
        FIELDS.verify(BODY, {"X-Sign": f"t={NOW},v1={RIGHT}"}, SECRET, now=NOW + later)


def test_a_tolerance_that_is_none() -> None:
    """NaN would accept every webhook."""
    with pytest.raises(ConfigError, match="tolerance="):
        FIELDS.verify(BODY, {}, SECRET, tolerance=float("nan"))
