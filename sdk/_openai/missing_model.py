"""The models that a server has, where a call names one that it has not. Loaded with that error."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .._core.effects import Close, Effect, Read
from .._core.errors import APIError
from .._core.http import Content, HttpRequest
from .._core.log import DEBUG, logger

if TYPE_CHECKING:
    from .._core.call.state import CallState

#: The path of the list of models. Seconds and bytes that it may take.
_PATH, _SECONDS, _BYTES = "/models", 2.0, 1024 * 1024
#: How many models a hint names, and how long a name may be.
_MODELS, _LENGTH = 10, 100
#: What is kept of a client: the names of the server's models.
_NOTE = "models"


def _model_of(call: CallState, error: APIError) -> str | None:
    """Return the model that a server does not have, by its 404; None if the error is about something else."""
    body = call.request.body
    model = body.get("model") if isinstance(body, Mapping) else None
    if error.status_code != 404 or not isinstance(model, str) or not model:
        return None
    return model if error.code == "model_not_found" or model in error.message else None


def name_models(call: CallState, error: APIError) -> Generator[Effect, Any, None]:
    """Add the models of the server to the hint of an error for a model that it does not have.

    A client asks its server once, for at most two seconds within the deadline of the call. The server of the API itself
    is never asked: its models are known.
    """
    service, base, notes = call.context.service, call.context.options.api_base, call.context.notes
    if urlsplit(base).hostname == urlsplit(service.base_url).hostname or _model_of(call, error) is None:
        return
    if _NOTE not in notes:
        notes[_NOTE] = ()  # calls at the same time do not ask, too
        notes[_NOTE] = yield from _models(call)
    models: tuple[str, ...] = notes[_NOTE]
    if models:
        shown = ", ".join(repr(name) for name in models[:_MODELS])
        more = len(models) - _MODELS
        error.hint = f"The server has {shown}{f' and {more:,} more' if more > 0 else ''}."


def _models(call: CallState) -> Generator[Effect, Any, tuple[str, ...]]:
    context, now = call.context, time.monotonic()
    deadline = now + _SECONDS if call.deadline is None else min(now + _SECONDS, call.deadline)
    timeouts: dict[str, float | None] = dict.fromkeys(("connect", "read", "write", "pool"), max(deadline - now, 0.001))
    headers = {name: value for name, value in call.headers.items() if name not in _OF_BODY}
    target = context.transport.route.base + _PATH
    response: Any = None
    try:
        response = yield HttpRequest("GET", target, headers, Content(), timeouts, deadline, False)
        if response.status_code != 200:
            yield Close(response, drain=True)
            return ()
        return _names((yield Read(response, _BYTES)))
    except Exception as failed:
        found = logger(DEBUG)
        if found is not None:
            found.debug("the models of the server are unknown: %s", type(failed).__name__)
        if response is not None:
            yield Close(response)
        return ()


#: Headers of the call that do not fit a request without a body.
_OF_BODY = frozenset({"content-type", "content-length", "content-encoding", "transfer-encoding", "idempotency-key"})


def _names(body: bytes) -> tuple[str, ...]:
    """Return the ids in a list of models. What does not look like a name is left out."""
    import orjson

    wire = orjson.loads(body)
    data = wire.get("data") if isinstance(wire, dict) else None
    found = (one.get("id") for one in data if isinstance(one, dict)) if isinstance(data, list) else ()
    return tuple(name for name in found if isinstance(name, str) and 0 < len(name) <= _LENGTH and name.isprintable())
