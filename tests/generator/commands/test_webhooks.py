"""Webhooks of packages: verified as their document says, and read as their models."""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib
import time
from pathlib import Path
from typing import Any

import pytest

from ..packages import Packages

EVENT = "{type: object, required: [type], properties: {type: {const: made}, name: {type: string}}}"
PARAMETER = "parameters: [{{name: {}, in: header, schema: {{type: string}}}}],"
BODY = b'{"type": "made", "name": "Rex"}'
SECRET = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def document(parameter: str = "") -> str:
    """Return a document with one webhook."""
    body = f"requestBody: {{content: {{application/json: {{schema: {EVENT}}}}}}}"
    return f"webhooks: {{made: {{post: {{{parameter} {body}, responses: {{'200': {{description: ok}}}}}}}}}}\n"


def module(made: Any) -> Any:
    """Import the webhooks of a package."""
    return importlib.import_module(f"{made.__name__}.webhooks")


def hub(body: bytes = BODY) -> dict[str, str]:
    """Return headers with a hash."""
    return {"X-Hub-Signature-256": f"sha256={hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()}"}


def test_a_header_that_says_how(packages: Packages, monkeypatch: pytest.MonkeyPatch) -> None:
    """X-Hub-Signature-256 is a hash of the body; the secret comes from the environment of the package."""
    made = packages(document(PARAMETER.format("X-Hub-Signature-256")))
    webhooks = module(made)
    event = webhooks.unwrap(BODY, hub(), SECRET)
    assert (type(event).__module__.partition(".")[0], event.name) == (made.__name__, "Rex")
    monkeypatch.setenv(f"{made.__name__.upper()}_WEBHOOK_SECRET", SECRET)
    assert webhooks.verify(BODY, hub()) == BODY
    with pytest.raises(importlib.import_module(f"{made.__name__}.errors").WebhookVerificationError):
        webhooks.unwrap(BODY + b" ", hub())


def test_standard_webhooks(packages: Packages) -> None:
    """`webhook-signature` is that of Standard Webhooks, with its time."""
    webhooks = module(packages(document(PARAMETER.format("webhook-signature"))))
    stamp = str(int(time.time()))
    key = base64.b64decode(SECRET)
    signed = base64.b64encode(hmac.digest(key, f"msg_1.{stamp}.".encode() + BODY, hashlib.sha256)).decode()
    headers = {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": f"v1,{signed}"}
    assert webhooks.unwrap(BODY, headers, f"whsec_{SECRET}").name == "Rex"


@pytest.mark.parametrize(
    ("header", "content", "written"),
    [
        ("Stripe-Signature", "{t}.", lambda t, digest: {"Stripe-Signature": f"t={t},v1={digest},v0=00"}),
        (
            "X-Slack-Signature",
            "v0:{t}:",
            lambda t, digest: {"X-Slack-Request-Timestamp": t, "X-Slack-Signature": f"v0={digest}"},
        ),
        ("Paddle-Signature", "{t}:", lambda t, digest: {"Paddle-Signature": f"ts={t};h1={digest}"}),
    ],
)  # fmt: skip
def test_a_signature_with_the_time(packages: Packages, header: str, content: str, written: Any) -> None:
    """Headers of well-known senders sign the time, too: a webhook that is old is refused."""
    made = packages(document(PARAMETER.format(header)))
    webhooks, now = module(made), int(time.time())
    for stamp, problem in ((now, ""), (now - 400, "too old: 40")):
        digest = hmac.digest(SECRET.encode(), content.format(t=stamp).encode() + BODY, hashlib.sha256).hex()
        headers = written(str(stamp), digest)
        if not problem:
            assert webhooks.unwrap(BODY, headers, SECRET).name == "Rex"
            continue
        with pytest.raises(Exception, match=problem):
            webhooks.unwrap(BODY, headers, SECRET)
        assert webhooks.verify(BODY, headers, SECRET, tolerance=500) == BODY


def test_an_extension_says_where_the_time_is(packages: Packages) -> None:
    """x-sdk-webhooks names the header of the time, and what is hashed."""
    more = "x-sdk-webhooks: {header: X-Sign, timestamp: X-Time, content: '{body}|{timestamp}', encoding: base64}\n"
    webhooks, stamp = module(packages(document() + more)), str(int(time.time()))
    signed = base64.b64encode(hmac.digest(SECRET.encode(), BODY + f"|{stamp}".encode(), hashlib.sha256)).decode()
    assert webhooks.unwrap(BODY, {"x-sign": signed, "x-time": stamp}, SECRET).name == "Rex"


def test_webhooks_of_an_older_document(packages: Packages) -> None:
    """OpenAPI 3.0 has no webhooks: `x-webhooks` are read as such."""
    head = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n"
    event = EVENT.replace("{const: made}", "{type: string, enum: [made]}")
    text = document(PARAMETER.format("X-Hub-Signature-256")).replace(EVENT, event)
    made = packages(f"x-{text}paths: {{}}\n", head=head)
    assert module(made).unwrap(BODY, hub(), SECRET).name == "Rex"


def test_an_extension_says_how(packages: Packages) -> None:
    """x-sdk-webhooks names header, hash, form and prefix."""
    more = "x-sdk-webhooks: {header: X-Sign, algorithm: sha1, encoding: base64, prefix: 'v0='}\n"
    webhooks = module(packages(document() + more))
    signed = base64.b64encode(hmac.new(SECRET.encode(), BODY, hashlib.sha1).digest()).decode()
    assert webhooks.unwrap(BODY, {"x-sign": f"v0={signed}"}, SECRET).name == "Rex"


@pytest.mark.parametrize(
    "said", ["algorithm: md5", "content: '{timestamp}{body}'", "timestamp: X-Time, content: '{body}'", "field: v1"]
)
def test_a_wrong_extension(packages: Packages, said: str) -> None:
    """One that says nothing useful, or half of it, is an error."""
    packages(document() + f"x-sdk-webhooks: {{header: X-Sign, {said}}}\n", code=1)
    assert "at /x-sdk-webhooks: x-sdk-webhooks does not say how webhooks are signed" in packages.err


def test_nothing_says_how(packages: Packages) -> None:
    """Then the events are types alone, and the report says so."""
    made = packages(document())
    assert not Path(made.__file__).with_name("webhooks.py").exists()
    assert packages.reported[0].startswith("left out: verifying the webhooks, whose events are types: made")
