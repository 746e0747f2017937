"""Webhooks whose signature is a keyed hash of their body."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from sdk._core.webhooks.hashed import HashedBody
from sdk.errors import ConfigError, WebhookVerificationError

BODY, SECRET = b'{"type": "a"}', "s3cr3t-of-this-endpoint"
HUB = HashedBody("x-hub-signature-256", "sha256", "hex", "sha256=")


def digest(algorithm: str = "sha256", body: bytes = BODY) -> bytes:
    """Return the hash of a body."""
    return hmac.new(SECRET.encode(), body, getattr(hashlib, algorithm)).digest()


@pytest.mark.parametrize(
    ("signature", "value"),
    [
        (HUB, f"sha256={digest().hex()}"),
        (HUB, f"sha256={digest().hex().upper()}"),
        (HashedBody("x-sign", "sha512"), digest("sha512").hex()),
        (HashedBody("x-sign", "sha1", "base64", "v1="), f"v1={base64.b64encode(digest('sha1')).decode()}"),
    ],
)
@pytest.mark.parametrize("wsgi", [False, True])
def test_a_right_signature(signature: HashedBody, value: str, wsgi: bool) -> None:
    """Each hash in each form, in headers of any framework."""
    name = f"HTTP_{signature.header.upper().replace('-', '_')}" if wsgi else signature.header.title()
    assert signature.verify(BODY, {name: value}, SECRET) == BODY


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({}, "the header x-hub-signature-256 is missing"),
        ({"X-Hub-Signature-256": digest().hex()}, "does not match"),
        ({"X-Hub-Signature-256": f"sha256={digest(body=b'{}').hex()}"}, "does not match"),
        ({"X-Hub-Signature-256": "sha256="}, "does not match"),
        ([("X-Hub-Signature-256", "a"), ("x-hub-signature-256", "b")], "is there 2 times"),
    ],
)
def test_a_wrong_one(headers: object, problem: str) -> None:
    """A signature that is missing, of another body, cut, or there twice is refused, and no secret is shown."""
    with pytest.raises(WebhookVerificationError, match=problem) as caught:
        HUB.verify(BODY, headers, SECRET)  # type: ignore[arg-type]  # pairs, too
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("secret", ["", None, 1])
def test_no_secret(secret: object) -> None:
    """Without a secret nothing is verified."""
    with pytest.raises(ConfigError, match=r"^secret= "):
        HUB.verify(BODY, {}, secret)  # type: ignore[arg-type]  # on purpose
