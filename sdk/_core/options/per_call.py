"""The options of one call, validated like the options of a client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import RequestError
from .table import OPTIONS, InvalidOption

_VALIDATED = ("timeout", "stall_timeout", "deadline", "max_retries")
_MAPPINGS = ("extra_headers", "extra_query", "extra_body")


def check(operation: str, given: Mapping[str, Any], *, streamed: bool) -> None:
    """Raise RequestError for the first invalid option of a call."""
    for name in _VALIDATED:
        if name in given:
            if given[name] is None and not OPTIONS[name].nullable:
                raise RequestError(f"{operation}: {name}= must be a number, not None")
            try:
                OPTIONS[name].check(given[name])
            except InvalidOption as wrong:
                raise RequestError(f"{operation}: {name}= {wrong}") from None
    for name in _MAPPINGS:
        value = given.get(name)
        if value is not None and not isinstance(value, Mapping):
            raise RequestError(f"{operation}: {name}= must be a dict, not {type(value).__name__}")
        if value and not all(isinstance(key, str) for key in value):
            raise RequestError(f"{operation}: {name}= has a name that is not a str")
    if "keep_reply" in given:
        if not isinstance(given["keep_reply"], bool):
            kind = type(given["keep_reply"]).__name__
            raise RequestError(f"{operation}: keep_reply= must be True or False, not {kind}")
        if not streamed:
            raise RequestError(f"{operation}: keep_reply= is for streams; a reply that comes whole is kept")
    key = given.get("idempotency_key")
    if key is not None and not isinstance(key, str):
        raise RequestError(f"{operation}: idempotency_key= must be a str, not {type(key).__name__}")
    if key == "":
        raise RequestError(f"{operation}: idempotency_key= is empty")
