"""Plain Python functions as tools: the schema comes from the signature, and arguments are checked before a call.

msgspec creates the schema and checks the arguments, or pydantic for its own types. It is imported with the first tool.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import copy_context
from typing import Any

from attrs import frozen

from ..._core.errors import ToolError
from ..._core.public import expose
from ..._core.runtime.event_loop import on_asyncio
from ..text import replace_surrogates
from .docstring import read_docstring
from .signature import Signature, unbound


@frozen
class Outcome:
    """The result of a call: the text for the model, whether the call succeeded, and else the type of its error."""

    text: str
    good: bool = True
    error: str | None = None

    @classmethod
    def failed(cls, why: str, error: str) -> Outcome:
        return cls(f"error: {why}", good=False, error=error)


class Tool:
    """A function that the model may call. Its names, types, defaults and docstring describe it to the model."""

    def __init__(self, function: Callable[..., Any], name: str | None = None, description: str | None = None) -> None:
        """Create a tool from a function, sync or async.

        Raises: ToolError for an object that is not a function, and for a parameter that cannot be described: *args,
        positional-only, or of a type without a schema.
        """
        if not callable(function):
            raise ToolError(f"a tool must be a function, a Tool or a dict, not {type(function).__name__}")
        self.function = function
        plain = unbound(function)
        self.name: str = name or str(getattr(plain, "__name__", ""))
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", self.name):
            raise ToolError(f"{self.name!r} cannot be a tool's name: letters, digits, _ and -, at most 64; pass name=")
        docstring = read_docstring(inspect.getdoc(plain) or "")
        self.description = description or docstring.description
        self._signature = Signature(self.name, function, docstring.parameters)
        self.parameters = self._signature.schema

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
            return self._signature.read(arguments or "{}")
        except msgspec.ValidationError as error:
            return Outcome.failed(f"the arguments do not fit: {error}", "ValidationError")
        except (ValueError, RecursionError):  # DecodeError, or a lone surrogate
            return Outcome.failed("the arguments are not JSON", "DecodeError")

    def __repr__(self) -> str:
        return f"<Tool {self.name}>"


def definitions(tools: Iterable[Any]) -> list[dict[str, Any]]:
    """Return tools in the form of the API."""
    return [dict(t) if isinstance(t, Mapping) else as_tool(t).definition() for t in tools]


def offered(tools: Iterable[Any]) -> list[dict[str, Any]]:
    """Return tools as a request has them. Raises: ToolError for two tools of one name."""
    names: dict[Any, Any] = {}
    found = []
    for given in tools:
        definition = dict(given) if isinstance(given, Mapping) else as_tool(given).definition()
        name = name_of(definition)
        if name is not None and name in names:
            raise ToolError(
                f"two tools are called {name!r}: {_described(names[name])} and {_described(given)}; "
                "give one another name: Tool(function, name=...)"
            )
        names[name] = given
        found.append(definition)
    return found


def _described(given: Any) -> str:
    if isinstance(given, Mapping):
        return "a tool that is a dict"
    function = unbound(given.function if isinstance(given, Tool) else given)
    return f"the function {getattr(function, '__qualname__', None) or type(function).__name__}"


def find(tools: Iterable[Any], name: str) -> Tool | None:
    """Return the callable tool of that name, None if there is none."""
    return next((t for t in map(as_tool, (t for t in tools if not isinstance(t, Mapping))) if t.name == name), None)


def name_of(definition: Mapping[str, Any]) -> Any:
    """Return the name of a tool in the form of the API."""
    if not isinstance(definition, Mapping):
        raise ToolError(f"a tool in the form of the API is a dict, not {type(definition).__name__}")
    inner = definition.get("custom" if definition.get("type") == "custom" else "function")
    return inner.get("name") if isinstance(inner, Mapping) else definition.get("name")


def as_tool(given: Tool | Callable[..., Any]) -> Tool:
    """Return the tool of a function, which is created once."""
    if isinstance(given, Tool):
        return given
    found = getattr(given, "__sdk_tool__", None)
    if found is None or found.function is not given:  # functools.wraps copies the attributes of a function
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
    return Outcome.failed(replace_surrogates(f"{type(error).__name__}: {message}"), type(error).__name__)


expose(globals(), "tools")
