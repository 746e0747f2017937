"""create.parse: an answer of a type, on chat and responses, in every form."""

from __future__ import annotations

import asyncio
import json
import pickle
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.errors import APIResponseError, RefusalError, RequestError, StreamIncompleteError
from sdk.response import ParsedResponse


@dataclass
class City:
    name: str
    people: int | None = None


ASK: dict[str, dict[str, Any]] = {
    "chat": {"model": "m", "messages": [{"role": "user", "content": "the secret prompt"}]},
    "responses": {"model": "m", "input": "the secret prompt"},
}
GOOD = '{"name": "Ulm", "people": 120000}'
apis = pytest.mark.parametrize("api", ["chat", "responses"])
forms = pytest.mark.parametrize("form", ["parse", "asyncio_parse", "parse_stream", "asyncio_parse_stream"])


def _reply(api: str, text: str | None, *, refusal: str | None = None, end: str = "", why: str = "") -> Any:
    if api == "chat":
        message = {"role": "assistant", "content": text, "refusal": refusal}
        choice = {"index": 0, "message": message, "finish_reason": end or "stop"}
        return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    parts: list[Any] = [{"type": "output_text", "text": text}] if text is not None else []
    parts += [{"type": "refusal", "refusal": refusal}] if refusal else []
    output = [{"type": "reasoning", "summary": []}, {"type": "message", "role": "assistant", "content": parts}]
    more = {"incomplete_details": {"reason": why}} if why else {}
    return {"id": "r", "object": "response", "status": end or "completed", "output": output, **more}


def _stream(api: str, reply: Any) -> bytes:
    if api == "chat":
        choice = dict(reply["choices"][0])
        choice["delta"] = choice.pop("message")
        chunk = {**reply, "object": "chat.completion.chunk", "choices": [choice]}
        return b"data: " + json.dumps(chunk).encode() + b"\n\ndata: [DONE]\n\n"
    event = {"type": f"response.{reply['status']}", "sequence_number": 0, "response": reply}
    return b"data: " + json.dumps(event).encode() + b"\n\n"


def _ask(api: str, form: str, reply: Any, kind: Any = City, **more: Any) -> tuple[Any, Any]:
    """Return the parsed answer and the body that was sent."""
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        if "stream" in form:
            return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=_stream(api, reply))
        return httpx.Response(200, headers={"content-type": "application/json"}, content=json.dumps(reply))

    client = Client(api_base="http://t/v1", api_key="k", transport=httpx.MockTransport(answer))
    called = getattr(getattr(client, api).create, form)
    arguments = {**ASK[api], **more}

    async def main() -> Any:
        if form == "asyncio_parse":
            return await called(kind, **arguments)
        async with called(kind, **arguments) as stream:
            return await stream.final()

    if form.startswith("asyncio"):
        return asyncio.run(main()), sent[0]
    if form == "parse":
        return called(kind, **arguments), sent[0]
    with called(kind, **arguments) as stream:
        return stream.final(), sent[0]


@apis
@forms
def test_an_answer_of_the_type(api: str, form: str) -> None:
    """The schema goes out where the API takes it, and the answer comes back as a value."""
    city, sent = _ask(api, form, _reply(api, GOOD))
    assert city == City("Ulm", 120000)
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "people": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
        "required": ["name", "people"],
        "additionalProperties": False,
    }
    about = {"name": "City", "schema": schema, "strict": True}
    if api == "chat":
        assert sent["response_format"] == {"type": "json_schema", "json_schema": about}
    else:
        assert sent["text"] == {"format": {"type": "json_schema", **about}}


@apis
@forms
def test_a_list(api: str, form: str) -> None:
    """A type that is no object is asked for within one, and unwrapped."""
    cities, sent = _ask(api, form, _reply(api, f'{{"value": [{GOOD}]}}'), list[City])
    assert cities == [City("Ulm", 120000)]
    assert '"value"' in json.dumps(sent)


@apis
@forms
def test_a_refusal(api: str, form: str) -> None:
    """A refusal is an error of its own, with what the model said and the whole reply."""
    with pytest.raises(RefusalError, match="I will not") as raised:
        _ask(api, form, _reply(api, None, refusal="I will not"))
    assert raised.value.refusal == "I will not"
    assert raised.value.reply.to_dict()["id"] in ("c", "r")


@pytest.mark.parametrize(
    ("api", "end", "why", "code"),
    [
        ("chat", "length", "", "length"),
        ("chat", "content_filter", "", "content_filter"),
        ("responses", "incomplete", "max_output_tokens", "max_output_tokens"),
        ("responses", "failed", "", "failed"),
    ],
)
@forms
def test_a_cut_answer(api: str, end: str, why: str, code: str, form: str) -> None:
    """An answer that was cut is an error, though it may be JSON by chance; the body is what came."""
    with pytest.raises(APIResponseError, match="the answer was cut") as raised:
        _ask(api, form, _reply(api, GOOD, end=end, why=why))
    assert (raised.value.code, raised.value.body) == (code, GOOD)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("end", ["eos_token", "STOP", "end_turn", "tool_calls"])
@forms
def test_an_answer_that_ended_in_other_words(end: str, form: str) -> None:
    """What servers call the end of an answer is theirs; only what means a cut is one."""
    assert _ask("chat", form, _reply("chat", GOOD, end=end))[0] == City("Ulm", 120000)


def test_an_answer_in_parts() -> None:
    """Content that comes as a list of parts is read as its text."""
    reply = _reply("chat", None)
    reply["choices"][0]["message"]["content"] = [{"type": "thinking", "thinking": []}, {"type": "text", "text": GOOD}]
    assert _ask("chat", "parse", reply)[0] == City("Ulm", 120000)


_DRAFT = '{"name": "a draft"}'


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ([("I will look that up.", "commentary"), (GOOD, "final_answer")], GOOD),
        ([(_DRAFT, "commentary"), (GOOD, "final_answer")], GOOD),
        ([(GOOD, "final_answer"), (_DRAFT, "commentary")], GOOD),
        ([("I look.", "commentary"), (GOOD, None)], GOOD),
        ([(_DRAFT, None), (GOOD, None)], GOOD),
        ([("I look.", None), (GOOD, None)], GOOD),
        ([(GOOD, None), ("Anything else?", None)], GOOD),
        ([(GOOD, None), ("", None)], GOOD),
    ],
)
@forms
def test_the_answer_among_several_messages(said: list[tuple[str, str | None]], wanted: str, form: str) -> None:
    """A commentary is no answer; of messages without a phase, it is the last one that fits."""
    reply = _reply("responses", None)
    reply["output"] = [
        {"type": "message", "role": "assistant", "phase": phase, "content": [{"type": "output_text", "text": text}]}
        for text, phase in said
    ]
    assert _ask("responses", form, reply)[0] == City(**json.loads(wanted))


def test_a_commentary_alone_is_no_answer() -> None:
    """A commentary may stand before a call of a tool, whatever its text looks like."""
    reply = _reply("responses", _DRAFT)
    reply["output"][1]["phase"] = "commentary"
    with pytest.raises(APIResponseError, match="contains no text"):
        _ask("responses", "parse", reply)


def test_half_a_character() -> None:
    """Text that UTF-8 cannot hold is no answer."""
    with pytest.raises(APIResponseError, match="not JSON"):
        _ask("chat", "parse", _reply("chat", '{"name": "\udce9"}'))


@apis
@forms
def test_an_answer_that_does_not_fit(api: str, form: str) -> None:
    """The error tells the JSON path, the request and the type, and not the answer; .body is the answer."""
    with pytest.raises(APIResponseError) as raised:
        _ask(api, form, _reply(api, '{"name": ["hidden"]}'))
    assert "the answer is not of type City: Expected `str`, got `array` - at `$.name`" in str(raised.value)
    assert "POST http://t/v1/" in str(raised.value)
    assert "hidden" not in str(raised.value)
    assert raised.value.body == '{"name": ["hidden"]}'


@apis
def test_no_text(api: str) -> None:
    """A reply without text, such as a tool call, is an error that says so."""
    with pytest.raises(APIResponseError, match="contains no text"):
        _ask(api, "parse", _reply(api, None))


@pytest.mark.parametrize(
    ("api", "given"),
    [("chat", {"response_format": {"type": "text"}}), ("responses", {"text": {"format": {"type": "text"}}})],
)
def test_a_format_of_ones_own(api: str, given: Any) -> None:
    """parse() writes the format; another one beside it is refused, and nothing is sent."""
    with pytest.raises(RequestError, match=r"parse\(\) writes"):
        _ask(api, "parse", _reply(api, GOOD), **given)


def test_what_stands_beside_the_format_stays() -> None:
    """Other settings of the text are kept, and the caller's dict is not changed."""
    text = {"verbosity": "low"}
    _, sent = _ask("responses", "parse", _reply("responses", GOOD), text=text)
    assert (sent["text"]["verbosity"], sent["text"]["format"]["name"], text) == ("low", "City", {"verbosity": "low"})


def test_a_cut_stream() -> None:
    """A stream that ends before its end is that, and not an answer that does not fit."""
    body = _stream("chat", _reply("chat", '{"na')).partition(b"data: [DONE]")[0].replace(b'"stop"', b"null")
    answer = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=body)
    client = Client(api_base="http://t/v1", api_key="k", transport=httpx.MockTransport(lambda _: answer))
    with client.chat.create.parse_stream(City, **ASK["chat"]) as stream, pytest.raises(StreamIncompleteError) as raised:
        stream.final()
    assert raised.value.partial.choices[0].message.content == '{"na'


def test_detailed() -> None:
    """parse_detailed has the value beside the typed reply, status, headers and raw reply."""
    answer = httpx.Response(200, json=_reply("chat", GOOD), headers={"x-request-id": "req_1"})
    client = Client(api_base="http://t/v1", api_key="k", transport=httpx.MockTransport(lambda _: answer))
    for response in (
        client.chat.create.parse_detailed(City, **ASK["chat"]),
        asyncio.run(client.chat.create.asyncio_parse_detailed(City, **ASK["chat"])),
    ):
        assert response.parsed == City("Ulm", 120000)
        assert response.reply.to_dict() == json.loads(response.content)
        copied = pickle.loads(pickle.dumps(response))
        assert (type(copied), copied.reply) == (ParsedResponse, response.reply)
        assert (
            response.status_code,
            response.request_id,
            GOOD in json.loads(response.content)["choices"][0]["message"]["content"],
        ) == (200, "req_1", True)


def test_who_cannot_parse() -> None:
    """Only what takes a schema has parse()."""
    client = Client(api_base="http://t/v1", api_key="k")
    assert hasattr(client.beta.responses.create, "parse")
    assert not hasattr(client.completions.create, "parse")
