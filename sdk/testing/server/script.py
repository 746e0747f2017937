"""The script of a server: rules, each an action for the requests that it matches."""

import json
import logging
import re
import reprlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NamedTuple

from ..description.document import operations, websockets
from .errors import APIFailure
from .recorded_request import RecordedRequest

_log = logging.getLogger("sdk.testing")

#: Operations whose model can call tools, and all operations in which a model speaks.
TOOL_OPERATIONS = frozenset(
    {
        "chat.create",
        "responses.create",
        "beta.responses.create",
        "realtime.connect",
        "live.connect",
        "realtime.translations.connect",
    }
)
SPEECH_OPERATIONS = TOOL_OPERATIONS | {"completions.create", "threads.runs.create", "threads.create_and_run"}
#: Status → type and code of the API's error.
_ERROR_TYPES = {
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", "permission_denied"),
    404: ("invalid_request_error", "not_found"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
}

Predicate = Callable[[RecordedRequest], bool]
ReplyText = str | Callable[[RecordedRequest], str]


@dataclass(frozen=True)
class FunctionCall:
    """A function call: the function's name, and its arguments as encoded JSON."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Speak:
    """The model says `text`, or calls functions."""

    text: ReplyText = ""
    calls: tuple[FunctionCall, ...] = ()


@dataclass(frozen=True)
class Fail:
    """The server answers with an error in the API's format."""

    failure: APIFailure


@dataclass(frozen=True)
class Respond:
    """The server answers with this response."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Disconnect:
    """The server closes the connection without an answer."""


@dataclass(frozen=True)
class Cut:
    """The server closes a stream's connection after `after` events."""

    after: int


@dataclass(frozen=True)
class Stall:
    """The server keeps a stream open after `after` events and sends no more."""

    after: int


@dataclass(frozen=True)
class Emit:
    """The server answers an event of a WebSocket with these events."""

    events: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class CloseSocket:
    """The server closes a WebSocket with a code, after `after` events or in answer to an event."""

    code: int
    reason: str
    after: int


Action = Speak | Fail | Respond | Disconnect | Cut | Stall | Emit | CloseSocket
#: Actions that replace the reply, and actions that break a stream.
REPLY_ACTIONS, STREAM_ACTIONS = (Speak, Fail, Respond, Disconnect), (Cut, Stall)


@dataclass(repr=False)
class Rule:
    """An action, the requests that it is for, and how often it is performed; `requests` have used it."""

    action: Action
    matches: Predicate
    times: int | None
    requests: list[RecordedRequest] = field(default_factory=list)

    def __repr__(self) -> str:
        times = "" if self.times == 1 else ", always" if self.times is None else f", {self.times} times"
        return f"<Rule {self.action!r} for {self.matches.__qualname__}{times}; used {len(self.requests)} times>"

    @property
    def active(self) -> bool:
        """Whether it still applies to requests that it matches."""
        return self.times is None or len(self.requests) < self.times


class Selection(NamedTuple):
    """The requests that new rules apply to: of which operation (None: any), and how often (None: always)."""

    script: "Script"
    matches: Predicate
    operation: str | None = None
    times: int | None = 1


class Scriptable:
    """The methods that add rules. The first rule that matches a request is used, by default once; see `on`.

    A reply can be combined with a cut or a stall: the next stream is that reply, cut. Each method returns its `Rule`.
    """

    def _selection(self) -> Selection:
        """Return the requests that the next rule applies to."""
        raise NotImplementedError

    def on(
        self,
        predicate: Predicate | None = None,
        /,
        *,
        operation: str | None = None,
        contains: str | None = None,
        times: int | None = 1,
        **parameters: Any,
    ) -> "Scriptable":
        """Select requests: `server.on(operation="chat.create", model="gpt-4o").reply("Hi")`.

        `predicate` is a function of a `RecordedRequest`. `contains` is a str that the body contains. `parameters` are
        those of the body, the path or the query; each is a value, a compiled pattern to search for, or a function.
        `times` is how often the rule is used; None means always.
        Raises: ValueError for an operation that the API does not have.
        """
        outer = self._selection()
        if operation is not None:
            _check_operation(operation)
        conditions = {"operation": operation, "contains": contains, **parameters}
        shown = ", ".join(f"{name}={value!r}" for name, value in conditions.items() if value is not None)

        def matches(request: RecordedRequest) -> bool:
            return (
                outer.matches(request)
                and operation in (None, request.operation)
                and (contains is None or contains in request.text)
                and all(_parameter_matches(wanted, request.parameters.get(name)) for name, wanted in parameters.items())
                and (predicate is None or call_user_function(predicate, request))
            )

        # A rule's repr shows this name.
        matches.__qualname__ = shown or getattr(predicate, "__qualname__", "predicate")
        return _Selected(Selection(outer.script, matches, operation or outer.operation, times))

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
        encoded = tuple(FunctionCall(name, _encoded(given, ensure_ascii=False)) for name, given in calls)
        return self._add(Speak(calls=encoded), TOOL_OPERATIONS)

    def reply_json(self, body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Rule:
        """Answer with this JSON, whatever the operation."""
        all_headers = {"content-type": "application/json", **(headers or {})}
        return self._add(Respond(status, all_headers, _encoded(body).encode()))

    def reply_bytes(self, body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Rule:
        """Answer with these bytes; pass their content type in `headers`. Raises: TypeError for anything else."""
        if not isinstance(body, bytes | bytearray | memoryview):
            raise TypeError(f"reply_bytes() takes bytes, not {type(body).__name__}")
        return self._add(Respond(status, dict(headers or {}), bytes(body)))

    def fail(
        self,
        status: int = 500,
        *,
        message: str | None = None,
        code: str | None = None,
        type: str | None = None,
        param: str | None = None,
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Rule:
        """Answer with an error in the API's format. `retry_after`, in seconds, sets the header of that name.

        Raises: ValueError if the status is not an error.
        """
        if not isinstance(status, int) or not 400 <= status <= 599:
            raise ValueError(f"fail() takes an HTTP status from 400 to 599, not {reprlib.repr(status)}")
        default_type, default_code = _ERROR_TYPES.get(
            status, ("server_error" if status >= 500 else "invalid_request_error", None)
        )
        all_headers = dict(headers or {})
        if retry_after is not None:
            all_headers["retry-after"] = f"{retry_after:g}"
        failure = APIFailure(
            message or f"The test asked for status {status}.",
            status=status,
            type=type or default_type,
            param=param,
            code=code or default_code,
            headers=all_headers,
        )
        return self._add(Fail(failure))

    def disconnect(self) -> Rule:
        """Close the connection without an answer."""
        return self._add(Disconnect())

    def cut_stream(self, after: int = 0) -> Rule:
        """Close the connection of a stream after `after` events."""
        return self._add(Cut(_count(after)))

    def stall(self, after: int = 0) -> Rule:
        """Send nothing after `after` events of a stream, until the client disconnects."""
        return self._add(Stall(_count(after)))

    def reply_events(self, *events: Mapping[str, Any]) -> Rule:
        """Answer an event of a WebSocket with these events: `server.on(type="response.create").reply_events(...)`."""
        return self._add(Emit(tuple(json.loads(_encoded(dict(event))) for event in events)))

    def close_socket(self, code: int = 1000, reason: str = "", *, after: int = 0) -> Rule:
        """Close a WebSocket with a code after `after` events of the server; with `on(type=...)`, in answer to one."""
        return self._add(CloseSocket(code, reason, _count(after)))

    def _add(self, action: Action, operations: frozenset[str] | None = None) -> Rule:
        script, matches, operation, times = self._selection()
        if operations is not None:
            if operation is not None and operation not in operations:
                raise ValueError(
                    f"{operation} has no such reply; use reply_json(). These have one: {', '.join(sorted(operations))}"
                )

            def matches_operation(request: RecordedRequest, inner: Predicate = matches) -> bool:
                return request.operation in operations and inner(request)

            matches_operation.__qualname__ = matches.__qualname__
            matches = matches_operation
        rule = Rule(action, matches, times)
        script.rules.append(rule)
        return rule


class Script(Scriptable):
    """The rules of one server, in order."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self._lock = threading.Lock()

    def _selection(self) -> Selection:
        return Selection(self, _any)

    @property
    def pending(self) -> list[Rule]:
        """The rules that no request has used: a test expected those requests, and they did not come."""
        return [rule for rule in self.rules if not rule.requests]

    def take(self, request: RecordedRequest, kinds: tuple[type[Action], ...]) -> Any:
        """Return the action of the first active rule of these kinds that matches, and mark it as used; else None."""
        with self._lock:
            for rule in self.rules:
                if rule.active and isinstance(rule.action, kinds) and rule.matches(request):
                    rule.requests.append(request)
                    return rule.action
        return None


class _Selected(Scriptable):
    """The methods that add rules, for the requests that `on` selected."""

    def __init__(self, selection: Selection) -> None:
        self._selected = selection

    def _selection(self) -> Selection:
        return self._selected


def _encoded(value: Any, *, ensure_ascii: bool = True) -> str:
    """Return a value as JSON. Raises TypeError or ValueError for what JSON cannot hold."""
    try:
        return json.dumps(value, ensure_ascii=ensure_ascii)
    except RecursionError:
        raise ValueError("the value is nested too deeply for JSON") from None


def call_user_function(function: Callable[[Any], Any], argument: Any) -> Any:
    """Call a function of the script. Raises APIFailure if it raises, so that the test sees why."""
    try:
        return function(argument)
    except Exception as error:
        _log.exception("a function of the script failed")
        name = getattr(function, "__qualname__", repr(function))
        message = f"The script's function {name} raised {type(error).__name__}: {error}"
        raise APIFailure(message, status=500, type="server_error", code="script_failed") from error


def _any(request: RecordedRequest) -> bool:
    return True


_any.__qualname__ = "any request"


def _parameter_matches(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, re.Pattern):
        return wanted.search(found if isinstance(found, str) else json.dumps(found)) is not None
    if callable(wanted):
        return bool(call_user_function(wanted, found))
    if isinstance(found, str) and isinstance(wanted, (bool, int, float)):
        wanted = json.dumps(wanted)  # values of queries and forms are strings: 20 is "20" there, and True is "true"
    return bool(wanted == found)


def _check_operation(name: str) -> None:
    known = {**operations(), **websockets()}
    if name not in known:
        similar = get_close_matches(name, known, 3)
        hint = f"; similar names: {', '.join(similar)}" if similar else ""
        raise ValueError(f"the API has no operation {name!r}{hint}")


def _count(after: int) -> int:
    if after < 0:
        raise ValueError(f"after= must be a number of events, not {after}")
    return after
