"""Clients, replies, streams, pages and errors as programs of the official package know them."""

from __future__ import annotations

import asyncio
import copy
import inspect
import pickle
from importlib import import_module
from typing import Any

import httpx
import pytest

import sdk
import sdk.compat.openai as face
from sdk import models
from sdk.compat.openai import NOT_GIVEN, AsyncOpenAI, AzureOpenAI, OpenAI, omit
from sdk.testing import LocalServer

MESSAGES: Any = [{"role": "user", "content": "Hi"}]
WIRE: dict[str, Any] = {
    "id": "c", "object": "chat.completion", "created": 1, "model": "m", "vendor": 1,
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hi"}}],
}  # fmt: skip
types: Any = face.types


def _chat(client: OpenAI, **arguments: Any) -> Any:
    return client.chat.completions.create(model="gpt-4o-mini", messages=MESSAGES, **arguments)


def test_a_reply_is_ours_and_theirs(client: OpenAI) -> None:
    """A reply is one of the SDK's models, of the type of the official name, with its request's id."""
    reply: Any = _chat(client)
    assert isinstance(reply, types.chat.ChatCompletion)
    assert isinstance(reply, models.ChatCompletion)
    assert isinstance(reply.choices[0], types.chat.chat_completion.Choice)
    assert isinstance(reply, face.BaseModel)
    assert str(reply._request_id).startswith("req_")
    assert reply.choices[0]._request_id is None


def test_a_reply_is_read() -> None:
    """Fields without a value are None in `model_dump`, and left out where that is asked for; keys are kept."""
    reply = types.chat.ChatCompletion.model_validate(WIRE)
    dumped = reply.model_dump()
    assert (dumped["vendor"], dumped["usage"], dumped["choices"][0]["message"]["tool_calls"]) == (1, None, None)
    assert reply.to_dict() == WIRE == reply.model_dump(exclude_unset=True)
    assert types.chat.ChatCompletion.model_validate_json(reply.model_dump_json()).vendor == 1
    assert reply.model_dump(exclude={"choices": {"__all__": {"message"}}}, include={"choices", "id"}) == {
        "id": "c", "choices": [{"index": 0, "finish_reason": "stop", "logprobs": None}],
    }  # fmt: skip
    assert reply.to_json(indent=None) == reply.model_dump_json(exclude_unset=True, by_alias=True) or reply.to_json()
    assert set(reply.model_fields_set) >= {"id", "choices"}
    assert dict(reply)["id"] == "c"
    assert type(reply).model_fields["id"].is_required()


def test_a_reply_is_built_and_copied() -> None:
    """A model is built of values, of models and of JSON; copies are equal, and pickles."""
    choice = types.chat.chat_completion.Choice(index=0, finish_reason="stop", message={"role": "assistant"})
    reply = types.chat.ChatCompletion(id="c", choices=[choice], created=1, model="m", extra=2)
    assert reply.choices[0] is choice
    assert (reply.object, reply.extra, choice.message.role) == ("chat.completion", 2, "assistant")
    assert copy.deepcopy(reply) == pickle.loads(pickle.dumps(reply)) == reply
    assert reply.model_copy(update={"id": "d"}).id == "d"
    reply.note = 1  # a program's own attribute, which is not sent
    assert (reply.note, "note" in reply.to_dict()) == (1, False)


def test_types_that_the_description_lacks_take_anything() -> None:
    """A type without a model of ours reads any object; an unknown name is an error."""
    event = types.realtime.RealtimeServerEvent if hasattr(types, "realtime") else None
    assert event is not None
    with pytest.raises(AttributeError, match="Nope"):
        import_module("sdk.compat.openai.types.chat").Nope  # noqa: B018
    param = types.chat.ChatCompletionUserMessageParam(role="user", content="Hi")
    assert param == {"role": "user", "content": "Hi"}


def test_arguments_that_are_left_out(client: OpenAI, server: LocalServer) -> None:
    """NOT_GIVEN and omit send nothing, None is null; the options of a call have the official names."""
    _chat(
        client,
        temperature=NOT_GIVEN,
        top_p=omit,
        stop=None,
        extra_headers={"X-A": "b"},
        extra_body={"seed": 1},
        timeout=5,
    )
    sent = server.requests[-1]
    assert sent.json() == {"model": "gpt-4o-mini", "messages": MESSAGES, "stop": None, "seed": 1}
    assert (sent.headers["x-a"], sent.headers["x-stainless-lang"]) == ("b", "python")
    with pytest.raises(TypeError, match="temperatur"):
        _chat(client, temperatur=1)
    with pytest.raises(ValueError, match="Expected a non-empty value for `file_id` but received ''"):
        client.files.retrieve("")


def test_with_options_shares_the_connections(client: OpenAI, server: LocalServer) -> None:
    """Options of calls make no new connections; others do."""
    quick = client.with_options(timeout=1, max_retries=0)
    assert quick._sdk is client._sdk
    assert (quick.timeout, quick.max_retries, client.max_retries) == (1, 0, 2)
    other = client.copy(api_key="other-key", default_headers={"X-A": "b"})
    assert other._sdk is not client._sdk
    server.fail(503)
    with pytest.raises(face.InternalServerError):
        _chat(quick)
    assert str(client.base_url) == f"{server.url}/"
    client.__setattr__("api_key", "test-key")
    assert _chat(client).choices


def test_raw_and_streaming_responses(client: OpenAI) -> None:
    """The response has status, headers and the request; `parse` is the reply."""
    raw = client.chat.completions.with_raw_response.create(model="m", messages=MESSAGES)
    assert (raw.status_code, raw.method, raw.retries_taken, raw.is_closed) == (200, "POST", 0, True)
    assert raw.http_request.headers["X-Stainless-Lang"] == "python"
    assert isinstance(raw.headers, httpx.Headers)
    assert raw.parse().id == raw.json()["id"]
    with client.models.with_streaming_response.list() as response:
        states: list[bool] = [response.is_closed]
        assert [model.id for model in response.parse()]
    assert [*states, response.is_closed] == [False, True]
    assert client.with_raw_response.models.list().parse().data


def test_requests_to_any_path(client: OpenAI) -> None:
    """`get` and `post` return what `cast_to` says."""
    assert client.get("/models", cast_to=dict[str, Any])["object"] == "list"
    body = {"model": "m", "messages": MESSAGES}
    assert isinstance(
        client.post("/chat/completions", cast_to=types.chat.ChatCompletion, body=body), models.ChatCompletion
    )
    assert client.post("/chat/completions", cast_to=httpx.Response, body=body).json()["object"] == "chat.completion"


def test_pages(client: OpenAI) -> None:
    """A page has the next one, and iterates over all."""
    ids = [client.files.create(file=b"x", purpose="batch").id for _ in range(5)]
    page = client.files.list(limit=2, order="asc")
    assert isinstance(page, face.pagination.SyncCursorPage)
    assert page.has_next_page()
    following = page.next_page_info()
    assert following is not None
    assert following.params == {"after": ids[1]}
    assert [one.id for one in page.get_next_page().data] == ids[2:4]
    assert [one.id for one in page] == ids
    assert [len(one.data) for one in page.iter_pages()] == [2, 2, 1]


def test_pages_of_coroutines(options: dict[str, Any], server: LocalServer) -> None:
    """A list can be awaited for one page, or iterated over without that."""

    async def main() -> tuple[list[str], bool]:
        async with AsyncOpenAI(**options) as client:
            for _ in range(3):
                await client.files.create(file=b"x", purpose="batch")
            page = await client.files.list(limit=2)
            return [one.id async for one in client.files.list(limit=2)], page.has_next_page()

    ids, more = asyncio.run(main())
    assert (len(ids), more) == (3, True)


def test_errors_are_ours_and_theirs(client: OpenAI, server: LocalServer) -> None:
    """An error has the official name and attributes, and is caught as the SDK's."""
    server.fail(429, code="slow", message="Slow down")
    with pytest.raises(sdk.errors.RateLimitError) as caught:
        _chat(client.with_options(max_retries=0))
    error: Any = caught.value
    assert type(caught.value) is face.RateLimitError
    assert isinstance(caught.value, face.APIStatusError | face.OpenAIError)
    assert (error.status_code, error.code, error.request_id[:4]) == (429, "slow", "req_")
    assert error.body["message"] == "Slow down"
    assert error.response.json()["error"]["code"] == "slow"
    assert (error.request.method, error.request.url.path) == ("POST", "/v1/chat/completions")
    assert pickle.loads(pickle.dumps(error)).status_code == 429
    assert "POST http" in str(error)


def test_errors_are_built_as_there() -> None:
    """Tests of programs build errors with the official arguments."""
    response = httpx.Response(400, request=httpx.Request("GET", "http://x"), json={})
    error = face.BadRequestError("no", response=response, body={"code": "c", "param": "p", "type": "t"})
    assert (error.code, error.param, error.type, error.status_code, error.message) == ("c", "p", "t", 400, "no")
    assert error.response is response
    assert isinstance(face.APITimeoutError(response.request), face.APIConnectionError)
    assert face.APIConnectionError(request=response.request).message == "Connection error."


def test_a_client_needs_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one, making a client raises, as there; an empty key sends none."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert OpenAI(base_url="http://127.0.0.1:9/v1", api_key="").api_key == ""
    with pytest.raises(face.OpenAIError, match="OPENAI_API_KEY"):
        OpenAI(base_url="http://127.0.0.1:9/v1")


def test_a_stream_that_is_cut_raises(client: OpenAI, server: LocalServer) -> None:
    """What came stays, and the end that is missing is an error, also of the official name."""
    server.cut_stream(after=2)
    stream = client.with_options(max_retries=0).chat.completions.create(model="m", messages=MESSAGES, stream=True)
    with pytest.raises(face.APIError) as caught, stream:
        list(stream)
    assert isinstance(caught.value, sdk.errors.StreamError)


def test_events_of_a_chat(client: OpenAI, server: LocalServer) -> None:
    """A stream of events tells of text with what came so far, and of calls."""
    server.reply("One two")
    with client.chat.completions.stream(model="m", messages=MESSAGES) as stream:
        events = [event for event in stream if event.type != "chunk"]
        final = stream.get_final_completion()
    assert [(event.type, getattr(event, "snapshot", None)) for event in events] == [
        ("content.delta", "One"), ("content.delta", "One two"), ("content.done", None),
    ]  # fmt: skip
    assert final.choices[0].message.content == "One two"
    server.reply_tool_call("f", x=1)
    with client.chat.completions.stream(model="m", messages=MESSAGES) as stream:
        last = [event for event in stream if event.type == "tool_calls.function.arguments.done"]
    assert [(one.name, one.arguments) for one in last] == [("f", '{"x": 1}')]


def test_coroutine_functions_are_seen_as_such(options: dict[str, Any]) -> None:
    """Frameworks look at the functions, and at the classes of resources."""
    client = AsyncOpenAI(**options)
    assert inspect.iscoroutinefunction(client.chat.completions.create)
    assert inspect.iscoroutinefunction(client.chat.completions.parse)
    assert not inspect.iscoroutinefunction(OpenAI(**options).chat.completions.create)
    module = import_module("sdk.compat.openai.resources.chat.completions")
    assert isinstance(client.chat.completions, module.AsyncCompletions)


def test_the_module_is_a_client(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables of the module are the options of its client."""
    monkeypatch.setattr(face, "api_key", "test-key", raising=False)
    monkeypatch.setattr(face, "base_url", server.url, raising=False)
    module: Any = face
    assert module.chat.completions.create(model="m", messages=MESSAGES).choices
    assert module.api_version is None
    module._reset_client()


def test_azure(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client of Azure takes endpoint, version and deployment."""
    monkeypatch.delenv("OPENAI_API_VERSION", raising=False)
    host = server.url.removesuffix("/v1")
    client = AzureOpenAI(azure_endpoint=host, api_key="azure-key", api_version="2024-10-21", max_retries=0)
    with pytest.raises(face.APIStatusError):
        _chat(client)
    sent = server.requests[-1]
    assert sent.path == "/openai/deployments/gpt-4o-mini/chat/completions"
    assert sent.headers["api-key"] == "azure-key"


def test_a_hint_names_the_options_of_the_face(server: LocalServer) -> None:
    """An error says what to check by the name that the program gave."""
    lost = OpenAI(api_key="test-key", base_url=f"{server.url}/none", max_retries=0)
    with lost, pytest.raises(face.NotFoundError) as caught:
        lost.models.list()
    assert "base_url=" in str(caught.value)
    assert "api_base=" not in str(caught.value)


@pytest.mark.parametrize("path", ["realtime", "beta.realtime", "responses"])
def test_connect_says_where_websockets_are(client: OpenAI, path: str) -> None:
    """The face opens none, and names what does."""
    with pytest.raises(AttributeError, match=r"sdk\.Client\(\)\.realtime\.connect\.sync"):
        _ = client.resource(path).connect
