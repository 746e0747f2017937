"""python -m benchmarks pace: what a rate limit costs, in lost and refused calls and in time, here and elsewhere."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import math
import subprocess
import sys
import time
import urllib.request
from typing import Any

from attrs import asdict, frozen

from .limit import MESSAGES
from .limited import Limit
from .report import NAMES


@frozen
class Row:
    """So many calls, at most `at_once` of them in flight, against a server with a limit; and what may come of it.

    `refused` is the most refusals for each call, `longer` the most time over the ideal.
    """

    title: str
    limit: Limit
    calls: int
    at_once: int
    refused: float
    longer: float

    @property
    def ideal(self) -> float:
        """The least seconds that the limit and the calls at once allow together."""
        limit, starts = self.limit, list[float]()
        for number in range(self.calls):
            allowed = max(0.0, number + 1 - limit.bucket) / limit.rate if limit.rate else 0.0
            free = starts[number - self.at_once] + limit.answer if number >= self.at_once else 0.0
            starts.append(max(allowed, free))
        return starts[-1] + limit.answer


@frozen
class Result:
    """What came of a row: calls that failed, refusals for each call, seconds, and from first to last request."""

    lost: int
    refused: float
    seconds: float
    span: float


def _rows() -> list[Row]:
    rows = []
    for rate, calls, at_once in ((25, 300, 100), (100, 800, 200)):
        for bucket, refused, longer in ((0.2, 0.10, 1.15), (1.0, 0.20, 1.15), (0.0, math.inf, 1.7)):
            name = {0.2: "a fifth of a second", 1.0: "a second", 0.0: "one call"}[bucket]
            for answer in (0.0, 3.0):
                title = f"{rate} a second, bucket of {name}, answers after {answer:g} s"
                rows.append(Row(title, Limit(rate, bucket, answer), calls, at_once, refused, longer))
        title = f"{rate} a second, bucket of a fifth of a second, refusals after 0.1 s"
        rows.append(Row(title, Limit(rate, 0.2, refusal=0.1), calls, at_once, 0.55, 1.15))
        title = f"{rate} a second, bucket of a fifth of a second, limit in headers"
        rows.append(Row(title, Limit(rate, 0.2, reported=True), calls, at_once, 0.01, 1.15))
    rows.append(Row("no limit, answers after 5 s", Limit(0, 1.0, 5.0), 500, 500, 0.0, 1.3))
    return rows


async def _calls(name: str, url: str, row: Row) -> int:
    """Make the calls with default options, and return how many failed."""
    if name == "sdk":
        from sdk import Client

        async with Client(api_base=url, api_key="k", max_in_flight=row.at_once) as client:
            calls = [client.chat.create.asyncio(model="m", messages=MESSAGES) for _ in range(row.calls)]
            found = await asyncio.gather(*calls, return_exceptions=True)
    else:
        import openai  # type: ignore[import-not-found, unused-ignore]

        gate = asyncio.Semaphore(row.at_once)
        async with openai.AsyncOpenAI(base_url=url, api_key="k") as official:

            async def one() -> Any:
                async with gate:
                    return await official.chat.completions.create(model="m", messages=MESSAGES)

            found = await asyncio.gather(*[one() for _ in range(row.calls)], return_exceptions=True)
    return sum(isinstance(one, BaseException) for one in found)


def _run(name: str, row: Row) -> Result:
    """Run a row in a process of its own, against a server in another one."""
    command = [sys.executable, "-m", "benchmarks.limited", json.dumps(asdict(row.limit))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            base = f"http://127.0.0.1:{server.stdout.readline().strip()}"
            worker = [sys.executable, "-m", "benchmarks.pace", name, base, json.dumps(asdict(row))]
            done = subprocess.run(worker, stdout=subprocess.PIPE, text=True, check=True)
            lost, seconds = json.loads(done.stdout)
            with urllib.request.urlopen(f"{base}/counts") as reply:
                counts = json.load(reply)
        finally:
            server.kill()
    return Result(lost, counts["refused"] / row.calls, seconds, counts["span"])


def page(found: dict[tuple[Row, str], Result]) -> str:
    """Return the results as Markdown."""
    lines = [
        "# A rate limit, and what it costs",
        "",
        "From `make bench ARGS=pace`: calls at once with default options, against a local server that refuses what is",
        "over its limit, with a Retry-After of whole seconds. Refused: refusals for each call. Time: over the least",
        "that the limit and the calls at once allow. In brackets, what may be.",
        "",
        "| server | client | lost | refused | time |",
        "|---|---|---|---|---|",
    ]
    for (row, name), one in found.items():
        most = "" if name != "sdk" or row.refused == math.inf else f" ({row.refused:.0%})"
        longest = f" ({row.longer:.2f})" if name == "sdk" else ""
        lines.append(
            f"| {row.title} | {NAMES[name]} | {one.lost} of {row.calls} | {one.refused:.1%}{most} | "
            f"{one.seconds / row.ideal:.2f}{longest} |"
        )
    spans = [one.span for (row, name), one in found.items() if name == "sdk" and not row.limit.rate]
    lines += ["", *(f"Without a limit all calls are on the wire within {span:.2f} s." for span in spans), ""]
    return "\n".join(lines)


def measure() -> str:
    """Run all rows, one after another: a client that does not get a processor sends in bursts."""
    names = ["sdk", *(["openai"] if importlib.util.find_spec("openai") is not None else [])]
    work = [(row, name) for row in _rows() for name in names]
    return page({(row, name): _run(name, row) for row, name in work})


def _worker(name: str, base: str, reported: str) -> None:
    given = json.loads(reported)
    row = Row(**{**given, "limit": Limit(**given["limit"])})
    began = time.monotonic()
    lost = asyncio.run(_calls(name, f"{base}/v1", row))
    print(json.dumps([lost, time.monotonic() - began]))


if __name__ == "__main__":
    _worker(*sys.argv[1:])
