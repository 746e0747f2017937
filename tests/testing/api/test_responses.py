"""Responses."""

import json
from typing import Any

import httpx
import pytest

from ..wire import error, event_names, events

BODY: dict[str, Any] = {"model": "gpt-4o-mini", "input": "three little words"}
SAID = "You wrote 3 words: three little words"
TOOL: dict[str, Any] = {
    "type": "function",
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
ASK = {**BODY, "input": "get_weather for Oslo", "tools": [TOOL]}


def _make(api: httpx.Client, **more: Any) -> Any:
    return api.post("/responses", json={**BODY, **more}).json()


def _text(response: Any) -> str:
    (item,) = response["output"]
    (part,) = item["content"]
    return str(part["text"])


def test_answers_a_text(api: httpx.Client) -> None:
    """A string is answered by one message of the assistant."""
    made = _make(api)
    assert (_text(made), made["status"], made["output"][0]["role"]) == (SAID, "completed", "assistant")


def test_answers_the_last_user_message(api: httpx.Client) -> None:
    """Items may be messages with a string or with parts."""
    parts = [{"type": "input_text", "text": "one word"}]
    made = _make(api, input=[{"role": "user", "content": "x"}, {"type": "message", "role": "user", "content": parts}])
    assert _text(made) == "You wrote 2 words: one word"


def test_counts_words_as_tokens(api: httpx.Client) -> None:
    """Usage counts the input, the instructions and the output."""
    usage = _make(api, instructions="be brief")["usage"]
    assert (usage["input_tokens"], usage["output_tokens"], usage["total_tokens"]) == (5, 7, 12)


def test_streams_every_event_in_order(api: httpx.Client) -> None:
    """A streamed text has the whole sequence of events, numbered from 0, each named, and no [DONE]."""
    reply = api.post("/responses", json={**BODY, "stream": True})
    streamed = events(reply)
    types = [event["type"] for event in streamed]
    assert types == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        *["response.output_text.delta"] * 7,
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert event_names(reply) == types
    assert [event["sequence_number"] for event in streamed] == list(range(len(streamed)))


def test_streams_the_same_text(api: httpx.Client) -> None:
    """The deltas make up the text that the later events repeat."""
    streamed = events(api.post("/responses", json={**BODY, "stream": True}))
    assert "".join(event["delta"] for event in streamed if "delta" in event) == SAID
    assert streamed[-4]["text"] == streamed[-3]["part"]["text"] == streamed[-2]["item"]["content"][0]["text"] == SAID
    assert _text(streamed[-1]["response"]) == SAID
    assert (streamed[0]["response"]["status"], streamed[0]["response"]["output"]) == ("in_progress", [])


def test_calls_a_function(api: httpx.Client) -> None:
    """A tool that the input names is called, with arguments valid by its schema."""
    (call,) = api.post("/responses", json=ASK).json()["output"]
    assert (call["type"], call["name"], call["status"]) == ("function_call", "get_weather", "completed")
    assert json.loads(call["arguments"]) == {"city": "Oslo"}


def test_streams_a_function_call(api: httpx.Client) -> None:
    """The arguments come in pieces between the item's two events."""
    streamed = events(api.post("/responses", json={**ASK, "stream": True}))
    assert streamed[2]["item"]["arguments"] == ""
    deltas = [event["delta"] for event in streamed if event["type"] == "response.function_call_arguments.delta"]
    done = next(event for event in streamed if event["type"] == "response.function_call_arguments.done")
    assert len(deltas) > 1
    assert "".join(deltas) == done["arguments"] == '{"city": "Oslo"}'
    assert streamed[-2]["item"] == streamed[-1]["response"]["output"][0]


def test_repeats_what_the_function_answered(api: httpx.Client) -> None:
    """A function_call_output gets a text that holds it."""
    call = api.post("/responses", json=ASK).json()["output"][0]
    result = {"type": "function_call_output", "call_id": call["call_id"], "output": "12 degrees"}
    made = _make(api, input=[{"role": "user", "content": ASK["input"]}, call, result], tools=[TOOL])
    assert _text(made) == "The tool answered: 12 degrees"


def test_follows_the_tool_choice(api: httpx.Client) -> None:
    """A named function is called; with none the model speaks."""
    choice = {"type": "function", "name": "get_weather"}
    assert _make(api, tools=[TOOL], tool_choice=choice)["output"][0]["type"] == "function_call"
    assert api.post("/responses", json={**ASK, "tool_choice": "none"}).json()["output"][0]["type"] == "message"


def test_fits_the_output_to_a_schema(api: httpx.Client) -> None:
    """With text.format json_schema the text is JSON valid by the schema."""
    schema = {"type": "object", "properties": {"kind": {"enum": ["b", "a"]}}, "required": ["kind"]}
    made = _make(api, text={"format": {"type": "json_schema", "name": "x", "schema": schema}})
    assert json.loads(_text(made)) == {"kind": "b"}


def test_says_that_it_is_incomplete(api: httpx.Client) -> None:
    """The token limit ends the text, and status, details and last event say so."""
    streamed = events(api.post("/responses", json={**BODY, "max_output_tokens": 2, "stream": True}))
    made = streamed[-1]["response"]
    assert (_text(made), made["status"]) == ("You wrote", "incomplete")
    assert made["incomplete_details"] == {"reason": "max_output_tokens"}
    assert streamed[-1]["type"] == "response.incomplete"


def test_gives_log_probabilities_where_asked(api: httpx.Client) -> None:
    """`include` brings the tokens' log probabilities."""
    made = _make(api, include=["message.output_text.logprobs"], top_logprobs=1)
    assert "".join(one["token"] for one in made["output"][0]["content"][0]["logprobs"]) == SAID


def test_retrieves_and_deletes_a_response(api: httpx.Client) -> None:
    """A response is kept until it is deleted."""
    made = _make(api)
    assert api.get(f"/responses/{made['id']}").json() == made
    assert api.delete(f"/responses/{made['id']}").json() == {"id": made["id"], "object": "response", "deleted": True}
    assert error(api.get(f"/responses/{made['id']}")) == (404, "response_id", None)


def test_keeps_nothing_with_store_false(api: httpx.Client) -> None:
    """store=false: the response cannot be retrieved."""
    assert api.get(f"/responses/{_make(api, store=False)['id']}").status_code == 404


def test_replays_the_stream_from_an_event(api: httpx.Client) -> None:
    """A stored response streams again, after `starting_after`."""
    id = _make(api)["id"]
    streamed = events(api.get(f"/responses/{id}", params={"stream": "true", "starting_after": "10"}))
    assert [event["sequence_number"] for event in streamed] == [11, 12, 13, 14]


def test_finishes_in_the_background(api: httpx.Client) -> None:
    """Each look at a background response finds it further on."""
    made = _make(api, background=True)
    looks = [made] + [api.get(f"/responses/{made['id']}").json() for _ in range(3)]
    assert [look["status"] for look in looks] == ["queued", "in_progress", "completed", "completed"]
    assert (looks[0]["output"], _text(looks[2])) == ([], SAID)


def test_cancels_in_the_background(api: httpx.Client) -> None:
    """A cancelled response stays cancelled."""
    id = _make(api, background=True)["id"]
    assert api.post(f"/responses/{id}/cancel").json()["status"] == "cancelled"
    assert api.post(f"/responses/{id}/cancel").json()["status"] == "cancelled"
    assert api.get(f"/responses/{id}").json()["status"] == "cancelled"


def test_refuses_to_cancel_in_the_foreground(api: httpx.Client) -> None:
    """Only background responses can be cancelled."""
    assert error(api.post(f"/responses/{_make(api)['id']}/cancel")) == (400, "response_id", None)


def test_lists_the_input_items(api: httpx.Client) -> None:
    """The input comes back as items, the latest first, page by page."""
    said = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}]
    id = _make(api, input=said)["id"]
    first = api.get(f"/responses/{id}/input_items", params={"limit": 2}).json()
    assert [item["content"][0]["text"] for item in first["data"]] == ["c", "b"]
    assert [item["content"][0]["type"] for item in first["data"]] == ["input_text", "output_text"]
    rest = api.get(f"/responses/{id}/input_items", params={"after": first["last_id"]}).json()
    assert [item["content"][0]["text"] for item in rest["data"]] == ["a"]
    assert (first["has_more"], rest["has_more"]) == (True, False)


def test_counts_the_input_tokens(api: httpx.Client) -> None:
    """The count is that of the usage."""
    reply = api.post("/responses/input_tokens", json={**BODY, "instructions": "be brief"})
    assert reply.json() == {"object": "response.input_tokens", "input_tokens": 5}


def test_goes_on_from_a_previous_response(api: httpx.Client) -> None:
    """The tokens of the conversation so far count as input."""
    first = _make(api)
    second = _make(api, previous_response_id=first["id"])
    assert (second["previous_response_id"], second["usage"]["input_tokens"]) == (first["id"], 13)


def test_refuses_an_unknown_previous_response(api: httpx.Client) -> None:
    """A conversation cannot go on from nothing."""
    reply = api.post("/responses", json={**BODY, "previous_response_id": "resp_none"})
    assert error(reply) == (400, "previous_response_id", "previous_response_not_found")


@pytest.mark.parametrize(
    ("item", "param"),
    [
        ({"content": "x"}, "input[0].role"),
        ({"role": "user"}, "input[0].content"),
        ({"type": "function_call_output", "output": "x"}, "input[0].call_id"),
        ({"type": "function_call_output", "call_id": "x"}, "input[0].output"),
    ],
)
def test_names_what_an_item_misses(api: httpx.Client, item: dict[str, str], param: str) -> None:
    """An item without a required field is refused by its place."""
    assert error(api.post("/responses", json={**BODY, "input": [item]})) == (
        400,
        param,
        "missing_required_parameter",
    )
