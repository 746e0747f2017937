"""What to look at after a 404: a base URL that is too long, the models that the server has. Loaded with the error."""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..effects import Close, Effect, Read
from ..errors import APIError
from ..http import Content, HttpRequest
from ..log import log_no_models
from ..reply.validate import description

if TYPE_CHECKING:
    from .state import CallState

#: Seconds and bytes for the list of models.
_SECONDS, _BYTES = 2.0, 1024 * 1024
#: How many models a hint names, and how long a name may be.
_MODELS, _LENGTH = 10, 100


def base_url_hint(base: str, root: str) -> str | None:
    """Return the hint for a base URL that ends in the path of an operation; None for any other."""
    path = urlsplit(base).path.rstrip("/")
    if re.fullmatch(r"(.*/v\d+\w*)?", path):  # as usual: the description, a large file, is not read
        return None
    known = (operation["path"] for operation in description(root).operations.values())
    found = max((one for one in known if "{" not in one and path.endswith(one)), key=len, default=None)
    if found in (None, "/"):
        return None
    return f"{{api_base}} ends in {found}, which is the path of an operation: leave that out."


def model_of(call: CallState, error: APIError) -> str | None:
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
    context = call.context
    service, base = context.service, context.options.api_base
    if not service.models_path or urlsplit(base).hostname == urlsplit(service.base_url).hostname:
        return
    if model_of(call, error) is None:
        return
    if context.models is None:
        context.models = ()  # calls at the same time do not ask, too
        context.models = yield from _models(call)
    if context.models:
        shown = ", ".join(repr(name) for name in context.models[:_MODELS])
        more = len(context.models) - _MODELS
        error.hint = f"The server has {shown}{f' and {more:,} more' if more > 0 else ''}."


def _models(call: CallState) -> Generator[Effect, Any, tuple[str, ...]]:
    context, now = call.context, time.monotonic()
    deadline = now + _SECONDS if call.deadline is None else min(now + _SECONDS, call.deadline)
    timeouts: dict[str, float | None] = dict.fromkeys(("connect", "read", "write", "pool"), max(deadline - now, 0.001))
    headers = {name: value for name, value in call.headers.items() if name not in _OF_BODY}
    target = context.transport.route.base + context.service.models_path
    response: Any = None
    try:
        response = yield HttpRequest("GET", target, headers, Content(), timeouts, deadline, False)
        if response.status_code != 200:
            yield Close(response, drain=True)
            return ()
        return _names((yield Read(response, _BYTES)))
    except Exception as failed:
        log_no_models(failed)
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
