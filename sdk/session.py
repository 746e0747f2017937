"""Chat sessions: a conversation that keeps its history, and keeps it whole whatever happens."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from attrs import frozen

from . import _messages
from ._config import default_model
from ._model import ApiModel
from ._turns import Approve, Turns
from .errors import MessageError
from .tools import Tool, definitions

if TYPE_CHECKING:
    import os

    from ._client import BaseClient
    from .models import ChatCompletion, ChatCompletionChunk, CompletionUsage

#: The model of a session when neither an argument nor OPENAI_MODEL names one.
DEFAULT_MODEL = "gpt-4o-mini"
#: The layout of a saved session.
_VERSION = 1

Given = Mapping[str, Any] | ApiModel | str
OnChunk = Callable[["SessionChunk"], object]
Message = dict[str, Any]


@frozen
class SessionChunk:
    """A piece of a reply: its text (`content`, '' where it brings none) and the typed chunk it came in."""

    content: str
    chunk: ChatCompletionChunk


class Reply:
    """What the model answered: `str(reply)` is the text, `.completion` the whole typed reply."""

    def __init__(self, completion: ChatCompletion) -> None:
        self.completion = completion
        choices = completion.choices or []
        if not choices or choices[0].message is None:
            raise MessageError("the reply holds no message: the server sent no choices")
        self._choice = choices[0]
        self.message: Message = _messages.without_nulls(self._choice.message.to_dict())
        self.message.setdefault("role", "assistant")

    @property
    def text(self) -> str:
        """The text, '' where the reply is a call of a tool or a refusal."""
        content = self.message.get("content")
        return content if isinstance(content, str) else ""

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
        return self._choice.finish_reason

    @property
    def usage(self) -> CompletionUsage | None:
        """The tokens used, where the server tells."""
        return self.completion.usage

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Reply of {len(self.text)} characters, {len(self.tool_calls)} tool calls>"


class ChatSession(Turns):
    """A conversation. `messages`, `tools` and `functions` are yours to read and to change between turns.

    A turn is done whole or not at all: after an error, a timeout, a cancelled task or a stream that broke off,
    `messages` is what it was before, and trying again sends the message once.
    """

    def __init__(
        self,
        client: BaseClient | None = None,
        model: str | None = None,
        messages: Iterable[Given] = (),
        tools: Iterable[Tool | Callable[..., Any] | Mapping[str, Any]] = (),
        functions: Iterable[Mapping[str, Any]] = (),
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
            functions: functions as the older API writes them.
            trim: called with the messages before each request; what it returns is sent. `messages` stays whole.
                `lambda m: sdk.session.within_tokens(m, 8000)` keeps to a budget.
            params: other arguments of chat.create, such as temperature, for every turn.
        """
        self.client = client
        self.model = model or default_model() or DEFAULT_MODEL
        self.messages: list[Message] = [_messages.message(m) for m in messages]
        self.tools: list[Any] = list(tools)
        self.functions: list[Mapping[str, Any]] = list(functions)
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
        self.messages[:] = _messages.repaired(self.messages)

    def fork(self) -> Self:
        """Return a second conversation that begins as this one stands now; neither changes the other."""
        other = type(self)(self.client, self.model, deepcopy(self.messages), self.tools, self.functions, trim=self.trim)
        other.params = deepcopy(self.params)
        return other

    # -- turns ---------------------------------------------------------------------------------------------------

    def send(self, message: Given, on_chunk: OnChunk | None = None, **overrides: Any) -> Reply:
        """Say something and return the answer; both are in `messages` then.

        Args:
            message: a text, a message, or a reply's message.
            on_chunk: called with each piece as it streams in; the whole answer is returned all the same.
            overrides: arguments of chat.create for this turn alone.
        """
        return self._turn([_messages.message(message)], on_chunk, overrides)

    async def asend(self, message: Given, on_chunk: OnChunk | None = None, **overrides: Any) -> Reply:
        """Say something from a coroutine; see `send`. `on_chunk` may be async."""
        return await self._aturn([_messages.message(message)], on_chunk, overrides)

    def generate_response(self, append: bool = True, on_chunk: OnChunk | None = None, **overrides: Any) -> Reply:
        """Ask for an answer to the messages as they are; `append=False` leaves them so."""
        return self._turn([], on_chunk, overrides, append=append)

    async def agenerate_response(self, append: bool = True, on_chunk: OnChunk | None = None, **overrides: Any) -> Reply:
        """Ask for an answer from a coroutine; see `generate_response`."""
        return await self._aturn([], on_chunk, overrides, append=append)

    def _turn(
        self, said: list[Message], on_chunk: OnChunk | None, overrides: dict[str, Any], *, append: bool = True
    ) -> Reply:
        create, arguments = self._request(said, overrides)
        if on_chunk is None:
            return self._accept(said, create.sync(**arguments), append)
        with create.stream(**arguments) as stream:
            for chunk in stream:
                on_chunk(_piece(chunk))
            return self._accept(said, stream.final(), append)

    async def _aturn(
        self, said: list[Message], on_chunk: OnChunk | None, overrides: dict[str, Any], *, append: bool = True
    ) -> Reply:
        create, arguments = self._request(said, overrides)
        if on_chunk is None:
            return self._accept(said, await create.asyncio(**arguments), append)
        async with create.asyncio_stream(**arguments) as stream:
            async for chunk in stream:
                result = on_chunk(_piece(chunk))
                if isinstance(result, Awaitable):
                    await result
            return self._accept(said, await stream.final(), append)

    def _request(self, said: list[Message], overrides: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Return the operation and its arguments for a turn. Nothing of the session changes here."""
        from .api.chat import create

        messages = deepcopy([*self.messages, *said])
        arguments: dict[str, Any] = {"model": self.model, "messages": self.trim(messages) if self.trim else messages}
        if self.tools:
            arguments["tools"] = definitions(self.tools)
        if self.functions:
            arguments["functions"] = list(self.functions)
        arguments.update(self.params)
        arguments.update(overrides)
        return (create.bind(self.client) if self.client is not None else create), arguments

    def _accept(self, said: Sequence[Message], completion: ChatCompletion, append: bool) -> Reply:
        """Take a complete answer: the only place where a turn changes the history."""
        reply = Reply(completion)
        if append:
            self.messages.extend([*said, deepcopy(reply.message)])
        return reply

    # -- keeping it ----------------------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the conversation to a file of JSON: model, messages, tools and params. No key is in it.

        Tools that are functions of yours are written as the model sees them; give them to `load` again.
        """
        from .files import replacing

        data = {
            "version": _VERSION,
            "model": self.model,
            "messages": self.messages,
            "tools": definitions(self.tools),
            "functions": list(self.functions),
            "params": self.params,
        }
        with replacing(path) as file:
            file.write(json.dumps(data, ensure_ascii=False, indent=1).encode())
        return Path(path)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        client: BaseClient | None = None,
        tools: Iterable[Tool | Callable[..., Any] | Mapping[str, Any]] = (),
    ) -> Self:
        """Read a conversation that was saved. `tools` replace the saved ones of the same name.

        Raises: MessageError for a file that is none, or of a newer layout.
        """
        try:
            data = json.loads(Path(path).read_text(encoding="utf-8"))
            version = data["version"]
        except (ValueError, KeyError, TypeError) as error:
            raise MessageError(f"{Path(path).name} is not a saved session") from error
        if version != _VERSION:
            raise MessageError(f"{Path(path).name} has layout {version!r}; this version of the SDK reads {_VERSION}")
        given = list(tools)
        names = {d["function"]["name"] for d in definitions(given) if "function" in d}
        saved = [d for d in data["tools"] if d.get("function", {}).get("name") not in names]
        return cls(client, data["model"], data["messages"], [*given, *saved], data["functions"], **data["params"])


def _piece(chunk: ChatCompletionChunk) -> SessionChunk:
    choices = chunk.choices or []
    delta = choices[0].delta if choices else None
    content = getattr(delta, "content", None)
    return SessionChunk(content if isinstance(content, str) else "", chunk)


within_tokens = _messages.within_tokens
__all__ = ["DEFAULT_MODEL", "Approve", "ChatSession", "Reply", "SessionChunk", "within_tokens"]
