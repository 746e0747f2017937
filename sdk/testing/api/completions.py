"""POST /completions, streamed or not."""

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..media.text import count_tokens, cut, logprob, pieces
from ..server.errors import missing, wrong_type
from ..server.replies import JSONReply, event_stream
from .reading import integer, json_object, stop_sequences, typed
from .state import JSON, scripted_speech, state_of
from .turn import speech_text

# The API description's default.
_MAX_TOKENS = 16


async def create(request: Request) -> Response:
    """Complete each prompt with `n` choices, in order."""
    state = state_of(request)
    body = await json_object(request, model=str)
    if "prompt" not in body:
        raise missing("prompt")
    prompts = _prompts(body["prompt"])
    limit = integer(body, "max_tokens", _MAX_TOKENS, 0, 1_000_000)
    stops = stop_sequences(body)
    echo = bool(typed(body, "echo", bool))
    top = integer(body, "logprobs", -1, 0, 5)
    script = scripted_speech(request)
    choices: list[JSON] = []
    written = 0
    for prompt in prompts:
        for variant in range(integer(body, "n", 1, 1, 128)):
            suffix = f" (choice {variant + 1})" if variant else ""
            if script is None:
                text, cut_short = cut(f" {state.reply(prompt)}{suffix}", limit, stops)
            else:
                text, cut_short = speech_text(request, script), False
            written += count_tokens(text)
            text = prompt + text if echo else text
            choices.append(
                {
                    "index": len(choices),
                    "text": text,
                    "logprobs": None if top < 0 else _logprobs(pieces(text), top),
                    "finish_reason": "length" if cut_short else "stop",
                }
            )
    read = count_tokens(*prompts)
    completion = {
        "id": state.new_id("cmpl-"),
        "object": "text_completion",
        "created": state.now(),
        "model": body["model"],
        "system_fingerprint": "fp_local",
        "choices": choices,
        "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
    }
    if not typed(body, "stream", bool):
        return JSONReply(completion)
    include_usage = bool((typed(body, "stream_options", dict) or {}).get("include_usage"))
    return event_stream(_chunks(completion, include_usage=include_usage), done=True)


def _prompts(prompt: Any) -> list[str]:
    """Return the prompts as strings. A prompt may be a list of tokens, each of which is written as its number."""
    match prompt:
        case None:
            return [""]
        case str():
            return [prompt]
        case [str(), *_] if all(isinstance(one, str) for one in prompt):
            return list(prompt)
        case [int(), *_] if all(isinstance(one, int) for one in prompt):
            return [" ".join(map(str, prompt))]
        case [list(), *_] if all(isinstance(one, list) for one in prompt):
            return [" ".join(map(str, one)) for one in prompt]
    raise wrong_type("prompt", "a string, or an array of strings, of tokens, or of arrays of tokens")


def _logprobs(tokens: list[str], top: int) -> JSON:
    ends = list(accumulate(map(len, tokens)))
    return {
        "tokens": tokens,
        "token_logprobs": [logprob(token) for token in tokens],
        "top_logprobs": [
            {token: logprob(token), **{f"{token}~{rank}": logprob(token) - rank for rank in range(1, top)}}
            for token in tokens
        ],
        "text_offset": [end - len(token) for end, token in zip(ends, tokens, strict=True)],
    }


def _chunks(completion: JSON, *, include_usage: bool) -> Iterator[JSON]:
    """Yield the chunks of a streamed completion.

    `finish_reason` is null before the last chunk of a choice, and `usage` before the last chunk of the stream.
    """
    shared = {key: value for key, value in completion.items() if key not in ("choices", "usage")}
    if include_usage:
        shared["usage"] = None
    for choice in completion["choices"]:
        tokens = pieces(choice["text"])
        for index, token in enumerate(tokens):
            logprobs = choice["logprobs"] and {
                key: value[index : index + 1] for key, value in choice["logprobs"].items()
            }
            yield {**shared, "choices": [{**choice, "text": token, "logprobs": logprobs, "finish_reason": None}]}
        yield {**shared, "choices": [{**choice, "text": "", "logprobs": None}]}
    if include_usage:
        yield {**shared, "choices": [], "usage": completion["usage"]}
