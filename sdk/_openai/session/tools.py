"""Plain Python functions as tools of the model: their schema from the signature, their arguments checked before a call.

msgspec makes the schema and checks the arguments, or pydantic for its own types; it is imported with the first tool.
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
    """What came of a call: the text for the model, and whether it went well."""

    text: str
    good: bool = True

    @classmethod
    def failed(cls, why: str) -> Outcome:
        return cls(f"error: {why}", good=False)


class Tool:
    """A function that the model may call. Names, types, defaults and the docstring tell the model what it is for."""

    def __init__(self, function: Callable[..., Any], name: str | None = None, description: str | None = None) -> None:
        """Make a tool of a function, sync or async.

        Raises: ToolError for a parameter that cannot be described: *args, positional-only, or a type without a schema.
        """
        self.function = function
        plain = unbound(function)
        self.name: str = name or str(getattr(plain, "__name__", ""))
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", self.name):
            raise ToolError(f"{self.name!r} cannot be a tool's name: letters, digits, _ and -, at most 64; give name=")
        docstring = read_docstring(inspect.getdoc(plain) or "")
        self.description = description or docstring.description
        self._signature = Signature(self.name, function, docstring.parameters)
        self.parameters = self._signature.schema

    def definition(self) -> dict[str, Any]:
        """Return the tool as the API writes it."""
        function = {"name": self.name, "description": self.description, "parameters": self.parameters}
        return {"type": "function", "function": {k: v for k, v in function.items() if v}}

    def call(self, arguments: str) -> Outcome:
        """Call the function with the model's arguments, JSON as text. What goes wrong is the outcome, not raised."""
        given = self._read(arguments)
        if isinstance(given, Outcome):
            return given
        try:
            result = self.function(**given)
            if inspect.isawaitable(result):
                result = _finish(result)
            return _told(result)
        except Exception as error:
            return _raised(error)

    async def acall(self, arguments: str) -> Outcome:
        """Do the same from a coroutine; a function that is not async runs in a thread."""
        given = self._read(arguments)
        if isinstance(given, Outcome):
            return given
        try:
            if inspect.iscoroutinefunction(self.function):
                result = await self.function(**given)
            else:
                from anyio import to_thread

                call = functools.partial(self.function, **given)
                # An end that is asked for does not wait for the function: nothing can stop a thread.
                result = await to_thread.run_sync(call, abandon_on_cancel=True)
                result = await result if inspect.isawaitable(result) else result
            return _told(result)
        except Exception as error:
            return _raised(error)

    def _read(self, arguments: str) -> dict[str, Any] | Outcome:
        import msgspec

        try:
            return self._signature.read(arguments or "{}")
        except msgspec.ValidationError as error:
            return Outcome.failed(f"the arguments do not fit: {error}")
        except (ValueError, RecursionError):  # a DecodeError, or of a half character
            return Outcome.failed("the arguments are not JSON")

    def __repr__(self) -> str:
        return f"<Tool {self.name}>"


def definitions(tools: Iterable[Any]) -> list[dict[str, Any]]:
    """Return tools as the API writes them."""
    return [dict(t) if isinstance(t, Mapping) else as_tool(t).definition() for t in tools]


def offered(tools: Iterable[Any]) -> list[dict[str, Any]]:
    """Return tools as a request has them. Raises: ToolError for two of one name, of which one could never be called."""
    names: dict[Any, Any] = {}
    found = []
    for given in tools:
        definition = dict(given) if isinstance(given, Mapping) else as_tool(given).definition()
        name = name_of(definition)
        if name is not None and name in names:
            raise ToolError(
                f"two tools are called {name!r}: {_shown(names[name])} and {_shown(given)}; "
                "give one another name: Tool(function, name=...)"
            )
        names[name] = given
        found.append(definition)
    return found


def _shown(given: Any) -> str:
    if isinstance(given, Mapping):
        return "a tool that is given as a dict"
    function = unbound(given.function if isinstance(given, Tool) else given)
    return f"the function {getattr(function, '__qualname__', None) or type(function).__name__}"


def find(tools: Iterable[Any], name: str) -> Tool | None:
    """Return the tool of that name that can be called here, None if there is none."""
    return next((t for t in map(as_tool, (t for t in tools if not isinstance(t, Mapping))) if t.name == name), None)


def name_of(definition: Mapping[str, Any]) -> Any:
    """Return the name in a tool as an API writes it."""
    inner = definition.get("custom" if definition.get("type") == "custom" else "function")
    return inner.get("name") if isinstance(inner, Mapping) else definition.get("name")


def as_tool(given: Tool | Callable[..., Any]) -> Tool:
    """Return a tool for a function; each function's is made once."""
    if isinstance(given, Tool):
        return given
    if not callable(given):
        raise ToolError(f"a tool is a function, a Tool or a dict, not {type(given).__name__}")
    found = getattr(given, "__sdk_tool__", None)
    if found is None or found.function is not given:  # functools.wraps copies the attributes of what it wraps
        found = Tool(given)
        if inspect.isfunction(given):
            given.__sdk_tool__ = found  # type: ignore[attr-defined]  # functions take attributes
    return found


async def _await(result: Any) -> Any:
    return await result


def _finish(result: Any) -> Any:
    """Wait for an async function's result: in a thread where this one has a loop that runs, as notebooks have."""
    import asyncio

    if not on_asyncio():
        return asyncio.run(_await(result))
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(copy_context().run, asyncio.run, _await(result)).result()


def _told(result: Any) -> Outcome:
    """Return a result as text for the model: a text as it is, everything else as JSON."""
    if isinstance(result, str):
        return Outcome(replace_surrogates(result))
    import msgspec

    try:
        return Outcome(msgspec.json.encode(result).decode())
    except (TypeError, ValueError, OverflowError, RecursionError):
        return Outcome(replace_surrogates(str(result)))


def _raised(error: Exception) -> Outcome:
    try:
        said = str(error)
    except Exception as unreadable:
        said = f"its message cannot be read ({type(unreadable).__name__})"
    return Outcome.failed(replace_surrogates(f"{type(error).__name__}: {said}"))


expose(globals(), "tools")
