"""What errors say that one can change: the option or variable that was set, the base URL, the model."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.errors import APIConnectionError, APIError, APIResponseError, AuthenticationError, NotFoundError, TLSError
from sdk.testing import LocalServer

ASK: Any = {"model": "llama-x", "messages": [{"role": "user", "content": "Hi"}]}
worlds = pytest.mark.parametrize("world", ["sync", "asyncio"])


class Server:
    """Answers calls of chats with an error, and tells its models."""

    def __init__(self, message: str = "The model `llama-x` does not exist.", status: int = 404, **error: Any) -> None:
        self.error, self.status = {"message": message, **error}, status
        self.models: Callable[[], httpx.Response] = lambda: _models("a", "b")
        self.seen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        if request.url.path == "/v1/models":
            return self.models()
        return httpx.Response(self.status, json={"error": self.error})

    def client(self, **options: Any) -> Client:
        """Return a client of this server."""
        options = {"api_base": "http://t/v1", "api_key": "test-key", **options}
        return Client(transport=httpx.MockTransport(self), max_retries=0, **options)


def _models(*names: Any) -> httpx.Response:
    return httpx.Response(200, json={"object": "list", "data": [{"id": name} for name in names]})


def _hint(client: Client, world: str = "sync", **call: Any) -> str | None:
    with pytest.raises(APIError) as caught:
        if world == "sync":
            client.chat.create.sync(**{**ASK, **call})
        else:
            asyncio.run(client.chat.create.asyncio(**{**ASK, **call}))
    return caught.value.hint


@worlds
def test_an_unknown_model(world: str) -> None:
    """The error names the models of the server, which is asked once for a client, with the key of the call."""
    server = Server()
    client = server.client()
    assert [_hint(client, world) for _ in range(2)] == ["The server has 'a', 'b'."] * 2
    assert [(one.method, one.url.path) for one in server.seen] == [
        ("POST", "/v1/chat/completions"), ("GET", "/v1/models"), ("POST", "/v1/chat/completions"),
    ]  # fmt: skip
    asked = server.seen[1]
    assert (asked.headers["authorization"], asked.content) == ("Bearer test-key", b"")
    assert not {"content-type", "content-length", "idempotency-key"} & asked.headers.keys()


def test_many_calls_at_once() -> None:
    """Of calls that fail at the same time one asks for the models."""
    server = Server()

    async def answer(request: httpx.Request) -> httpx.Response:
        response = server(request)
        await asyncio.sleep(0)
        return response

    async def main() -> list[Any]:
        async with Client(api_base="http://t/v1", api_key="k", transport=httpx.MockTransport(answer)) as client:
            return await asyncio.gather(*[client.chat.create.asyncio(**ASK) for _ in range(2)], return_exceptions=True)

    assert "The server has 'a', 'b'." in [failed.hint for failed in asyncio.run(main())]
    assert [one.url.path for one in server.seen].count("/v1/models") == 1


def test_many_models() -> None:
    """Ten models are named, and how many more there are; what is no name is not shown."""
    server = Server("nope", code="model_not_found")
    server.models = lambda: _models(*(f"m{n}" for n in range(12)), None, "\x1b[31m", "x" * 200)
    assert _hint(server.client()) == f"The server has {', '.join(repr(f'm{n}') for n in range(10))} and 2 more."


@pytest.mark.parametrize(
    "models",
    [
        lambda: httpx.Response(500),
        lambda: httpx.Response(200, content=b"{"),
        lambda: httpx.Response(200, json=[1]),
        lambda: httpx.Response(200, json={"data": [3, {"id": None}]}),
        lambda: _raise(httpx.ConnectError("gone")),
    ],
    ids=["500", "cut", "list", "odd", "broken"],
)
@worlds
def test_a_server_that_does_not_tell(models: Callable[[], httpx.Response], world: str) -> None:
    """The error stays what it is where the server tells no models, and the server is not asked again."""
    server = Server()
    server.models = models
    client = server.client()
    for _ in range(2):
        hint = _hint(client, world)
        assert hint is not None
        assert hint.startswith("Check the model or id")
    assert [one.url.path for one in server.seen].count("/v1/models") == 1


def _raise(error: Exception) -> httpx.Response:
    raise error


@pytest.mark.parametrize(
    ("server", "options"),
    [
        (Server("no such path"), {}),
        (Server("The model `llama-x` does not exist.", status=400), {}),
        (Server(), {"api_base": "https://api.openai.com/v1"}),
    ],
    ids=["another 404", "another status", "the hosted API"],
)
def test_when_no_models_are_asked_for(server: Server, options: dict[str, Any]) -> None:
    """Only a 404 of a model makes the client ask, and never the hosted API."""
    _hint(server.client(**options))
    assert len(server.seen) == 1


def test_the_question_ends_with_the_deadline() -> None:
    """The models are asked for within the deadline of the call, and for two seconds at most."""
    limits: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            limits.append(request.extensions["timeout"]["read"])
            return _models("a")
        return httpx.Response(404, json={"error": {"message": "no llama-x"}})

    for deadline in (None, 0.5):
        client = Client(api_base="http://t/v1", api_key="k", transport=httpx.MockTransport(answer), deadline=deadline)
        assert _hint(client) == "The server has 'a'."
    assert 1.5 < limits[0] <= 2
    assert limits[1] <= 0.5


@pytest.mark.parametrize(
    ("base", "path"),
    [("http://t/v1/chat/completions", "/chat/completions"), ("http://t/v1/embeddings/", "/embeddings")],
)
def test_a_base_url_with_the_path_of_an_operation(base: str, path: str) -> None:
    """A base URL that was copied with the path of an operation is told of, whichever operation is called."""
    reported = f"api_base= ends in {path}, which is the path of an operation: leave that out."
    assert _hint(Server("nope").client(api_base=base)) == reported


@pytest.mark.parametrize("base", ["http://t", "http://t/v1", "http://t/v1beta", "http://t/openai", "http://t/my/api"])
def test_a_usual_base_url(base: str) -> None:
    """Any other base URL is not blamed."""
    assert _hint(Server("nope").client(api_base=base)) == (
        "Check the model or id, that this server has the endpoint, and api_base=: it usually ends in /v1."
    )


@pytest.mark.parametrize("variable", ["OPENAI_API_BASE", "OPENAI_BASE_URL"])
def test_the_variable_that_was_set(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hint names the variable that the base URL comes from."""
    monkeypatch.delenv("OPENAI_API_BASE", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setenv(variable, "http://127.0.0.1:9/v1")
    with Client(api_key="k", max_retries=0) as client, pytest.raises(APIConnectionError) as caught:
        client.models.list.sync()
    assert caught.value.hint == f"Is the server running, and is the base URL ({variable}) right?"
    with client.with_options(api_base="http://127.0.0.1:9") as other, pytest.raises(APIConnectionError) as caught:
        other.models.list.sync()
    assert caught.value.hint == "Is the server running, and is the base URL (api_base=) right?"


def test_the_key_that_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """So does the hint of a key that the server refuses, and it never shows the key."""
    refusing = httpx.MockTransport(lambda _: httpx.Response(401, content=json.dumps({"detail": "no"})))
    monkeypatch.setenv("OPENAI_API_KEY", "test-key-1")
    for options, name in (({}, "OPENAI_API_KEY"), ({"api_key": "test-key-2"}, "api_key=")):
        client = Client(api_base="http://t/v1", transport=refusing, **options)  # type: ignore[arg-type]
        with pytest.raises(AuthenticationError) as caught:
            client.models.list.sync()
        assert caught.value.hint == f"Check the API key: {name}."


def test_the_key_of_an_organization(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an operation takes the key of an organization, the hint names what set that one."""
    refusing = httpx.MockTransport(lambda _: httpx.Response(401, content=json.dumps({"detail": "no"})))
    monkeypatch.setenv("OPENAI_API_KEY", "test-key-1")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "test-key-2")
    for options, name in (({}, "OPENAI_ADMIN_KEY"), ({"admin_api_key": "test-key-3"}, "admin_api_key=")):
        client = Client(api_base="http://t/v1", transport=refusing, **options)  # type: ignore[arg-type]
        with pytest.raises(AuthenticationError) as caught:
            client.organization.users.list.sync()
        assert caught.value.hint == f"Check the API key: {name}."


def test_a_web_page() -> None:
    """A page in place of a reply is told of with what set the address."""
    page = httpx.MockTransport(lambda _: httpx.Response(200, html="<html></html>"))
    with pytest.raises(APIResponseError) as caught:
        Client(api_base="http://t/v1", api_key="k", transport=page).models.list.sync()
    assert caught.value.hint == "Check that the base URL (api_base=) is an API's address: this looks like a web page."


@worlds
def test_https_to_a_port_of_plain_http(world: str) -> None:
    """The error says that the server does not speak TLS, and what to write."""
    with LocalServer() as server:
        client = Client(api_base=server.url.replace("http:", "https:"), api_key="k", max_retries=0)
        with pytest.raises(TLSError) as caught:
            if world == "sync":
                client.models.list.sync()
            else:
                asyncio.run(client.models.list.asyncio())
    assert caught.value.hint == (
        "The server answers without TLS on this port: begin api_base= with http://, or name the port of HTTPS."
    )


def test_an_error_without_a_model_stays() -> None:
    """A 404 of an operation without a body is about its path."""
    server = Server("no llama-x")
    with pytest.raises(NotFoundError):
        server.client().files.retrieve.sync("file-1")
    assert len(server.seen) == 1
