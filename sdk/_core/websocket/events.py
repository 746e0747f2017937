"""Events on the wire: JSON objects in text messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from ..errors import APIResponseError, RequestError
from ..model import ApiModel
from ..reply.decode import parse
from ..request import styles
from ..unset import UNSET


def encode(event: object, name: str) -> bytes:
    """Return an event as it is sent. Raises RequestError for anything that is not an event or not JSON."""
    wire = event.to_dict() if isinstance(event, ApiModel) else event
    if not isinstance(wire, Mapping):
        raise RequestError(f"{name}: send() takes an event, a dict or a model, not {type(event).__name__}")
    if not isinstance(wire.get("type"), str):
        raise RequestError(f"{name}: an event needs its type: {{'type': ...}}")
    return styles.json({key: value for key, value in wire.items() if value is not UNSET})


def decode(data: bytes, details: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the JSON object of a message. Raises APIResponseError for anything else; the connection stays open."""
    try:
        wire = orjson.loads(data)
    except orjson.JSONDecodeError:
        wire = parse(data, "", details())
    if wire.__class__ is not dict:
        raise APIResponseError("a message of the WebSocket is not a JSON object", body=wire, **details())
    found: dict[str, Any] = wire
    return found
