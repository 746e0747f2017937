"""The loop of run and arun: approval, cancelling, resuming elsewhere."""

from __future__ import annotations

import asyncio
import contextvars
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sdk import ChatSession
from sdk._openai.session.messages import calls_of
from sdk.errors import APIError, ToolError

from .wire import Answers


def _calls(*names: str, arguments: str = "{}") -> Any:
    return {"tool_calls": [{"id": f"c{i}", "type": "function", "function": {"name": n, "arguments": arguments}}
                           for i, n in enumerate(names)]}  # fmt: skip


def hello() -> str:
    """Say hello."""
    return "hello"


def _results(session: ChatSession) -> list[Any]:
    return [m["content"] for m in session.messages if m["role"] == "tool"]


REFUSED = "the user refused this call"


@pytest.mark.parametrize(
    ("verdict", "reported"),
    [
        (True, "hello"),
        (False, "error: the user refused this call"),
        ("not now", "error: the user refused this call: not now"),
    ],
)
@pytest.mark.parametrize("form", ["sync", "asyncio", "async hook"])
def test_approval(verdict: bool | str, reported: str, form: str) -> None:
    """The hook lets a call be, or refuses it with or without a reason, which the model is told."""
    session = ChatSession(Answers(_calls("hello"), "ok").client, "m", tools=[hello])
    asked = []

    def approve(name: str, arguments: str) -> bool | str:
        asked.append((name, arguments))
        return verdict

    async def approve_async(name: str, arguments: str) -> bool | str:
        return approve(name, arguments)

    if form == "sync":
        session.run("go", approve=approve)
    else:
        asyncio.run(session.arun("go", approve=approve_async if form == "async hook" else approve))
    assert (_results(session), asked) == ([reported], [("hello", "{}")])


def test_an_async_hook_needs_arun() -> None:
    """A sync run cannot wait for an async hook, and says so before any call."""

    async def approve(name: str, arguments: str) -> bool:
        return True

    session = ChatSession(Answers(_calls("hello"), "ok").client, "m", tools=[hello])
    with pytest.raises(ToolError, match="arun"):
        session.run("go", approve=approve)  # type: ignore[arg-type, unused-ignore]
    assert _results(session) == []


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
def test_cancelling_keeps_what_is_done() -> None:
    """A cancelled run keeps the results of calls that were finished; going on carries out the others once."""
    runs: list[str] = []

    async def quick() -> str:
        runs.append("quick")
        return "done"

    async def slow() -> str:
        runs.append("slow")
        if runs.count("slow") == 1:
            await asyncio.Event().wait()
        return "late"

    session = ChatSession(Answers(_calls("quick", "slow"), "ok").client, "m", tools=[quick, slow])

    async def main() -> None:
        task = asyncio.create_task(session.arun("go"))
        while len(runs) < 2:
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert _results(session) == ["done"]
        assert (await session.arun()).text == "ok"

    asyncio.run(main())
    assert (runs, _results(session)) == (["quick", "slow", "slow"], ["done", "late"])


_ELSEWHERE = """
import sys
sys.path.insert(0, sys.argv[2])
from sdk import ChatSession
from tests.session.wire import Answers

def first():
    print("first again")

def second():
    print("second")
    return "two"

answers = Answers("ok")
session = ChatSession.load(sys.argv[1], answers.client, tools=[first, second])
print(session.run().text, [m["content"] for m in answers.asked[0]["messages"] if m["role"] == "tool"])
"""


def test_going_on_in_another_process(tmp_path: Path) -> None:
    """Stopped after one of two calls, saved and loaded elsewhere: only the other call is carried out."""

    def first() -> str:
        return "one"

    def second() -> str:
        raise KeyboardInterrupt

    session = ChatSession(Answers(_calls("first", "second")).client, "m", tools=[first, second])
    with pytest.raises(KeyboardInterrupt):
        session.run("go")
    path = session.save(tmp_path / "talk.json")
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-W", "error", "-c", _ELSEWHERE, str(path), root]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("second\nok ['one', 'two']\n", "")


_who = contextvars.ContextVar("who", default="nobody")


def test_tools_see_the_callers_context() -> None:
    """A tool that runs in a thread sees the context variables of who called run()."""

    def ask() -> str:
        return _who.get()

    session = ChatSession(Answers(_calls("ask", "ask"), "ok").client, "m", tools=[ask])
    _who.set("me")
    session.run("go")
    assert _results(session) == ["me", "me"]


def test_random_conversations_stay_valid() -> None:
    """Whatever fails, in whatever order: a call has at most one result behind it, and exactly one after repair."""
    chance = random.Random(7)

    def flaky(n: int) -> int:
        if n % 3 == 0:
            raise LookupError("no")
        return n

    for _ in range(60):
        kinds: list[Any] = [
            "words",
            500,
            _calls("flaky", "magic", arguments='{"n": 3}'),
            _calls("flaky", arguments="{"),
        ]
        kinds.append(_calls("flaky", "flaky", arguments='{"n": 1}'))
        answers = Answers(*[chance.choice(kinds) for _ in range(12)], "end")
        session = ChatSession(answers.client, "m", tools=[flaky])
        for turn in range(4):
            before = list(session.messages)
            try:
                session.run(f"turn {turn}", max_rounds=2)
            except APIError:
                assert session.messages[: len(before)] == before
            except ToolError:
                session.repair()
            _check(session.messages)
        session.repair()
        once = list(session.messages)
        session.repair()
        assert session.messages == once


def _check(messages: list[Any]) -> None:
    waiting: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            waiting.remove(message["tool_call_id"])
        elif message["role"] == "assistant":
            waiting = [call.id for call in calls_of(message)]


_FORMS = ["sync", "asyncio"]


def _run(session: Any, form: str, *arguments: Any) -> Any:
    return session.run(*arguments) if form == "sync" else asyncio.run(session.arun(*arguments))


@pytest.mark.parametrize("form", _FORMS)
@pytest.mark.parametrize("again", ["go", None], ids=["with the message", "without it"])
def test_trying_a_failed_run_again(form: str, again: str | None) -> None:
    """After an error half way, the same message or none goes on: said once, and no call made twice."""
    made = []

    def hello() -> str:
        made.append(1)
        return "hello"

    session = ChatSession(Answers(_calls("hello"), 500, "ok").client, "m", tools=[hello])
    with pytest.raises(APIError):
        _run(session, form, "go")
    assert _run(session, form, *([again] if again else [])).text == "ok"
    assert ([m["role"] for m in session.messages], made) == (["user", "assistant", "tool", "assistant"], [1])


@pytest.mark.parametrize("form", _FORMS)
def test_another_message_after_a_failed_run_is_said(form: str) -> None:
    """Only the message that was left unanswered is not said again; one that has its answer is."""
    session = ChatSession(Answers(_calls("hello"), 500, "ok", "fine").client, "m", tools=[hello])
    with pytest.raises(APIError):
        _run(session, form, "go")
    _run(session, form, "no, stop")
    assert [m["role"] for m in session.messages] == ["user", "assistant", "tool", "user", "assistant"]
    _run(session, form, "no, stop")
    assert [m["role"] for m in session.messages][-2:] == ["user", "assistant"]
    assert len(session.messages) == 7


@pytest.mark.parametrize("form", _FORMS)
def test_a_loaded_call_without_its_function(form: str, tmp_path: Path) -> None:
    """A tool that only the file knows is an error for the caller, not an answer for the model; nothing changes."""
    first = ChatSession(Answers(_calls("hello"), 500).client, "m", tools=[hello])
    first.send("go")
    path = first.save(tmp_path / "talk.json")
    loaded = ChatSession.load(path, Answers("ok").client)
    before = list(loaded.messages)
    with pytest.raises(ToolError, match=r"'hello' has no function here: pass it to load\(path, tools=\[hello\]\)"):
        _run(loaded, form)
    assert loaded.messages == before
    assert _run(ChatSession.load(path, Answers("ok").client, tools=[hello]), form).text == "ok"


def test_an_async_tool_where_a_loop_runs() -> None:
    """A notebook has a loop that runs already: an async tool of a sync run is carried out beside it."""
    seen = contextvars.ContextVar("seen", default="no")

    async def lazy_function() -> str:
        await asyncio.sleep(0)
        return seen.get()

    async def cell() -> Any:
        seen.set("yes")
        session = ChatSession(Answers(_calls("lazy_function"), "ok").client, "m", tools=[lazy_function])
        assert session.run("go").text == "ok"
        return _results(session)

    assert asyncio.run(cell()) == ["yes"]
