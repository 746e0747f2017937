"""python -m benchmarks face: what a call costs through `sdk.compat.openai`, natively and in the official package.

One process has all clients, and a server in a process of its own answers them. Each round measures all contenders one
after another, so that what slows the machine slows all of them, and the median of the ratios within a round counts.
"""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any, NamedTuple

from . import payloads
from .limit import MESSAGES
from .measure import Process, fresh
from .report import machine

#: The most that a call through the face, and its import, may cost as a ratio to the native one.
CALL, IMPORT = 1.3, 1.5
#: The contenders, and the module of each; the package of the last one may be missing.
MODULES = {"native": "sdk", "face": "sdk.compat.openai", "openai": "openai"}
_IMPORTS = {
    "python": "pass", "native": "from sdk import Client", "face": "from sdk.compat.openai import OpenAI",
    "openai": "from openai import OpenAI",
}  # fmt: skip
#: Calls before the first round, and the seconds after which a new client of the SDK holds nothing back.
_WARM, _STARTED = 100, 1.1
_INPUTS = ["Hi"] * 64
_HEAD = """\
# What the face of the official package costs

From `make bench ARGS=face`: CPU time of the calling thread, in which all contenders take turns. Native is this SDK,
the face is `sdk.compat.openai` over it. The ratios are medians of those within a round; in brackets, what may be. An
import is that of a fresh process, without what the interpreter costs itself.

| | native | the face | official | face ÷ native | official ÷ face |
|---|---|---|---|---|---|
"""


class Work(NamedTuple):
    """What is measured: its title, how often a round repeats it, and what one of them has of the unit."""

    title: str
    times: int
    units: int = 1


WORK = {
    "chat": Work("a chat call", 50),
    "chunks": Work("a chunk of a chat stream", 1, payloads.CHUNKS),
    "embeddings": Work("64 embeddings of 1,536, one read", 10),
}
WORLDS = ("sync", "asyncio")


class Row(NamedTuple):
    """A row of the results: microseconds, or milliseconds of an import, by contender, one for each round."""

    title: str
    unit: str
    most: float
    values: dict[str, list[float]]

    def ratio(self, one: str, other: str) -> float | None:
        """Return the median ratio within a round, None where one was not measured."""
        if not {one, other} <= self.values.keys():
            return None
        return statistics.median(a / b for a, b in zip(self.values[one], self.values[other], strict=True))

    def problem(self, slack: float) -> str | None:
        """Return what is wrong if the face costs more than it may."""
        ratio = self.ratio("face", "native")
        if ratio is None or ratio <= self.most * slack:
            return None
        return f"{self.title} costs {ratio:.2f} times the native one through the face; it may cost {self.most:g}"


def measure(rounds: int, slack: float = 1.0) -> tuple[str, list[str]]:
    """Measure calls and imports; return the page and the broken budgets."""
    names = [name for name, module in MODULES.items() if importlib.util.find_spec(module) is not None]
    with Process("benchmarks.server") as server:
        url = f"http://127.0.0.1:{server.first}/v1"
        worker = [sys.executable, "-W", "ignore", "-m", "benchmarks.face", url, str(rounds), *names]
        done = subprocess.run(worker, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    rows = [
        Row(f"{work.title}, {world}", "µs", CALL, found[f"{name} {world}"])
        for name, work in WORK.items()
        for world in WORLDS
    ]
    rows.append(Row("an import", "ms", IMPORT, _imports(names, rounds)))
    return page(rows), [problem for row in rows if (problem := row.problem(slack))]


def page(rows: list[Row]) -> str:
    """Return the results as Markdown."""
    lines = []
    for row in rows:
        cells = [
            f"{statistics.median(row.values[name]):.1f} {row.unit}" if name in row.values else "" for name in MODULES
        ]
        ratio, other = row.ratio("face", "native"), row.ratio("openai", "face")
        cells += [f"**{ratio:.2f}** ({row.most:g})", "" if other is None else f"{other:.1f}"]
        lines.append(f"| {row.title} | {' | '.join(cells)} |")
    return _HEAD + "\n".join([*lines, "", f"Machine: {machine()}.", ""])


def _imports(names: list[str], rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of an import beyond those of the interpreter, for each contender and round."""
    found: dict[str, list[float]] = {name: [] for name in names}
    for number in range(-1, rounds * 2):  # the first one warms up
        seconds = {name: fresh(_IMPORTS[name])[0] for name in _turn(["python", *names], number)}
        if number >= 0:
            for name in names:
                found[name].append((seconds[name] - seconds["python"]) * 1e3)
    return found


def _turn(names: list[str], number: int) -> list[str]:
    """Return the contenders in the order of a round: each is in turn the first."""
    first = number % len(names)
    return names[first:] + names[:first]


class Blocking:
    """The calls of one contender that block."""

    def __init__(self, name: str, url: str) -> None:
        self._native, module = name == "native", import_module(MODULES[name])
        options: Any = {"max_in_flight": None, "api_base": url} if self._native else {"base_url": url}
        self._client: Any = (module.Client if self._native else module.OpenAI)(api_key="k", **options)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def chat(self) -> None:
        """Make a chat call."""
        chat = self._client.chat
        reply = (chat.create.sync if self._native else chat.completions.create)(model="m", messages=MESSAGES)
        assert reply.choices[0].message.content == "Hello!"

    def chunks(self) -> None:
        """Read a chat stream."""
        chat = self._client.chat
        if self._native:
            with chat.create.stream(model="m", messages=MESSAGES) as stream:
                count = sum(1 for _ in stream)
        else:
            count = sum(1 for _ in chat.completions.create(model="m", messages=MESSAGES, stream=True))
        assert count >= payloads.CHUNKS

    def embeddings(self) -> None:
        """Ask for vectors, and read a number of one."""
        create = self._client.embeddings.create
        reply = (create.sync if self._native else create)(model="m", input=_INPUTS)
        assert isinstance(reply.data[63].embedding[1535], float)


class Coroutines:
    """The calls of one contender from a coroutine."""

    def __init__(self, name: str, url: str) -> None:
        self._native, module = name == "native", import_module(MODULES[name])
        options: Any = {"max_in_flight": None, "api_base": url} if self._native else {"base_url": url}
        self._client: Any = (module.Client if self._native else module.AsyncOpenAI)(api_key="k", **options)

    async def aclose(self) -> None:
        """Close the connections."""
        await (self._client.aclose() if self._native else self._client.close())

    async def chat(self) -> None:
        """Make a chat call."""
        chat = self._client.chat
        reply = await (chat.create.asyncio if self._native else chat.completions.create)(model="m", messages=MESSAGES)
        assert reply.choices[0].message.content == "Hello!"

    async def chunks(self) -> None:
        """Read a chat stream."""
        chat, count = self._client.chat, 0
        if self._native:
            async with chat.create.asyncio_stream(model="m", messages=MESSAGES) as stream:
                async for _ in stream:
                    count += 1
        else:
            async for _ in await chat.completions.create(model="m", messages=MESSAGES, stream=True):
                count += 1
        assert count >= payloads.CHUNKS

    async def embeddings(self) -> None:
        """Ask for vectors, and read a number of one."""
        create = self._client.embeddings.create
        reply = await (create.asyncio if self._native else create)(model="m", input=_INPUTS)
        assert isinstance(reply.data[63].embedding[1535], float)


def _blocking(names: list[str], url: str, rounds: int) -> dict[str, Any]:
    """Return the microseconds of a unit, by work, contender and round."""
    contenders = {name: Blocking(name, url) for name in names}
    found: dict[str, Any] = {}
    for name, work in WORK.items():
        calls: dict[str, Callable[[], None]] = {one: getattr(contenders[one], name) for one in names}
        for call in calls.values():
            for _ in range(max(1, _WARM // work.units)):
                call()
        _settle()
        values: dict[str, list[float]] = {one: [] for one in names}
        for number in range(rounds * 4):
            for one in _turn(names, number):
                call = calls[one]
                began = time.thread_time()
                for _ in range(work.times):
                    call()
                values[one].append((time.thread_time() - began) / work.times / work.units * 1e6)
        found[f"{name} sync"] = values
    for contender in contenders.values():
        contender.close()
    return found


async def _coroutines(names: list[str], url: str, rounds: int) -> dict[str, Any]:
    """Return the microseconds of a unit from a coroutine; see `_blocking`."""
    contenders = {name: Coroutines(name, url) for name in names}
    found: dict[str, Any] = {}
    for name, work in WORK.items():
        calls: dict[str, Callable[[], Awaitable[None]]] = {one: getattr(contenders[one], name) for one in names}
        for call in calls.values():
            for _ in range(max(1, _WARM // work.units)):
                await call()
        _settle()
        values: dict[str, list[float]] = {one: [] for one in names}
        for number in range(rounds * 4):
            for one in _turn(names, number):
                call = calls[one]
                began = time.thread_time()
                for _ in range(work.times):
                    await call()
                values[one].append((time.thread_time() - began) / work.times / work.units * 1e6)
        found[f"{name} asyncio"] = values
    for contender in contenders.values():
        await contender.aclose()
    return found


def _settle() -> None:
    """Wait until a new client holds nothing back; what was imported costs no collection any more."""
    time.sleep(_STARTED)
    gc.collect()
    gc.freeze()


def _worker(url: str, rounds: str, *names: str) -> None:
    found = _blocking([*names], url, int(rounds)) | asyncio.run(_coroutines([*names], url, int(rounds)))
    print(json.dumps(found))


if __name__ == "__main__":
    _worker(*sys.argv[1:])
