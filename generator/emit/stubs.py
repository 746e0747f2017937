"""Write the stubs of sdk/api: what type checkers and editors see of each operation.

At run time an operation is one object whose forms take any arguments, and pass them to a function that builds the
request. In a stub each operation has a Protocol, generic in its result, whose `__call__` has the signature and the
docstring; every form is an attribute of that type: `sync: _Create[ChatCompletion]`. So editors show the arguments and
their words in each form, and a signature is written once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from jinja2 import Environment

from .header import header

#: The names that a stub imports from elsewhere, each with `_` before it: schemas and verbs have names like them.
_ORIGINS = {
    "APIResponse": "sdk._core.reply.response",
    "AsyncIterator": "collections.abc",
    "AsyncStream": "sdk._core.operation.streams",
    "CoroutineType": "types",
    "Iterator": "collections.abc",
    "ParsedResponse": "sdk._core.reply.parsed",
    "Path": "pathlib",
    "PathLike": "os",
    "Protocol": "typing",
    "Request": "sdk._core.operation",
    "Stream": "sdk._core.operation.streams",
    "TypeVar": "typing",
}
#: What `async def` returns. With Any in it mypy loses the types of asyncio.gather where it has to choose an overload.
_ASYNC = "_CoroutineType[None, None, {}]"
_COMPLETE = {
    "request": "{request}",
    "sync": "{reply}",
    "asyncio": _ASYNC.format("{reply}"),
    "sync_detailed": "_APIResponse[{reply}]",
    "asyncio_detailed": _ASYNC.format("_APIResponse[{reply}]"),
}
_STREAMED = {"stream": "_Stream[{item}, {reply}]", "asyncio_stream": "_AsyncStream[{item}, {reply}]"}
_PAGED = {"iter": "_Iterator[{item}]", "asyncio_iter": "_AsyncIterator[{item}]"}
_SAVED = {"download": "_Path", "asyncio_download": _ASYNC.format("_Path")}
#: Forms whose result depends on their first argument: each needs a Protocol of its own.
_PARSED = {
    "parse": "_T",
    "asyncio_parse": _ASYNC.format("_T"),
    "parse_detailed": "_ParsedResponse[_T, {reply}]",
    "asyncio_parse_detailed": _ASYNC.format("_ParsedResponse[_T, {reply}]"),
    "parse_stream": "_Stream[{item}, _T]",
    "asyncio_parse_stream": "_AsyncStream[{item}, _T]",
}


_ONE, _TWO, _THREE = "..., {reply}", "..., {reply}, {item}", "..., {reply}, {item}, {event}"
_WATCHED = {form: result.replace("{item}", "{event}") for form, result in _STREAMED.items()}


class _Kind(NamedTuple):
    """What the class of an operation has: its name at run time, and its forms with their results.

    Forms with the arguments of the operation, those that take a path before them, and those that take a type.
    """

    base: str
    parameters: str
    forms: dict[str, str]
    saved: dict[str, str]
    parsed: dict[str, str]


#: Decorator → the class that it makes. `tests/generator/emit/test_stubs.py` compares the forms with the classes.
KINDS = {
    "operation": _Kind("Operation", _ONE, _COMPLETE, {}, {}),
    "streaming": _Kind("StreamingOperation", _TWO, _COMPLETE | _STREAMED, {}, {}),
    "only_streaming": _Kind("OnlyStreamingOperation", _TWO, {"request": "{request}", **_STREAMED}, {}, {}),
    "structured": _Kind("StructuredOperation", _TWO, _COMPLETE | _STREAMED, {}, _PARSED),
    "binary": _Kind("BinaryOperation", _ONE, _COMPLETE, _SAVED, {}),
    "streaming_binary": _Kind("StreamingBinaryOperation", _TWO, _COMPLETE | _STREAMED, _SAVED, {}),
    "paged": _Kind("PagedOperation", _TWO, _COMPLETE | _PAGED, {}, {}),
    "paged_streaming": _Kind("PagedStreamingOperation", _THREE, _COMPLETE | _PAGED | _WATCHED, {}, {}),
}


#: A WebSocket, whose classes of connections are the results of its forms.
SOCKET = _Kind("WebSocket", _TWO, {"request": "{request}", "sync": "{reply}", "asyncio": "{item}"}, {}, {})
#: The module of the runtime that has a decorator and its class; others are in the room's own `__init__`.
_HOMES = {
    **dict.fromkeys(
        ("streaming", "only_streaming", "streaming_binary", "paged_streaming"), "sdk._core.operation.streaming"
    ),
    "structured": "sdk._core.operation.structured",
    "websocket": "sdk._core.websocket",
}


def home(name: str) -> str:
    """Return the module of the runtime from which generated modules import a decorator, or another name."""
    return _HOMES.get(name, "sdk._core.operation")


#: A form is an attribute that is called as the method of the base class is.
_PYRIGHT = "# pyright: reportIncompatibleMethodOverride=false\n"


class Signature(NamedTuple):
    """One operation as its stub needs it: code of its arguments and types, and its docstring for an indentation."""

    verb: str
    decorator: str
    positional: Sequence[str]
    keywords: Sequence[str]
    reply: str
    item: str
    doc: Callable[[int], str]
    summary: Callable[[int], str]
    options: str = "RequestOptions"
    event: str = ""

    @property
    def kind(self) -> _Kind:
        """What its class has."""
        return SOCKET if self.decorator == "websocket" else KINDS[self.decorator]


class StubEmitter:
    """Write the stub of one resource."""

    def __init__(self, templates: Environment) -> None:
        self._template = templates.get_template("api.pyi.jinja")

    def file(self, resource: str, imports: Sequence[str], signatures: Sequence[Signature], builtin_type: str) -> str:
        """Return the text; `builtin_type` is the name of `type` in the scope of the module."""
        taken = (
            {f"_{name}" for name in _ORIGINS}
            | {"_T", "_R_co"}
            | {f"_{kind.base}" for kind in (*KINDS.values(), SOCKET)}
        )
        operations = [self._operation(one, taken, builtin_type) for one in signatures]
        parsed = any(one.kind.parsed for one in signatures)
        body = self._template.render(parsed=parsed, operations=operations)
        used = [
            f"from {origin} import {name} as _{name}"
            for name, origin in _ORIGINS.items()
            if re.search(rf"\b_{name}\b", body)
        ]
        what = f"the resource {resource}, for type checkers" if resource else "resources, for type checkers"
        lines = [*imports, *self._imports(signatures), *used]
        return f"{header(what)}{_PYRIGHT if signatures else ''}\n{chr(10).join(lines)}\n{body}"

    @staticmethod
    def _imports(signatures: Sequence[Signature]) -> list[str]:
        bases = sorted({(home(one.decorator), one.kind.base) for one in signatures})
        return [f"from {module} import {base} as _{base}" for module, base in bases]

    def _operation(self, one: Signature, taken: set[str], builtin_type: str) -> dict[str, object]:
        kind = one.kind
        second = f", {one.item}" if one.item else ""
        values = {"request": f"_Request[{one.reply}{second}]", "reply": one.reply, "item": one.item, "event": one.event}
        protocol, operation = _class(one.verb, "", taken), _class(one.verb, "Operation", taken)
        protocols = [_protocol(protocol, one, [], "_R_co", generic=True)]
        forms = {form: f"{protocol}[{result.format(**values)}]" for form, result in kind.forms.items()}
        if kind.saved:
            saved = _class(one.verb, "Download", taken)
            first = [f"{_free('path', one)}: str | _PathLike[str]"]
            protocols.append(_protocol(saved, one, first, "_R_co", generic=True))
            forms |= {form: f"{saved}[{result}]" for form, result in kind.saved.items()}
        for form, result in kind.parsed.items():
            name = _class(one.verb, "".join(map(str.title, form.split("_"))), taken)
            first = [f"{_free('kind', one)}: {builtin_type}[_T]"]
            protocols.append(_protocol(name, one, first, result.format(**values), generic=False))
            if form not in ("parse", "asyncio_parse"):  # the others are many, and long
                protocols[-1]["class_doc"] = ""
            forms[form] = name
        return {
            "verb": one.verb, "protocols": protocols, "class": operation, "forms": forms, "doc": one.summary(0),
            "form_doc": one.summary(4), "base": f"_{kind.base}[{kind.parameters.format(**values)}]",
        }  # fmt: skip


def _protocol(name: str, one: Signature, first: list[str], result: str, *, generic: bool) -> dict[str, object]:
    # pyright shows the docstring of `__call__`, and of an argument one line; jedi shows the docstring of the class.
    return {
        "name": name, "base": "_Protocol[_R_co]" if generic else "_Protocol", "first": first, "result": result,
        "positional": one.positional, "keywords": one.keywords, "class_doc": one.doc(4), "doc": one.doc(8),
        "options": one.options,
    }  # fmt: skip


def _class(verb: str, suffix: str, taken: set[str]) -> str:
    """Return a name for a class of a stub that nothing there has yet."""
    name = f"_{''.join(part.title() for part in verb.split('_'))}{suffix}"
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _free(name: str, one: Signature) -> str:
    """Return a name for an argument before the others, which is known by its place alone."""
    given = {argument.partition(":")[0] for argument in (*one.positional, *one.keywords)}
    while name in given:
        name += "_"
    return name
