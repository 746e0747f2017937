"""python -m benchmarks bulk: 10,000 prompts from file to file, with this SDK, the official package and bare aiohttp."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .measure import ROOT, Process, _plain_environment
from .report import NAMES

PROMPTS, AT_ONCE = 10_000, 64
#: The most that this SDK may cost of bare aiohttp, and the least that the official package costs of this SDK.
AIOHTTP, OFFICIAL = 1.5, 8.0


def rows(count: int) -> Iterator[str]:
    """Yield lines of the Batch API's form."""
    for number in range(count):
        body = {"model": "m", "messages": [{"role": "user", "content": f"Is number {number} a prime? Say why."}]}
        line = {"custom_id": f"r{number}", "method": "POST", "url": "/v1/chat/completions", "body": body}
        yield json.dumps(line) + "\n"


def ours(url: str, source: str, target: str) -> None:
    """Run it with this SDK: one line."""
    import sdk

    with sdk.Client(api_base=url, api_key="k", max_in_flight=AT_ONCE) as client:
        done = sdk.bulk.run(source, target, client=client, concurrency=AT_ONCE)
    assert done.ok


async def bare(url: str, source: str, target: str) -> None:
    """Run it with aiohttp and orjson: the same reading, parsing, and one write a line; no types, retries, limits."""
    import aiohttp
    import orjson

    headers = {"content-type": "application/json", "authorization": "Bearer k"}
    out = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with Path(source).open("rb") as file:
        lines = iter(file)
        async with aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:

            async def work() -> None:
                for line in lines:
                    row = orjson.loads(line)
                    content = orjson.dumps(row["body"])
                    async with session.post(f"{url}/chat/completions", data=content) as reply:
                        body = orjson.loads(await reply.read())
                        response = {"status_code": reply.status, "request_id": None, "body": body}
                    found = {"id": "b", "custom_id": row["custom_id"], "response": response, "error": None}
                    os.write(out, orjson.dumps(found, option=orjson.OPT_APPEND_NEWLINE))

            await asyncio.gather(*[work() for _ in range(AT_ONCE)])
    os.close(out)


async def official(url: str, source: str, target: str) -> None:
    """Run it with the official package and asyncio."""
    import openai  # type: ignore[import-not-found, unused-ignore]

    out = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with Path(source).open("rb") as file:
        lines = iter(file)
        async with openai.AsyncOpenAI(base_url=url, api_key="k", max_retries=0) as client:

            async def work() -> None:
                for line in lines:
                    row = json.loads(line)
                    reply: Any = await client.chat.completions.create(**row["body"])
                    response = {"status_code": 200, "request_id": None, "body": reply.to_dict()}
                    found = {"id": "b", "custom_id": row["custom_id"], "response": response, "error": None}
                    os.write(out, json.dumps(found).encode() + b"\n")

            await asyncio.gather(*[work() for _ in range(AT_ONCE)])
    os.close(out)


def worker(name: str, url: str, source: str, target: str) -> None:
    """Do the work of one contender, and print the CPU seconds and the peak memory of this process."""
    import resource

    if name != "aiohttp":
        sys.modules["aiohttp"] = None  # type: ignore[assignment]  # the official package loads it where it is installed
    if name == "sdk":
        ours(url, source, target)
    else:
        asyncio.run({"aiohttp": bare, "openai": official}[name](url, source, target))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024))


def _pinned() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def measure(rounds: int, prompts: int = PROMPTS) -> tuple[str, list[str]]:
    """Run the contenders in turn, each in a process on one core; return the page, and budgets that are broken."""
    names = ["aiohttp", "sdk", *(["openai"] if importlib.util.find_spec("openai") is not None else [])]
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    with Process("benchmarks.server") as server, tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.jsonl"), Path(folder, "out.jsonl")
        source.write_text("".join(rows(prompts)), encoding="utf-8")
        for _ in range(rounds):
            for name in names:
                target.unlink(missing_ok=True)
                url = f"http://127.0.0.1:{server.first}/v1"
                command = [sys.executable, "-W", "ignore", "-m", "benchmarks.bulk", name, url, str(source), str(target)]
                done = subprocess.run(
                    command, cwd=ROOT, capture_output=True, text=True, check=True, env=_plain_environment(),
                    preexec_fn=_pinned,
                )  # fmt: skip
                seconds, peak = map(float, done.stdout.split())
                found[name].append((seconds, peak))
                with target.open("rb") as file:
                    assert sum(1 for _ in file) == prompts
    return _page(found, rounds, prompts), _problems(found)


def _median(found: dict[str, list[tuple[float, float]]], name: str, place: int = 0) -> float:
    return statistics.median(one[place] for one in found[name])


def _problems(found: dict[str, list[tuple[float, float]]]) -> list[str]:
    bare_ratio = _median(found, "sdk") / _median(found, "aiohttp")
    problems = [] if bare_ratio <= AIOHTTP else [f"bulk: {bare_ratio:.2f} times bare aiohttp, the budget is {AIOHTTP}"]
    if "openai" in found:
        ratio = _median(found, "openai") / _median(found, "sdk")
        problems += [] if ratio >= OFFICIAL else [f"bulk: the official package costs {ratio:.1f} times as much"]
    return problems


def _page(found: dict[str, list[tuple[float, float]]], rounds: int, prompts: int) -> str:
    lines = [
        "# Many calls",
        "",
        f"From `make bench ARGS=bulk`: {prompts:,} prompts of a file, {AT_ONCE} at once on one core, one write a line",
        "into another file. CPU time of a whole process, start included, and its peak memory; median of",
        f"{rounds} round(s).",
        "",
        "| with | CPU, s | a prompt, µs | ÷ bare aiohttp | memory, MB |",
        "|---|---|---|---|---|",
    ]
    for name in found:
        seconds = _median(found, name)
        ratio = seconds / _median(found, "aiohttp")
        peak = _median(found, name, 1) / 1e6
        lines.append(f"| {NAMES[name]} | {seconds:.2f} | {seconds / prompts * 1e6:.0f} | {ratio:.2f} | {peak:.0f} |")
    if "openai" in found:
        ratio = _median(found, "openai") / _median(found, "sdk")
        lines += ["", f"The official package takes {ratio:.1f} times the CPU time of this SDK."]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    worker(*sys.argv[1:])
