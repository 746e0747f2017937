"""`Client.for_provider`: the URL, the key and the headers of each vendor, as an imitation of it wants them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk._openai.providers import providers
from sdk.auth import AzureAuth, GoogleAuth
from sdk.errors import ConfigError
from tests.providers.imitation import KEY, VENDORS, Imitation

MESSAGES: Any = [{"role": "user", "content": "Hi"}]
_ROOT = Path(__file__).parents[2]


class Credentials:
    """Credentials as google-auth has them."""

    token, expiry = KEY, None

    def refresh(self, _: object) -> None:
        """Do nothing: the token is there."""


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of this machine reaches a provider; a key of OpenAI is there, which no other vendor may get."""
    for name in list(os.environ):
        if name.endswith(("_KEY", "_TOKEN", "_REGION", "_BASE_URL", "_ENDPOINT")) or name.startswith("OPENAI_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-proj-of-openai")
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:1/elsewhere")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")


@pytest.fixture(params=VENDORS)
def name(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of each provider, with its variables set."""
    for variable, value in VENDORS[request.param].environment.items():
        monkeypatch.setenv(variable, value)
    return str(request.param)


def made(name: str, transport: Any) -> Client:
    """Return a client of a provider, over an imitation."""
    options: Any = {"transport": transport, "max_retries": 0}
    if name == "vertex":
        options["auth"] = GoogleAuth(Credentials())
    return Client.for_provider(name, **options)


def test_a_chat(name: str) -> None:
    """A chat arrives where the vendor has it, with the vendor's key and without that of OpenAI; the reply is typed."""
    imitation = Imitation(VENDORS[name])
    with made(name, httpx.MockTransport(imitation)) as client:
        reply = client.chat.create.sync(model="m", messages=MESSAGES)
        assert reply.choices[0].message.content == "hello"
        assert reply.to_dict().items() >= VENDORS[name].more.items()
        assert client.options.api_base == VENDORS[name].url
    (request,) = imitation.requests
    assert (request.headers.get("openai-organization") == "org-1") is (name == "openai")


def test_a_chat_from_a_coroutine(name: str) -> None:
    """It is the same from a coroutine."""

    async def main() -> str | None:
        async with made(name, httpx.MockTransport(Imitation(VENDORS[name]))) as client:
            return (await client.chat.create.asyncio(model="m", messages=MESSAGES)).choices[0].message.content

    assert asyncio.run(main()) == "hello"


def test_a_stream(name: str) -> None:
    """A stream with a vendor's comments, and with chunks without choices, is read to its end."""
    client = made(name, httpx.MockTransport(Imitation(VENDORS[name])))
    with client, client.chat.create.stream(model="m", messages=MESSAGES) as stream:
        assert "".join(stream.text()) == "hello"
        usage = stream.final().usage
        assert usage is not None
        assert usage.total_tokens == 3


def test_a_response(name: str) -> None:
    """The Responses API has the same base URL and key."""
    with made(name, httpx.MockTransport(Imitation(VENDORS[name]))) as client:
        assert client.responses.create.sync(model="m", input="Hi").status == "completed"


def test_every_provider_has_an_imitation() -> None:
    """The data and the imitations have the same names."""
    assert providers().keys() == VENDORS.keys()


@pytest.mark.parametrize("name", [name for name, one in providers().items() if not (one.local or one.auth)])
def test_a_missing_key_is_told_at_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the vendor's variable; OPENAI_API_KEY is no substitute."""
    monkeypatch.delenv("OPENAI_API_KEY")
    for variable in (more for names in providers()[name].variables.values() for more in names):
        monkeypatch.setenv(variable, "x")
    with pytest.raises(ConfigError) as caught:
        Client.for_provider(name)
    one = providers()[name]
    assert str(caught.value) == f"{one.title} needs a key: give api_key= or set {' or '.join(one.keys)}"


def test_a_missing_part_of_the_url_is_told_at_once() -> None:
    """The error names the variable, and OPENAI_API_BASE is no substitute."""
    for name, given, problem in (
        ("cloudflare", KEY, "Cloudflare Workers AI needs CLOUDFLARE_ACCOUNT_ID in the environment, or api_base="),
        ("azure", KEY, "AzureAuth needs the endpoint of the resource: give endpoint= or api_base="),
        ("vertex", KEY, "Google Vertex AI takes no keys; give auth=GoogleAuth(...)"),
        ("vertex", None, "GoogleAuth needs the project: give project= or api_base="),
    ):
        options: Any = {} if given is None else {"api_key": given}
        with pytest.raises(ConfigError) as caught:
            Client.for_provider(name, **options)
        assert str(caught.value).startswith(problem)


def test_options_take_precedence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key, a base URL and other options that are given are those of the client."""
    monkeypatch.setenv("GROQ_API_KEY", "gsk_of_the_variable")
    options: Any = {"api_key": KEY, "api_base": "http://gateway.test/v1", "timeout": 5, "organization": "mine"}
    with Client.for_provider("groq", **options) as client:
        assert (client.options.api_key, client.options.api_base) == (KEY, "http://gateway.test/v1")
        assert (client.options.timeout, client.options.organization) == (5.0, "mine")
    with Client.for_provider("groq", api_key=None) as client:
        assert client.options.api_key is None
    auth = AzureAuth("https://other.openai.azure.com", api_key=KEY)
    with Client.for_provider("azure", auth=auth) as client:
        assert client.options.api_base == "https://other.openai.azure.com/openai/v1"
    with Client.for_provider("bedrock", api_key=KEY, api_base="http://gateway.test/v1") as client:
        assert client.options.api_base == "http://gateway.test/v1"


@pytest.mark.parametrize("spelling", ["groq", "Groq", "GROQ", "llama.cpp", "LM Studio", "lm-studio", "Groq "])
def test_spellings(spelling: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names and titles count by their letters and digits."""
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    Client.for_provider(spelling).close()


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("grok", "did you mean 'groq'? "),
        ("mistrall", "did you mean 'mistral'? "),
        ("azur", "did you mean 'azure'? "),
        ("zz", ""),
    ],
)
def test_an_unknown_name_suggests_near_ones(given: str, meant: str) -> None:
    """The error lists all names, the near ones first."""
    with pytest.raises(ConfigError) as caught:
        Client.for_provider(given)
    assert str(caught.value).startswith(f"there is no provider {given!r}; {meant}The providers are openai, azure, ")


def test_the_page_is_that_of_the_data() -> None:
    """docs/providers.md is what the script writes from the data."""
    command = [sys.executable, str(_ROOT / ".ci/providers.py"), "--check"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_row_says_where_its_facts_come_from() -> None:
    """A row has an https source and a day, and is checked or says that it is not."""
    for one in providers().values():
        assert one.source.startswith("https://")
        assert len(one.read.split("-")) == 3
        assert isinstance(one.checked, bool)
