"""Tokens of OAuth 2.0: what goes to the endpoint, and what becomes of its reply."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest

from sdk import Client
from sdk.auth import ClientCredentials, Credential, RefreshToken
from sdk.errors import ConfigError, CredentialError
from tests.faults.raw import CHAT, Raw, always, reply

FORM = b"content-type: application/x-www-form-urlencoded"
TOKEN = b'{"access_token": "t1", "token_type": "Bearer", "expires_in": 3600}'


def call(server: Raw, credential: Credential, world: str) -> None:
    """Make one call with a credential, sync or in a coroutine."""
    arguments: Any = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}

    async def acall() -> None:
        async with Client(api_base=server.url, auth=credential, max_retries=0) as client:
            await client.chat.create.asyncio(**arguments)

    if world == "asyncio":
        asyncio.run(acall())
        return
    with Client(api_base=server.url, auth=credential, max_retries=0) as client:
        client.chat.create.sync(**arguments)


@pytest.mark.parametrize("world", ["sync", "asyncio"])
def test_client_credentials(world: str) -> None:
    """The form asks for a token with its scopes, id and secret are Basic, and the call sends the token."""
    with Raw(always(reply(TOKEN), reply(CHAT))) as server:
        grant = ClientCredentials(f"{server.url}/token", "an id", "s3cr3t:+", scopes=("read", "write"))
        call(server, Credential(grant), world)
        asked, sent = server.requests
    head, _, body = asked.partition(b"\r\n\r\n")
    assert asked.startswith(b"POST /v1/token HTTP/1.1\r\n")
    assert FORM in head.lower()
    assert b"authorization: basic " + base64.b64encode(b"an+id:s3cr3t%3A%2B").lower() in head.lower()
    assert body == b"grant_type=client_credentials&scope=read+write"
    assert b"bearer t1" in sent.lower()


def test_credentials_in_the_body() -> None:
    """Some servers take the id and the secret as fields alone, and want more fields."""
    with Raw(always(reply(TOKEN), reply(CHAT))) as server:
        grant = ClientCredentials(f"{server.url}/token", "i", "s", fields={"audience": "a"}, in_body=True)
        call(server, Credential(grant), "sync")
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert b"authorization" not in head.lower()
    assert body == b"grant_type=client_credentials&audience=a&client_id=i&client_secret=s"


@pytest.mark.parametrize("world", ["sync", "asyncio"])
def test_a_refused_token_is_fetched_again(world: str) -> None:
    """After a 401 the call goes out once more, with a new token."""
    second = TOKEN.replace(b"t1", b"t2")
    with Raw(always(reply(TOKEN), reply(b"{}", "401 Unauthorized"), reply(second), reply(CHAT))) as server:
        call(server, Credential(ClientCredentials(f"{server.url}/token", "i", "s")), world)
        assert [b"bearer t2" in one.lower() for one in server.requests] == [False, False, False, True]


def test_a_rotated_refresh_token_is_used_and_reported() -> None:
    """The refresh token of a reply takes the place of the old one."""
    rotated: list[str] = []
    first = TOKEN.replace(b"}", b', "refresh_token": "r2"}').replace(b"3600", b"1")
    with Raw(always(reply(first), reply(b"{}", "401 Unauthorized"), reply(TOKEN), reply(CHAT))) as server:
        grant = RefreshToken(f"{server.url}/token", "r1", "i", on_rotated=rotated.append)
        call(server, Credential(grant), "sync")
        bodies = [one.partition(b"\r\n\r\n")[2] for one in server.requests]
    assert bodies[0] == b"grant_type=refresh_token&refresh_token=r1&client_id=i"
    assert bodies[2] == b"grant_type=refresh_token&refresh_token=r2&client_id=i"
    assert rotated == ["r2"]


def test_a_refusal_says_why_and_no_secret() -> None:
    """The error of the endpoint is that of the call, and hides what it echoes."""
    body = b'{"error": "invalid_client", "error_description": "no client with s3cr3t-s3cr3t"}'
    with Raw(always(reply(body, "401 Unauthorized"))) as server, pytest.raises(CredentialError) as caught:
        call(server, Credential(ClientCredentials(f"{server.url}/token", "i", "s3cr3t-s3cr3t")), "sync")
    assert "401: invalid_client: no client with ***" in str(caught.value)
    assert "s3cr3t" not in str(caught.value) + repr(caught.value)


def test_a_url_without_a_server_is_refused() -> None:
    """A path alone names no endpoint."""
    with pytest.raises(ConfigError, match="token_url"):
        ClientCredentials("/token", "i", "s")
