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

_log = logging.getLogger(__name__.removesuffix(".server.script"))

#: Status → type and code of an error.
_ERROR_TYPES = {
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", "permission_denied"),
    404: ("invalid_request_error", "not_found"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
}

Predicate = Callable[[RecordedRequest], bool]


class Action:
    """What a rule does."""


class ReplyAction(Action):
    """What takes the place of a reply, or decides it."""


class StreamAction(Action):
    """What breaks a stream."""


@dataclass(frozen=True)
class Fail(ReplyAction):
    """The server answers with an error."""

    failure: APIFailure


@dataclass(frozen=True)
class Respond(ReplyAction):
    """The server answers with this response."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Disconnect(ReplyAction):
    """The server closes the connection without an answer."""


@dataclass(frozen=True)
class Cut(StreamAction):
    """The server closes a stream's connection after `after` events."""

    after: int


@dataclass(frozen=True)
class Stall(StreamAction):
    """The server keeps a stream open after `after` events and sends no more."""

    after: int


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

    def _selected(self, selection: Selection) -> "Scriptable":
        """Return the methods that add rules, for the requests that `on` selected."""
        return Selected(selection)

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
        """Select requests: `server.on(operation="pets.list", limit=20).fail(503)`.

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
        return self._selected(Selection(outer.script, matches, operation or outer.operation, times))

    def reply_json(self, body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Rule:
        """Answer with this JSON, whatever the operation."""
        all_headers = {"content-type": "application/json", **(headers or {})}
        return self._add(Respond(status, all_headers, encoded(body).encode()))

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
        """Answer with an error object. `retry_after`, in seconds, sets the header of that name.

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
        return self._add(Cut(count_of(after)))

    def stall(self, after: int = 0) -> Rule:
        """Send nothing after `after` events of a stream, until the client disconnects."""
        return self._add(Stall(count_of(after)))

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
        return Selection(self, any_request)

    @property
    def pending(self) -> list[Rule]:
        """The rules that no request has used: a test expected those requests, and they did not come."""
        return [rule for rule in self.rules if not rule.requests]

    def take(self, request: RecordedRequest, kind: type[Action] | tuple[type[Action], ...]) -> Any:
        """Return the action of the first active rule of this kind that matches, and mark it as used; else None."""
        with self._lock:
            for rule in self.rules:
                if rule.active and isinstance(rule.action, kind) and rule.matches(request):
                    rule.requests.append(request)
                    return rule.action
        return None


class Selected(Scriptable):
    """The methods that add rules, for the requests that `on` selected."""

    def __init__(self, selection: Selection) -> None:
        self._of = selection

    def _selection(self) -> Selection:
        return self._of


def encoded(value: Any, *, ensure_ascii: bool = True) -> str:
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


def any_request(request: RecordedRequest) -> bool:
    return True


any_request.__qualname__ = "any request"


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


def count_of(after: int) -> int:
    """Return a number of events. Raises: ValueError for a negative one."""
    if after < 0:
        raise ValueError(f"after= must be a number of events, not {after}")
    return after
