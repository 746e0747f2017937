"""Whatever a server answers: what a session has accepted it can send again, repair, save and fork."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from sdk import ChatSession, Client, ResponsesSession
from sdk.errors import MessageError, SDKError

from .wire import Answers, said

both = pytest.mark.parametrize("form", ["sync", "asyncio"])


def _run(session: Any, form: str, message: Any = None) -> Any:
    return session.run(message) if form == "sync" else asyncio.run(session.arun(message))


def weather(city: str) -> str:
    return city


def _deep(levels: int) -> Any:
    return json.loads("[" * levels + "]" * levels)


ODD: list[tuple[Any, str]] = [
    ({"content": None, "reasoning_content": "hm"}, ""),
    ({"content": None, "tool_calls": []}, ""),
    ({"content": None, "audio": {"id": "a", "data": "AAAA", "transcript": "Hi"}}, ""),
    ({"content": "Hi", "role": ""}, "Hi"),
    ({"content": "Hi", "role": "model"}, "Hi"),
    ({"content": "Hi", "name": 5, "function_call": "auto", "refusal": []}, "Hi"),
    ({"content": 5}, "5"),
    ({"content": {"text": "Hi"}}, '{"text": "Hi"}'),
    ({"content": ["a", "b"]}, "ab"),
    ({"content": [{"type": "thinking", "thinking": []}, {"type": "text", "text": "Hi"}]}, "Hi"),
    ({"content": [{"text": "Hi"}, None]}, '{"text": "Hi"}null'),
    ({"content": "a\udce9"}, "a�"),
    ({"content": "Hi", "tool_calls": {"a": 1}}, "Hi"),
]


FORMS = ("sync", "asyncio", "streamed")  # the server in memory streams texts only
CASES = [(*odd, f) for odd in ODD for f in FORMS if f != "streamed" or isinstance(odd[0]["content"], str | None)]


@pytest.mark.parametrize(("message", "text", "form"), CASES)
def test_an_odd_answer_does_not_end_a_conversation(message: Any, text: str, form: str, tmp_path: Path) -> None:
    """The next turn, repair, save, load and fork work as after any other answer."""
    answers = Answers(message, "ok")
    session = ChatSession(answers.client, "m")
    if form == "asyncio":
        reply = asyncio.run(session.asend("a"))
    else:
        reply = session.send("a", on_chunk=(lambda _: None) if form == "streamed" else None)
    assert (reply.text, reply.message["role"]) == (text, "assistant")
    assert session.fork().send("b").text == "ok"
    assert session.send("b").text == "ok"
    session.repair()
    session.save(tmp_path / "s.json")
    assert ChatSession.load(tmp_path / "s.json").messages == session.messages
    assert answers.asked[-1]["messages"][-1] == {"role": "user", "content": "b"}


def test_of_spoken_answers_the_id_is_sent_back() -> None:
    """The sound itself stays in the history and does not go out again."""
    answers = Answers({"content": None, "audio": {"id": "a", "data": "AAAA", "transcript": "Hi"}}, "ok")
    session = ChatSession(answers.client, "m")
    session.send("a")
    session.send("b")
    assert answers.asked[1]["messages"][1]["audio"] == {"id": "a"}
    assert session.messages[1]["audio"]["data"] == "AAAA"


def _answering(body: Any) -> Client:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=json.dumps(body).encode()))
    return Client(api_base="http://t/v1", api_key="k", max_retries=0, transport=transport)


@pytest.mark.parametrize("choices", [["x"], {"a": 1}, 5, [], [{"index": 0}], [None]])
def test_a_reply_without_a_message(choices: Any) -> None:
    """A reply that holds no message is an error of ours, and no turn."""
    session = ChatSession(_answering({"id": "c", "choices": choices}), "m")
    with pytest.raises(MessageError, match="no message"):
        session.send("a")
    assert session.messages == []


def test_a_message_that_is_a_text() -> None:
    """A text in the place of the message is the answer."""
    assert ChatSession(_answering({"choices": [{"message": "Hi"}]}), "m").send("a").text == "Hi"


@pytest.mark.parametrize("levels", [300, 500])  # more than a request can hold; more than Python counts, too
def test_a_reply_too_deep_to_be_sent_again(levels: int) -> None:
    """It is refused, and the history stays as it was; the reply itself can be read and written."""
    body = {"choices": [{"message": {"content": "Hi", "deep": _deep(levels)}}]}
    client = _answering(body)
    session = ChatSession(client, "m")
    with pytest.raises(MessageError, match="too deeply"):
        session.send("a")
    assert session.messages == []
    reply = client.chat.create.sync(model="m", messages=[])
    copied = reply.to_dict()
    assert str(copied) == str(body)
    assert copied["choices"][0]["message"]["deep"] is not body["choices"][0]["message"]["deep"]


def hello() -> str:
    """Say hello."""
    return "caf\udce9"


def oops() -> str:
    """Fail."""
    raise ValueError("caf\udce9")


@both
@pytest.mark.parametrize(("tool", "reported"), [(hello, "caf�"), (oops, "error: ValueError: caf�")])
@pytest.mark.parametrize("kind", [ChatSession, ResponsesSession])
def test_a_half_character_in_a_result(kind: Any, tool: Any, reported: str, form: str, tmp_path: Path) -> None:
    """What UTF-8 cannot hold is replaced, so that the conversation goes on and can be saved."""
    name = tool.__name__
    first: Any = {"tool_calls": [{"id": "a", "type": "function", "function": {"name": name, "arguments": "{}"}}]}
    if kind is ResponsesSession:
        first = [{"type": "function_call", "call_id": "a", "name": name, "arguments": "{}"}]
    session = kind(Answers(first, "ok").client, "m", tools=[tool])
    assert str(_run(session, form, "go")) == "ok"
    assert reported in (session.messages[2].get("content"), session.messages[2].get("output"))
    session.save(tmp_path / "s.json")


def test_what_the_user_said_and_no_file_can_hold(tmp_path: Path) -> None:
    """It is told by an error of ours, and no file appears."""
    session = ChatSession(Answers("ok").client, "m", [{"role": "user", "content": "\udce9"}])
    with pytest.raises(MessageError, match="contains a value that is not JSON"):
        session.save(tmp_path / "s.json")
    assert list(tmp_path.iterdir()) == []


def echo(text: str) -> str:
    """Echo."""
    return text


def anything(text):  # type: ignore[no-untyped-def]
    """Take anything."""


@pytest.mark.parametrize("arguments", ['{"text": "\udce9"}', '{"text": ' + "[" * 100_000])
def test_arguments_that_cannot_be_read(arguments: str) -> None:
    """Arguments with half a character, or far too deep, are told to the model as no JSON."""
    from sdk.tools import Tool

    assert Tool(anything).call(arguments).text == "error: the arguments are not JSON"


@both
def test_a_function_given_by_its_name_alone(form: str) -> None:
    """A call whose function is a text is carried out, with the arguments that stand beside it."""
    call = {"id": "a", "function": "echo", "arguments": {"text": "Hi"}}
    session = ChatSession(Answers({"tool_calls": [call]}, "ok").client, "m", tools=[echo])
    assert _run(session, form, "go").text == "ok"
    assert session.messages[2] == {"role": "tool", "tool_call_id": "a", "content": "Hi"}


def _call(**more: Any) -> dict[str, Any]:
    return {"type": "function_call", "name": "echo", "arguments": '{"text": "Hi"}', **more}


@both
def test_ids_that_come_again_in_the_next_turn(form: str) -> None:
    """A call is carried out though a call of an earlier turn had the same id."""
    answers = Answers([_call(call_id="call_0")], [_call(call_id="call_0", arguments='{"text": "Ho"}')], "done")
    session = ResponsesSession(answers.client, "m", tools=[echo])
    assert str(_run(session, form, "go")) == "done"
    assert [m["output"] for m in session.messages if m.get("type") == "function_call_output"] == ["Hi", "Ho"]


@both
@pytest.mark.parametrize("more", [{}, {"call_id": None}, {"call_id": ""}, {"call_id": ["a"]}])
def test_calls_without_an_id(more: Any, form: str) -> None:
    """A call without an id, or one to all, gets one of its own, and is carried out once."""
    answers = Answers([_call(**more), _call(**more, arguments={"text": "Ho"})] if "call_id" not in more else
                      [_call(**more), {**_call(**more), "arguments": {"text": "Ho"}}], "done")  # fmt: skip
    session = ResponsesSession(answers.client, "m", tools=[echo], store=False)
    assert str(_run(session, form, "go")) == "done"
    calls, results = answers.asked[1]["input"][1:3], answers.asked[1]["input"][3:]
    assert [c["call_id"] for c in calls] == [r["call_id"] for r in results]
    assert len({c["call_id"] for c in calls}) == 2
    assert ([r["output"] for r in results], calls[1]["arguments"]) == (["Hi", "Ho"], '{"text": "Ho"}')


def test_repair_of_ids_that_come_again() -> None:
    """Each call has its own result, though two turns gave the same id; a second result goes."""
    session = ResponsesSession(Answers("ok").client, "m")
    result = {"type": "function_call_output", "call_id": "a", "output": "1"}
    session.append_message(_call(call_id="a"), result, _call(call_id="a"), result, result, _call(call_id="a"))
    session.repair()
    assert [m.get("output") for m in session.messages] == [
        None, "1", None, "1", None, "error: this call was not carried out",
    ]  # fmt: skip


@pytest.mark.parametrize("output", [5, "x", [5], [{"type": ["a"]}], [{"type": {}, "call_id": []}], None])
def test_an_output_that_is_none(output: Any, tmp_path: Path) -> None:
    """An output of odd types is an answer without text."""
    session = ResponsesSession(Answers({"output": output}, [said("ok")]).client, "m")
    assert str(session.run("go")) == ""
    session.repair()
    session.save(tmp_path / "s.json")
    assert str(session.send("b")) == "ok"


@pytest.mark.parametrize(
    "text",
    ['{"version": 1}', '{"version": 1, "kind": "KIND", "messages": null}', "[" * 100_000,
     '{"version": 1, "kind": "KIND", "model": "m", "messages": [], "tools": [5], "functions": [], "params": {}, '
     '"known": 0, "instructions": null, "previous_response_id": null}'],
)  # fmt: skip
@pytest.mark.parametrize(("kind", "name"), [(ChatSession, "chat"), (ResponsesSession, "responses")])
def test_a_damaged_file(kind: Any, name: str, text: str, tmp_path: Path) -> None:
    """A file that lacks what it should hold is an error of ours that names it."""
    (tmp_path / "s.json").write_text(text.replace("KIND", name))
    with pytest.raises(MessageError, match=r"s\.json"):
        kind.load(tmp_path / "s.json")


def test_a_body_that_holds_itself() -> None:
    """It cannot be sent, which is told before anything is."""
    messages: list[Any] = [{"role": "user", "content": "a"}]
    messages[0]["self"] = messages
    answers = Answers("ok")
    bad: Any
    for bad in (messages, [{"role": "user", "content": "a", "deep": _deep(900)}]):
        with pytest.raises(SDKError, match=r"deep|Recursion"):
            answers.client.chat.create.sync(model="m", messages=bad)
    assert answers.asked == []


@pytest.mark.parametrize("content", [None, [], [{"type": "output_text", "text": "x"}]])
@pytest.mark.parametrize("form", ["sync", "asyncio"])
def test_an_output_message_without_its_type(content: Any, form: str) -> None:
    """A message of the server's is kept and sent again as one, whatever it holds."""
    answers = Answers([{"role": "assistant", "content": content}], [said("ok")])
    session = ResponsesSession(answers.client, "m", store=False)
    for _ in range(2):
        reply = session.send("go") if form == "sync" else asyncio.run(session.asend("go"))
    assert str(reply) == "ok"
    assert answers.asked[1]["input"][1]["type"] == "message"


CUT = '{"city": "Os'  # by max_tokens
BAD = [(CUT, "{}"), ("", "{}"), ('{"city": 1}', '{"city": 1}'), ('{"n": NaN}', '{"n": NaN}')]


@both
@pytest.mark.parametrize(("arguments", "sent"), BAD)
def test_arguments_that_are_no_json_are_not_sent_back(form: str, arguments: str, sent: str) -> None:
    """llama-server b11669 refuses with a 500 a history in which a call was cut; `messages` keep what the model said."""
    call = {"id": "a", "type": "function", "function": {"name": "weather", "arguments": arguments}}
    answers = Answers({"content": "", "tool_calls": [call]}, "ok")
    session = ChatSession(answers.client, "m", tools=[weather])
    assert _run(session, form, "w?").text == "ok"
    assert answers.asked[1]["messages"][1]["tool_calls"][0] == {
        **call,
        "function": {"name": "weather", "arguments": sent},
    }
    assert session.messages[1]["tool_calls"] == [call]
    assert answers.asked[1]["messages"][2]["content"].startswith("error: the arguments ")


@both
@pytest.mark.parametrize(("arguments", "sent"), BAD)
def test_nor_by_the_responses_api(form: str, arguments: str, sent: str) -> None:
    """An item that is sent again, since the server keeps nothing, is sent with arguments that can be read."""
    call = {"type": "function_call", "call_id": "a", "name": "weather", "arguments": arguments}
    answers = Answers([call], "ok")
    session = ResponsesSession(answers.client, "m", tools=[weather], store=False)
    assert _run(session, form, "w?").text == "ok"
    assert answers.asked[1]["input"][1] == {**call, "arguments": sent}
    assert session.messages[1] == call
