"""Chat sessions: a conversation that keeps its history, and keeps it whole whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ..._core.errors import MessageError, ToolError
from ..._core.model import ApiModel
from ..._core.model.values import words
from ..._core.public import expose
from ..environment import default_model
from . import messages as _messages
from . import storage as _saved
from . import tokens as _tokens
from .conversation import Approve, Call, Conversation, Given, Message, SessionChunk, require_list
from .tools import Tool, definitions, offered

if TYPE_CHECKING:
    import os

    from ..._core.client.base import BaseClient
    from ...models import ChatCompletion, CompletionUsage

#: What a session takes as a tool: a function, a Tool, or a tool as the API writes it.
Callables = Tool | Callable[..., Any] | Mapping[str, Any]
#: The model of a session when neither an argument nor OPENAI_MODEL names one.
DEFAULT_MODEL = "gpt-4o-mini"


class Reply:
    """What the model answered: `str(reply)` is the text, `.completion` the whole typed reply."""

    def __init__(self, completion: ChatCompletion) -> None:
        self.completion = completion
        choices = completion.choices
        self._choice: Any = choices[0] if isinstance(choices, list) and choices else None
        said: Any = getattr(self._choice, "message", None)
        if said is None:
            raise MessageError("the reply holds no message: the server sent no choices")
        self.message: Message = _messages.answered(said.to_dict() if isinstance(said, ApiModel) else said)

    @property
    def text(self) -> str:
        """The text, '' where the reply is a call of a tool or a refusal."""
        return words(self.message.get("content"))

    @property
    def tool_calls(self) -> list[Message]:
        """The calls of tools that the model asks for, as they stand in the message."""
        return [c for c in self.message.get("tool_calls") or () if isinstance(c, dict)]

    @property
    def function_call(self) -> Message | None:
        """The call of a function (the older way), None if there is none."""
        return self.message.get("function_call")

    @property
    def finish_reason(self) -> str | None:
        """Why the model stopped: stop, length, tool_calls, ..."""
        reason: str | None = self._choice.finish_reason
        return reason

    @property
    def usage(self) -> CompletionUsage | None:
        """The tokens used, where the server tells."""
        return self.completion.usage

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Reply of {len(self.text)} characters, {len(self.tool_calls)} tool calls>"


class ChatSession(Conversation["Reply"]):
    """A conversation. `messages`, `tools` and `functions` are yours to read and to change between turns.

    A turn is done whole or not at all: after an error, a timeout, a cancelled task or a stream that broke off,
    `messages` is what it was before, and trying again sends the message once. `run()` takes several turns: those that
    were finished, and the results of their calls, stay.
    """

    def __init__(
        self,
        client: BaseClient | None = None,
        model: str | None = None,
        messages: Iterable[Given] = (),
        tools: Iterable[Callables] = (),
        functions: Iterable[Callables] = (),
        *,
        trim: Callable[[list[Message]], list[Message]] | None = None,
        **params: Any,
    ) -> None:
        """Start a conversation.

        Args:
            client: the client of its calls; without one the process-wide client from the environment.
            model: else OPENAI_MODEL, else DEFAULT_MODEL.
            messages: how it begins, such as a system prompt.
            tools: plain functions, `Tool`s, or tools as the API writes them.
            functions: the same for the older way of calling (`functions`, `function_call`).
            trim: called with the messages before each request; what it returns is sent. `messages` stays whole.
                `lambda m: sdk.session.within_tokens(m, 8000)` keeps to a budget.
            params: other arguments of chat.create, such as temperature, for every turn.
        """
        self.client = client
        self.model = model or default_model() or DEFAULT_MODEL
        self.messages: list[Any] = [_messages.message(m) for m in require_list("messages", messages, MessageError)]
        self.tools: list[Any] = require_list("tools", tools, ToolError)
        self.functions: list[Any] = require_list("functions", functions, ToolError)
        self.trim = trim
        self.params = params

    # -- the history ---------------------------------------------------------------------------------------------

    def append_message(self, *messages: Given) -> None:
        """Add messages. All of them are checked before any is added. Raises MessageError."""
        self.messages.extend([_messages.message(m) for m in messages])

    def last_message(self) -> Message | None:
        """Return the newest message, None at the start."""
        return self.messages[-1] if self.messages else None

    def repair(self) -> None:
        """Give every tool call exactly one result, so that servers take the history again."""
        self.messages[:] = _messages.repaired(_messages.message(m) for m in self.messages)

    def fork(self) -> Self:
        """Return a second conversation that begins as this one stands now; neither changes the other."""
        other = type(self)(self.client, self.model, deepcopy(self.messages), self.tools, self.functions, trim=self.trim)
        other.params = deepcopy(self.params)
        return other

    # -- what a turn is on this API --------------------------------------------------------------------------------

    def _message(self, given: Given) -> Message:
        return _messages.message(given)

    def _request(self, said: list[Message], overrides: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        from ...api.chat import create

        messages = _messages.closed([_messages.sendable(m) for m in deepcopy([*self.messages, *said])])
        arguments: dict[str, Any] = {"model": self.model, "messages": self.trim(messages) if self.trim else messages}
        if self.tools:
            arguments["tools"] = offered(self.tools)
        if self.functions:
            arguments["functions"] = [d.get("function", d) for d in offered(self.functions)]
        arguments.update(self.params)
        arguments.update(overrides)
        return (create.bind(self.client) if self.client is not None else create), arguments

    def _accept(self, said: list[Message], reply: ChatCompletion, append: bool) -> Reply:
        answer = Reply(reply)
        if append:
            self.messages[:] = [*_messages.closed([*self.messages, *said]), deepcopy(answer.message)]
        return answer

    def _pending(self) -> list[Call]:
        return _messages.pending(m.to_dict() if isinstance(m, ApiModel) else m for m in self.messages)

    def _result(self, call: Call, text: str) -> Message:
        return _messages.result(call, text)

    def _callable(self) -> list[Any]:
        return [*self.tools, *self.functions]

    def _unanswered(self) -> Message | None:
        return _messages.unanswered(m.to_dict() if isinstance(m, ApiModel) else m for m in self.messages)

    # -- keeping it ----------------------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the conversation to a file of JSON: model, messages, tools and params. No key is in it.

        Tools that are functions of yours are written as the model sees them; give them to `load` again.
        """
        data = {
            "model": self.model,
            "messages": [_messages.message(m) for m in self.messages],
            "tools": definitions(self.tools),
            "functions": [d.get("function", d) for d in definitions(self.functions)],
            "params": self.params,
        }
        return _saved.save(path, "chat", data)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        client: BaseClient | None = None,
        tools: Iterable[Callables] = (),
        functions: Iterable[Callables] = (),
        *,
        trim: Callable[[list[Message]], list[Message]] | None = None,
    ) -> Self:
        """Read a conversation that was saved. `tools` and `functions` replace the saved ones of the same name.

        `trim` is given again: a file holds no functions.

        Raises: MessageError for a file that is none, or of a newer layout.
        """
        wanted = {"model": str, "messages": list, "tools": list, "functions": list, "params": dict}
        data = _saved.load(path, "chat", wanted)
        kept = [_saved.with_functions(given, data[key]) for given, key in ((tools, "tools"), (functions, "functions"))]
        return cls(client, data["model"], data["messages"], *kept, trim=trim, **data["params"])


within_tokens = _tokens.within_tokens
__all__ = ["DEFAULT_MODEL", "Approve", "ChatSession", "Reply", "SessionChunk", "within_tokens"]


expose(globals(), "session")
