"""The stub of resources: the methods of each, with the protocols of `sdk.api` and the replies of the face."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from sdk.compat.openai.resource import HELPERS
from sdk.compat.openai.table import Method, children, methods
from sdk.operation import StreamingOperation

from . import helpers
from .native import MODELS, PARAMS, Argument, Operation, operation
from .replies import DEEP, Replies

_HEAD = """\
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import CoroutineType as _Co
from typing import Any, Literal, Required, TypedDict, Unpack, overload

import httpx
from typing_extensions import TypeVar
from sdk import models as _m
from sdk import params as _p
from sdk.files import FileInput

from ..binary import HttpxBinaryResponseContent
from ..helpers.assistants import AssistantEventHandler, AsyncAssistantEventHandler
from ..helpers.chat import AsyncChatCompletionStream, AsyncStreamManager, ChatCompletionStream, StreamManager
from ..helpers.responses import AsyncResponseStream, ResponseStream
from ..pagination import AsyncConversationCursorPage, AsyncCursorPage, AsyncNextCursorPage, AsyncPage, AsyncPaginator
from ..pagination import SyncConversationCursorPage, SyncCursorPage, SyncNextCursorPage, SyncPage
from ..resource import AsyncAPIResource, SyncAPIResource
from ..sentinels import NotGiven, Omit
from ..streams import AsyncStream, Stream
from ..types import _replies as _r

_T = TypeVar("_T", default=Any)
_O = NotGiven | Omit

class _Options(TypedDict, total=False):
    extra_headers: Mapping[str, str | Omit] | None
    extra_query: Mapping[str, object] | None
    extra_body: object | None
    timeout: float | httpx.Timeout | None | NotGiven
    deadline: float | None
    idempotency_key: str | None
    max_retries: int
    stall_timeout: float | None

"""
#: Arguments that methods and their helpers take otherwise.
APART = dict.fromkeys(
    ("chat.completions.create", "audio.transcriptions.create", "audio.translations.create"), "response_format"
)
#: Resources that are Any, so that the stubs stay small: few programs have them.
UNTYPED = ("admin", "beta.agents", "beta.chatkit", "beta.realtime", "beta.responses", "evals", "live", "safety")
#: Replies that follow from such an argument: its values, "" where it is left out, and the reply.
BY_VALUE = {
    "audio.transcriptions.create": (
        ("'json'", "_r.Transcription"),
        ("'verbose_json'", "_r.TranscriptionVerbose"),
        ("'diarized_json'", "_r.TranscriptionDiarized"),
        ("'text', 'srt', 'vtt'", "str"),
    ),
    "audio.translations.create": (
        ("'json'", "_r.Translation"),
        ("'verbose_json'", "_r.TranslationVerbose"),
        ("'text', 'srt', 'vtt'", "str"),
    ),
}


def class_of(path: str) -> str:
    """Return the name of a resource's class; those inside another one are private here, as they have one name there."""
    name = "".join(part.capitalize() for part in path.replace(".", "_").split("_"))
    return f"_{name}" if "." in path else name


def arguments_of(name: str) -> str:
    """Return the name of the dict of a method's arguments."""
    return "_" + "".join(part.capitalize() for part in name.replace(".", "_").split("_"))


class Resources:
    """The stub of the resources, and the replies that it leads to."""

    def __init__(self, replies: Replies) -> None:
        self._replies = replies
        self._modules: set[str] = set()
        self._found = {
            path: {verb: operation(one.ours) for verb, one in own.items()}
            for path, own in methods().items()
            if typed(path)
        }
        for path, own in self._found.items():
            for verb, one in own.items():
                deep = path.startswith(DEEP)
                for part in (methods()[path][verb].model or one.reply, one.chunk if deep else None, one.item):
                    replies.add(part, flat=not deep)

    def text(self) -> str:
        """Return the stub."""
        dicts, classes = [], []
        for path in sorted({*children(), *methods(), "beta.chat.completions"}):
            if path and typed(path):
                classes += [self._class(path, asynchronous=asynchronous) for asynchronous in (False, True)]
                dicts += [self._dict(one) for one in methods().get(path, {}).values() if _in_dict(one)]
        for prefix in ("", "Async"):
            inner = [f"    {name}: {shown_class(name, prefix)}" for name in children()[""]]
            classes.append("\n".join([f"class {prefix}Resources:", *inner, ""]))
        imports = "\n".join(f"import sdk.api.{module}" for module in sorted(self._modules))
        head = _HEAD.replace("\nfrom sdk import models", f"\n{imports}\nfrom sdk import models")
        return "\n".join([head, *dicts, *classes])

    def _class(self, path: str, *, asynchronous: bool) -> str:
        prefix = "Async" if asynchronous else ""
        if path == "beta.chat.completions":
            return f"{shown_class(path, prefix)} = {shown_class('chat.completions', prefix)}\n"
        lines = [f"class {shown_class(path, prefix)}({prefix or 'Sync'}APIResource):"]
        lines += [f"    {name}: {shown_class(f'{path}.{name}', prefix)}" for name in children().get(path, ())]
        for verb, method in methods().get(path, {}).items():
            lines += self._method(verb, method, self._found[path][verb], asynchronous=asynchronous)
        own = {verb: self._reply(one, self._found[path][verb]) for verb, one in methods().get(path, {}).items()}
        lines += helpers.lines(path, HELPERS.get(path, ("",))[1:], own, arguments_of, asynchronous=asynchronous)
        return "\n".join([*lines, ""]) if len(lines) > 1 else f"{lines[0]} ...\n"

    def _method(self, verb: str, method: Method, found: Operation, *, asynchronous: bool) -> Iterator[str]:
        reply = self._returned(method, found, asynchronous=asynchronous)
        define = f"    {'async ' * (asynchronous and not method.paged)}def {verb}(self, "
        if method.beside_body is not None or method.more:
            yield f"{define}*args: Any, **arguments: Any) -> {reply}: ..."
        elif _streams(method):
            yield from self._overloads(define, method, found, reply, asynchronous=asynchronous)
        elif method.name in BY_VALUE:
            arguments = f"**arguments: Unpack[{arguments_of(method.name)}]) -> "
            yield from self._by_value(define, method, arguments)
            more = next(self._argument(one) for one in found.arguments if one.name == APART[method.name])
            yield f"    @overload\n{define}*, {more}, {arguments}{reply}: ..."
        elif len(found.path) > 1:  # there, the last name has a position, and here the first
            *others, last = found.path
            taken = [*(f"{name}: str" for name in others), *(self._argument(one) for one in found.arguments)]
            yield f"{define}{last}: str, *, {', '.join(taken)}, **options: Unpack[_Options]) -> {reply}: ..."
        else:
            self._modules.add(found.module)
            awaited = f"_Co[Any, Any, {reply}]" if asynchronous and not method.paged else reply
            yield f"    {verb}: sdk.api.{found.module}.{found.protocol}[{awaited}]"

    def _overloads(
        self, define: str, method: Method, found: Operation, reply: str, *, asynchronous: bool
    ) -> Iterator[str]:
        assert found.chunk is not None
        stream = f"{'Async' * asynchronous}Stream[{self._replies.shown(found.chunk, '_r.')}]"
        *others, last = found.path or ("",)
        first = f"{last}: str, " * bool(last) + "*, " + "".join(f"{name}: str, " for name in others)
        apart = APART.get(method.name)
        more = "".join(f"{self._argument(one)}, " for one in found.arguments if one.name == apart)
        arguments = f"**arguments: Unpack[{arguments_of(method.name)}]) -> "
        end = more + arguments
        doc = "".join((method.operation.__doc__ or "").partition("\n\n")[0].split("\n")[0])
        yield f'    @overload\n{define}{first}stream: Literal[True], {end}{stream}:\n        """{doc}"""'
        yield from self._by_value(define, method, f"stream: Literal[False] | None | _O = ..., {arguments}")
        yield f"    @overload\n{define}{first}stream: Literal[False] | None | _O = ..., {end}{reply}: ..."
        yield f"    @overload\n{define}{first}stream: bool, {end}{reply} | {stream}: ..."

    def _by_value(self, define: str, method: Method, arguments: str) -> Iterator[str]:
        """Yield the overloads of a method whose reply follows from the value of an argument."""
        for number, (values, reply) in enumerate(BY_VALUE.get(method.name, ())):
            left_out = " | _O = ..." * (not number)
            taken = f"*, {APART[method.name]}: Literal[{values}]{left_out}, "
            yield f"    @overload\n{define}{taken}{arguments}{reply}: ..."

    def _dict(self, method: Method) -> str:
        found = self._found[method.path][method.verb]
        lines = [f"class {arguments_of(method.name)}(_Options, total=False):"]
        for one in found.arguments:
            if one.name != APART.get(method.name):
                own = self._shown(one, found)
                own = f"Iterable{own[8:]}" if _is_sequence(one.annotation) else own
                lines.append(f"    {one.name}: " + (f"Required[{own}]" if one.required else f"{own} | _O"))
        return "\n".join([*lines, ""])

    def _argument(self, one: Argument) -> str:
        own = self._shown(one, self._found_of(one))
        return f"{one.name}: {own}" if one.required else f"{one.name}: {own} | _O = ..."

    def _found_of(self, one: Argument) -> Operation:
        return next(found for own in self._found.values() for found in own.values() if one in found.arguments)

    def _shown(self, one: Argument, found: Operation) -> str:
        places = {MODELS: "_m", PARAMS: "_p"}

        class Renamed(ast.NodeTransformer):
            def visit_Name(self, node: ast.Name) -> ast.Name:
                origin = found.origins.get(node.id)
                return ast.Name(f"{places[origin]}.{node.id}") if origin else node

        return ast.unparse(Renamed().visit(ast.parse(ast.unparse(one.annotation), mode="eval")))

    def _reply(self, method: Method, found: Operation) -> str:
        if method.kind == "binary":
            return "HttpxBinaryResponseContent"
        if method.kind == "text":
            return "str"
        reply: Any = method.model or found.reply
        return "None" if reply is None else self._replies.shown(reply, "_r.")

    def _returned(self, method: Method, found: Operation, *, asynchronous: bool) -> str:
        if method.streams_only:
            assert found.chunk is not None
            return f"{'Async' * asynchronous}Stream[{self._replies.shown(found.chunk, '_r.')}]"
        if not method.paged:
            return self._reply(method, found)
        item = self._replies.shown(found.item, "_r.") if found.item is not None else "Any"
        if asynchronous:
            return f"AsyncPaginator[{item}, Async{method.kind}[{item}]]"
        return f"Sync{method.kind}[{item}]"


def _streams(method: Method) -> bool:
    return isinstance(method.operation, StreamingOperation) and not method.streams_only and not method.kind


def _is_sequence(annotation: ast.expr) -> bool:
    return isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Sequence"


def _in_dict(method: Method) -> bool:
    return _streams(method) or method.name in BY_VALUE


def typed(path: str) -> bool:
    """Return whether a resource has types."""
    return not f"{path}.".startswith(tuple(f"{one}." for one in UNTYPED))


def shown_class(path: str, prefix: str) -> str:
    """Return the name of a resource's class in a world, "Any" where it has none."""
    if not typed(path):
        return "Any"
    name = class_of(path)
    return f"_{prefix}{name[1:]}" if name[0] == "_" else prefix + name
