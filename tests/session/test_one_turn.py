"""One turn at a time: others are told that the session is busy."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from sdk import ChatSession, ResponsesSession
from sdk.errors import APIError, MessageError

from .wire import Answers

kinds = pytest.mark.parametrize("kind", [ChatSession, ResponsesSession])


def _call(kind: Any) -> Any:
    if kind is ResponsesSession:
        return [{"type": "function_call", "call_id": "a", "name": "tool", "arguments": "{}"}]
    return {"tool_calls": [{"id": "a", "type": "function", "function": {"name": "tool", "arguments": "{}"}}]}


TURNS: list[Callable[[Any], Any]] = [lambda s: s.arun("b"), lambda s: s.asend("b"), lambda s: s.agenerate_response()]


@kinds
@pytest.mark.parametrize("other", TURNS)
def test_two_turns_at_once(kind: Any, other: Callable[[Any], Any]) -> None:
    """The second is an error before anything is sent, the first goes on; afterwards the session is free."""
    answers = Answers(_call(kind), "ok")
    reported: list[str] = []

    async def tool() -> str:
        with pytest.raises(MessageError, match="busy") as raised:
            await other(session)
        reported.append(str(raised.value))
        return "done"

    session = kind(answers.client, "m", tools=[tool])

    async def main() -> None:
        assert str(await session.arun("a")) == "ok"
        assert str(await other(session)) == "ok"

    asyncio.run(main())
    assert reported == ["the session is busy with another turn: wait for it, or use fork() to continue from here twice"]
    assert len(answers.asked) == 3


@kinds
def test_turns_of_two_threads(kind: Any) -> None:
    """Threads are told the same as coroutines."""
    answers, waiting, go_on = Answers(_call(kind), "ok"), threading.Event(), threading.Event()

    def tool() -> str:
        waiting.set()
        assert go_on.wait(10)
        return "done"

    session = kind(answers.client, "m", tools=[tool])
    thread = threading.Thread(target=session.run, args=("a",))
    thread.start()
    assert waiting.wait(10)
    for turn in (session.run, session.send):
        with pytest.raises(MessageError, match="busy"):
            turn("b")
    go_on.set()
    thread.join(10)
    assert str(session.send("b")) == "ok"
    assert len(answers.asked) == 3


@kinds
def test_what_does_not_change_the_history(kind: Any) -> None:
    """Several answers may be asked for at once where none is added, and a fork is a session of its own."""
    answers = Answers("ok")
    session = kind(answers.client, "m", ["Hi"])

    async def main() -> list[Any]:
        turns = [session.agenerate_response(append=False) for _ in range(3)]
        return await asyncio.gather(session.agenerate_response(), session.fork().agenerate_response(), *turns)

    assert [str(reply) for reply in asyncio.run(main())] == ["ok"] * 5
    assert len(session.messages) == 2


@kinds
def test_a_failed_turn_frees_the_session(kind: Any) -> None:
    """Neither an error of the server nor a message that is none keeps others out."""
    session = kind(Answers(500, "ok").client, "m")
    with pytest.raises(APIError):
        session.send("a")
    with pytest.raises(MessageError, match="role"):
        session.send({"role": "wizard", "content": "x"})
    assert str(session.send("a")) == "ok"


@kinds
def test_a_cancelled_turn_frees_the_session(kind: Any) -> None:
    """A task that is cancelled in a turn leaves the session free."""
    started = asyncio.Event()

    async def tool() -> str:
        started.set()
        await asyncio.Event().wait()
        return "never"

    session = kind(Answers(_call(kind), "ok").client, "m", tools=[tool])

    async def main() -> None:
        task = asyncio.create_task(session.arun("a"))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert str(await session.asend("b")) == "ok"

    asyncio.run(main())
