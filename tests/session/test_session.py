"""Conversations: what is in the history after each turn, and after each failure."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from sdk import ChatSession, Client, ResponsesSession, Tool
from sdk._core.request.data import OPTION_NAMES
from sdk.errors import APIStatusError, MessageError, ToolError
from sdk.models import ChatCompletion, ChatCompletionMessage
from sdk.session import Reply, SessionChunk
from sdk.testing import LocalServer

from .wire import Answers


def send(session: ChatSession, form: str, *args: Any, **kwargs: Any) -> Any:
    """Send by the sync or the async form."""
    if form == "sync":
        return session.send(*args, **kwargs)

    return asyncio.run(session.asend(*args, **kwargs))


both = pytest.mark.parametrize("form", ["sync", "asyncio"])


@both
def test_a_turn_adds_the_question_and_the_answer(client: Client, form: str) -> None:
    """The history grows by the user's message and the reply's."""
    session = ChatSession(client, "gpt-4o-mini", [{"role": "system", "content": "Be brief."}])
    reply = send(session, form, "Hi there")
    assert [m["role"] for m in session.messages] == ["system", "user", "assistant"]
    assert session.messages[1:] == [{"role": "user", "content": "Hi there"}, reply.message]
    assert str(reply) == reply.text == session.messages[-1]["content"] != ""


@both
def test_a_streamed_turn_gives_pieces_and_the_whole(client: Client, form: str) -> None:
    """The callback gets the text in pieces; reply and history are those of an unstreamed turn."""
    pieces: list[SessionChunk] = []
    session = ChatSession(client, "gpt-4o-mini")
    reply = send(session, form, "Hi there", on_chunk=pieces.append)
    assert "".join(piece.content for piece in pieces) == reply.text
    assert len(pieces) > 2
    assert session.messages == [{"role": "user", "content": "Hi there"}, reply.message]


@both
def test_a_refused_turn_leaves_the_history_as_it_was(server: LocalServer, form: str) -> None:
    """After an error of the server, trying again sends the message once."""
    session = ChatSession(Client(api_base=server.url, api_key="wrong", max_retries=0), "gpt-4o-mini")
    assert isinstance(session.client, Client)
    with pytest.raises(APIStatusError):
        send(session, form, "Hi")
    assert session.messages == []
    session.client.close()
    session.client = Client(api_base=server.url, api_key="test-key")
    send(session, form, "Hi")
    session.client.close()
    assert [m["content"] for m in session.messages if m["role"] == "user"] == ["Hi"]


def test_a_raising_callback_leaves_the_history_as_it_was(client: Client) -> None:
    """An exception of the caller's own comes out as it is."""
    session = ChatSession(client, "gpt-4o-mini")

    def stop(piece: SessionChunk) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        session.send("Hi", on_chunk=stop)
    assert session.messages == []


def test_generate_response_can_leave_the_history_alone(client: Client) -> None:
    """append=False asks without keeping the answer."""
    session = ChatSession(client, "gpt-4o-mini", ["Hi"])
    assert session.generate_response(append=False).text
    assert session.messages == [{"role": "user", "content": "Hi"}]
    session.generate_response()
    assert len(session.messages) == 2


def test_overrides_hold_for_one_turn(client: Client, server: LocalServer) -> None:
    """Arguments of the session go with every turn, those of a turn with that turn."""
    session = ChatSession(client, "gpt-4o-mini", temperature=0.5)
    session.send("Hi", temperature=1)
    session.send("Hi again")
    sent = [request.json()["temperature"] for request in server.requests[-2:]]
    assert sent == [1, 0.5]


def test_the_model_comes_from_argument_environment_or_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """The argument wins, then OPENAI_MODEL, then the default."""
    monkeypatch.delenv("OPENAI_MODEL", raising=False)
    assert ChatSession().model == "gpt-4o-mini"
    monkeypatch.setenv("OPENAI_MODEL", "local")
    assert [ChatSession().model, ChatSession(model="other").model] == ["local", "other"]


@pytest.mark.parametrize(
    ("message", "reported"),
    [
        ({"role": "wizard", "content": "x"}, "role is 'wizard'"),
        ({"content": "x"}, "role is None"),
        ({"role": "user"}, "content is missing"),
        ({"role": "user", "content": 3}, "not int"),
        ({"role": "user", "content": [{"text": "secret"}]}, r"content\[0\] is not a part"),
        ({"role": "assistant", "content": None}, "content is missing"),
        ({"role": "tool", "content": "x"}, "tool_call_id"),
        ({"role": "function", "content": "x"}, "name"),
        ({"role": "user", "content": "x", "name": 3}, "name must be a str"),
        (3, "not int"),
        ({"role": "user", "content": [{"type": "text"}]}, r"content\[0\] is not a part"),
        ({"role": "user", "content": [{"type": "text", "text": 3}]}, r"content\[0\] is not a part"),
        ({"role": "user", "content": [{"type": "image_url", "image_url": {}}]}, r"content\[0\] is not a part"),
        ({"role": "assistant", "content": None, "tool_calls": "f"}, "tool_calls must be a list"),
        ({"role": "assistant", "content": "x", "tool_calls": ["f"]}, "tool_calls must be a list"),
        ({"role": "assistant", "content": None, "function_call": "f"}, "function_call must be a dict"),
    ],
)
def test_a_bad_message_is_refused(message: Any, reported: str) -> None:
    """The rule is told, the text is not, and nothing is added, not even the good message before it."""
    session = ChatSession()
    with pytest.raises(MessageError, match=reported) as caught:
        session.append_message("good", message)
    assert session.messages == []
    assert "secret" not in str(caught.value)


def test_null_content_stands_beside_a_tool_call() -> None:
    """An assistant's message may have no content when it calls a tool."""
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    session = ChatSession(messages=[{"role": "assistant", "content": None, "tool_calls": [call]}])
    assert session.last_message() == {"role": "assistant", "content": None, "tool_calls": [call]}


def test_typed_calls_are_kept_as_they_are_sent() -> None:
    """A message may be written with the tool calls of a typed reply."""
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    typed = ChatCompletionMessage.from_dict({"role": "assistant", "content": None, "tool_calls": [call]})
    session = ChatSession(messages=[{"role": "assistant", "content": None, "tool_calls": typed.tool_calls}])
    assert session.messages == [{"role": "assistant", "content": None, "tool_calls": [call]}]


@both
def test_streamed_and_whole_answers_leave_the_same_history(form: str) -> None:
    """Annotations that are none, which only an unstreamed reply has, are not kept and not sent again."""
    answers = Answers({"content": "Hi", "annotations": []}, "Hi")
    session = ChatSession(answers.client, "m")
    send(session, form, "Hi")
    send(session, form, "Hi", on_chunk=lambda piece: None)
    assert [m for m in session.messages if m["role"] == "assistant"] == [{"role": "assistant", "content": "Hi"}] * 2


def test_no_key_of_a_gateway_is_saved(tmp_path: Path) -> None:
    """What goes into the body under the name of a key stays out of the file; the rest of it does not."""
    session = ChatSession(model="m", extra_body={"api_key": "gateway-1", "x-api-key": "gateway-2", "top_k": 3})
    path = session.save(tmp_path / "talk.json")
    assert "gateway" not in path.read_text()
    assert ChatSession.load(path).params == {"extra_body": {"top_k": 3}}


def test_save_and_load_give_the_conversation_back(client: Client, tmp_path: Path) -> None:
    """Messages, model, tools and params come back; no key is in the file."""

    def add(a: int, b: int = 1) -> int:
        """Add two numbers."""
        return a + b

    session = ChatSession(client, "m", ["Hi"], [add], temperature=0.5)
    path = session.save(tmp_path / "talk.json")
    assert "test-key" not in path.read_text()
    loaded = ChatSession.load(path, client, tools=[add])
    assert (loaded.model, loaded.messages, loaded.tools, loaded.params) == (
        "m",
        session.messages,
        [add],
        {"temperature": 0.5},
    )
    assert len(ChatSession.load(path).tools) == 1


def test_options_of_a_call_are_not_saved(tmp_path: Path) -> None:
    """Limits, headers and keys stay behind; what the body holds comes along."""
    options: dict[str, Any] = dict.fromkeys(OPTION_NAMES - {"client", "extra_body"}, 1)
    session = ChatSession(model="m", temperature=0.5, extra_body={"top_k": 1}, **options)
    assert ChatSession.load(session.save(tmp_path / "talk.json")).params == {
        "temperature": 0.5,
        "extra_body": {"top_k": 1},
    }


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"version": 99})])
def test_a_file_that_is_no_session_is_refused(tmp_path: Path, text: str) -> None:
    """The error names the file."""
    (tmp_path / "odd.json").write_text(text)
    with pytest.raises(MessageError, match=r"odd\.json"):
        ChatSession.load(tmp_path / "odd.json")


def test_forks_are_independent() -> None:
    """What one conversation says the other does not hear."""
    one = ChatSession(messages=["Hi"])
    other = one.fork()
    other.append_message("more")
    other.messages[0]["content"] = "changed"
    assert one.messages == [{"role": "user", "content": "Hi"}]


def test_repair_gives_every_call_one_result() -> None:
    """Missing results are filled in, doubled and lost ones go; a second repair changes nothing."""
    calls = [{"id": i, "type": "function", "function": {"name": "f", "arguments": ""}} for i in ("a", "b")]
    result = {"role": "tool", "tool_call_id": "a", "content": "1"}
    session = ChatSession(
        messages=["Hi", {"role": "assistant", "content": None, "tool_calls": calls}, result, result, "more", result]
    )
    session.repair()
    first = list(session.messages)
    assert [(m["role"], m.get("tool_call_id")) for m in first] == [
        ("user", None), ("assistant", None), ("tool", "a"), ("tool", "b"), ("user", None),
    ]  # fmt: skip
    session.repair()
    assert session.messages == first


@both
def test_stream_options_go_with_streamed_turns(form: str) -> None:
    """Servers refuse them where nothing is streamed; a session has them for the turns that are."""
    answers = Answers("Hi")
    session = ChatSession(answers.client, "m", stream_options={"include_usage": True})
    send(session, form, "Hi")
    send(session, form, "Hi", on_chunk=lambda piece: None)
    assert [body.get("stream_options") for body in answers.asked] == [None, {"include_usage": True}]


def test_a_loaded_conversation_is_trimmed_again(tmp_path: Path) -> None:
    """The hook is given to load, as the functions are."""
    answers = Answers("Hi")
    path = ChatSession(model="m", messages=["one", "two"]).save(tmp_path / "talk.json")
    ChatSession.load(path, answers.client, trim=lambda m: m[-1:]).send("three")
    assert answers.asked[0]["messages"] == [{"role": "user", "content": "three"}]


def test_the_trim_hook_decides_what_is_sent(client: Client, server: LocalServer) -> None:
    """The hook's messages go over the wire; the history stays whole."""
    session = ChatSession(client, "gpt-4o-mini", ["one", "two"], trim=lambda m: m[-1:])
    session.send("three")
    assert server.requests[-1].json()["messages"] == [{"role": "user", "content": "three"}]
    assert len(session.messages) == 4


@pytest.mark.parametrize("kind", [ChatSession, ResponsesSession])
@pytest.mark.parametrize(
    ("argument", "given", "error", "reported"),
    [
        ("messages", "Be brief.", MessageError, "messages= takes a list, not str"),
        ("messages", {"role": "user", "content": "Hi"}, MessageError, "messages= takes a list, not dict"),
        ("messages", None, MessageError, "messages= takes a list, not NoneType"),
        ("tools", {"type": "function"}, ToolError, "tools= takes a list, not dict"),
        ("tools", json.dumps, ToolError, "tools= takes a list, not function"),
    ],
)
def test_one_alone_is_no_list(kind: Any, argument: str, given: object, error: type[Exception], reported: str) -> None:
    """One message or tool without a list around it is refused, not taken apart into letters or keys."""
    with pytest.raises(error, match=reported):
        kind(model="m", **{argument: given})


def test_markdown_of_a_reply() -> None:
    """A notebook displays the text of a reply, and the names of the calls where it has no text."""
    call = {"id": "c", "type": "function", "function": {"name": "add", "arguments": "{}"}}
    shown = [
        Reply(ChatCompletion.from_dict({"choices": [{"message": {"role": "assistant", **message}}]}))._repr_markdown_()
        for message in ({"content": "# Hi", "tool_calls": [call]}, {"content": None, "tool_calls": [call, call]})
    ]
    assert shown == ["# Hi", "- `add`\n- `add`"]


def test_system() -> None:
    """`system=` is the first message of the history, before those that are given."""
    answers = Answers("Hi")
    session = ChatSession(answers.client, "m", ["one"], system="Be brief.")
    session.send("two")
    assert [(m["role"], m["content"]) for m in answers.asked[0]["messages"]] == [
        ("system", "Be brief."), ("user", "one"), ("user", "two"),
    ]  # fmt: skip
    assert session.fork().messages == session.messages
    wrong: Any = 3
    for given in (wrong, ""):
        with pytest.raises((TypeError, ValueError), match="system="):
            ChatSession(answers.client, "m", system=given)


def test_repr(client: Client) -> None:
    """The repr names model, number of messages and tools, of whatever form they are."""

    def add(a: int) -> int:
        return a

    search: dict[str, Any] = {"type": "function", "function": {"name": "search"}}
    session = ChatSession(client, "m", ["Hi"], [add, Tool(add, name="plus"), search, {"type": "mcp"}], [search])
    assert repr(session) == "<ChatSession m: 1 message, tools add, plus, search, mcp, search>"
    assert repr(ResponsesSession(client, "m")) == "<ResponsesSession m: 0 messages, no tools>"
