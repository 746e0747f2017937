"""Vertex AI: credentials of google-auth, against an imitation of the token server of Google."""

from __future__ import annotations

import asyncio
import datetime
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sdk import Client
from sdk.auth import GoogleAuth
from sdk.errors import ConfigError, CredentialError
from tests.auth.imitation import MESSAGES, Answer, Site, Tokens, chat, only

pytest.importorskip("google.auth", reason="the extra `google` is not installed")
import google.oauth2.credentials as kinds


def credentials(tokens: Site) -> Any:
    """Return credentials of a user, which are refreshed at a server of the test."""
    make: Any = kinds.Credentials
    return make(
        None,
        refresh_token="refresh-token-1",
        token_uri=f"{tokens.origin}/token",
        client_id="client",
        client_secret="client-secret-1",
    )


def client(url: str, auth: Any, **options: Any) -> Client:
    """Return a client of many calls at once, which does not try again."""
    return Client(**{"api_base": url, "auth": auth, "max_in_flight": None, "max_retries": 0, **options})


def ask(made: Client) -> str:
    """Call, and return the id of the reply."""
    return made.chat.create.sync(model="google/gemini", messages=MESSAGES).id


async def aask(url: str, auth: Any) -> str:
    """Call from a coroutine; see `ask`."""
    async with client(url, auth) as made:
        return (await made.chat.create.asyncio(model="google/gemini", messages=MESSAGES)).id


def test_fifty_threads_refresh_once() -> None:
    """google-auth asks for one token, which all calls send."""
    with Site(Tokens()) as tokens, Site(chat) as site, ThreadPoolExecutor(50) as pool:
        with client(site.url, GoogleAuth(credentials(tokens))) as made:
            assert set(pool.map(ask, [made] * 50)) == {"c"}
        assert {sent.bearer for sent in site.sent} == {"issued-token-1"}
        assert len(tokens.sent) == 1
        assert b"refresh_token=refresh-token-1" in tokens.sent[0].body


@pytest.mark.parametrize("world", ["sync", "asyncio"])
def test_a_refused_token_is_refreshed(world: str) -> None:
    """After a 401 the call is sent again with another token; in a coroutine google-auth runs in a thread."""
    with Site(Tokens()) as tokens, Site(only("issued-token-2")) as site:
        auth = GoogleAuth(credentials(tokens))
        if world == "asyncio":
            assert asyncio.run(aask(site.url, auth)) == "c"
        else:
            with client(site.url, auth) as made:
                assert ask(made) == "c"
        assert len(tokens.sent) == 2


def test_a_failure_is_told_without_secrets() -> None:
    """What the token server says is shown; neither the client's secret nor the refresh token is."""
    answer = Answer({"error": "invalid_grant", "error_description": "revoked refresh_token=refresh-token-1"}, 400)
    with Site(lambda _: answer) as tokens, Site(chat) as site:
        with client(site.url, GoogleAuth(credentials(tokens))) as made:
            with pytest.raises(
                CredentialError, match="the credentials Credentials gave no token: RefreshError"
            ) as caught:
                ask(made)
            with pytest.raises(CredentialError):
                ask(made)
        assert (len(tokens.sent), site.sent) == (1, [])
    shown = str(caught.value)
    assert "invalid_grant" in shown
    assert "gcloud auth application-default login" in shown
    assert "refresh-token-1" not in shown
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_a_token_is_refreshed_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five minutes before the end that Google gave."""
    began, ahead = time.monotonic(), 0.0
    monkeypatch.setattr("sdk._core.auth.credential.time.monotonic", lambda: began + ahead)
    with Site(Tokens()) as tokens, Site(chat) as site, client(site.url, GoogleAuth(credentials(tokens))) as made:
        for seconds in (0.0, 3290.0, 3301.0):
            ahead = seconds
            ask(made)
        assert [sent.bearer for sent in site.sent] == ["issued-token-1", "issued-token-1", "issued-token-2"]


@pytest.mark.parametrize("hours", [-48, 48])
def test_a_wrong_clock(hours: int) -> None:
    """An expiry that lies in the past by the clock of this machine does not lead to a refresh for each call."""

    class Skewed:
        """Credentials of a machine whose clock is wrong."""

        expiry = datetime.datetime.now(datetime.UTC).replace(tzinfo=None) + datetime.timedelta(hours=hours)
        token, count = "", 0

        def refresh(self, _: object) -> None:
            """Count, and set the token."""
            self.count += 1
            self.token = f"google-token-{self.count}"

    skewed = Skewed()
    with Site(chat) as site, client(site.url, GoogleAuth(skewed)) as made:
        ask(made)
        ask(made)
        assert [sent.bearer for sent in site.sent] == ["google-token-1"] * 2


def test_base_urls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The project and the location make the URL."""
    with Client(auth=GoogleAuth(project="my-project")) as made:
        assert made.options.api_base == (
            "https://aiplatform.googleapis.com/v1/projects/my-project/locations/global/endpoints/openapi"
        )
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "other")
    monkeypatch.setenv("GOOGLE_CLOUD_LOCATION", "europe-west4")
    with Client(auth=GoogleAuth(endpoint="123")) as made:
        assert made.options.api_base == (
            "https://europe-west4-aiplatform.googleapis.com/v1/projects/other/locations/europe-west4/endpoints/123"
        )


def test_without_a_project() -> None:
    """The client is not made, so that no token of Google goes to the hosted API."""
    with pytest.raises(ConfigError, match="GoogleAuth needs the project"):
        Client(auth=GoogleAuth())
