"""Threads and event loops share a client of a server that misbehaves at random: every answer is its question's."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

from sdk import Client
from sdk.errors import APIError

from ..faults.raw import Raw
from .chaos import PATIENCE, RIGHT, WRONG, chaos, text_of
from .scale import SCALE, Tally

_THREADS, _LOOPS, _TASKS = 12, 2, 8
_CALLS = 40 * SCALE


class Judge:
    """Ask questions, and count what came of each."""

    def __init__(self, client: Client, seed: int) -> None:
        self._client, self._seed = client, seed
        self._lock = threading.Lock()
        self.counted: Counter[str] = Counter()
        self.wrong: list[Any] = []
        self.errors: list[BaseException] = []

    def _arguments(self, question: str) -> dict[str, Any]:
        return {"model": "m", "messages": [{"role": "user", "content": question}]}

    def _note(self, kind: str) -> None:
        with self._lock:
            self.counted[kind] += 1

    def _judge(self, question: str, reply: Any, *, whole: bool = True) -> None:
        """Compare a reply, or what came of one, with the right answer."""
        text = reply.choices[0].message.content if reply.choices else ""
        right = text_of(question)
        if reply.id != question or not (text == right if whole else right.startswith(text or "")):
            self.wrong.append((question, reply))

    def _failed(self, question: str, error: APIError) -> None:
        self._note("errors")
        partial = getattr(error, "partial", None)
        if hasattr(partial, "choices"):
            self._judge(question, partial, whole=False)

    def blocking(self, questions: Iterable[str]) -> None:
        """Ask from a thread."""
        for question in questions:
            chance = random.Random(f"{self._seed} {question}")
            try:
                if chance.random() < 0.4:
                    with self._client.chat.create.stream(**self._arguments(question)) as stream:
                        if chance.random() < 0.3:  # the rest is left unread
                            self._judge_chunk(question, next(iter(stream)))
                            continue
                        self._judge(question, stream.final())
                else:
                    self._judge(question, self._client.chat.create.sync(**self._arguments(question)))
                self._note("answers")
            except APIError as error:
                self._failed(question, error)
            except BaseException as error:
                self.errors.append(error)

    async def _task(self, questions: Iterable[str]) -> None:
        """Ask from a coroutine, and leave off sometimes."""
        for question in questions:
            chance = random.Random(f"{self._seed} {question}")
            limit = chance.uniform(0, 0.05) if chance.random() < 0.15 else 60
            try:
                async with asyncio.timeout(limit):
                    await self._ask(question, chance)
            except TimeoutError:
                self._note("cancelled")
            except APIError as error:
                self._failed(question, error)
            except BaseException as error:
                self.errors.append(error)

    async def _ask(self, question: str, chance: random.Random) -> None:
        if chance.random() < 0.4:
            async with self._client.chat.create.asyncio_stream(**self._arguments(question)) as stream:
                if chance.random() < 0.3:
                    self._judge_chunk(question, await anext(aiter(stream)))
                    return
                self._judge(question, await stream.final())
        else:
            self._judge(question, await self._client.chat.create.asyncio(**self._arguments(question)))
        self._note("answers")

    def _judge_chunk(self, question: str, chunk: Any) -> None:
        self._note("streams left half way")
        if chunk.id != question:
            self.wrong.append((question, chunk))

    def coroutines(self, questions: list[str]) -> None:
        """Ask from an event loop of this thread."""

        async def main() -> None:
            await asyncio.gather(*[self._task(questions[number::_TASKS]) for number in range(_TASKS)])
            await self._client._context.transport.loops().leave()

        try:
            asyncio.run(main())
        except BaseException as error:
            self.errors.append(error)


def test_every_answer_is_its_questions(monkeypatch: pytest.MonkeyPatch, tally: Tally) -> None:
    """Twelve threads and two event loops: answers of other questions 0, errors that are not the SDK's 0."""
    monkeypatch.setattr("sdk._core.call.retry._FIRST", 0.01)
    seed = 1 if SCALE == 1 else random.SystemRandom().randrange(1 << 32)
    behaviours: Counter[str] = Counter()
    lock = threading.Lock()

    def note(name: str) -> None:
        with lock:
            behaviours[name] += 1

    options: Any = {"timeout": PATIENCE, "stall_timeout": PATIENCE, "max_in_flight": None}
    with Raw(chaos(seed, note)) as server, Client(api_base=server.url, api_key="key", **options) as client:
        judge = Judge(client, seed)
        threads = [
            threading.Thread(target=judge.blocking, args=[[f"{number}-{n}" for n in range(_CALLS)]])
            for number in range(_THREADS)
        ]
        threads += [
            threading.Thread(target=judge.coroutines, args=[[f"loop {number}-{n}" for n in range(_CALLS * 2)]])
            for number in range(_LOOPS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert client.stats().in_flight == 0
    calls = _CALLS * (_THREADS + 2 * _LOOPS)
    tally["calls"] += calls
    tally.update(judge.counted)
    tally["wrong answers"] += len(judge.wrong)
    tally[f"misbehaviours of {len(WRONG)} kinds"] += sum(behaviours[one.__name__] for one in WRONG)
    assert (judge.wrong, judge.errors) == ([], []), f"seed {seed}"
    assert sum(judge.counted.values()) == calls
    assert set(behaviours) == {one.__name__ for one in (*RIGHT, *WRONG)}
    assert judge.counted["answers"] > 0.2 * calls
