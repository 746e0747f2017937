"""Make the same call with both packages, and compare what they send."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from sdk import Client
from sdk.errors import APIError, RequestError

from ...conformance.arguments import Arguments
from ...conformance.document import EVENTS, Operation, pinned
from ...conformance.surface import AnyEndpoint, endpoint
from .package import Official
from .recorder import Recorder, Sent
from .tables import names
from .wire import Difference, compare

#: What both clients get, under names that both know.
OPTIONS: Any = {"api_key": "key", "admin_api_key": "admin-key", "organization": "org", "project": "project"}


@frozen
class Call:
    """The arguments of one call of an operation, streamed or not."""

    arguments: dict[str, Any]
    streamed: bool = False


def calls(operation: Operation) -> Iterator[Call]:
    """Yield calls: with the required arguments, with all, for each content type of the body, streamed and not."""
    called = endpoint(operation)
    for full in (False, True):
        for call in Arguments(pinned(), operation, called).calls(full=full):
            arguments = {name: _named(value) for name, value in call.keywords.items()}
            if list(operation.replies) != [EVENTS]:
                yield Call(arguments)
            if called._spec.events:
                yield Call(arguments, streamed=True)


def _named(value: Any) -> Any:
    """Give each file a name: each package has one of its own for bytes without any."""
    if isinstance(value, bytes):
        return ("a.bin", value)
    if isinstance(value, dict):
        return {key: _named(inner) for key, inner in value.items()}
    return [_named(inner) for inner in value] if isinstance(value, list) else value


class Both:
    """Both packages with a client for one server each."""

    def __init__(self, recorder: Recorder, official: Official) -> None:
        self._recorder, self._official, self.count = recorder, official, 0
        #: The names of the operations that have been compared.
        self.operations: set[str] = set()
        plain: Any = {"max_retries": 0, "require_stream_end": False, "http_options": {"trust_env": False}}
        self.client = Client(api_base=recorder.url, **plain, **OPTIONS)

    def differences(self, called: AnyEndpoint, call: Call) -> set[Difference]:
        """Make one call with both, with the arguments that both know, and return how the requests differ."""
        self.count += 1
        method = names()[called.name]
        known = self._official.parameters(method)
        given = call.arguments
        # The official package takes each key of a body which is one of several objects as an argument.
        keys = given["body"] if isinstance(given.get("body"), dict) and "body" not in known else {}
        arguments = {name: value for name, value in given.items() if name in known}
        body = {name: value for name, value in keys.items() if name in known}
        unknown = {*given, *keys} - {*arguments, *body} - ({"body"} if keys else set())
        found = {Difference(f"argument {name}", "taken", None) for name in unknown}
        ours = self._ours(called, {**arguments, **({"body": body} if keys else {})}, call.streamed)
        official = self._theirs(called, {**arguments, **body}, call.streamed)
        if isinstance(ours, Sent) and isinstance(official, Sent):
            return found | compare(ours, official)
        texts = ["sent" if isinstance(one, Sent) else one for one in (ours, official)]
        return found | {Difference("request", *texts)}

    def _ours(self, called: AnyEndpoint, arguments: dict[str, Any], streamed: bool) -> Sent | str:
        operation: Any = called
        error = ""
        try:
            if streamed:
                with operation.stream(client=self.client, **arguments) as stream:
                    list(stream)
            else:
                operation.sync(client=self.client, **arguments)
        except (APIError, RequestError) as raised:  # a reply that is none does not matter here
            error = type(raised).__name__
        return self._taken(error)

    def _theirs(self, called: AnyEndpoint, arguments: dict[str, Any], streamed: bool) -> Sent | str:
        if streamed:
            flag = called._spec.stream_flag  # without one the method only streams
            arguments = {**arguments, flag[1]: flag[2]} if flag else arguments
        error = self._official.call(names()[called.name], arguments) or ""
        return self._taken(error.partition("(")[0])

    def _taken(self, error: str) -> Sent | str:
        """Return the one request that was recorded, or the error that came in its place."""
        sent = self._recorder.take()
        assert len(sent) <= 1, sent
        return sent[0] if sent else f"refused: {error}"
