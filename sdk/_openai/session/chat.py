"""Chat sessions: a conversation over chat completions whose history stays valid after any error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ..._core.errors import MessageError, ToolError
from ..._core.errors.redact import redact_arguments
from ..._core.model import ApiModel
from ..._core.model.values import content_text
from ..._core.public import expose
from ..environment import default_model
from . import messages as _messages
from . import storage as _storage
from . import tokens as _tokens
from .arguments import check_client, check_function, check_str
from .conversation import Conversation, Message, MessageInput, SessionChunk, require_list
from .tool_calls import Approve, Call
from .tools import Tool, definitions, offered

if TYPE_CHECKING:
    import os

    from ..._core.client.base import BaseClient
    from ...models import ChatCompletion, CompletionUsage

#: A tool of a session: a function, a Tool, or a tool in the form of the API.
ToolInput = Tool | Callable[..., Any] | Mapping[str, Any]
#: The model of a session when neither an argument nor OPENAI_MODEL names one.
DEFAULT_MODEL = "gpt-4o-mini"


class Reply:
    """The model's answer: `str(reply)` is the text, `.completion` the complete typed reply."""

    def __init__(self, completion: ChatCompletion) -> None:
        self.completion = completion
        choices = completion.choices
        self._choice: Any = choices[0] if isinstance(choices, list) and choices else None
        message: Any = getattr(self._choice, "message", None)
        if message is None:
            raise MessageError("the reply has no message: the server sent no choices")
        self.message: Message = _messages.from_reply(message.to_dict() if isinstance(message, ApiModel) else message)

    @property
    def text(self) -> str:
        """The text, '' if the reply is a tool call or a refusal."""
        return content_text(self.message.get("content"))

    @property
    def tool_calls(self) -> list[Message]:
        """The tool calls in the message."""
        return [c for c in self.message.get("tool_calls") or () if isinstance(c, dict)]

    @property
    def function_call(self) -> Message | None:
        """The deprecated function call in the message, None if there is none."""
        return self.message.get("function_call")

    @property
    def finish_reason(self) -> str | None:
        """The reason why the model stopped: stop, length, tool_calls, ..."""
        reason: str | None = self._choice.finish_reason
        return reason

    @property
    def usage(self) -> CompletionUsage | None:
        """The tokens used, None if the server does not send them."""
        return self.completion.usage

    def __str__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        """Return what a notebook displays: the text, or else the calls."""
        return self.text or "\n".join(f"- `{call.name}`" for call in _messages.calls_of(self.message))

    def __repr__(self) -> str:
        return f"<Reply of {len(self.text)} characters, {len(self.tool_calls)} tool calls>"


class ChatSession(Conversation["Reply"]):
    """A conversation. You may read and change `messages`, `tools` and `functions` between turns.

    A turn is completed or has no effect: after an error, a timeout, a cancellation or a broken stream, `messages` is
    unchanged, and sending again sends the message once. `run()` takes several turns: the completed ones, and the
    results of their calls, stay.
    """

    def __init__(
        self,
        client: BaseClient | None = None,
        model: str | None = None,
        messages: Iterable[MessageInput] = (),
        tools: Iterable[ToolInput] = (),
        functions: Iterable[ToolInput] = (),
        *,
        system: str | None = None,
        trim: Callable[[list[Message]], list[Message]] | None = None,
        **params: Any,
    ) -> None:
        """Start a conversation.

        Args:
            client: the client of its calls; by default the process-wide client from the environment.
            model: by default OPENAI_MODEL, else DEFAULT_MODEL.
            messages: the first messages.
            tools: plain functions, `Tool`s, or tools in the form of the API.
            functions: the same for the deprecated `functions` and `function_call`.
            system: the system prompt, which becomes the first message.
            trim: called with the messages before each request; its result is sent. `messages` does not change.
                `lambda m: sdk.session.within_tokens(m, 8000)` keeps to a budget.
            params: other arguments of chat.create, such as temperature, for every turn.
        """
        check_str("model", model)
        check_str("system", system)
        check_function("trim", trim)
        self.client = check_client(client)
        self.model = model or default_model() or DEFAULT_MODEL
        self.messages: list[Any] = [_messages.message(m) for m in require_list("messages", messages, MessageError)]
        if system is not None:
            self.messages.insert(0, {"role": "system", "content": system})
        self.tools: list[Any] = require_list("tools", tools, ToolError)
        self.functions: list[Any] = require_list("functions", functions, ToolError)
        self.trim = trim
        redact_arguments(params)
        self.params = params

    # -- the history ---------------------------------------------------------------------------------------------

    def append_message(self, *messages: MessageInput) -> None:
        """Append messages. All are checked before the first is appended. Raises MessageError."""
        self.messages.extend([_messages.message(m) for m in messages])

    def last_message(self) -> Message | None:
        """Return the last message, None if there is none."""
        return self.messages[-1] if self.messages else None

    def repair(self) -> None:
        """Give every tool call exactly one result, so that servers accept the history."""
        self.messages[:] = _messages.repaired(_messages.message(m) for m in self.messages)

    def fork(self) -> Self:
        """Return an independent copy of the conversation."""
        other = type(self)(
            self.client, self.model, _messages.copied(self.messages), self.tools, self.functions, trim=self.trim
        )
        other.params = _messages.copied(self.params)
        return other

    # -- a turn with this API --------------------------------------------------------------------------------------

    def _message(self, given: MessageInput) -> Message:
        return _messages.message(given)

    def _request(self, new: list[Message], overrides: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        from ...api.chat import create

        redact_arguments(overrides)
        messages = _messages.closed([_messages.sendable(m) for m in _messages.copied([*self.messages, *new])])
        arguments: dict[str, Any] = {"model": self.model, "messages": self.trim(messages) if self.trim else messages}
        if self.tools:
            arguments["tools"] = offered(self.tools)
        if self.functions:
            offered([*self.tools, *(f for f in self.functions if not any(f is tool for tool in self.tools))])
            arguments["functions"] = [d.get("function", d) for d in offered(self.functions)]
        arguments.update(self.params)
        arguments.update(overrides)
        return (create.bind(self.client) if self.client is not None else create), arguments

    def _accept(self, new: list[Message], reply: ChatCompletion, append: bool) -> Reply:
        answer = Reply(reply)
        if append:
            self.messages[:] = [*_messages.closed([*self.messages, *new]), _messages.copied(answer.message)]
        return answer

    def _pending(self) -> list[Call]:
        return _messages.pending(map(_messages.as_dict, self.messages))

    def _result(self, call: Call, text: str) -> Message:
        return _messages.result(call, text)

    def _callable(self) -> list[Any]:
        return [*self.tools, *self.functions]

    def _unanswered(self) -> Message | None:
        return _messages.unanswered(map(_messages.as_dict, self.messages))

    # -- keeping it ----------------------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the conversation to a JSON file: model, messages, tools and params. The file has no key.

        Tools that are functions are written as definitions; pass the functions to `load`.
        """
        data = {
            "model": self.model,
            "messages": [_messages.message(m) for m in self.messages],
            "tools": definitions(self.tools),
            "functions": [d.get("function", d) for d in definitions(self.functions)],
            "params": self.params,
        }
        return _storage.save(path, "chat", data)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        client: BaseClient | None = None,
        tools: Iterable[ToolInput] = (),
        functions: Iterable[ToolInput] = (),
        *,
        trim: Callable[[list[Message]], list[Message]] | None = None,
    ) -> Self:
        """Read a saved conversation. `tools` and `functions` replace the saved ones of the same name.

        `trim` must be passed again: a file has no functions.

        Raises: MessageError for a file that is not a saved session, or has a newer layout.
        """
        types = {"model": str, "messages": list, "tools": list, "functions": list, "params": dict}
        data = _storage.load(path, "chat", types)
        kept = [
            _storage.with_functions(given, data[key]) for given, key in ((tools, "tools"), (functions, "functions"))
        ]
        return cls(client, data["model"], data["messages"], *kept, trim=trim, **data["params"])


within_tokens = _tokens.within_tokens
__all__ = ["DEFAULT_MODEL", "Approve", "ChatSession", "Reply", "SessionChunk", "within_tokens"]


expose(globals(), "session")
