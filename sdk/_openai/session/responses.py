"""Conversation over the Responses API; the server keeps the history unless store=False."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from ..._core.client.default import client_of
from ..._core.errors import APIResponseError, APIStatusError, MessageError, ToolError
from ..._core.errors.redact import redact, redact_arguments
from ..._core.public import expose
from ..environment import default_model
from . import items as _items
from . import messages as _messages
from . import storage as _storage
from .arguments import check_client, check_str
from .chat import DEFAULT_MODEL, ToolInput
from .conversation import Conversation, Message, MessageInput, OnChunk, SessionChunk, require_list
from .tool_calls import Approve, Call
from .tools import definitions, offered

if TYPE_CHECKING:
    import os

    from ..._core.client.base import BaseClient
    from ...models import Response, ResponseUsage
    from .socket import ResponsesSocket

__all__ = ["Approve", "ResponsesReply", "ResponsesSession", "SessionChunk"]


#: The name in `include` of reasoning that the server encrypts, so that the client can send it back.
#: The event that has the next piece of the text.
_TEXT = "response.output_text.delta"
_ENCRYPTED = "reasoning.encrypted_content"


class ResponsesReply:
    """The model's answer: `str(reply)` is the text, `.response` the complete typed reply."""

    def __init__(self, response: Response) -> None:
        self.response = response
        #: The output items as dicts: messages, calls, reasoning.
        output, seen = response.to_dict().get("output"), set[str]()
        self.items: list[Message] = [
            _items.with_valid_call(_messages.without_nulls(i), seen)
            for i in (_messages.without_surrogates(output) if isinstance(output, list) else ())
            if isinstance(i, dict)
        ]

    @property
    def text(self) -> str:
        """The text, '' if the reply is a tool call or a refusal."""
        return self.response.output_text

    @property
    def message(self) -> Message | None:
        """The last message of the output, None if there is none."""
        return next((item for item in reversed(self.items) if item.get("type") == "message"), None)

    @property
    def tool_calls(self) -> list[Message]:
        """The function calls of the model, as output items."""
        return [item for item in self.items if _items.kind_of(item) in _items.CALLS]

    @property
    def finish_reason(self) -> str | None:
        """`completed`, or the reason why the answer was cut off, such as `max_output_tokens`."""
        details = self.response.incomplete_details
        return getattr(details, "reason", None) or self.response.status

    @property
    def usage(self) -> ResponseUsage | None:
        """The tokens used, None if the server does not send them."""
        return self.response.usage

    def __str__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        """Return what a notebook displays: the text, or else the calls."""
        return self.text or "\n".join(f"- `{call.name}`" for call in map(_items.call_of, self.tool_calls))

    def __repr__(self) -> str:
        return f"<ResponsesReply of {len(self.text)} characters, {len(self.tool_calls)} tool calls>"


class ResponsesSession(Conversation[ResponsesReply]):
    """A conversation over the Responses API. You may read and change `messages` and `tools` between turns.

    `messages` contains all input and output items. If the server stores responses, only new items are sent, with
    `previous_response_id`; set that to None after changing earlier items, and all items are sent again. With
    `store=False` among the params all items are always sent. A turn is completed or has no effect, as in `ChatSession`.
    """

    def __init__(
        self,
        client: BaseClient | None = None,
        model: str | None = None,
        messages: Iterable[MessageInput] = (),
        tools: Iterable[ToolInput] = (),
        *,
        instructions: str | None = None,
        previous_response_id: str | None = None,
        transport: Literal["http", "websocket"] = "http",
        **params: Any,
    ) -> None:
        """Start a conversation.

        Args:
            client: the client of its calls; by default the process-wide client from the environment.
            model: by default OPENAI_MODEL, else DEFAULT_MODEL.
            messages: the first messages: strings, chat messages, or input items.
            tools: plain functions, `Tool`s, or tools in the form of the API.
            instructions: the system prompt, which is sent with every turn.
            previous_response_id: the response that the conversation continues.
            transport: "websocket" sends the turns over one connection, which `close` closes; where the server has
                none, and for `stream` and `run_events`, HTTP carries them.
            params: other arguments of responses.create, such as temperature, for every turn.
        """
        for name, text in (("model", model), ("previous_response_id", previous_response_id)):
            check_str(name, text)
        if instructions is not None and not isinstance(instructions, str):
            raise TypeError(f"instructions= must be a str, not {type(instructions).__name__}")
        if transport not in ("http", "websocket"):
            raise ValueError(f"transport= is 'http' or 'websocket', not {transport!r}")
        if "system" in params:
            raise TypeError("ResponsesSession takes the system prompt as instructions=, not as system=")
        self.client = check_client(client)
        self.model = model or default_model() or DEFAULT_MODEL
        self.messages: list[Any] = [_items.item_of(m) for m in require_list("messages", messages, MessageError)]
        self.tools: list[Any] = require_list("tools", tools, ToolError)
        self.instructions = instructions
        self.previous_response_id = previous_response_id
        redact_arguments(params)
        self.params = params
        self.transport = transport
        self._socket: ResponsesSocket | None = None
        self._stored = 0  # how many of the messages the server has stored under previous_response_id
        self._encrypts = True  # whether to ask for encrypted reasoning, which some models and servers reject

    def append_message(self, *messages: MessageInput) -> None:
        """Append messages or input items. All are checked before the first is appended. Raises MessageError."""
        self.messages.extend([_items.item_of(m) for m in messages])

    def last_message(self) -> Message | None:
        """Return the last item, None if there is none."""
        return self.messages[-1] if self.messages else None

    def repair(self) -> None:
        """Give every call exactly one result, so that servers accept the history."""
        repaired = _items.repaired(self.messages)
        if repaired != self.messages:
            self.messages[:], self.previous_response_id, self._stored = repaired, None, 0

    def fork(self) -> Self:
        """Return an independent copy of the conversation."""
        other = type(self)(
            self.client, self.model, (), self.tools, instructions=self.instructions,
            previous_response_id=self.previous_response_id, transport=self.transport, **_messages.copied(self.params),
        )  # fmt: skip
        other.messages, other._stored, other._encrypts = _messages.copied(self.messages), self._stored, self._encrypts
        return other

    def close(self) -> None:
        """Close the connection of `transport="websocket"`, if there is one; the next turn opens another."""
        if self._socket is not None:
            self._socket.close()

    async def aclose(self) -> None:
        """Close the connection from a coroutine; see `close`."""
        if self._socket is not None:
            await self._socket.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    # -- a turn over a WebSocket -------------------------------------------------------------------------------------

    def _ask(self, create: Any, arguments: dict[str, Any], on_chunk: OnChunk | None) -> Any:
        if (socket := self._usable_socket()) is not None:
            from .socket import NoSocket

            try:
                return socket.ask(self._connect(), arguments, _passing(on_chunk))
            except NoSocket:
                return super()._ask(create, arguments, on_chunk)
        return super()._ask(create, arguments, on_chunk)

    async def _aask(self, create: Any, arguments: dict[str, Any], on_chunk: OnChunk | None) -> Any:
        if (socket := self._usable_socket()) is not None:
            from .socket import NoSocket

            try:
                return await socket.aask(self._connect(), arguments, _passing(on_chunk))
            except NoSocket:
                return await super()._aask(create, arguments, on_chunk)
        return await super()._aask(create, arguments, on_chunk)

    def _usable_socket(self) -> ResponsesSocket | None:
        """Return the connection for a turn, None if HTTP carries it."""
        if self.transport != "websocket":
            return None
        if self._socket is None:
            from .socket import ResponsesSocket

            self._socket = ResponsesSocket()
        return self._socket if self._socket.usable else None

    def _connect(self) -> Any:
        from ...api.responses import connect

        return connect.bind(self.client) if self.client is not None else connect

    # -- a turn with this API --------------------------------------------------------------------------------------

    def _message(self, given: MessageInput) -> Message:
        return _items.item_of(given)

    def _request(self, new: list[Message], overrides: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        from ...api.responses import create

        redact_arguments(overrides)
        given = {**self.params, **overrides}
        chained, keeps = self._chained(given), given.get("store") is not False
        stored = self._stored if chained else 0
        unsent = _items.closed([*self.messages, *new], stored)[stored:]
        items = [_items.valid_arguments(item) for item in _messages.copied([*map(_items.as_item, unsent)])]
        if not keeps:  # the server does not know the ids of reasoning that is not encrypted
            items = [item for item in items if _items.kind_of(item) != "reasoning" or item.get("encrypted_content")]
        arguments: dict[str, Any] = {"model": self.model, "input": items}
        if chained:
            arguments["previous_response_id"] = self.previous_response_id
        if self.instructions is not None:
            arguments["instructions"] = self.instructions
        if self.tools:
            arguments["tools"] = [_items.tool_definition(d) for d in offered(self.tools)]
        arguments.update(self.params)
        arguments.update(overrides)
        if self._encrypts and not keeps:
            include = arguments.get("include")
            include = list(include) if isinstance(include, list | tuple) else []
            arguments["include"] = include if _ENCRYPTED in include else [*include, _ENCRYPTED]
        return (create.bind(self.client) if self.client is not None else create), arguments

    def _without_refused(
        self, arguments: dict[str, Any], overrides: dict[str, Any], error: APIStatusError
    ) -> dict[str, Any] | None:
        given = {**self.params, **overrides}.get("include")
        wanted = isinstance(given, list | tuple) and _ENCRYPTED in given
        message = f"{error.param or ''} {error.message}".lower()
        if wanted or _ENCRYPTED not in (arguments.get("include") or ()) or error.status_code not in (400, 422):
            return None
        if "include" not in message and "encrypted" not in message:
            return None
        self._encrypts = False
        fewer = {name: value for name, value in arguments.items() if name != "include"}
        return fewer if given is None else {**fewer, "include": given}

    def _chained(self, arguments: Mapping[str, Any]) -> bool:
        keeps = arguments.get("store") is not False and "conversation" not in arguments
        return keeps and self.previous_response_id is not None and self._stored <= len(self.messages)

    def _accept(self, new: list[Message], reply: Response, append: bool) -> ResponsesReply:
        if reply.status in ("failed", "cancelled"):
            error = reply.error
            message = getattr(error, "message", None) or f"the response is {reply.status}"
            code = getattr(error, "code", None)
            failed = APIResponseError(message, code=code, body=reply.to_dict(), request_sent=True)
            redact(failed, self._secrets())
            raise failed
        answer = ResponsesReply(reply)
        if append:
            stored = self._stored if self._chained(self.params) else 0
            self.messages[:] = [*_items.closed([*self.messages, *new], stored), *_messages.copied(answer.items)]
            self.previous_response_id = reply.id
            self._stored = len(self.messages)
        return answer

    def _secrets(self) -> Iterable[str]:
        """Return what the requests of this session carry and no error may show."""
        from ...api.responses import create

        options = {name: self.params[name] for name in ("extra_headers", "extra_query") if name in self.params}
        request = create.request(client=self.client, **options)
        return client_of(request.options, request.spec.root)._context.secrets(request)

    def _pending(self) -> list[Call]:
        waiting: list[Call] = []
        for m in map(_items.as_item, self.messages):  # in order: some servers use the same call id in every turn
            if _items.kind_of(m) in _items.CALLS:
                waiting.append(_items.call_of(m))
            elif _items.kind_of(m) in _items.RESULTS:
                finished = next((call for call in waiting if call.id == m.get("call_id")), None)
                if finished is not None:
                    waiting.remove(finished)
            elif m.get("role") in _items.OTHERS:  # a later message ends the turn of the calls
                waiting.clear()
        return waiting

    def _result(self, call: Call, text: str) -> Message:
        kind = "custom_tool_call_output" if call.kind == "custom" else "function_call_output"
        return {"type": kind, "call_id": call.id, "output": text}

    def _unanswered(self) -> Message | None:
        question: Message | None = None
        begun = False
        for m in map(_items.as_item, self.messages):
            if m.get("role") == "user":
                question, begun = m, False
            elif m.get("role") or _items.kind_of(m) in _items.CALLS:  # else a result, or reasoning
                begun = _items.kind_of(m) in _items.CALLS
        return question if begun else None

    # -- keeping it ----------------------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the conversation to a JSON file without keys. Tools that are functions are written as definitions."""
        data = {
            "model": self.model,
            "messages": [_items.as_item(m) for m in self.messages],
            "known": self._stored,
            "previous_response_id": self.previous_response_id,
            "instructions": self.instructions,
            "tools": definitions(self.tools),
            "params": self.params,
        }
        return _storage.save(path, "responses", data)

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], client: BaseClient | None = None, tools: Iterable[ToolInput] = ()
    ) -> Self:
        """Read a saved conversation. `tools` replace the saved ones of the same name.

        Raises: MessageError for a file that is not a saved session, or has a newer layout.
        """
        types = {"model": str, "messages": list, "tools": list, "params": dict, "known": int}
        text = str | None
        data = _storage.load(path, "responses", {**types, "instructions": text, "previous_response_id": text})
        self = cls(
            client, data["model"], (), _storage.with_functions(tools, data["tools"]), instructions=data["instructions"],
            previous_response_id=data["previous_response_id"], **data["params"],
        )  # fmt: skip
        self.messages, self._stored = data["messages"], data["known"]
        return self


def _passing(on_chunk: OnChunk | None) -> Callable[[Any], object] | None:
    """Return a function that passes events to `on_chunk`, each with its text."""
    if on_chunk is None:
        return None
    return lambda event: on_chunk(SessionChunk(event.delta if event.type == _TEXT else "", event))


expose(globals(), "responses_session")
