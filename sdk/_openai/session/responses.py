"""The same conversation over the Responses API, which keeps what was said, if it may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ..._core.errors import APIResponseError, APIStatusError, MessageError, ToolError
from ..._core.public import expose
from ..environment import default_model
from . import items as _items
from . import messages as _messages
from . import storage as _saved
from .chat import DEFAULT_MODEL, Callables
from .conversation import Approve, Call, Conversation, Given, Message, SessionChunk, require_list
from .tools import definitions, offered

if TYPE_CHECKING:
    import os

    from ..._core.client.base import BaseClient
    from ...models import Response, ResponseUsage

__all__ = ["Approve", "ResponsesReply", "ResponsesSession", "SessionChunk"]

#: What `include` calls reasoning that the server gives away sealed, so that it can be sent back.
_SEALED = "reasoning.encrypted_content"


class ResponsesReply:
    """What the model answered: `str(reply)` is the text, `.response` the whole typed reply."""

    def __init__(self, response: Response) -> None:
        self.response = response
        #: The output items as dicts: messages, calls, reasoning.
        output, seen = response.to_dict().get("output"), set[str]()
        self.items: list[Message] = [
            _items.settled(_messages.without_nulls(i), seen)
            for i in (_messages.whole(output) if isinstance(output, list) else ())
            if isinstance(i, dict)
        ]

    @property
    def text(self) -> str:
        """The text, '' where the reply is a call of a tool or a refusal."""
        return self.response.output_text

    @property
    def message(self) -> Message | None:
        """The last message of the output, None where there is none."""
        return next((item for item in reversed(self.items) if item.get("type") == "message"), None)

    @property
    def tool_calls(self) -> list[Message]:
        """The calls of functions that the model asks for, as output items."""
        return [item for item in self.items if _items.kind_of(item) in _items.CALLS]

    @property
    def finish_reason(self) -> str | None:
        """`completed`, or why the answer was cut, such as `max_output_tokens`."""
        details = self.response.incomplete_details
        return getattr(details, "reason", None) or self.response.status

    @property
    def usage(self) -> ResponseUsage | None:
        """The tokens used, where the server tells."""
        return self.response.usage

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<ResponsesReply of {len(self.text)} characters, {len(self.tool_calls)} tool calls>"


class ResponsesSession(Conversation[ResponsesReply]):
    """A conversation over the Responses API. `messages` and `tools` are yours to read and to change between turns.

    `messages` holds all input and output items. Where the server keeps responses, only what is new is sent, with
    `previous_response_id`; set that to None after changing what was said before, and everything is sent again.
    `store=False` among the params always sends everything. A turn is done whole or not at all, as in `ChatSession`.
    """

    def __init__(
        self,
        client: BaseClient | None = None,
        model: str | None = None,
        messages: Iterable[Given] = (),
        tools: Iterable[Callables] = (),
        *,
        instructions: str | None = None,
        previous_response_id: str | None = None,
        **params: Any,
    ) -> None:
        """Start a conversation.

        Args:
            client: the client of its calls; without one the process-wide client from the environment.
            model: else OPENAI_MODEL, else DEFAULT_MODEL.
            messages: how it begins: texts, messages as chat writes them, or input items.
            tools: plain functions, `Tool`s, or tools as the API writes them.
            instructions: the system prompt, which goes with every turn.
            previous_response_id: a response to go on from.
            params: other arguments of responses.create, such as temperature, for every turn.
        """
        self.client = client
        self.model = model or default_model() or DEFAULT_MODEL
        self.messages: list[Any] = [_items.item_of(m) for m in require_list("messages", messages, MessageError)]
        self.tools: list[Any] = require_list("tools", tools, ToolError)
        self.instructions = instructions
        self.previous_response_id = previous_response_id
        self.params = params
        self._known = 0  # how many of the messages the server knows by previous_response_id
        self._seals = True  # whether to ask for sealed reasoning; some models and servers refuse that

    def append_message(self, *messages: Given) -> None:
        """Add messages or input items. All of them are checked before any is added. Raises MessageError."""
        self.messages.extend([_items.item_of(m) for m in messages])

    def last_message(self) -> Message | None:
        """Return the newest item, None at the start."""
        return self.messages[-1] if self.messages else None

    def repair(self) -> None:
        """Give every call exactly one result, so that servers take the history again."""
        repaired = _items.repaired(self.messages)
        if repaired != self.messages:
            self.messages[:], self.previous_response_id, self._known = repaired, None, 0

    def fork(self) -> Self:
        """Return a second conversation that begins as this one stands now; neither changes the other."""
        other = type(self)(
            self.client, self.model, (), self.tools, instructions=self.instructions,
            previous_response_id=self.previous_response_id, **deepcopy(self.params),
        )  # fmt: skip
        other.messages, other._known, other._seals = deepcopy(self.messages), self._known, self._seals
        return other

    # -- what a turn is on this API --------------------------------------------------------------------------------

    def _message(self, given: Given) -> Message:
        return _items.item_of(given)

    def _request(self, said: list[Message], overrides: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        from ...api.responses import create

        given = {**self.params, **overrides}
        chained = self._chained(given)
        known = self._known if chained else 0
        new = _items.closed([*self.messages, *said], known)[known:]
        items = [_items.with_valid_arguments(item) for item in deepcopy([*map(_items.kept, new)])]
        sealed = given.get("store") is False
        if sealed:  # the server keeps no reasoning: what is not sealed means nothing to it
            items = [item for item in items if _items.kind_of(item) != "reasoning" or item.get("encrypted_content")]
        arguments: dict[str, Any] = {"model": self.model, "input": items}
        if chained:
            arguments["previous_response_id"] = self.previous_response_id
        if self.instructions is not None:
            arguments["instructions"] = self.instructions
        if self.tools:
            arguments["tools"] = [_items.flat_tool(d) for d in offered(self.tools)]
        arguments.update(self.params)
        arguments.update(overrides)
        if sealed and self._seals:
            include = arguments.get("include")
            include = list(include) if isinstance(include, list | tuple) else []
            arguments["include"] = include if _SEALED in include else [*include, _SEALED]
        return (create.bind(self.client) if self.client is not None else create), arguments

    def _without_refused(
        self, arguments: dict[str, Any], overrides: dict[str, Any], error: APIStatusError
    ) -> dict[str, Any] | None:
        given = {**self.params, **overrides}.get("include")
        asked = isinstance(given, list | tuple) and _SEALED in given
        told = f"{error.param or ''} {error.message}".lower()
        if asked or _SEALED not in (arguments.get("include") or ()) or error.status_code not in (400, 422):
            return None
        if "include" not in told and "encrypted" not in told:
            return None
        self._seals = False
        fewer = {name: value for name, value in arguments.items() if name != "include"}
        return fewer if given is None else {**fewer, "include": given}

    def _chained(self, arguments: Mapping[str, Any]) -> bool:
        keeps = arguments.get("store") is not False and "conversation" not in arguments
        return keeps and self.previous_response_id is not None and self._known <= len(self.messages)

    def _accept(self, said: list[Message], reply: Response, append: bool) -> ResponsesReply:
        if reply.status in ("failed", "cancelled"):
            error = reply.error
            message = getattr(error, "message", None) or f"the response is {reply.status}"
            raise APIResponseError(message, code=getattr(error, "code", None), body=reply.to_dict(), request_sent=True)
        answer = ResponsesReply(reply)
        if append:
            messages = [*self.messages, *said]
            known = self._known if self._chained(self.params) else 0
            self.messages[:] = [*_items.closed(messages, known), *deepcopy(answer.items)]
            self.previous_response_id = reply.id
            self._known = len(self.messages)
        return answer

    def _pending(self) -> list[Call]:
        waiting: list[Call] = []
        for m in map(_items.kept, self.messages):  # in order: some servers give the same id to a call of every turn
            if _items.kind_of(m) in _items.CALLS:
                waiting.append(_items.call_of(m))
            elif _items.kind_of(m) in _items.RESULTS:
                answered = next((call for call in waiting if call.id == m.get("call_id")), None)
                if answered is not None:
                    waiting.remove(answered)
            elif m.get("role") in _items.OTHERS:  # what was said since is the turn's own
                waiting.clear()
        return waiting

    def _result(self, call: Call, text: str) -> Message:
        kind = "custom_tool_call_output" if call.kind == "custom" else "function_call_output"
        return {"type": kind, "call_id": call.id, "output": text}

    def _unanswered(self) -> Message | None:
        said: Message | None = None
        begun = False
        for m in map(_items.kept, self.messages):
            if m.get("role") == "user":
                said, begun = m, False
            elif m.get("role") or _items.kind_of(m) in _items.CALLS:  # else a result, or reasoning
                begun = _items.kind_of(m) in _items.CALLS
        return said if begun else None

    # -- keeping it ----------------------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the conversation to a file of JSON. No key is in it; tools that are functions are named only."""
        data = {
            "model": self.model,
            "messages": [_items.kept(m) for m in self.messages],
            "known": self._known,
            "previous_response_id": self.previous_response_id,
            "instructions": self.instructions,
            "tools": definitions(self.tools),
            "params": self.params,
        }
        return _saved.save(path, "responses", data)

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], client: BaseClient | None = None, tools: Iterable[Callables] = ()
    ) -> Self:
        """Read a conversation that was saved. `tools` replace the saved ones of the same name.

        Raises: MessageError for a file that is none, or of a newer layout.
        """
        wanted = {"model": str, "messages": list, "tools": list, "params": dict, "known": int}
        text = str | None
        data = _saved.load(path, "responses", {**wanted, "instructions": text, "previous_response_id": text})
        self = cls(
            client, data["model"], (), _saved.with_functions(tools, data["tools"]), instructions=data["instructions"],
            previous_response_id=data["previous_response_id"], **data["params"],
        )  # fmt: skip
        self.messages, self._known = data["messages"], data["known"]
        return self


expose(globals(), "responses_session")
