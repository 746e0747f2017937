"""What identities hold: no error, log or tape has it, and no traceback that shows variables."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sdk import Client
from sdk.auth import AWSAuth, AzureAuth, Credential, GoogleAuth, Token, WorkloadIdentity
from sdk.errors import APIError
from sdk.testing import cassette
from tests.auth.imitation import MESSAGES, Answer, Sent, Site, Tokens, chat
from tests.faults.leaks import leaks

SUBJECT = "eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl"
SECRETS = (
    "issued-token-1",
    "azure-key-1",
    "entra-token-1",
    "bedrock-key-1",
    "wJalrXUtnFEMI-EXAMPLE",
    "refresh-1",
    SUBJECT,
)


class Vault:
    """A source of one token."""

    def fetch(self, options: Any, limit: float | None) -> Token:
        """Return the token."""
        return Token("issued-token-1", 3600)

    async def afetch(self, options: Any, limit: float | None) -> Token:
        """Return the token to a coroutine."""
        return self.fetch(options, limit)


def _azure_key(site: Site, tokens: Site) -> Any:
    return AzureAuth(site.origin, api_key="azure-key-1")


def _azure_token(site: Site, tokens: Site) -> Any:
    return AzureAuth(site.origin, token=lambda: "entra-token-1")


def _bedrock(site: Site, tokens: Site) -> Any:
    return AWSAuth("us-east-1", api_key="bedrock-key-1")


def _signed(site: Site, tokens: Site) -> Any:
    credentials: Any = pytest.importorskip("botocore.credentials", reason="the extra `aws` is not installed")
    return AWSAuth("us-east-1", credentials=credentials.Credentials("AKIAEXAMPLE", "wJalrXUtnFEMI-EXAMPLE"))


def _google(site: Site, tokens: Site) -> Any:
    kinds: Any = pytest.importorskip("google.oauth2.credentials", reason="the extra `google` is not installed")
    url = f"{tokens.origin}/token"
    return GoogleAuth(
        kinds.Credentials(None, refresh_token="refresh-1", token_uri=url, client_id="c", client_secret="s")
    )


def _workload(site: Site, tokens: Site) -> Any:
    return WorkloadIdentity("idp", "account", subject=lambda: SUBJECT, token_url=f"{tokens.origin}/oauth/token")


def _vault(site: Site, tokens: Site) -> Any:
    return Credential(Vault())


IDENTITIES: list[Callable[[Site, Site], Any]] = [
    _azure_key,
    _azure_token,
    _bedrock,
    _signed,
    _google,
    _workload,
    _vault,
]


def echo(sent: Sent) -> Answer:
    """Refuse, and repeat what came in the message, in a header and in the body."""
    said = sent.headers.get("authorization") or sent.headers.get("api-key") or ""
    return Answer({"error": {"message": f"denied: {said}", "code": said}}, 401, {"X-Request-Id": said})


def echo_body(sent: Sent) -> Answer:
    """Refuse a token, and repeat the request."""
    return Answer({"error": "invalid_grant", "error_description": sent.body.decode()}, 400)


def fail(auth: Any, base: str, world: str) -> APIError:
    """Return the error of a call."""
    options: Any = {"api_base": base, "auth": auth, "max_retries": 0}

    async def main() -> None:
        async with Client(**options) as client:
            await client.chat.create.asyncio(model="m", messages=MESSAGES)

    with pytest.raises(APIError) as caught:
        if world == "asyncio":
            asyncio.run(main())
        else:
            with Client(**options) as client:
                client.chat.create.sync(model="m", messages=MESSAGES)
    return caught.value


@pytest.mark.parametrize("world", ["sync", "asyncio"])
@pytest.mark.parametrize("make", IDENTITIES)
def test_a_refusal_that_echoes(make: Callable[[Site, Site], Any], world: str, caplog: pytest.LogCaptureFixture) -> None:
    """A server may repeat the credential where it likes."""
    with Site(echo) as site, Site(Tokens()) as tokens, caplog.at_level(logging.DEBUG, logger="sdk"):
        error = fail(make(site, tokens), site.url, world)
    for secret in SECRETS:
        assert leaks(error, secret) == []
        assert secret not in caplog.text


@pytest.mark.parametrize("world", ["sync", "asyncio"])
@pytest.mark.parametrize("make", [_google, _workload])
def test_a_token_server_that_echoes(
    make: Callable[[Site, Site], Any], world: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A token server may repeat what it was sent."""
    with Site(chat) as site, Site(echo_body) as tokens, caplog.at_level(logging.DEBUG, logger="sdk"):
        error = fail(make(site, tokens), site.url, world)
    for secret in SECRETS:
        assert leaks(error, secret) == []
        assert secret not in caplog.text


def test_a_tape(tmp_path: Path) -> None:
    """A cassette has neither the subject token, which it records the exchange of, nor the token."""
    path = tmp_path / "tape.yaml"
    for _ in range(2):
        with Site(chat) as site, Site(Tokens()) as tokens, cassette(path):
            auth = WorkloadIdentity("idp", "account", subject=lambda: SUBJECT, token_url=f"{tokens.origin}/oauth/token")
            with Client(auth=auth, api_base=site.url) as client:
                assert client.chat.create.sync(model="m", messages=MESSAGES).id == "c"
    text = path.read_text(encoding="utf-8")
    assert "subject_token" in text
    for secret in SECRETS:
        assert secret not in text
