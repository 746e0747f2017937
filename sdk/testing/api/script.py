"""The script of a server with a model: what the model says, beside the rules of every server."""

import json
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..server import script as base
from ..server.recorded_request import RecordedRequest
from ..server.script import (
    Action,
    Predicate,
    ReplyAction,
    Rule,
    Selection,
    any_request,
    call_user_function,
    count_of,
    encoded,
)

__all__ = ["FunctionCall", "Script", "Scriptable", "Speak", "call_user_function"]

#: Operations whose model can call tools, and all operations in which a model speaks.
TOOL_OPERATIONS = frozenset(
    {
        *("chat.create", "responses.create", "beta.responses.create"),
        *("realtime.connect", "live.connect", "realtime.translations.connect"),
    }
)
SPEECH_OPERATIONS = TOOL_OPERATIONS | {"completions.create", "threads.runs.create", "threads.create_and_run"}

ReplyText = str | Callable[[RecordedRequest], str]


@dataclass(frozen=True)
class FunctionCall:
    """A function call: the function's name, and its arguments as encoded JSON."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Speak(ReplyAction):
    """The model says `text`, or calls functions."""

    text: ReplyText = ""
    calls: tuple[FunctionCall, ...] = ()


@dataclass(frozen=True)
class Emit(Action):
    """The server answers an event of a WebSocket with these events."""

    events: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class CloseSocket(Action):
    """The server closes a WebSocket with a code, after `after` events or in answer to an event."""

    code: int
    reason: str
    after: int


class Scriptable(base.Scriptable):
    """The methods that add rules, those of a model included."""

    if TYPE_CHECKING:

        def on(
            self,
            predicate: Predicate | None = None,
            /,
            *,
            operation: str | None = None,
            contains: str | None = None,
            times: int | None = 1,
            **parameters: Any,
        ) -> "Scriptable": ...

    def _selected(self, selection: Selection) -> "Scriptable":
        return _Selected(selection)

    def reply(self, text: ReplyText) -> Rule:
        """Let the model say `text`: in a chat, a completion, a response or a run, streamed or not.

        `text` is a str, or a function of the `RecordedRequest` that returns one. Raises: TypeError for anything else.
        """
        if not isinstance(text, str) and not callable(text):
            raise TypeError(f"reply() takes a string, or a function that returns one, not {reprlib.repr(text)}")
        return self._add(Speak(text), SPEECH_OPERATIONS)

    def reply_tool_call(self, name: str, /, **arguments: Any) -> Rule:
        """Let the model call a function, in a chat or a response, streamed or not."""
        return self.reply_tool_calls((name, arguments))

    def reply_tool_calls(self, *calls: tuple[str, Mapping[str, Any]]) -> Rule:
        """Let the model call several functions at once: `reply_tool_calls(("f", {"x": 1}), ("g", {}))`."""
        made = tuple(FunctionCall(name, encoded(given, ensure_ascii=False)) for name, given in calls)
        return self._add(Speak(calls=made), TOOL_OPERATIONS)

    def reply_events(self, *events: Mapping[str, Any]) -> Rule:
        """Answer an event of a WebSocket with these events: `server.on(type="response.create").reply_events(...)`."""
        return self._add(Emit(tuple(json.loads(encoded(dict(event))) for event in events)))

    def close_socket(self, code: int = 1000, reason: str = "", *, after: int = 0) -> Rule:
        """Close a WebSocket with a code after `after` events of the server; with `on(type=...)`, in answer to one."""
        return self._add(CloseSocket(code, reason, count_of(after)))


class Script(Scriptable, base.Script):
    """The rules of one server, in order."""

    def _selection(self) -> Selection:
        return Selection(self, any_request)


class _Selected(Scriptable, base.Selected):
    """The methods that add rules, for the requests that `on` selected."""
