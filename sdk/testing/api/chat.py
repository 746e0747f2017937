"""POST /chat/completions, streamed or not."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..media.text import content_text, count_tokens, pieces, token_logprob
from ..server.errors import missing, wrong_type, wrong_value
from ..server.replies import JSONReply, event_stream
from .history import check_messages, check_names
from .reading import choice, integer, json_object, metadata, stop_sequences, typed
from .state import JSON, StoredCompletion, state_of
from .turn import Tool, Turn, argument_pieces, read_output_schema, read_tool, take_turn

_ROLES = ("developer", "system", "user", "assistant", "tool", "function")
_TOP_LOGPROBS = 20


async def create(request: Request) -> Response:
    """Answer the messages."""
    state = state_of(request)
    body = await json_object(request, model=str, messages=list)
    messages = _messages(body["messages"])
    prompt = next((content_text(one.get("content")) for one in reversed(messages) if one["role"] == "user"), "")
    tools, tool_choice, legacy = _tools(body)
    if state.validate:
        check_messages(messages)
        for name in ("tools", "functions"):
            check_names(body.get(name), name)
    limit = "max_completion_tokens" if body.get("max_completion_tokens") is not None else "max_tokens"
    format = typed(body, "response_format", dict) or {}
    turns = [
        take_turn(
            request,
            prompt=prompt,
            tool_result=_tool_result(messages[-1]),
            tools=tools,
            tool_choice=tool_choice,
            output_schema=read_output_schema(format, typed(format, "json_schema", dict) or {}),
            max_tokens=integer(body, limit, 0, 1, 1_000_000) or None,
            stop=stop_sequences(body),
            variant=variant,
        )
        for variant in range(integer(body, "n", 1, 1, 128))
    ]
    top = integer(body, "top_logprobs", 0, 0, _TOP_LOGPROBS) if typed(body, "logprobs", bool) else None
    choices = [
        _choice(index, turn, [state.new_id("call_") for _ in turn.calls], legacy, top)
        for index, turn in enumerate(turns)
    ]
    completion: JSON = {
        "id": state.new_id("chatcmpl-"),
        "object": "chat.completion",
        "created": state.now(),
        "model": body["model"],
        "choices": choices,
        "usage": _usage(messages, turns),
        "service_tier": "default",
        "system_fingerprint": "fp_local",
    }
    labels = metadata(body)
    if typed(body, "store", bool):
        completion["metadata"] = labels
        state.completions[completion["id"]] = StoredCompletion(completion, messages)
    if not typed(body, "stream", bool):
        return JSONReply(completion)
    include_usage = bool((typed(body, "stream_options", dict) or {}).get("include_usage"))
    return event_stream(_chunks(completion, include_usage=include_usage), done=True)


def _messages(found: list[Any]) -> list[JSON]:
    if not found:
        raise wrong_value("messages", "an array of at least one message")
    for index, message in enumerate(found):
        param = f"messages[{index}]"
        if not isinstance(message, dict):
            raise wrong_type(param, "an object")
        if message.get("role") is None:
            raise missing(f"{param}.role")
        if message["role"] not in _ROLES:
            raise wrong_value(f"{param}.role", "one of " + ", ".join(_ROLES))
        if not isinstance(message.get("content"), (str, list, type(None))):
            raise wrong_type(f"{param}.content", "a string or an array")
        # Only an assistant's message may have no content: it calls tools instead.
        if message.get("content") is None and message["role"] not in ("assistant", "function"):
            raise missing(f"{param}.content")
        if message["role"] == "tool" and not isinstance(message.get("tool_call_id"), str):
            raise missing(f"{param}.tool_call_id")
    return found


def _tool_result(message: JSON) -> str | None:
    return content_text(message.get("content")) if message["role"] in ("tool", "function") else None


def _tools(body: JSON) -> tuple[list[Tool], Any, bool]:
    """Return the tools, the tool choice, and whether the request uses the older `functions`."""
    tools = typed(body, "tools", list)
    if tools is None and (functions := typed(body, "functions", list)) is not None:
        read = [read_tool(one, f"functions[{index}]") for index, one in enumerate(functions)]
        return read, typed(body, "function_call", str, dict), True
    read = []
    for index, one in enumerate(tools or ()):
        if not isinstance(one, dict):
            raise wrong_type(f"tools[{index}]", "an object")
        if choice(one, "type", "", "function", "custom") == "function":
            read.append(read_tool(one.get("function"), f"tools[{index}].function"))
    chosen = typed(body, "tool_choice", str, dict)
    if isinstance(chosen, dict):
        chosen = chosen.get("function")
        if not isinstance(chosen, dict) or not isinstance(chosen.get("name"), str):
            return read, "auto", False
    return read, chosen, False


def _choice(index: int, turn: Turn, call_ids: list[str], legacy: bool, top: int | None) -> JSON:
    message: JSON = {"role": "assistant", "content": turn.text, "refusal": None}
    reason = "length" if turn.cut_short else "stop"
    if turn.calls:
        functions = [{"name": call.name, "arguments": call.arguments} for call in turn.calls]
        message["content"] = None
        if legacy:
            message["function_call"] = functions[0]
            reason = "function_call"
        else:
            message["tool_calls"] = [
                {"id": id, "type": "function", "function": function}
                for id, function in zip(call_ids, functions, strict=True)
            ]
            reason = "tool_calls"
    logprobs = None
    if top is not None:
        content = [token_logprob(token, top) for token in pieces(turn.text)] if not turn.calls else None
        logprobs = {"content": content, "refusal": None}
    return {"index": index, "message": message, "logprobs": logprobs, "finish_reason": reason}


def _usage(messages: list[JSON], turns: list[Turn]) -> JSON:
    prompt = count_tokens(*(content_text(message.get("content")) for message in messages))
    completion = count_tokens(*(turn.text + turn.arguments for turn in turns))
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _chunks(completion: JSON, *, include_usage: bool) -> Iterator[JSON]:
    """Yield the chunks of a streamed completion; the chunks of several choices alternate."""
    shared = {key: completion[key] for key in ("id", "created", "model", "service_tier", "system_fingerprint")}
    shared["object"] = "chat.completion.chunk"
    if include_usage:
        shared["usage"] = None
    for turns in zip_longest(*(list(_deltas(one)) for one in completion["choices"])):
        for chunk_choice in turns:
            if chunk_choice is not None:
                yield {**shared, "choices": [chunk_choice]}
    if include_usage:
        yield {**shared, "choices": [], "usage": completion["usage"]}


def _deltas(choice: JSON) -> Iterator[JSON]:
    """Yield one choice as it appears in the chunks: the role, the pieces, the finish reason."""
    message, logprobs = choice["message"], choice["logprobs"]

    def chunk(delta: JSON, *, reason: str | None = None, token: JSON | None = None) -> JSON:
        shown = {"content": [token], "refusal": None} if token else None
        return {"index": choice["index"], "delta": delta, "logprobs": shown, "finish_reason": reason}

    text = message["content"]
    yield chunk({"role": "assistant", "content": None if text is None else "", "refusal": None})
    tokens = (logprobs or {}).get("content") or []
    for piece, token in zip_longest(pieces(text or ""), tokens):
        yield chunk({"content": piece}, token=token)
    if call := message.get("function_call"):
        yield chunk({"function_call": {"name": call["name"], "arguments": ""}})
        for piece in argument_pieces(call["arguments"]):
            yield chunk({"function_call": {"arguments": piece}})
    for index, call in enumerate(message.get("tool_calls", ())):
        function = {"name": call["function"]["name"], "arguments": ""}
        yield chunk({"tool_calls": [{"index": index, "id": call["id"], "type": "function", "function": function}]})
        for piece in argument_pieces(call["function"]["arguments"]):
            yield chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    yield chunk({}, reason=choice["finish_reason"])
