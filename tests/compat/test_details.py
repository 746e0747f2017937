"""Small behaviours that programs of the official package rely on."""

from __future__ import annotations

import asyncio
import pickle
from typing import Any
from unittest.mock import MagicMock

import httpx
import pytest

import sdk.compat.openai as face
from sdk.compat.openai import AsyncOpenAI, AzureOpenAI, OpenAI, base_model
from sdk.compat.openai.resource import RESOURCES
from sdk.compat.openai.table import children
from sdk.testing import LocalServer

HI: Any = [{"role": "user", "content": "Hi"}]
_URL = "http://127.0.0.1:9/v1"


def test_errors_name_the_options_that_programs_give() -> None:
    """A message has `base_url`, `timeout` and `azure_endpoint`, and not what the SDK calls them."""
    with pytest.raises(face.OpenAIError, match=r"^base_url has no scheme"):
        OpenAI(api_key="k", base_url="foo")
    with pytest.raises(TypeError, match=r"^timeout must be a number of seconds, an httpx\.Timeout or None, not str"):
        OpenAI(api_key="k", base_url=_URL, timeout="5 s")
    with pytest.raises(TypeError, match=r"^max_retries cannot be None"):
        OpenAI(api_key="k", base_url=_URL, max_retries=None)  # type: ignore[arg-type]  # the mistake
    with pytest.raises(ValueError, match=r"^the client needs the endpoint of the resource: give azure_endpoint="):
        AzureOpenAI(api_key="k", api_version="v")


def test_errors_name_the_method_that_programs_call(client: OpenAI) -> None:
    """A wrong argument is one of `chat.completions.create`."""
    create: Any = client.chat.completions.create
    with pytest.raises(TypeError, match=r"^chat\.completions\.create has no argument 'temprature'; did you mean"):
        create(model="m", messages=HI, temprature=1)
    with pytest.raises(TypeError, match=r"^chat\.completions\.create: missing a required argument: 'messages'"):
        create(model="m")
    with pytest.raises(TypeError, match=r"create\(\) takes no type as response_format=: call parse"):
        create(model="m", messages=HI, response_format=dict)


@pytest.mark.parametrize("kind", [OpenAI, AsyncOpenAI])
def test_a_client_of_the_other_world_is_refused(kind: Any) -> None:
    """An async client needs an async client of httpx."""
    other = httpx.AsyncClient() if kind is OpenAI else httpx.Client()
    with pytest.raises(TypeError, match=r"^http_client must be an httpx"):
        kind(api_key="k", base_url=_URL, http_client=other)


def test_headers_are_left_out(options: dict[str, Any], server: LocalServer) -> None:
    """`Omit` as a value leaves out the header of the key, of the client or of one call; others stay."""
    with OpenAI(**options, default_headers={"X-A": "a", "X-B": "b"}) as client:
        left_out: Any = {"Authorization": face.Omit(), "x-a": face.omit}
        for _ in range(2):
            with pytest.raises(face.AuthenticationError):
                client.models.list(extra_headers=left_out)
        sent = server.requests[-1].headers
        assert ("authorization" in sent, "x-a" in sent, sent["x-b"]) == (False, False, "b")
        client.models.list()
        assert server.requests[-1].headers["authorization"] == "Bearer test-key"
        assert client.default_headers["X-A"] == "a"
    with (
        OpenAI(**options, default_headers={"Authorization": face.Omit()}) as client,
        pytest.raises(face.AuthenticationError),
    ):
        client.models.list()
    with pytest.raises(ValueError, match="set_default_headers="):
        client.copy(default_headers={}, set_default_headers={})


@pytest.mark.parametrize("asynchronous", [False, True])
def test_iterators_are_arguments(options: dict[str, Any], server: LocalServer, asynchronous: bool) -> None:
    """A generator of messages is sent as a list."""

    async def main() -> Any:
        async with AsyncOpenAI(**options) as client:
            return await client.chat.completions.create(model="m", messages=(one for one in HI))

    if asynchronous:
        asyncio.run(main())
    else:
        with OpenAI(**options) as client:
            client.chat.completions.create(model="m", messages=(one for one in HI))
    assert server.requests[-1].json()["messages"] == HI


def test_vectors_in_base64_stay_as_they_came(client: OpenAI) -> None:
    """A program that asks for base64 decodes it itself; without that, a vector has numbers."""
    packed: Any = client.embeddings.create(model="m", input="a", encoding_format="base64").data[0].embedding
    assert isinstance(packed, str)
    assert isinstance(client.embeddings.create(model="m", input="a").data[0].embedding[0], float)


def test_replies_that_pass_for_models_of_pydantic_pickle(client: OpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `install()`, the class that a reply shows is another one than its own."""
    reply = client.chat.completions.create(model="m", messages=HI)
    monkeypatch.setattr(base_model, "shown_class", lambda reply: dict)
    assert pickle.loads(pickle.dumps(reply)) == reply


def test_errors_without_an_official_name_pickle(client: OpenAI, server: LocalServer) -> None:
    """A quota that is used up is a RateLimitError of a class of its own."""
    server.fail(429, code="insufficient_quota")
    with pytest.raises(face.RateLimitError) as caught:
        client.with_options(max_retries=0).models.list()
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), again.code) == (type(caught.value), "insufficient_quota")


def test_a_closed_stream_says_so(client: OpenAI) -> None:
    """Leaving its block closes the response."""
    with client.chat.completions.create(model="m", messages=HI, stream=True) as stream:
        assert not stream.response.is_closed
        next(stream)
    assert stream.response.is_closed


def test_a_closed_client_raises_a_runtime_error(options: dict[str, Any]) -> None:
    """As there, and also as the SDK's."""
    client = OpenAI(**options)
    client.close()
    with pytest.raises(RuntimeError, match="the client is closed"):
        client.models.list()


def test_the_lines_of_a_stream_have_its_end(options: dict[str, Any]) -> None:
    """What passes a stream on passes its end on, and the names of its events."""
    with (
        OpenAI(**options) as client,
        client.chat.completions.with_streaming_response.create(model="m", messages=HI, stream=True) as response,
    ):
        assert list(response.iter_lines())[-2:] == ["data: [DONE]", ""]

    async def main() -> list[str]:
        async with AsyncOpenAI(**options) as client:
            create = client.responses.with_streaming_response.create
            async with create(model="m", input="Hi", stream=True) as response:
                return [line async for line in response.iter_lines()]

    lines = asyncio.run(main())
    assert lines[0] == "event: response.created"
    assert lines[-2].startswith('data: {"type":"response.completed"')


def test_a_stream_of_any_path(options: dict[str, Any]) -> None:
    """`post` with stream=True gives a stream of chunks as `cast_to`."""
    body = {"model": "m", "messages": HI, "stream": True}
    arguments: Any = {"body": body, "cast_to": face.types.chat.ChatCompletionChunk, "stream": True}
    with OpenAI(**options) as client:
        stream = client.post("/chat/completions", **arguments)
        assert (type(stream), stream.response.status_code) == (face.Stream, 200)
        assert {type(one) for one in stream} == {face.types.chat.ChatCompletionChunk}

    async def main() -> list[Any]:
        async with AsyncOpenAI(**options) as client:
            return [one async for one in await client.post("/chat/completions", **arguments)]

    assert len(asyncio.run(main())) > 2


def test_the_class_of_a_client_has_its_resources() -> None:
    """A mock with the class as its spec has them, and no others; the list is that of the table."""
    mock: Any = MagicMock(spec=OpenAI)
    assert mock.chat.completions.create() is not None
    with pytest.raises(AttributeError):
        mock.chats  # noqa: B018
    assert children()[""] == RESOURCES


def test_a_copy_of_a_client_of_azure() -> None:
    """It keeps the version of the API."""
    client = AzureOpenAI(azure_endpoint="https://a", api_key="k", api_version="2024-10-21")
    assert client.with_options(timeout=3)._api_version == "2024-10-21"
    assert (client.api_key, client.auth_headers) == ("k", {})
    assert OpenAI(api_key="k", base_url=_URL).auth_headers == {"Authorization": "Bearer k"}
