"""Plain Python functions as tools: the schema comes from the signature, and arguments are checked before a call.

msgspec creates the schema and checks the arguments; it is imported with the first tool.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from contextvars import copy_context
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from attrs import frozen

from ..._core.errors import ToolError
from ..._core.public import expose
from ..._core.runtime.event_loop import on_asyncio
from ..text import replace_surrogates

#: Types of defaults that all calls of a function share.
_MUTABLE = (list, dict, set)


@frozen
class Outcome:
    """The result of a call: the text for the model, and whether the call succeeded."""

    text: str
    good: bool = True

    @classmethod
    def failed(cls, why: str) -> Outcome:
        return cls(f"error: {why}", good=False)


class Tool:
    """A function that the model may call. Its names, types, defaults and docstring describe it to the model."""

    def __init__(self, function: Callable[..., Any], name: str | None = None, description: str | None = None) -> None:
        """Create a tool from a function, sync or async.

        Raises: ToolError for a parameter without a description: *args, positional-only, or of a type without a schema.
        """
        import msgspec

        self.function = function
        self._plain = _unbound(function)
        self.name: str = name or str(getattr(self._plain, "__name__", ""))
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", self.name):
            raise ToolError(f"{self.name!r} cannot be a tool's name: letters, digits, _ and -, at most 64; pass name=")
        summary, texts = _docstring(inspect.getdoc(self._plain) or "")
        self.description = description or summary
        self._arguments = msgspec.defstruct(self.name, self._fields(texts), kw_only=True, forbid_unknown_fields=True)
        try:
            (schema,), parts = msgspec.json.schema_components([self._arguments], ref_template="#/$defs/{name}")
        except TypeError as error:
            why = str(error).rpartition("\n")[2]  # the lines before are advice for users of msgspec
            raise ToolError(
                f"the tool {self.name} has a parameter of a type that JSON cannot describe: {why}"
            ) from error
        self.parameters = dict(parts.pop(schema["$ref"].rpartition("/")[2]))
        self.parameters.pop("title", None)
        if parts:
            self.parameters["$defs"] = parts

    def definition(self) -> dict[str, Any]:
        """Return the tool in the form of the API."""
        function = {"name": self.name, "description": self.description, "parameters": self.parameters}
        return {"type": "function", "function": {k: v for k, v in function.items() if v}}

    def call(self, arguments: str) -> Outcome:
        """Call the function with the model's arguments, as JSON. An error is returned as the outcome, not raised."""
        given = self._read(arguments)
        if isinstance(given, Outcome):
            return given
        try:
            result = self.function(**given)
            if inspect.isawaitable(result):
                result = _finish(result)
            return _outcome_of(result)
        except Exception as error:
            return _failure(error)

    async def acall(self, arguments: str) -> Outcome:
        """Call the function from a coroutine; a function that is not async runs in a thread."""
        given = self._read(arguments)
        if isinstance(given, Outcome):
            return given
        try:
            if inspect.iscoroutinefunction(self.function):
                result = await self.function(**given)
            else:
                from anyio import to_thread

                call = functools.partial(self.function, **given)
                # Cancellation does not wait: a running thread cannot be stopped.
                result = await to_thread.run_sync(call, abandon_on_cancel=True)
                result = await result if inspect.isawaitable(result) else result
            return _outcome_of(result)
        except Exception as error:
            return _failure(error)

    def _read(self, arguments: str) -> dict[str, Any] | Outcome:
        import msgspec

        try:
            read = msgspec.json.decode(arguments or "{}", type=self._arguments)
        except msgspec.ValidationError as error:
            return Outcome.failed(f"the arguments do not fit: {error}")
        except (ValueError, RecursionError):  # DecodeError, or a lone surrogate
            return Outcome.failed("the arguments are not JSON")
        return {name: getattr(read, name) for name in self._arguments.__struct_fields__}

    def _hints(self) -> dict[str, Any]:
        inner = self._plain
        if not (inspect.isroutine(inner) or inspect.isclass(inner)):
            inner = type(inner).__call__  # a callable object
        try:
            return get_type_hints(inner, include_extras=True)
        except NameError as error:
            raise ToolError(
                f"the tool {self.name}: {error}; annotations must use names of the function's module"
            ) from error

    def _fields(self, texts: Mapping[str, str]) -> list[Any]:
        import msgspec

        hints, bound = self._hints(), _bound(self.function)
        fields = []
        for parameter in inspect.signature(self.function).parameters.values():
            if parameter.name in bound:
                continue  # bound by functools.partial, so hidden from the model
            if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
                raise ToolError(f"the tool {self.name}: the model cannot pass the parameter {parameter.name} by name")
            kind = hints.get(parameter.name, Any)
            if parameter.default is None:
                kind = kind | None  # what `x: str = None` means (PEP 484 as it was)
            text = texts.get(parameter.name) or _annotation(kind)
            meta: dict[str, Any] = {"description": text} if text else {}
            if isinstance(parameter.default, _MUTABLE):
                with suppress(TypeError):  # a default that is not JSON is left out of the schema
                    meta["extra_json_schema"] = {"default": msgspec.to_builtins(parameter.default)}
            if meta:
                kind = Annotated[kind, msgspec.Meta(**meta)]
            default = () if parameter.default is parameter.empty else (_default(parameter.default),)
            fields.append((parameter.name, kind, *default))
        return fields

    def __repr__(self) -> str:
        return f"<Tool {self.name}>"


def definitions(tools: Iterable[Any]) -> list[dict[str, Any]]:
    """Return tools in the form of the API."""
    return [dict(t) if isinstance(t, Mapping) else as_tool(t).definition() for t in tools]


def find(tools: Iterable[Any], name: str) -> Tool | None:
    """Return the callable tool of that name, None if there is none."""
    return next((t for t in map(as_tool, (t for t in tools if not isinstance(t, Mapping))) if t.name == name), None)


def name_of(definition: Mapping[str, Any]) -> Any:
    """Return the name of a tool in the form of the API."""
    inner = definition.get("function")
    return inner.get("name") if isinstance(inner, Mapping) else definition.get("name")


def as_tool(given: Tool | Callable[..., Any]) -> Tool:
    """Return the tool of a function, which is created once."""
    if isinstance(given, Tool):
        return given
    if not callable(given):
        raise ToolError(f"a tool must be a function, a Tool or a dict, not {type(given).__name__}")
    found = getattr(given, "__sdk_tool__", None)
    if found is None:
        found = Tool(given)
        if inspect.isfunction(given):
            given.__sdk_tool__ = found  # type: ignore[attr-defined]  # functions take attributes
    return found


async def _await(result: Any) -> Any:
    return await result


def _finish(result: Any) -> Any:
    """Wait for the result of an async function; in another thread if this one runs an event loop, as in notebooks."""
    import asyncio

    if not on_asyncio():
        return asyncio.run(_await(result))
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(copy_context().run, asyncio.run, _await(result)).result()


def _unbound(function: Any) -> Any:
    """Return the function inside a functools.partial."""
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _bound(function: Any) -> set[str]:
    """Return the parameters that a functools.partial binds by name."""
    names = set[str]()
    while isinstance(function, functools.partial):
        names |= function.keywords.keys()
        function = function.func
    return names


def _annotation(kind: Any) -> str | None:
    """Return the description of a parameter in `Annotated`: a str, or a `Doc` (PEP 727)."""
    if get_origin(kind) is not Annotated:
        return next(filter(None, map(_annotation, get_args(kind))), None) if type(None) in get_args(kind) else None
    texts = (m if isinstance(m, str) else getattr(m, "documentation", None) for m in kind.__metadata__)
    return next((text for text in texts if isinstance(text, str)), None)


def _default(value: Any) -> Any:
    import msgspec

    # msgspec rejects mutable defaults, and does not add the result of a factory to the schema.
    return msgspec.field(default_factory=lambda: value) if isinstance(value, _MUTABLE) else value


def _outcome_of(result: Any) -> Outcome:
    """Return the outcome of a result: a str as it is, anything else as JSON."""
    if isinstance(result, str):
        return Outcome(replace_surrogates(result))
    import msgspec

    try:
        return Outcome(msgspec.json.encode(result).decode())
    except (TypeError, ValueError, OverflowError, RecursionError):
        return Outcome(replace_surrogates(str(result)))


def _failure(error: Exception) -> Outcome:
    try:
        message = str(error)
    except Exception as unreadable:
        message = f"its message cannot be read ({type(unreadable).__name__})"
    return Outcome.failed(replace_surrogates(f"{type(error).__name__}: {message}"))


def _docstring(text: str) -> tuple[str, dict[str, str]]:
    """Return the first paragraph, and the text of each parameter in the style of Sphinx, Google or NumPy."""
    summary = " ".join(text.split("\n\n")[0].split())
    texts = dict(re.findall(r":param (?:[\w\[\], |]+ )?(\w+):\s*(.+(?:\n[ \t]+.+)*)", text))
    google = re.search(r"^(?:Args|Arguments|Parameters):\s*\n((?:[ \t]+.*\n?|\n)+)", text, re.MULTILINE)
    numpy = re.search(r"^Parameters\n-{3,}\n((?:.*\n?)+?)(?=^\S.*\n-{3,}$|\Z)", text, re.MULTILINE)
    if google:
        pad = re.match(r"[ \t]*", google[1])[0]  # type: ignore[index]  # it always matches
        texts |= re.findall(rf"^{pad}(\w+)(?: *\([^)]*\))?: *(.*(?:\n{pad}[ \t]+.*)*)", google[1], re.MULTILINE)
    elif numpy:
        texts |= re.findall(r"^(\w+)(?: *:.*)?\n((?:[ \t]+.*\n?)+)", numpy[1], re.MULTILINE)
    return summary, {name: " ".join(text.split()) for name, text in texts.items()}


expose(globals(), "tools")
