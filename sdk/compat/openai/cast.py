"""Requests to any path, and replies as a type that the caller names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from ...errors import SDKError
from .base_model import BaseModel
from .errors import translated
from .options import timeouts
from .raw import LegacyAPIResponse
from .sentinels import given


def construct_type(*, type_: Any, value: Any, **_: Any) -> Any:
    """Return decoded JSON as a type: models by their fields, lists and dicts by their items, all else as it is."""
    origin, inner = get_origin(type_), get_args(type_)
    if hasattr(type_, "__metadata__"):  # Annotated
        union = next((one for one in type_.__metadata__ if hasattr(one, "from_dict")), None)
        if union is not None:
            return union.from_dict(value) if isinstance(value, Mapping) else value
        return construct_type(type_=inner[0], value=value)
    if isinstance(value, list) and origin is list:
        return [construct_type(type_=inner[0], value=one) for one in value]
    if isinstance(value, dict) and origin is dict:
        return {name: construct_type(type_=inner[1], value=one) for name, one in value.items()}
    if isinstance(value, dict) and isinstance(type_, type):
        if issubclass(type_, BaseModel):
            return type_.from_dict(value)
        if hasattr(type_, "model_construct"):
            return type_.model_construct(**value)
    for option in inner if origin is not None and origin not in (list, dict) else ():
        if isinstance(value, dict) and isinstance(option, type) and hasattr(option, "from_dict"):
            return construct_type(type_=option, value=value)
    return value


def validate_type(*, type_: Any, value: Any) -> Any:
    """Return decoded JSON as a type; see `construct_type`."""
    return construct_type(type_=type_, value=value)


def cast_content(to: Any, response: Any) -> Any:
    """Return the content of a response as a type."""
    origin = get_origin(to) or to
    if origin is None or origin is type(None):
        return None
    if origin is bytes:
        return response.content
    if origin is str:
        return response.content.decode("utf-8", "replace")
    if isinstance(origin, type) and origin.__module__.partition(".")[0] in ("httpx", "httpx2"):
        from .http import response_of

        return response_of(response.status_code, response.headers, response.content, None)
    if isinstance(origin, type) and origin.__name__ == "HttpxBinaryResponseContent":
        return origin(LegacyAPIResponse(response, dict, None))
    content = response.content
    value = json.loads(content) if content else None
    if isinstance(origin, type) and issubclass(origin, BaseModel) and hasattr(origin, "_items"):
        from .pages import page_class

        value = value or {}
        found = page_class(origin.__name__, "Unknown").from_dict(value)
        item = get_args(to)[0] if get_args(to) else object
        found.data = [construct_type(type_=item, value=one) for one in value.get("data") or ()]
        return found
    found = construct_type(type_=to, value=value)
    if isinstance(found, BaseModel):
        found._request_id = response.request_id
    return found


def _arguments(face: Any, path: str, options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the path and the arguments of our request."""
    body, files, given_options = options.pop("body", None), options.pop("files", None), options.pop("options", None)
    own = dict(given_options or {}) | {n: v for n, v in options.items() if n in ("headers", "params", "timeout")}
    url = str(path)
    base = str(face._sdk.options.api_base)
    if url.startswith(base):
        url = url[len(base) :]
    url, _, query = url.partition("?")
    from urllib.parse import parse_qsl

    arguments: dict[str, Any] = (
        {**face._call_options, **timeouts(own["timeout"])} if "timeout" in own else {**face._call_options}
    )
    headers = {n: str(v) for n, v in given(dict(own.get("headers") or {})).items() if v is not None}
    params = {**dict(parse_qsl(query)), **given(dict(own.get("params") or {}))}
    if own.get("max_retries") is not None:
        arguments["max_retries"] = own["max_retries"]
    if own.get("extra_json"):
        arguments["extra_body"] = own["extra_json"]
    if own.get("idempotency_key"):
        arguments["idempotency_key"] = own["idempotency_key"]
    if body is not None:
        arguments["json"] = given(body) if isinstance(body, dict) else body
    if files:
        arguments["files"] = dict(files) if isinstance(files, list | tuple) else files
    return "/" + url.lstrip("/"), {"query": params or None, "headers": headers or None, **arguments}


def request(face: Any, method: str, path: str, *, cast_to: Any, **options: Any) -> Any:
    """Send a request, and return its reply as `cast_to`; with stream=True a stream of such chunks, already read."""
    stream = options.pop("stream", False)
    options.pop("stream_cls", None)
    url, arguments = _arguments(face, path, options)
    try:
        response = face._sdk.request(method, url, returns="binary", **arguments)
    except SDKError as error:
        raise translated(error)  # noqa: B904 - it is the same error
    if not stream:
        return cast_content(cast_to, response)
    from .streams import Stream

    return Stream(_Read(_events(cast_to, response)), _shown(face, response))


async def arequest(face: Any, method: str, path: str, *, cast_to: Any, **options: Any) -> Any:
    """Send a request from a coroutine; see `request`."""
    stream = options.pop("stream", False)
    options.pop("stream_cls", None)
    url, arguments = _arguments(face, path, options)
    try:
        response = await face._sdk.arequest(method, url, returns="binary", **arguments)
    except SDKError as error:
        raise translated(error)  # noqa: B904 - it is the same error
    if not stream:
        return cast_content(cast_to, response)
    from .streams import AsyncStream

    return AsyncStream(_Read(_events(cast_to, response)), _shown(face, response))


def _events(cast_to: Any, response: Any) -> list[Any]:
    from ...sse import Decoder

    decoder = Decoder()
    data = [event.data for event in decoder.feed(response.content + b"\n\n")]
    return [construct_type(type_=cast_to, value=json.loads(one)) for one in data if one and one != "[DONE]"]


def _shown(face: Any, response: Any) -> Any:
    return LegacyAPIResponse(response, face._sent_headers, None)


class _Read:
    """The chunks of a stream that has been read: the SDK streams the operations that it knows."""

    def __init__(self, chunks: list[Any]) -> None:
        self._left = iter(chunks)

    def __iter__(self) -> Iterator[Any]:
        return self._left

    def __next__(self) -> Any:
        return next(self._left)

    async def __anext__(self) -> Any:
        for chunk in self._left:
            return chunk
        raise StopAsyncIteration

    def close(self) -> None:
        """Do nothing: all has been read."""

    async def aclose(self) -> None:
        """Do nothing: all has been read."""
