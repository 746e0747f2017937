"""The attributes of a request to a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import names
from .operations import Kind

Attributes = dict[str, Any]
Body = Mapping[str, Any]

#: The arguments with a number, and what the conventions call them. Of several names the first that is given counts.
_NUMBERS: tuple[tuple[str, tuple[str, ...], type], ...] = (
    (names.REQUEST_MAX_TOKENS, ("max_completion_tokens", "max_output_tokens", "max_tokens"), int),
    (names.REQUEST_TEMPERATURE, ("temperature",), float),
    (names.REQUEST_TOP_P, ("top_p",), float),
    (names.REQUEST_TOP_K, ("top_k",), int),
    (names.REQUEST_FREQUENCY_PENALTY, ("frequency_penalty",), float),
    (names.REQUEST_PRESENCE_PENALTY, ("presence_penalty",), float),
    (names.REQUEST_SEED, ("seed",), int),
    (names.EMBEDDINGS_DIMENSION_COUNT, ("dimensions",), int),
)
_STRINGS = (
    (names.REQUEST_MODEL, "model"),
    (names.REQUEST_PREVIOUS_RESPONSE, "previous_response_id"),
    (names.REQUEST_REASONING_LEVEL, "reasoning_effort"),
)
#: The types of formats that ask for JSON.
_JSON = ("json_object", "json_schema")


def body_of(body: Any, extra: Any) -> Body:
    """Return the body of a request with what `extra_body` adds."""
    found = dict(body) if isinstance(body, Mapping) else {}
    return {**found, **extra} if isinstance(extra, Mapping) else found


def request_attributes(kind: Kind, body: Body, *, streamed: bool, openai: bool) -> Attributes:
    """Return the attributes of a request; `openai` adds those of the provider."""
    found: Attributes = {names.OPERATION_NAME: kind.name}
    for name, argument in _STRINGS:
        if isinstance(value := body.get(argument), str):
            found[name] = value
    for name, arguments, number in _NUMBERS:
        given = [value for argument in arguments if _is_number(value := body.get(argument))]
        if given:
            found[name] = number(given[0])
    if streamed:
        found[names.REQUEST_STREAM] = True
    count: Any = body.get("n")
    if _is_number(count) and count != 1:
        found[names.REQUEST_CHOICE_COUNT] = int(count)
    stop = body.get("stop")
    if isinstance(stop, str) or (isinstance(stop, list | tuple) and all(isinstance(one, str) for one in stop)):
        found[names.REQUEST_STOP_SEQUENCES] = (stop,) if isinstance(stop, str) else tuple(stop)
    if isinstance(effort := _member(body.get("reasoning"), "effort"), str):
        found[names.REQUEST_REASONING_LEVEL] = effort
    conversation = body.get("conversation")
    identity = conversation if isinstance(conversation, str) else _member(conversation, "id")
    if isinstance(identity, str):
        found[names.CONVERSATION_ID] = identity
    if kind.name == "embeddings" and isinstance(encoding := body.get("encoding_format"), str):
        found[names.REQUEST_ENCODING_FORMATS] = (encoding,)
    output = kind.output or _output_type(body)
    if output is not None:
        found[names.OUTPUT_TYPE] = output
    if openai:
        if kind.api is not None:
            found[names.OPENAI_API_TYPE] = kind.api
        if isinstance(tier := body.get("service_tier"), str) and tier != "auto":
            found[names.OPENAI_REQUEST_SERVICE_TIER] = tier
    return found


def _output_type(body: Body) -> str | None:
    """Return the type of output that a request asks for, None if it names no format."""
    form = body.get("response_format")
    kind = _member(form, "type") or _member(_member(body.get("text"), "format"), "type")
    if kind is None:
        return None
    return "json" if kind in _JSON else "text"


def _member(value: Any, name: str) -> Any:
    """Return a member of an object, which may be a model; None for anything else."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
