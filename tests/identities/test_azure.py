"""Azure OpenAI: its endpoints and identities, against an imitation of a resource."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pytest

from sdk import Client
from sdk.auth import AzureAuth, WorkloadIdentity
from sdk.errors import AuthenticationError, ConfigError, CredentialError, NotFoundError
from tests.auth.imitation import MESSAGES, Answer, Sent, Site, chat, only

SCOPE = "https://cognitiveservices.azure.com/.default"


class AccessToken(NamedTuple):
    """A token as azure-identity returns it."""

    token: str
    expires_on: int


class Entra:
    """A credential as azure-identity has them."""

    def __init__(self, error: Exception | None = None, *, ahead: float = 3600.0) -> None:
        self.scopes: list[tuple[str, ...]] = []
        self.error, self.ahead = error, ahead

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """Return the next token."""
        self.scopes.append(scopes)
        if self.error is not None:
            raise self.error
        return AccessToken(f"entra-token-{len(self.scopes)}", int(time.time() + self.ahead))


class AsyncEntra(Entra):
    """A credential of azure.identity.aio."""

    async def get_token(self, *scopes: str, **more: Any) -> AccessToken:  # type: ignore[override]  # as there
        """Return the next token to a coroutine."""
        return Entra.get_token(self, *scopes, **more)


def client(auth: Any, **options: Any) -> Client:
    """Return a client of many calls at once, which does not try again."""
    return Client(**{"auth": auth, "max_in_flight": None, "max_retries": 0, **options})


def ask(made: Client, **arguments: Any) -> str:
    """Call, and return the id of the reply."""
    return made.chat.create.sync(model="my gpt", messages=MESSAGES, **arguments).id


async def aask(auth: Any) -> str:
    """Call from a coroutine; see `ask`."""
    async with client(auth) as made:
        return (await made.chat.create.asyncio(model="m", messages=MESSAGES)).id


@pytest.mark.parametrize("end", ["", "/", "/openai", "/openai/v1/"])
def test_the_v1_endpoint(end: str) -> None:
    """Without an api_version, calls go below /openai/v1, with the key in the header api-key."""
    with Site(chat) as site, client(AzureAuth(site.origin + end, api_key="azure-key-1")) as made:
        assert ask(made) == "c"
        assert made.options.api_base == f"{site.origin}/openai/v1"
    (sent,) = site.sent
    assert sent.target == "/openai/v1/chat/completions"
    assert sent.headers["api-key"] == "azure-key-1"
    assert "authorization" not in sent.headers


def test_the_older_paths_name_a_deployment() -> None:
    """With an api_version, the model is the deployment, and the version goes with every request."""
    with Site(chat) as site, client(AzureAuth(site.origin, api_key="k", api_version="2024-10-21")) as made:
        ask(made)
        ask(made, extra_body={"model": "other"})
        made.request("GET", "/files", returns=None)
        request = made.chat.create.request(client=made, model="m", messages=MESSAGES)
        assert request.url == f"{site.origin}/openai/deployments/m/chat/completions?api-version=2024-10-21"
    assert [sent.target for sent in site.sent] == [
        "/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21",
        "/openai/deployments/other/chat/completions?api-version=2024-10-21",
        "/openai/files?api-version=2024-10-21",
    ]


def test_a_deployment_for_all_calls() -> None:
    """`deployment` takes the place of the model in the path, and forms have one too."""
    auth = AzureAuth("http://azure.test", api_key="k", api_version="2024-10-21", deployment="mine")
    with client(auth) as made:
        speech = made.audio.transcriptions.create.request(client=made, model="whisper-1", file=b"x")
        assert speech.url.startswith("http://azure.test/openai/deployments/mine/audio/transcriptions?")


@pytest.mark.parametrize("version", ["v1", "preview", "latest"])
def test_versions_of_the_v1_endpoint(version: str) -> None:
    """These are versions of the v1 endpoint, and sent as a query."""
    with Site(chat) as site, client(AzureAuth(site.origin, api_key="k", api_version=version)) as made:
        ask(made)
    assert site.sent[0].target == f"/openai/v1/chat/completions?api-version={version}"


def test_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables of Azure are read; the token of Entra comes before the key, and OPENAI_API_BASE counts less."""
    with Site(chat) as site:
        monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", site.origin)
        monkeypatch.setenv("AZURE_OPENAI_API_KEY", "azure-key-1")
        monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:1/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-elsewhere")
        with client(AzureAuth()) as made:
            ask(made)
        monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", "entra-token-1")
        monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
        with client(AzureAuth()) as made:
            ask(made)
    first, second = site.sent
    assert (first.headers.get("api-key"), first.bearer) == ("azure-key-1", "")
    assert first.path == "/openai/v1/chat/completions"
    assert (second.headers.get("api-key"), second.bearer) == (None, "entra-token-1")
    assert second.path == "/openai/deployments/my%20gpt/chat/completions"


def test_an_explicit_base_url_comes_first() -> None:
    """api_base= is where the requests go, for example to a gateway in front of the resource."""
    with Site(chat) as site, client(AzureAuth("http://azure.test", api_key="k"), api_base=site.url) as made:
        ask(made)
    assert site.sent[0].path == "/v1/chat/completions"


def test_without_an_endpoint_a_key_of_azure_does_not_go_to_the_hosted_api() -> None:
    """The client is not made, and the error says what is missing."""
    with pytest.raises(ConfigError, match=r"^AzureAuth needs the endpoint of the resource: give endpoint="):
        client(AzureAuth(api_key="k"))


def test_copies_of_a_client_change_their_identity() -> None:
    """with_options(auth=...) takes the server of the identity with it, and api_key= takes its place."""
    auth = AzureAuth("http://azure.test", api_key="k", api_version="2024-10-21")
    with Client(api_key="sk-1", default_query={"a": "b"}) as plain, plain.with_options(auth=auth) as azure:
        assert (azure.options.api_base, azure.options.api_key_missing) == ("http://azure.test/openai", True)
        assert azure.options.default_query == {"api-version": "2024-10-21", "a": "b"}
        with azure.with_options(timeout=5) as copied:
            assert copied.options.auth is auth
            assert copied.options.default_query == azure.options.default_query
        with azure.with_options(api_key="sk-2", api_base="http://other.test") as back:
            assert (back.options.auth, back.options.api_key) == (None, "sk-2")
            assert back.options.default_query == {"a": "b"}


def test_another_identity_does_not_go_to_the_former_server() -> None:
    """An identity without a server of its own has the default one again, unless api_base= was given."""
    workload = WorkloadIdentity("idp", "account", subject=lambda: "subject")
    with client(AzureAuth("http://azure.test", api_key="k")) as azure, azure.with_options(auth=workload) as other:
        assert other.options.api_base == "https://api.openai.com/v1"
        with azure.with_options(auth=AzureAuth("http://second.test", api_key="k")) as second:
            assert second.options.api_base == "http://second.test/openai/v1"
    gateway = client(AzureAuth("http://azure.test", api_key="k"), api_base="http://gateway.test/v1")
    with gateway, gateway.with_options(auth=workload) as kept:
        assert kept.options.api_base == "http://gateway.test/v1"


def test_one_identity() -> None:
    """Several at once are an error, which names them."""
    with pytest.raises(ConfigError, match=r"several identities: give one of api_key and token$"):
        AzureAuth("http://azure.test", api_key="k", token="t")
    with pytest.raises(ConfigError, match=r"^the api_key of AzureAuth is empty$"):
        AzureAuth("http://azure.test", api_key="")
    with pytest.raises(ConfigError, match=r"^the endpoint of AzureAuth has no scheme; "):
        AzureAuth("azure.test", api_key="k")


def test_fifty_threads_ask_entra_once() -> None:
    """The credential is asked for the scope of Azure, once."""
    entra = Entra()
    with Site(chat) as site, client(AzureAuth(site.origin, credential=entra)) as made, ThreadPoolExecutor(50) as pool:
        assert set(pool.map(ask, [made] * 50)) == {"c"}
        assert {sent.bearer for sent in site.sent} == {"entra-token-1"}
    assert entra.scopes == [(SCOPE,)]


@pytest.mark.parametrize("kind", [Entra, AsyncEntra])
def test_credentials_for_coroutines(kind: type[Entra]) -> None:
    """A coroutine takes both kinds; a blocking credential runs in a thread."""
    with Site(chat) as site:
        assert asyncio.run(aask(AzureAuth(site.origin, credential=kind()))) == "c"
        assert site.sent[0].bearer == "entra-token-1"


def test_a_wrapper_of_a_coroutine_function() -> None:
    """What a function returns is awaited if it can be."""

    class Wrapped(AsyncEntra):
        """A credential whose method is no coroutine function, and returns a coroutine."""

        def get_token(self, *scopes: str, **more: Any) -> Any:
            """Return a coroutine."""
            return AsyncEntra.get_token(self, *scopes, **more)

    with Site(chat) as site:
        assert asyncio.run(aask(AzureAuth(site.origin, credential=Wrapped()))) == "c"
        assert site.sent[0].bearer == "entra-token-1"


def test_a_blocking_call_cannot_await() -> None:
    """The error says what to do."""
    reported = pytest.raises(ConfigError, match="the credential AsyncEntra is async, and this is a sync call")
    with Site(chat) as site, client(AzureAuth(site.origin, credential=AsyncEntra())) as made, reported:
        ask(made)


def test_an_expired_token_is_renewed() -> None:
    """Azure answers 401 to it, and the call is sent again with another one."""
    entra = Entra()
    with Site(only("entra-token-2")) as site, client(AzureAuth(site.origin, credential=entra)) as made:
        assert ask(made) == "c"
    assert len(entra.scopes) == 2


def test_a_token_is_renewed_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five minutes before the end that Entra gave."""
    began, ahead = time.monotonic(), 0.0
    monkeypatch.setattr("sdk._core.auth.credential.time.monotonic", lambda: began + ahead)
    with Site(chat) as site, client(AzureAuth(site.origin, credential=Entra())) as made:
        for seconds in (0.0, 3290.0, 3301.0):
            ahead = seconds
            ask(made)
        assert [sent.bearer for sent in site.sent] == ["entra-token-1", "entra-token-1", "entra-token-2"]


@pytest.mark.parametrize("ahead", [-86400.0, 0.0])
def test_a_wrong_clock_does_not_ask_for_each_call(ahead: float) -> None:
    """A token whose end is in the past by the clock of this machine is used."""
    entra = Entra(ahead=ahead)
    with Site(chat) as site, client(AzureAuth(site.origin, credential=entra)) as made:
        ask(made)
        ask(made)
    assert len(entra.scopes) == 1


@pytest.mark.parametrize("world", ["sync", "asyncio"])
def test_the_failure_of_entra_is_told_without_secrets(world: str) -> None:
    """The message of azure-identity is shown, without what it holds of tokens and secrets."""
    error = RuntimeError("AADSTS7000215: invalid client_secret=s3cr3t-value in eyJhbGciOi.eyJzdWIi.c2ln")
    auth = AzureAuth("http://127.0.0.1:1", credential=Entra(error))
    with pytest.raises(CredentialError) as caught:
        if world == "asyncio":
            asyncio.run(aask(auth))
        else:
            with client(auth) as made:
                ask(made)
    shown = str(caught.value)
    assert "the credential Entra gave no token: RuntimeError: AADSTS7000215: invalid client_secret=*** in ***" in shown
    assert "Check the credential of azure-identity" in shown
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize("source", ["a function", "a coroutine function"])
def test_a_function_that_returns_tokens(source: str) -> None:
    """It is asked for every call, and awaited if it can be."""
    count = 0

    def token() -> str:
        nonlocal count
        count += 1
        return f"entra-token-{count}"

    async def atoken() -> str:
        return token()

    with Site(chat) as site:
        auth = AzureAuth(site.origin, token=token if source == "a function" else atoken)
        assert asyncio.run(aask(auth)) == asyncio.run(aask(auth)) == "c"
        assert [sent.bearer for sent in site.sent] == ["entra-token-1", "entra-token-2"]


@pytest.mark.parametrize(
    ("status", "kind", "hint"),
    [
        (401, AuthenticationError, "Check that the key belongs to this resource"),
        (404, NotFoundError, "Check that the deployment exists, and the api_version"),
    ],
)
def test_hints(status: int, kind: type[Exception], hint: str) -> None:
    """Refusals of Azure get hints of their own; the key is in none."""

    def answer(_: Sent) -> Answer:
        return Answer({"error": {"code": str(status), "message": "Access denied for azure-key-1."}}, status)

    reported = pytest.raises(kind, match=hint)
    with Site(answer) as site, client(AzureAuth(site.origin, api_key="azure-key-1")) as made, reported as caught:
        ask(made)
    assert "azure-key-1" not in repr(caught.value)


def test_nothing_shows_the_key() -> None:
    """The identity and the options of a client hide it."""
    auth = AzureAuth("http://azure.test", api_key="azure-key-1")
    with client(auth) as made:
        assert "azure-key-1" not in f"{auth!r} {made.options!r} {made!r} {vars(auth)!r}"


def test_the_default_credential_is_that_of_azure_identity() -> None:
    """Without an identity, azure-identity looks for one; here there is none, and the error says where it looked."""
    pytest.importorskip("azure.identity", reason="the extra `azure` is not installed")
    auth: Any = AzureAuth("http://azure.test")
    assert repr(auth._entra) == "<Credential of the credential DefaultAzureCredential>"


def test_a_credential_of_azure_identity_itself() -> None:
    """A real credential asks an imitation of Entra for the token of a service account."""
    identity: Any = pytest.importorskip("azure.identity", reason="the extra `azure` is not installed")
    core: Any = pytest.importorskip("azure.core.pipeline.transport", reason="the extra `azure` is not installed")

    class Transport(core.HttpTransport):  # type: ignore[misc]  # without types
        """Answer what Entra would: its discovery, then a token."""

        def __init__(self) -> None:
            self.posts: list[str] = []

        def open(self) -> None:
            """Do nothing."""

        def close(self) -> None:
            """Do nothing."""

        def __exit__(self, *_: object) -> None:
            """Do nothing."""

        def send(self, request: Any, **_: Any) -> Any:
            """Return a response of azure-core."""
            import requests
            from azure.core.pipeline.transport import RequestsTransportResponse

            host = "https://login.microsoftonline.com/tenant"
            body: Any = {
                "authorization_endpoint": f"{host}/oauth2/v2.0/authorize",
                "token_endpoint": f"{host}/oauth2/v2.0/token",
                "issuer": f"{host}/v2.0",
                "tenant_discovery_endpoint": f"{host}/v2.0/.well-known/openid-configuration",
                "metadata": [],
            }
            if request.method == "POST":
                self.posts.append(str(request.data))
                body = {"access_token": "entra-token-1", "expires_in": 3600, "token_type": "Bearer"}
            import json

            response = requests.Response()
            response.status_code, response._content = 200, json.dumps(body).encode()
            response.headers["Content-Type"] = "application/json"
            return RequestsTransportResponse(request, response)

    transport = Transport()
    credential = identity.ClientSecretCredential("tenant", "app", "s3cr3t-value", transport=transport)
    with Site(chat) as site, client(AzureAuth(site.origin, credential=credential)) as made:
        assert (ask(made), ask(made)) == ("c", "c")
        assert [sent.bearer for sent in site.sent] == ["entra-token-1"] * 2
    assert len(transport.posts) == 1
