"""One call of a method: arguments in, the request of our operation out, and the reply as programs know it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...errors import RequestError, SDKError
from .base_model import BaseModel
from .options import left_out, timeouts
from .sentinels import given

if TYPE_CHECKING:
    from .streams import AsyncStream, Stream
    from .table import Method

_MAPPINGS = ("extra_headers", "extra_query", "extra_body")


def request_of(face: Any, method: Method, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return the request of our operation. Raises: TypeError, ValueError for a wrong argument."""
    operation, kwargs, client = method.operation, given(kwargs), face._sdk
    if method.deprecated:
        warnings.warn(f"{method.name} is deprecated by the API", DeprecationWarning, stacklevel=4)
    if args:  # there, the last name of the path may be given by its position, and here the first
        kwargs, args = _by_name(method, args, kwargs), ()
    for name in method.path_names:
        if kwargs.get(name) == "":
            raise ValueError(f"Expected a non-empty value for `{name}` but received ''")
    streamed = False
    if not kwargs.keys().isdisjoint(_SPECIAL):
        if kwargs.get("extra_headers") and (names := left_out(kwargs["extra_headers"])):
            client = face.without_headers(names)
        kwargs = _converted(kwargs)
        streamed = kwargs.pop("stream", None)
    if method.beside_body is not None and not kwargs.keys() <= method.beside_body:
        body = {name: value for name, value in kwargs.items() if name not in method.beside_body}
        kwargs = {**{name: value for name, value in kwargs.items() if name in method.beside_body}, "body": body}
    if method.more and not method.more.isdisjoint(kwargs):
        body = {name: kwargs[name] for name in method.more if name in kwargs}
        kwargs = {name: value for name, value in kwargs.items() if name not in method.more}
        kwargs["extra_body"] = {**body, **(kwargs.get("extra_body") or {})}
    if face._call_options:
        kwargs = _merged(face._call_options, kwargs)
    kwargs["client"] = client
    try:
        request = operation.request(*args, **kwargs)
    except TypeError as error:  # by the name that the program knows
        raise TypeError(str(error).replace(method.ours, method.name, 1)) from None
    request.spec = method.spec(request.spec, asynchronous=face._asynchronous)
    request.streamed = bool(streamed) or method.streams_only
    return request


def _by_name(method: Method, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments with those that were given by position under their names."""
    names = method.path_names[::-1]
    if len(args) > len(names):
        raise TypeError(f"{method.name}() takes {len(names)} positional arguments, and {len(args)} were given")
    twice = next((name for name in names[: len(args)] if name in kwargs), None)
    if twice is not None:
        raise TypeError(f"{method.name}() got multiple values for argument {twice!r}")
    return {**kwargs, **dict(zip(names, args, strict=False))}


_SPECIAL = frozenset(("timeout", "stream", *_MAPPINGS))


def _converted(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return arguments with a timeout and mappings as the SDK takes them."""
    kwargs = {**kwargs}
    if "timeout" in kwargs:
        kwargs |= timeouts(kwargs.pop("timeout"))
    for name in _MAPPINGS:
        if kwargs.get(name) is not None:
            kwargs[name] = given(dict(kwargs[name]))
    if kwargs.get("extra_headers"):
        headers = kwargs["extra_headers"].items()
        kwargs["extra_headers"] = {name: str(text) for name, text in headers if text is not None}
    return kwargs


def _merged(options: dict[str, Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return arguments over the options of all calls of a client."""
    merged = {**options, **kwargs}
    for name in _MAPPINGS:
        if name in options and kwargs.get(name):
            merged[name] = {**options[name], **kwargs[name]}
    return merged


def finished(face: Any, method: Method, args: tuple[Any, ...], kwargs: dict[str, Any], response: Any) -> Any:
    """Return the reply of a response, as programs know it."""
    parsed = response.parsed
    if isinstance(parsed, BaseModel):
        if kwargs.get("encoding_format") == "base64":
            for one in getattr(parsed, "data", None) or ():  # as it came: the program decodes it
                one.embedding = one._wire.get("embedding")
        parsed._request_id = response.request_id
        if method.paged:
            call = getattr(face.resource(method.path), method.verb)
            parsed._call = (call, args, kwargs, response)
        return parsed
    if isinstance(parsed, bytes) or method.kind == "binary":
        if method.kind == "text":
            return parsed.decode("utf-8", "replace")
        from .binary import HttpxBinaryResponseContent
        from .raw import LegacyAPIResponse

        return HttpxBinaryResponseContent(LegacyAPIResponse(response, face._sent_headers, None))
    return parsed


def call(face: Any, method: Method, args: tuple[Any, ...], kwargs: dict[str, Any], form: str = "") -> Any:
    """Call a method; `form` is "raw" or "streaming" for the response in place of the reply."""
    try:
        request = request_of(face, method, args, kwargs)
        if request.streamed:
            return _wrapped(face, _open(face, request), form)
        response = request.options["client"].send(request)
    except SDKError as error:
        if (listed := _listed(error, kwargs)) is not None:
            return call(face, method, args, listed, form)
        raise _translated(error)  # noqa: B904 - it is the same error
    reply = finished(face, method, args, kwargs, response)
    if not form:
        return reply
    return _response_class(face, form)(response, face._sent_headers, reply)


async def acall(face: Any, method: Method, args: tuple[Any, ...], kwargs: dict[str, Any], form: str = "") -> Any:
    """Call a method from a coroutine; see `call`."""
    try:
        request = request_of(face, method, args, kwargs)
        if request.streamed:
            return _wrapped(face, await _aopen(face, request), form)
        response = await request.options["client"].asend(request)
    except SDKError as error:
        if (listed := _listed(error, kwargs)) is not None:
            return await acall(face, method, args, listed, form)
        raise _translated(error)  # noqa: B904 - it is the same error
    reply = finished(face, method, args, kwargs, response)
    if not form:
        return reply
    return _response_class(face, form)(response, face._sent_headers, reply)


def _listed(error: SDKError, kwargs: dict[str, Any]) -> dict[str, Any] | None:
    """Return arguments with lists in place of iterators, which no JSON has, for the next try; None without any.

    Raises: TypeError for a type where `parse` takes one.
    """
    if not isinstance(error, RequestError):
        return None
    if isinstance(kwargs.get("response_format"), type):
        raise TypeError("create() takes no type as response_format=: call parse() with it") from None
    found = {name: list(one) for name, one in kwargs.items() if isinstance(one, Iterator) and not hasattr(one, "read")}
    return {**kwargs, **found} if found else None


def _open(face: Any, request: Any) -> Stream[Any]:
    from ... import streaming as ours
    from .raw import StreamedHTTPResponse
    from .streams import Stream

    stream: Any = ours.Stream(request)
    stream.__enter__()
    return Stream(stream, StreamedHTTPResponse(stream, face._sent_headers))


async def _aopen(face: Any, request: Any) -> AsyncStream[Any]:
    from ... import streaming as ours
    from .raw import StreamedHTTPResponse
    from .streams import AsyncStream

    stream: Any = ours.AsyncStream(request)
    await stream.__aenter__()
    return AsyncStream(stream, StreamedHTTPResponse(stream, face._sent_headers))


def _wrapped(face: Any, stream: Any, form: str) -> Any:
    return _response_class(face, form)(stream._ours.response, face._sent_headers, stream) if form else stream


def _response_class(face: Any, form: str) -> Any:
    from . import raw

    if form == "raw":
        return raw.LegacyAPIResponse
    return raw.AsyncAPIResponse if face._asynchronous else raw.APIResponse


def _translated(error: SDKError) -> SDKError:
    from .errors import translated  # here: only an error needs it

    return translated(error)
