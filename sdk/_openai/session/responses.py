"""The same conversation over the Responses API, which keeps what was said, if it may."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ..._core.errors import APIResponseError, MessageError, ToolError
from ..._core.model import ApiModel
from ..._core.public import expose
from ..environment import default_model
from . import messages as _messages
from . import storage as _saved
from .chat import DEFAULT_MODEL, Callables
from .conversation import Approve, Call, Conversation, Given, Message, SessionChunk, require_list
from .tools import definitions, offered

if TYPE_CHECKING:
    from ..._core.client.base import BaseClient
    from ...models import Response, ResponseUsage

__all__ = ["Approve", "ResponsesReply", "ResponsesSession", "SessionChunk"]


class ResponsesReply:
    """What the model answered: `str(reply)` is the text, `.response` the whole typed reply."""

    def __init__(self, response: Response) -> None:
        self.response = response
        #: The output items as dicts: messages, calls, reasoning.
        output, seen = response.to_dict().get("output"), set[str]()
        self.items: list[Message] = [
            _settled(_messages.without_nulls(i), seen)
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
        return [item for item in self.items if _kind(item) in _CALLS]

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
        self.messages: list[Any] = [_item(m) for m in require_list("messages", messages, MessageError)]
        self.tools: list[Any] = require_list("tools", tools, ToolError)
        self.instructions = instructions
        self.previous_response_id = previous_response_id
        self.params = params
        self._known = 0  # how many of the messages the server knows by previous_response_id

    def append_message(self, *messages: Given) -> None:
        """Add messages or input items. All of them are checked before any is added. Raises MessageError."""
        self.messages.extend([_item(m) for m in messages])

    def last_message(self) -> Message | None:
        """Return the newest item, None at the start."""
        return self.messages[-1] if self.messages else None

    def repair(self) -> None:
        """Give every call exactly one result, so that servers take the history again."""
        repaired = _repaired(map(_kept, self.messages))
        if repaired != self.messages:
            self.messages[:], self.previous_response_id, self._known = repaired, None, 0

    def fork(self) -> Self:
        """Return a second conversation that begins as this one stands now; neither changes the other."""
        other = type(self)(
            self.client, self.model, (), self.tools, instructions=self.instructions,
            previous_response_id=self.previous_response_id, **deepcopy(self.params),
        )  # fmt: skip
        other.messages, other._known = deepcopy(self.messages), self._known
        return other

    # -- what a turn is on this API --------------------------------------------------------------------------------

    def _message(self, given: Given) -> Message:
        return _item(given)

    def _request(self, said: list[Message], overrides: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        from ...api.responses import create

        chained = self._chained({**self.params, **overrides})
        items = deepcopy([*map(_kept, self.messages[self._known if chained else 0 :]), *said])
        items = [_valid_arguments(item) for item in items]
        arguments: dict[str, Any] = {"model": self.model, "input": items}
        if chained:
            arguments["previous_response_id"] = self.previous_response_id
        if self.instructions is not None:
            arguments["instructions"] = self.instructions
        if self.tools:
            arguments["tools"] = [_flat(d) for d in offered(self.tools)]
        arguments.update(self.params)
        arguments.update(overrides)
        return (create.bind(self.client) if self.client is not None else create), arguments

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
            self.messages.extend([*said, *deepcopy(answer.items)])
            self.previous_response_id = reply.id
            self._known = len(self.messages)
        return answer

    def _pending(self) -> list[Call]:
        waiting: list[Call] = []
        for m in map(_kept, self.messages):  # in order: some servers give the same id to a call of every turn
            if _kind(m) in _CALLS:
                waiting.append(_call(m))
            elif _kind(m) in _RESULTS:
                answered = next((call for call in waiting if call.id == m.get("call_id")), None)
                if answered is not None:
                    waiting.remove(answered)
        return waiting

    def _result(self, call: Call, text: str) -> Message:
        kind = "custom_tool_call_output" if call.kind == "custom" else "function_call_output"
        return {"type": kind, "call_id": call.id, "output": text}

    def _unanswered(self) -> Message | None:
        said: Message | None = None
        begun = False
        for m in map(_kept, self.messages):
            if m.get("role") == "user":
                said, begun = m, False
            elif m.get("role") or _kind(m) in _CALLS:  # else a result, or reasoning
                begun = _kind(m) in _CALLS
        return said if begun else None

    # -- keeping it ----------------------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the conversation to a file of JSON. No key is in it; tools that are functions are named only."""
        data = {
            "model": self.model,
            "messages": [_kept(m) for m in self.messages],
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


_CALLS = {"function_call": "arguments", "custom_tool_call": "input"}
_RESULTS = frozenset({"function_call_output", "custom_tool_call_output"})


def _item(given: Given) -> Message:
    """Return an input item: an item as it is, or a chat message in the words of this API. Raises MessageError."""
    found = given.to_dict() if isinstance(given, ApiModel) else given
    kind = found.get("type") if isinstance(found, Mapping) else None
    if isinstance(found, Mapping) and found.get("role") is None and kind != "message":
        if not isinstance(kind, str):
            raise MessageError("an input item needs a type, a message a role")
        return _messages.without_nulls(dict(found))
    message = _messages.message(found)
    if kind == "message":
        return message
    if message["role"] in ("tool", "function"):
        raise MessageError("the result of a call is an item here: {type: function_call_output, call_id:, output:}")
    if isinstance(message.get("content"), list):
        message["content"] = [_part(dict(p), message["role"]) for p in message["content"]]
    return message


def _kept(item: Any) -> Message:
    """Return one of the messages as an item: those that callers put there themselves may be of any form.

    Items of a server stay as they are, however odd.
    """
    whole = isinstance(item, dict) and (item.get("role") is None or isinstance(item.get("type"), str))
    return item if whole else _item(item)


def _part(part: Message, role: str) -> Message:
    kind = part.get("type")
    if kind == "text":
        return {"type": "output_text" if role == "assistant" else "input_text", "text": part.get("text")}
    about = part.get("image_url")
    if kind == "image_url" and isinstance(about, Mapping):
        return {"type": "input_image", "image_url": about.get("url"), "detail": about.get("detail") or "auto"}
    return part


def _flat(definition: Mapping[str, Any]) -> Message:
    """Return a tool as this API writes it. Left out, `strict` would mean true here, and false in chat."""
    inner = definition.get("function")
    if definition.get("type") != "function" or not isinstance(inner, Mapping):
        return dict(definition)
    return {"type": "function", "parameters": {"type": "object", "properties": {}}, "strict": False, **inner}


def _call(item: Message) -> Call:
    arguments = item.get(_CALLS[item["type"]])
    kind = "custom" if item["type"] == "custom_tool_call" else "tool"
    return Call(str(item.get("call_id") or ""), str(item.get("name") or ""), _messages.as_text(arguments), kind)


def _valid_arguments(item: Message) -> Message:
    """Return an item as it is sent: a call without arguments that are no JSON; see `_messages.sendable`."""
    if _kind(item) != "function_call" or _messages.is_json(item.get("arguments")):
        return item
    return {**item, "arguments": "{}"}


def _kind(item: Message) -> str:
    """Return the type of an item, '' where it has none."""
    kind = item.get("type")
    return kind if isinstance(kind, str) else ""


def _settled(item: Message, seen: set[str]) -> Message:
    """Return an item as it can be sent back: a call with an id that no other has, and its arguments as text.

    A message says that it is one, as the messages of callers do not: those are checked once more.
    """
    field = _CALLS.get(_kind(item))
    if field is None:
        return {**item, "type": "message"} if item.get("role") and not item.get("type") else item
    name = item.get("call_id")
    if not isinstance(name, str) or not name or name in seen:
        name = f"call_{os.urandom(8).hex()}"  # some servers give none, or one to all
    seen.add(name)
    return {**item, "call_id": name, field: _messages.as_text(item.get(field))}


def _repaired(items: Iterable[Message]) -> list[Message]:
    """Return the items with exactly one result for each call, and no result without its call."""
    out: list[Message] = []
    waiting: list[Message] = []
    for item in items:
        if _kind(item) in _RESULTS:
            call = next((c for c in waiting if c["call_id"] == item.get("call_id")), None)
            if call is not None:
                waiting.remove(call)
                out.append(item)
            continue
        if _kind(item) in _CALLS:
            item = _settled(item, set())
            waiting.append(item)
        out.append(item)
    for call in waiting:
        kind = "custom_tool_call_output" if _kind(call) == "custom_tool_call" else "function_call_output"
        out.append({"type": kind, "call_id": call["call_id"], "output": _messages.NO_RESULT})
    return out


expose(globals(), "responses_session")
