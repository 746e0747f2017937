"""What a server is told to say and to do wrong: rules, each for the requests that it matches."""

import json
import logging
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from ..description.document import description
from .errors import APIFailure
from .recorded_request import RecordedRequest

_log = logging.getLogger(__name__)

#: Operations whose reply is what the model says, and those of them that can call tools.
CALLING = frozenset({"chat.create", "responses.create", "beta.responses.create"})
SPEAKING = CALLING | {"completions.create", "threads.runs.create", "threads.create_and_run"}
#: Status → what the API says of it: the error's type and code.
_KINDS = {
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", "permission_denied"),
    404: ("invalid_request_error", "not_found"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
}

Where = Callable[[RecordedRequest], bool]
Say = str | Callable[[RecordedRequest], str]


@dataclass(frozen=True)
class FunctionCall:
    """A call of a function: its name, and its arguments as JSON text."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Speak:
    """The model says a text, or calls functions."""

    text: Say = ""
    calls: tuple[FunctionCall, ...] = ()


@dataclass(frozen=True)
class Fail:
    """An error in the API's form."""

    failure: APIFailure


@dataclass(frozen=True)
class Answer:
    """A response as it is written here."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Drop:
    """The connection is closed without an answer."""


@dataclass(frozen=True)
class Cut:
    """A stream's connection is closed after some events."""

    after: int


@dataclass(frozen=True)
class Stall:
    """A stream stays open after some events, and nothing more comes."""

    after: int


Action = Speak | Fail | Answer | Drop | Cut | Stall
#: What takes the place of the reply, and what happens to a stream on its way.
REPLIES, DELIVERIES = (Speak, Fail, Answer, Drop), (Cut, Stall)


@dataclass(repr=False)
class Rule:
    """One thing that a server was told; `requests` are those that it was done for."""

    action: Action
    where: Where
    times: int | None
    requests: list[RecordedRequest] = field(default_factory=list)

    def __repr__(self) -> str:
        often = "" if self.times == 1 else ", for ever" if self.times is None else f", {self.times} times"
        return f"<Rule {self.action!r} for {self.where.__qualname__}{often}; used {len(self.requests)} times>"

    @property
    def waiting(self) -> bool:
        """Whether it will still be done for a request that it matches."""
        return self.times is None or len(self.requests) < self.times


class Scriptable:
    """The verbs. Rules are tried in the order in which they were given; each is done once, but see `on`.

    A reply and a cut or stall may come together: the next stream is that reply, cut. Each returns its `Rule`.
    """

    def _told(self) -> tuple["Script", Where, str | None, int | None]:
        """Return the script, which requests are meant, of which operation if that is said, and how often."""
        raise NotImplementedError

    def on(
        self,
        where: Where | None = None,
        /,
        *,
        operation: str | None = None,
        contains: str | None = None,
        times: int | None = 1,
        **parameters: Any,
    ) -> "Scriptable":
        """Choose requests: `server.on(operation="chat.create", model="gpt-4o").reply("Hi")`.

        `where` is a function of a `RecordedRequest`; `contains` a text that the body has; `parameters` are what the
        body, the path or the query say, each a value, a compiled pattern that is searched for, or a function.
        `times` is how often what follows is done; None is for ever.
        Raises: ValueError for an operation that the API does not have.
        """
        script, within, before, _ = self._told()
        if operation is not None:
            _check_operation(operation)
        said = {"operation": operation, "contains": contains, **parameters}
        told = ", ".join(f"{name}={value!r}" for name, value in said.items() if value is not None)

        def matches(request: RecordedRequest) -> bool:
            return (
                within(request)
                and operation in (None, request.operation)
                and (contains is None or contains in request.text)
                and all(_fits(wanted, request.parameters.get(name)) for name, wanted in parameters.items())
                and (where is None or called(where, request))
            )

        matches.__qualname__ = told or getattr(where, "__qualname__", "where")  # a rule's repr shows it
        return _Chosen(script, matches, operation or before, times)

    def reply(self, text: Say) -> Rule:
        """Say a text, as it is: in a chat, a completion or a response, plain or streamed.

        A function of the `RecordedRequest` may return it. Raises: TypeError for what is neither.
        """
        if not isinstance(text, str) and not callable(text):
            raise TypeError(f"reply() takes a string, or a function that returns one, not {text!r}")
        return self._add(Speak(text), SPEAKING)

    def reply_tool_call(self, name: str, /, **arguments: Any) -> Rule:
        """Call a function, in a chat or a response, plain or streamed."""
        return self.reply_tool_calls((name, arguments))

    def reply_tool_calls(self, *calls: tuple[str, Mapping[str, Any]]) -> Rule:
        """Call several functions at once: `reply_tool_calls(("f", {"x": 1}), ("g", {}))`."""
        made = tuple(FunctionCall(name, json.dumps(given, ensure_ascii=False)) for name, given in calls)
        return self._add(Speak(calls=made), CALLING)

    def reply_json(self, body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Rule:
        """Answer with JSON as it is, whatever the operation."""
        given = {"content-type": "application/json", **(headers or {})}
        return self._add(Answer(status, given, json.dumps(body).encode()))

    def reply_bytes(self, body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Rule:
        """Answer with these bytes, which may be anything; the headers say what they are."""
        return self._add(Answer(status, dict(headers or {}), bytes(body)))

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
        """Answer with an error in the API's form. `retry_after`, in seconds, goes into the header of that name.

        Raises: ValueError for a status that is no error.
        """
        if not isinstance(status, int) or not 400 <= status <= 599:
            raise ValueError(f"fail() takes an HTTP status from 400 to 599, not {status!r}")
        known = _KINDS.get(status, ("server_error" if status >= 500 else "invalid_request_error", None))
        given = dict(headers or {})
        if retry_after is not None:
            given["retry-after"] = f"{retry_after:g}"
        failure = APIFailure(
            message or f"The test asked for status {status}.",
            status=status,
            type=type or known[0],
            param=param,
            code=code or known[1],
            headers=given,
        )
        return self._add(Fail(failure))

    def disconnect(self) -> Rule:
        """Close the connection without an answer."""
        return self._add(Drop())

    def cut_stream(self, after: int = 0) -> Rule:
        """Close the connection of a stream after some events."""
        return self._add(Cut(_count(after)))

    def stall(self, after: int = 0) -> Rule:
        """Let a stream fall silent after some events, until the client goes away."""
        return self._add(Stall(_count(after)))

    def _add(self, action: Action, operations: frozenset[str] | None = None) -> Rule:
        script, where, operation, times = self._told()
        if operations is not None:
            if operation is not None and operation not in operations:
                raise ValueError(f"{operation} has no such reply; use reply_json(). It is one of {sorted(operations)}")

            def speaking(request: RecordedRequest, inner: Where = where) -> bool:
                return request.operation in operations and inner(request)

            speaking.__qualname__ = where.__qualname__
            where = speaking
        rule = Rule(action, where, times)
        script.rules.append(rule)
        return rule


class Script(Scriptable):
    """All that one server was told, in order."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self._lock = threading.Lock()

    def _told(self) -> tuple["Script", Where, str | None, int | None]:
        return self, _any, None, 1

    @property
    def pending(self) -> list[Rule]:
        """The rules that no request has used: what a test expected and did not come."""
        return [rule for rule in self.rules if not rule.requests]

    def take(self, request: RecordedRequest, kinds: tuple[type[Action], ...]) -> Any:
        """Return the action of the first waiting rule of some kinds that matches, and count it as done; else None."""
        with self._lock:
            for rule in self.rules:
                if rule.waiting and isinstance(rule.action, kinds) and rule.where(request):
                    rule.requests.append(request)
                    return rule.action
        return None


class _Chosen(Scriptable):
    def __init__(self, script: Script, where: Where, operation: str | None, times: int | None) -> None:
        self._all = (script, where, operation, times)

    def _told(self) -> tuple[Script, Where, str | None, int | None]:
        return self._all


def called(function: Callable[[Any], Any], given: Any) -> Any:
    """Call a function that the server was given. Raises APIFailure, which tells the test, for what it raises."""
    try:
        return function(given)
    except Exception as error:
        _log.exception("a function of the script failed")
        name = getattr(function, "__qualname__", repr(function))
        told = f"The function {name} that the server was told to ask raised {type(error).__name__}: {error}"
        raise APIFailure(told, status=500, type="server_error", code="script_failed") from error


def _any(request: RecordedRequest) -> bool:
    return True


_any.__qualname__ = "any request"


def _fits(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, re.Pattern):
        return wanted.search(found if isinstance(found, str) else json.dumps(found)) is not None
    if callable(wanted):
        return bool(called(wanted, found))
    if isinstance(found, str) and isinstance(wanted, (bool, int, float)):
        wanted = json.dumps(wanted)  # queries and forms have texts only: there 20 is "20", and True is "true"
    return bool(wanted == found)


def _check_operation(name: str) -> None:
    known = description()[0]
    if name not in known:
        near = get_close_matches(name, known, 3)
        raise ValueError(f"the API has no operation {name!r}" + (f"; near it are {', '.join(near)}" if near else ""))


def _count(after: int) -> int:
    if after < 0:
        raise ValueError(f"after= is a number of events, not {after}")
    return after
