"""The script of a server: replies and faults."""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sdk import ChatSession, Client
from sdk.errors import (
    APIConnectionError,
    APIStatusError,
    BadRequestError,
    InternalServerError,
    RateLimitError,
    StreamBrokenError,
    StreamStalledError,
)
from sdk.testing import LocalServer, State

from ..wire import chat, user


@pytest.fixture
def client(server: LocalServer) -> Iterator[Client]:
    """A client without retries and patience."""
    with Client(
        api_base=server.url, api_key="test-key", max_retries=0, stall_timeout=0.2, http_options={"trust_env": False}
    ) as made:
        yield made


def ask(client: Client, text: str = "Hi", **more: Any) -> Any:
    """Return the reply to one message."""
    create: Any = client.chat.create
    return create.sync(model="gpt-4o-mini", messages=[user(text)], **more)


def stream_of(client: Client, text: str = "Hi") -> Any:
    """Open a stream of the reply to one message."""
    create: Any = client.chat.create
    return create.stream(model="gpt-4o-mini", messages=[user(text)])


def test_says_what_it_was_told_once_and_in_order(server: LocalServer, client: Client) -> None:
    """Each reply is given once, in order; then the server answers as it does by itself."""
    first, second = server.reply("One."), server.reply("Two.")
    assert [ask(client).choices[0].message.content for _ in range(3)] == ["One.", "Two.", "You wrote 1 word: Hi"]
    assert [len(rule.requests) for rule in (first, second)] == [1, 1]
    assert second.requests == [server.requests[1]]


@pytest.mark.parametrize("operation", ["chat", "completions", "responses"])
@pytest.mark.parametrize("streamed", [False, True])
def test_a_reply_is_said_wherever_text_is(server: LocalServer, client: Client, operation: str, streamed: bool) -> None:
    """Chats, completions and responses say the text as it is, plain and streamed."""
    server.reply("Ærø: two  spaces\n")
    bodies: dict[str, dict[str, Any]] = {
        "chat": {"model": "m", "messages": [user("x")]},
        "completions": {"model": "m", "prompt": "x", "max_tokens": 1},
        "responses": {"model": "m", "input": "x"},
    }
    given = bodies[operation]
    create: Any = getattr(client, operation).create
    if streamed:
        with create.stream(**given) as stream:
            said = "".join(stream.text())
    else:
        wire = create.sync(**given).to_dict()
        output = wire.get("output", [{}])[0]
        choice = wire.get("choices", [{}])[0]
        said = choice.get("text") or choice.get("message", {}).get("content") or output["content"][0]["text"]
    assert said == "Ærø: two  spaces\n"


def test_a_reply_may_depend_on_the_request(server: LocalServer, client: Client) -> None:
    """A function is given the request and says the text."""
    server.reply(lambda request: f"You are {request.parameters['safety_identifier']}.")
    assert ask(client, safety_identifier="Ada").choices[0].message.content == "You are Ada."


def test_calls_a_tool(server: LocalServer, client: Client) -> None:
    """A scripted call runs the function of a session; what it gives is in the next request."""
    server.reply_tool_call("get_weather", city="Oslo", unit="c")
    server.reply("It is cold.")

    def get_weather(city: str, unit: str) -> str:
        """Say how warm it is."""
        return f"{city}: -3 {unit}"

    assert ChatSession(client, "m", tools=[get_weather]).run("Weather?").text == "It is cold."
    assert server.requests[1].json()["messages"][-1]["content"] == "Oslo: -3 c"


def test_calls_several_tools_at_once(server: LocalServer, client: Client) -> None:
    """Calls of one turn come together, streamed too, each with an id of its own."""
    calls: tuple[tuple[str, dict[str, int]], ...] = (("a", {"x": 1}), ("b", {}))
    server.on(times=2).reply_tool_calls(*calls)
    plain = ask(client).choices[0].message
    with stream_of(client) as stream:
        streamed = stream.final().choices[0].message
    for message in (plain, streamed):
        assert [(c.function.name, json.loads(c.function.arguments)) for c in message.tool_calls] == list(calls)
        assert len({c.id for c in message.tool_calls}) == 2


def test_calls_tools_in_a_response(server: LocalServer, client: Client) -> None:
    """A response has an item for each call."""
    server.reply_tool_calls(("a", {}), ("b", {}))
    create: Any = client.responses.create
    assert [item.name for item in create.sync(model="m", input="x").output] == ["a", "b"]


def test_fails_as_scripted(server: LocalServer, client: Client) -> None:
    """An error has its status, code, message and Retry-After."""
    server.fail(429, retry_after=0.2)
    server.fail(400, message="No.", code="why", param="messages")
    server.fail()
    with pytest.raises(RateLimitError) as limited:
        ask(client)
    assert (limited.value.headers["retry-after"], limited.value.code) == ("0.2", "rate_limit_exceeded")
    with pytest.raises(BadRequestError, match="No") as refused:
        ask(client)
    assert (refused.value.code, refused.value.param) == ("why", "messages")
    with pytest.raises(InternalServerError):
        ask(client)


def test_an_error_passes_by_when_retried(server: LocalServer) -> None:
    """An error and a reply in order are what a retry gets."""
    server.fail(503, retry_after=0)
    server.reply("At last.")
    with Client(api_base=server.url, api_key="test-key", http_options={"trust_env": False}) as client:
        assert ask(client).choices[0].message.content == "At last."
    assert len(server.requests) == 2


def test_closes_the_connection_without_an_answer(server: LocalServer, client: Client) -> None:
    """`disconnect` ends the connection before a byte of the response."""
    server.disconnect()
    with pytest.raises(APIConnectionError, match="without answering"):
        ask(client)
    assert ask(client).choices[0].finish_reason == "stop"


@pytest.mark.parametrize("after", [0, 3])
def test_cuts_a_stream(server: LocalServer, client: Client, caplog: pytest.LogCaptureFixture, after: int) -> None:
    """A cut stream has the events before the cut; nothing is logged, and the next stream is whole."""
    server.reply("one two three four")
    server.cut_stream(after=after)
    chunks = []
    with pytest.raises(StreamBrokenError), stream_of(client) as stream:
        chunks.extend(stream)
    assert len(chunks) == after
    with stream_of(client) as stream:
        assert "".join(stream.text()) == "You wrote 1 word: Hi"
    assert [record.message for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


@pytest.mark.parametrize("after", [0, 2])
def test_lets_a_stream_fall_silent(server: LocalServer, client: Client, after: int) -> None:
    """A stalled stream has the events before the stall, and ends when the client gives up."""
    server.stall(after=after)
    chunks = []
    with pytest.raises(StreamStalledError), stream_of(client) as stream:
        chunks.extend(stream)
    assert len(chunks) == after
    assert ask(client).choices[0].finish_reason == "stop"


def test_a_stall_does_not_hold_up_stopping() -> None:
    """A server stops though a stream of it is silent."""
    with LocalServer(api_key=None) as server, httpx.Client(trust_env=False) as client:
        server.stall(after=1)
        body = chat(user("x"), stream=True)
        with client.stream("POST", f"{server.url}/chat/completions", json=body) as reply:
            pieces = reply.iter_raw()
            assert next(pieces)
            server.stop()


def test_answers_with_any_json_and_bytes(server: LocalServer, client: Client) -> None:
    """`reply_json` and `reply_bytes` go out as they are, whatever the operation."""
    server.on(operation="models.list").reply_json({"object": "list", "data": []}, headers={"x-request-id": "mine"})
    server.on(operation="models.list").reply_bytes(b"<html>", status=200, headers={"content-type": "text/html"})
    assert client.models.list.sync().data == []
    reply = httpx.get(f"{server.url}/models", headers={"authorization": "Bearer test-key"}, trust_env=False)
    assert (reply.content, reply.headers["content-type"]) == (b"<html>", "text/html")


@pytest.mark.parametrize(
    ("chosen", "matching"),
    [
        ({"operation": "chat.create"}, True),
        ({"operation": "responses.create"}, False),
        ({"model": "gpt-4o-mini"}, True),
        ({"model": "gpt-4o"}, False),
        ({"model": re.compile("^gpt-4o")}, True),
        ({"messages": re.compile("cat")}, True),
        ({"messages": lambda found: len(found) == 2}, False),
        ({"contains": "Ærø cat"}, True),
        ({"contains": "dog"}, False),
        ({"temperature": None}, True),
    ],
)
def test_matches_on_the_request(server: LocalServer, client: Client, chosen: Any, matching: bool) -> None:
    """A rule is for the requests that it chose, and waits until one comes."""
    rule = server.on(**chosen).reply("Chosen.")
    assert (ask(client, "an Ærø cat").choices[0].message.content == "Chosen.") is matching
    assert server.pending == ([] if matching else [rule])


def test_matches_by_a_function(server: LocalServer, client: Client) -> None:
    """`on` takes a function of the request; chained choices hold together, and `times=None` is always."""
    chosen = server.on(lambda request: "x-me" in request.headers, times=None)
    chosen.on(contains="Hi", times=None).reply("You.")
    texts = [ask(client, text, extra_headers=h).choices[0].message.content for text, h in
             [("Hi", {"x-me": "1"}), ("Hi", {}), ("Ho", {"x-me": "1"}), ("Hi", {"x-me": "1"})]]  # fmt: skip
    assert [text == "You." for text in texts] == [True, False, False, True]


def test_matches_on_forms_and_paths(server: LocalServer, client: Client) -> None:
    """Parameters are those of a form and of the path, too."""
    rule = server.on(purpose="user_data", file=b"bytes").fail(413)
    other = server.on(file_id="file-9").fail(410)
    with pytest.raises(APIStatusError, match="asked for status 413"):
        client.files.create.sync(file=b"bytes", purpose="user_data")
    with pytest.raises(APIStatusError, match="asked for status 410"):
        client.files.retrieve.sync("file-9")
    assert (len(rule.requests), len(other.requests)) == (1, 1)


def test_matches_on_numbers_of_the_query(server: LocalServer, client: Client) -> None:
    """What a query says is text, and is chosen by the number or the truth value that it stands for, too."""
    rule = server.on(operation="files.list", limit=3).reply_json({"object": "list", "data": [], "has_more": False})
    client.files.list.sync(limit=4)
    assert rule.requests == []
    client.files.list.sync(limit=3)
    assert len(rule.requests) == 1


@pytest.mark.parametrize(
    ("kind", "streamed"),
    [("where", False), ("parameter", False), ("reply", False), ("reply", True), ("returned", True), ("cut", True)],
)
def test_tells_what_a_function_of_the_script_raised(
    server: LocalServer, client: Client, caplog: pytest.LogCaptureFixture, kind: str, streamed: bool
) -> None:
    """A test's own mistake is in the error that its client raises, whichever function made it."""

    def wrong(given: Any) -> Any:
        if kind == "returned":
            return None
        raise KeyError("nothing here")

    if kind in ("where", "cut"):
        chosen = server.on(wrong)
        chosen.fail() if kind == "where" else chosen.cut_stream()
    elif kind == "parameter":
        server.on(model=wrong).fail()
    else:
        server.reply(wrong)
    match = "returned NoneType" if kind == "returned" else "wrong.* raised KeyError: 'nothing here'"
    with pytest.raises(InternalServerError, match=match) as failed:
        if streamed:
            with stream_of(client) as stream:
                list(stream)
        else:
            ask(client)
    assert failed.value.code == "script_failed"


def test_requests_tell_their_operation(server: LocalServer, client: Client) -> None:
    """A recorded request names its operation and its parameters."""
    ask(client, temperature=0.5)
    client.models.list.sync()
    assert [request.operation for request in server.requests] == ["chat.create", "models.list"]
    assert server.requests[0].parameters["temperature"] == 0.5


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda s: s.on(operation="chat.creat"), "similar names: chat.create"),
        (lambda s: s.on(operation="embeddings.create").reply("x"), "embeddings.create has no such reply"),
        (lambda s: s.on(operation="completions.create").reply_tool_call("f"), "no such reply"),
        (lambda s: s.reply(5), "not 5"),
        (lambda s: s.fail(200), "from 400 to 599"),
        (lambda s: s.stall(after=-1), "number of events"),
    ],
)
def test_refuses_what_cannot_be_done(server: LocalServer, wrong: Any, message: str) -> None:
    """A script that can never be played is an error where it is written."""
    with pytest.raises((TypeError, ValueError), match=message):
        wrong(server)
    assert server.pending == []


class _Clock(State):
    """A state that lets no time pass and remembers how long it would have been."""

    paused: list[float]

    async def pause(self, seconds: float) -> None:
        """Take note."""
        self.paused = [*getattr(self, "paused", []), seconds]


def test_a_rule_tells_what_it_waits_for(server: LocalServer) -> None:
    """An assertion on `pending` that fails shows the rule in words."""
    server.on(operation="chat.create", model="m", times=3).fail(500)
    server.reply("Hi")
    server.on(lambda request: True, times=None).disconnect()
    shown = [repr(rule) for rule in server.pending]
    assert shown[0].endswith("for operation='chat.create', model='m', 3 times; used 0 times>")
    assert shown[1] == "<Rule Speak(text='Hi', calls=()) for any request; used 0 times>"
    assert "lambda" in shown[2]
    assert "always" in shown[2]


def test_keeps_to_its_pace() -> None:
    """Every response waits for the latency, and between the events of a stream lies the time of a token."""
    server = LocalServer(state=_Clock(), api_key=None, latency=0.25, tokens_per_second=4)

    async def run() -> int:
        async with httpx.AsyncClient(transport=server.transport(), base_url="http://here/v1") as client:
            await client.get("/models")
            reply = await client.post("/chat/completions", json=chat(user("x"), stream=True))
            return reply.text.count("data: ")

    events = asyncio.run(run())
    assert isinstance(server.state, _Clock)
    assert server.state.paused == [0.25, 0.25, *[0.25] * (events - 1)]


def test_forgets_its_script(server: LocalServer, client: Client) -> None:
    """`reset` takes back what was scripted."""
    server.fail(500)
    server.reset()
    assert ask(client).choices[0].finish_reason == "stop"


def test_a_reply_that_json_cannot_hold() -> None:
    """It is told where it is given: a value that holds itself, one of thousands of levels, and other objects."""
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    cyclic: list[Any] = []
    cyclic.append(cyclic)
    made = LocalServer()
    for value in (deep, cyclic, {"a": deep}, object(), {1, 2}):
        with pytest.raises((TypeError, ValueError)):
            made.reply_json(value)
        with pytest.raises((TypeError, ValueError)):
            made.reply_tool_call("f", a=value)


@pytest.mark.parametrize("body", [5, 10**30, "text", [1, 2], None], ids=repr)
def test_a_reply_of_bytes_that_is_none(body: Any) -> None:
    """A number is not as many zeros, nor a list its bytes."""
    with pytest.raises(TypeError, match=rf"^reply_bytes\(\) takes bytes, not {type(body).__name__}$"):
        LocalServer().reply_bytes(body)
