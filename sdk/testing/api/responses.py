"""Responses: create, retrieve, delete, cancel, list the input items, count the input tokens."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..media.text import count_tokens, pieces, token_logprob
from ..server.errors import APIFailure, missing, not_found, wrong_value
from ..server.replies import JSONReply, event_stream
from .conversations import append_items, conversation_items
from .history import check_items, check_names
from .reading import integer, json_object, metadata, typed
from .replies import page
from .response_events import events
from .response_items import count_input, last_prompt, normalise, tool_result
from .state import JSON, State, StoredResponse, state_of
from .turn import Tool, Turn, read_output_schema, read_tool, take_turn

_LOGPROBS = "message.output_text.logprobs"


async def create(request: Request) -> Response:
    """Answer the input."""
    state = state_of(request)
    body = await json_object(request)
    # A stored prompt may provide the model and the input.
    for name, types in (("model", (str,)), ("input", (str, list))):
        if typed(body, name, *types) is None and body.get("prompt") is None:
            raise missing(name)
    input_items = normalise(state, body.get("input") or [])
    conversation = conversation_items(request, body.get("conversation"))
    history = conversation[1] if conversation else _history(state, body)
    if state.validate:
        check_items([*history, *input_items])
        check_names(body.get("tools"), "tools")
    turn = _turn(request, body, [*history, *input_items])
    finished = _finished(state, body, turn, count_input([*history, *input_items], body.get("instructions")))
    response = finished
    if finished["background"] and not typed(body, "stream", bool):
        response = _pending(finished, "queued")
    if finished["store"]:
        state.responses[finished["id"]] = StoredResponse(response, input_items, finished)
    if conversation:
        finished["conversation"] = {"id": conversation[0]}
        append_items(request, conversation[0], [*input_items, *finished["output"]])
    if typed(body, "stream", bool):
        return event_stream(events(finished), named=True)
    return JSONReply(response)


async def retrieve(request: Request) -> Response:
    """Return one response. Each call advances a background response: queued, in_progress, then its final status."""
    stored = _find(request)
    if request.query_params.get("stream") == "true":
        after = request.query_params.get("starting_after", "-1")
        if not after.removeprefix("-").isdecimal():
            raise wrong_value("starting_after", "an integer")
        later = [event for event in events(stored.finished) if event["sequence_number"] > int(after)]
        return event_stream(later, named=True)
    if stored.response["status"] == "queued":
        stored.response = _pending(stored.finished, "in_progress")
    elif stored.response["status"] == "in_progress":
        stored.response = stored.finished
    return JSONReply(stored.response)


async def delete(request: Request) -> Response:
    """Delete one response."""
    id = _find(request).response["id"]
    del state_of(request).responses[id]
    return JSONReply({"id": id, "object": "response", "deleted": True})


async def cancel(request: Request) -> Response:
    """Cancel a background response that has not finished. A finished response stays as it is."""
    stored = _find(request)
    if not stored.response["background"]:
        raise APIFailure("Only a background response can be cancelled.", param="response_id")
    if stored.response["status"] in ("queued", "in_progress"):
        stored.response = stored.finished = _pending(stored.finished, "cancelled")
    return JSONReply(stored.response)


async def input_items(request: Request) -> Response:
    """List the input items of a response, the latest first."""
    return page(request, _find(request).input_items, default_order="desc")


async def input_tokens(request: Request) -> Response:
    """Count the tokens of an input."""
    state = state_of(request)
    body = await json_object(request)
    items = normalise(state, typed(body, "input", str, list) or [])
    tokens = count_input([*_history(state, body), *items], typed(body, "instructions", str))
    return JSONReply({"object": "response.input_tokens", "input_tokens": tokens})


def _find(request: Request) -> StoredResponse:
    id = request.path_params["response_id"]
    try:
        return state_of(request).responses[id]
    except KeyError:
        raise not_found("response", id, param="response_id") from None


def _history(state: State, body: JSON) -> list[JSON]:
    """Return all items before this input: follow `previous_response_id`."""
    id = typed(body, "previous_response_id", str)
    if id is None:
        return []
    if id not in state.responses:
        raise APIFailure(
            f"This server has no response '{id}'.", param="previous_response_id", code="previous_response_not_found"
        )
    stored = state.responses[id]
    return [*_history(state, stored.finished), *stored.input_items, *stored.finished["output"]]


def _turn(request: Request, body: JSON, items: list[JSON]) -> Turn:
    format = typed(typed(body, "text", dict) or {}, "format", dict) or {}
    return take_turn(
        request,
        prompt=last_prompt(items),
        tool_result=tool_result(items),
        tools=_tools(body),
        tool_choice=_tool_choice(body),
        output_schema=read_output_schema(format, format),
        max_tokens=integer(body, "max_output_tokens", 0, 1, 1_000_000) or None,
        stop=[],
    )


def _tools(body: JSON) -> list[Tool]:
    tools = enumerate(typed(body, "tools", list) or ())
    return [
        read_tool(one, f"tools[{index}]")
        for index, one in tools
        if not isinstance(one, dict) or one.get("type", "function") == "function"
    ]


def _tool_choice(body: JSON) -> Any:
    choice = typed(body, "tool_choice", str, dict)
    if isinstance(choice, dict) and choice.get("type") != "function":
        return "auto"
    if isinstance(choice, dict) and not isinstance(choice.get("name"), str):
        raise missing("tool_choice.name")
    return choice


def _finished(state: State, body: JSON, turn: Turn, read: int) -> JSON:
    """Build the finished response. It repeats the request's parameters, or their defaults."""
    now = state.now()
    written = count_tokens(turn.text, turn.arguments)
    return {
        "id": state.new_id("resp_"),
        "object": "response",
        "created_at": now,
        "completed_at": None if turn.cut_short else now,
        "status": "incomplete" if turn.cut_short else "completed",
        "background": bool(typed(body, "background", bool)),
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if turn.cut_short else None,
        "instructions": typed(body, "instructions", str, list),
        "max_output_tokens": body.get("max_output_tokens"),
        "max_tool_calls": integer(body, "max_tool_calls", 0, 1, 1_000_000) or None,
        "metadata": metadata(body),
        "model": body.get("model") or "gpt-4o-mini",
        "output": _output(state, body, turn),
        "parallel_tool_calls": typed(body, "parallel_tool_calls", bool) is not False,
        "previous_response_id": body.get("previous_response_id"),
        "reasoning": typed(body, "reasoning", dict) or {"effort": None, "summary": None},
        "service_tier": "default",
        "store": typed(body, "store", bool) is not False,
        "temperature": 1.0 if typed(body, "temperature", float) is None else body["temperature"],
        "text": {"format": {"type": "text"}, **(body.get("text") or {})},
        "tool_choice": "auto" if body.get("tool_choice") is None else body["tool_choice"],
        # The description requires these keys in a response; a request may leave them out.
        "tools": [{"strict": None, "parameters": None, **tool} for tool in body.get("tools") or ()],
        "top_logprobs": integer(body, "top_logprobs", 0, 0, 20),
        "top_p": 1.0 if typed(body, "top_p", float) is None else body["top_p"],
        "truncation": typed(body, "truncation", str) or "disabled",
        "usage": {
            "input_tokens": read,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": written,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": read + written,
        },
    }


def _output(state: State, body: JSON, turn: Turn) -> list[JSON]:
    if turn.calls:
        return [
            {
                "id": state.new_id("fc_"),
                "type": "function_call",
                "call_id": state.new_id("call_"),
                "name": call.name,
                "arguments": call.arguments,
                "status": "completed",
            }
            for call in turn.calls
        ]
    with_logprobs = _LOGPROBS in (typed(body, "include", list) or ())
    top = integer(body, "top_logprobs", 0, 0, 20)
    logprobs = [token_logprob(token, top) for token in pieces(turn.text)] if with_logprobs else []
    return [
        {
            "id": state.new_id("msg_"),
            "type": "message",
            "role": "assistant",
            "status": "incomplete" if turn.cut_short else "completed",
            "content": [{"type": "output_text", "text": turn.text, "annotations": [], "logprobs": logprobs}],
        }
    ]


def _pending(finished: JSON, status: str) -> JSON:
    """Return a response before it finishes: without output and usage."""
    pending = {**finished, "status": status, "output": [], "completed_at": None, "incomplete_details": None}
    pending.pop("usage", None)
    return pending
