"""A key at the wrong server: the error of the call says whose key it seems to be, without showing it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.auth import AzureAuth
from sdk.errors import APIStatusError, AuthenticationError

#: A key, the server that it was sent to, and the hint; None: the usual one.
MIXED: list[tuple[str, str, str | None]] = [
    ("gsk_0123456789abcdef", "https://api.openai.com/v1",
     "The key looks like one of Groq (gsk_...), and the server is that of OpenAI; for its server, "
     "Client.for_provider('groq')."),
    ("sk-proj-0123456789abcdef", "https://api.groq.com/openai/v1",
     "The key looks like one of OpenAI (sk-proj-...), and the server is that of Groq; for its server, "
     "Client.for_provider('openai')."),
    ("sk-ant-0123456789abcdef", "https://api.openai.com/v1",
     "The key looks like one of Anthropic (sk-ant-...), and the server is that of OpenAI."),
    ("sk-or-v1-0123456789abcdef", "https://api.deepseek.com",
     "The key looks like one of OpenRouter (sk-or-...), and the server is that of DeepSeek; for its server, "
     "Client.for_provider('openrouter')."),
    ("0123456789abcdef0123456789abcdef", "https://api.openai.com/v1",
     "The key looks like one of Azure OpenAI (32 characters without a prefix), and the server is that of OpenAI; for "
     "its server, Client.for_provider('azure')."),
    ("0123456789abcdef0123456789abcdef", "https://mine.openai.azure.com/openai/v1",
     "This is a resource of Azure OpenAI: use Client(auth=AzureAuth(...)), which sends the key as it wants it."),
    ("sk-proj-0123456789abcdef", "https://mine.services.ai.azure.com/openai/v1",
     "This is a resource of Azure OpenAI: use Client(auth=AzureAuth(...)), which sends the key as it wants it."),
    ("ghp_0123456789abcdef", "https://models.github.ai/inference",
     "GitHub Models was retired on 2026-07-30: this server no longer answers."),
    ("xai-0123456789abcdef", "https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1",
     "The key looks like one of xAI (xai-...), and the server is that of Amazon Bedrock; for its server, "
     "Client.for_provider('xai')."),
    ("sk-proj-0123456789abcdef", "https://api.openai.com/v1", None),
    ("gsk_0123456789abcdef", "http://localhost:8000/v1", None),
    ("sk-0123456789abcdef", "https://api.deepseek.com", None),
]  # fmt: skip


def refused(key: str, base: str, status: int = 401) -> APIStatusError:
    """Return the error of a call that the server refuses."""

    def refuse(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json={"error": {"message": f"wrong key {key}"}})

    options: Any = {"transport": httpx.MockTransport(refuse), "max_retries": 0}
    with Client(api_key=key, api_base=base, **options) as client, pytest.raises(APIStatusError) as caught:
        client.models.list.sync()
    return caught.value


@pytest.mark.parametrize(("key", "base", "hint"), MIXED)
def test_whose_key_it_seems_to_be(key: str, base: str, hint: str | None) -> None:
    """The hint names the vendor of the key and the one of the server; the key is in no part of the error."""
    error = refused(key, base)
    usual = "Check the API key: api_key=."
    assert error.hint == (usual if hint is None else hint)
    assert key not in f"{error!r} {vars(error)}"


def test_a_missing_path_is_a_hint_for_azure_alone() -> None:
    """404 does not speak of a key, but Azure answers so below the wrong base URL."""
    azure = refused("k" * 32, "https://mine.openai.azure.com", 404)
    assert azure.hint is not None
    assert "AzureAuth" in azure.hint
    assert refused("gsk_0123456789abcdef", "https://api.openai.com/v1", 404).hint != azure.hint


def test_an_identity_of_azure_at_another_server() -> None:
    """The hints of the identity come first."""

    def refuse(_: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={})

    options: Any = {"transport": httpx.MockTransport(refuse), "max_retries": 0}
    auth = AzureAuth("https://mine.openai.azure.com", api_key="azure-key-1")
    with Client(auth=auth, **options) as client, pytest.raises(AuthenticationError, match="belongs to this resource"):
        client.models.list.sync()
