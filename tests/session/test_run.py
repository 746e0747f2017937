"""The loop of run and arun: approval, cancelling, resuming elsewhere, and what tools are made of."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import json
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypedDict

import attrs
import pytest

from sdk import ChatSession, Tool
from sdk._messages import calls_of
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
    ("verdict", "told"),
    [
        (True, "hello"),
        (False, "error: the user refused this call"),
        ("not now", "error: the user refused this call: not now"),
    ],
)
@pytest.mark.parametrize("form", ["sync", "asyncio", "async hook"])
def test_approval(verdict: bool | str, told: str, form: str) -> None:
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
    assert (_results(session), asked) == ([told], [("hello", "{}")])


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


class Place(TypedDict):
    """A place."""

    city: str


@attrs.define
class Guest:
    name: str
    age: int | None = None


@dataclass
class Stay:
    nights: int


def book(
    place: Place, guest: Guest, stay: Stay, *, meal: Literal["none", "all"] = "none", note: str | None = None
) -> Any:
    """Book a room.

    Parameters
    ----------
    place : Place
        where it is
    stay
        how long
    """
    return [place["city"], guest.name, guest.age, stay.nights, meal, note]


def test_types_of_arguments() -> None:
    """TypedDicts, attrs classes and dataclasses arrive as such; defaults hold; NumPy docstrings describe."""
    tool = Tool(book)
    arguments = {"place": {"city": "Ulm"}, "guest": {"name": "Ann"}, "stay": {"nights": 2}}
    assert tool.call(json.dumps(arguments)).text == '["Ulm","Ann",null,2,"none",null]'
    assert tool.description == "Book a room."
    told = {k: v.get("description") for k, v in tool.parameters["properties"].items()}
    assert (told["place"], told["stay"], told["meal"]) == ("where it is", "how long", None)
    assert tool.parameters["required"] == ["place", "guest", "stay"]


def test_methods_partials_and_decorated_functions() -> None:
    """What is called need not be a plain function."""

    class Desk:
        def ring(self, times: int) -> int:
            return times

    def plain(a: int, b: int) -> int:
        return a * b

    @functools.wraps(plain)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return plain(*args, **kwargs)

    assert Tool(Desk().ring).call('{"times": 2}').text == "2"
    assert Tool(functools.partial(plain, b=3), name="triple").call('{"a": 2}').text == "6"
    assert Tool(wrapped).call('{"a": 2, "b": 5}').text == "10"


@pytest.mark.parametrize(
    "text",
    [
        "Do it.\n\nArgs:\n    n (int): how many,\n        at most\n    other: x\n\nReturns:\n    nothing",
        "Do it.\n\n:param n: how many,\n    at most\n:param other: x\n:returns: nothing",
        "Do it.\n\n:param int n: how many,\n    at most",
        "Do it.\n\nParameters\n----------\nn : int, optional\n    how many,\n    at most\nother\n    x\n\n"
        "Returns\n-------\nint\n    y",
    ],
)  # fmt: skip
def test_docstrings(text: str) -> None:
    """Google, Sphinx and NumPy docstrings tell what a parameter means."""

    def f(n: int) -> None: ...

    f.__doc__ = text
    tool = Tool(f)
    assert tool.description == "Do it."
    assert tool.parameters["properties"] == {"n": {"type": "integer", "description": "how many, at most"}}


def test_a_type_that_only_the_function_knows() -> None:
    """An annotation that cannot be resolved is told with the tool's name."""

    class Local: ...

    def f(x: Local) -> None: ...

    with pytest.raises(ToolError, match="the tool f: name 'Local' is not defined"):
        Tool(f)


def test_without_annotations() -> None:
    """A parameter without a type takes anything."""

    def anything(x, y=1):  # type: ignore[no-untyped-def]
        return [x, y]

    assert Tool(anything).call('{"x": {"a": [1]}}').text == '[{"a":[1]},1]'


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
    with pytest.raises(ToolError, match=r"'hello' has no function here: give it to load\(path, tools=\[hello\]\)"):
        _run(loaded, form)
    assert loaded.messages == before
    assert _run(ChatSession.load(path, Answers("ok").client, tools=[hello]), form).text == "ok"


def test_an_async_tool_where_a_loop_runs() -> None:
    """A notebook has a loop that runs already: an async tool of a sync run is carried out beside it."""
    seen = contextvars.ContextVar("seen", default="no")

    async def later() -> str:
        await asyncio.sleep(0)
        return seen.get()

    async def cell() -> Any:
        seen.set("yes")
        session = ChatSession(Answers(_calls("later"), "ok").client, "m", tools=[later])
        assert session.run("go").text == "ok"
        return _results(session)

    assert asyncio.run(cell()) == ["yes"]
