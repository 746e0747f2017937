"""The signatures of methods, and their docstrings: the arguments of our operations, with the options of the face.

It is made on request; a call does not need it.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from inspect import Parameter, Signature
from typing import Any

from ...operation import OnlyStreamingOperation, StreamingBinaryOperation, StreamingOperation
from .sentinels import NOT_GIVEN, omit
from .table import Method

_KEYWORD, _VAR_KEYWORD = Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD
_STREAMS = (StreamingOperation, StreamingBinaryOperation)
#: What functions return that give the response: form, whether for coroutines → annotation.
_FORMS = {
    ("raw", False): "LegacyAPIResponse",
    ("raw", True): "LegacyAPIResponse",
    ("streaming", False): "ResponseContextManager",
    ("streaming", True): "AsyncResponseContextManager",
}
#: The options of every call.
_OPTIONS = (
    Parameter("extra_headers", _KEYWORD, default=None, annotation="Headers | None"),
    Parameter("extra_query", _KEYWORD, default=None, annotation="Query | None"),
    Parameter("extra_body", _KEYWORD, default=None, annotation="Body | None"),
    Parameter("timeout", _KEYWORD, default=NOT_GIVEN, annotation="float | Timeout | None | NotGiven"),
)


def signature_of(method: Method, *, asynchronous: bool, form: str = "") -> Signature:
    """Return the signature of a method of a resource's class; annotations are names, as our operation has them.

    `form` is "raw" or "streaming" for a function that returns the response: it has no `self`.
    """
    own = inspect.signature(method.operation.__wrapped__)
    first = method.path_names[-1:]  # there, only the last name of the path has a position
    found = [] if form else [Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)]
    found += [own.parameters[name].replace(annotation="str") for name in first]
    found += [one for one in _arguments(method, own) if one.name not in first]
    if isinstance(method.operation, _STREAMS) and not method.streams_only:
        found.append(Parameter("stream", _KEYWORD, default=omit, annotation="bool | None | Omit"))
    returned = _FORMS.get((form, asynchronous)) or _returned(
        method, str(own.return_annotation), asynchronous=asynchronous
    )
    more = [Parameter("body", _VAR_KEYWORD, annotation="Any")] if method.beside_body is not None else []
    return Signature([*found, *_OPTIONS, *more], return_annotation=returned)


def helper_signature_of(name: str, function: Callable[..., Any], method: Method) -> Signature:
    """Return the signature of a helper that calls a method: what it names itself, and what it passes on."""
    whole = inspect.signature(function)
    own = [one for one in whole.parameters.values() if one.kind not in (Parameter.VAR_POSITIONAL, _VAR_KEYWORD)]
    left_out = {one.name for one in own} | ({"stream"} if name != method.verb else set())
    if "file" in left_out:  # which the helper uploads
        left_out.add("file_id")
    passed = signature_of(method, asynchronous=False).parameters.values()
    found = [*own, *(one for one in passed if one.name not in left_out)]
    if name.endswith("poll"):
        found.append(Parameter("poll_interval_ms", _KEYWORD, default=omit, annotation="int | Omit"))
    found.sort(key=lambda one: (one.kind, one.default is not Parameter.empty and one.kind is not _KEYWORD))
    return whole.replace(parameters=found)


def _arguments(method: Method, own: Signature) -> Iterator[Parameter]:
    """Yield the arguments that are not options, by keyword."""
    for one in own.parameters.values():
        if one.kind is _VAR_KEYWORD or (one.name == "body" and method.beside_body is not None):
            continue  # the options of our calls; a body of several kinds, whose keys are arguments here
        if one.default is Parameter.empty:
            yield one.replace(kind=_KEYWORD)
        else:
            yield one.replace(kind=_KEYWORD, default=omit, annotation=_with_omit(str(one.annotation)))
    for name in sorted(method.more):
        if name not in own.parameters:
            yield Parameter(name, _KEYWORD, default=omit, annotation="Any")


def _with_omit(annotation: str) -> str:
    return f"{annotation.removesuffix(' | Unset')} | Omit"


def _returned(method: Method, annotation: str, *, asynchronous: bool) -> str:
    """Return the annotation of a reply, from that of our request: `Request[reply]`, `Request[reply, chunk or item]`."""
    request: Any = ast.parse(annotation, mode="eval").body
    both = request.slice.elts if isinstance(request.slice, ast.Tuple) else [request.slice]
    reply, inner = method.model or ast.unparse(both[0]), [ast.unparse(one) for one in both[1:]]
    if method.paged:
        of_items = f"[{inner[0]}]" if inner else ""
        return f"AsyncPaginator{of_items}" if asynchronous else f"Sync{method.kind}{of_items}"
    reply = {"binary": "HttpxBinaryResponseContent", "text": "str"}.get(method.kind, reply)
    streams = f"{'Async' * asynchronous}Stream[{inner[0]}]" if inner else ""
    if isinstance(method.operation, OnlyStreamingOperation):
        return streams
    return f"{reply} | {streams}" if streams and isinstance(method.operation, _STREAMS) else reply


def doc_of(method: Method) -> str:
    """Return the docstring of a method: that of our operation."""
    text = inspect.cleandoc(method.operation.__doc__ or "")
    return f"{text}\n\nIt is `{method.ours}` of the SDK, and takes the options of its calls, too."
