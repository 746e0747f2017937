"""The results as a page: ratios first, then times, budgets, and the machine."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .measure import Measured
from .scenarios import GENERATION, RSS_MARGIN, UNITS, Scenario

INTRODUCTION = """\
# Results

Written by `{command}`: medians of {rounds} rounds, the contenders in turn within each round, each in a process of its
own against one small server on the same machine. What is counted is the CPU time of the client's process, and memory
where it says so. A ratio is that of a round's value to its floor: bare httpx and orjson, without types. Behind ± stands
half the distance of the quartiles.
"""
LIMIT = """
## Beside the limit

The limit is what such a call costs over a plain socket, many at once over a plain `asyncio.Protocol`, with hand-made
bytes and orjson and nothing else: no timeout, no error, no retry, no type. For a reply read from bytes it is the parse.
"""
#: What else is measured, by itself.
PARTS = (
    "Measured apart: [what pacing, hooks and telemetry cost](EXTRAS.md), [the face of the official package](FACE.md),\n"
    "and [a rate limit](PACE.md)."
)
NAMES = {
    "floor": "httpx + orjson", "sdk": "this SDK", "openai": "openai", "limit": "limit", "aiohttp": "aiohttp + orjson",
}  # fmt: skip
#: Whose ratios and whose times the two tables have, in the order of their columns.
_RATIOS = {"floor": ("sdk", "openai"), "limit": ("sdk", "aiohttp", "floor", "openai")}
_TIMES = {"floor": ("floor", "sdk", "openai"), "limit": ("limit", "aiohttp")}


def problems(found: list[Measured], generation: float | None, slack: float) -> list[str]:
    """Return the budgets that are broken by more than a factor."""
    reported = []
    for one in found:
        budget = one.scenario.budget
        if budget is not None and one.ratio("sdk") > budget * slack:
            reported.append(f"{one.scenario.title}: {one.ratio('sdk'):.2f} times the floor, the budget is {budget:g}")
        limit = one.scenario.limit
        # The limit takes some microseconds, and varies by a third: twice the slack.
        if limit is not None and one.ratio("sdk", "limit") > limit * slack**2:
            times = one.ratio("sdk", "limit")
            reported.append(f"{one.scenario.title}: {times:.2f} times the limit, the budget is {limit:g}")
        if one.scenario.name == "rss" and one.median("sdk") > one.median("floor") + RSS_MARGIN * slack:
            reported.append(f"{one.scenario.title}: {one.median('sdk') / 1e6:.0f} MB, {_margin()}")
        if (
            one.scenario.name == "memory"
            and "openai" in one.values
            and one.median("sdk") > one.median("openai") * slack
        ):
            reported.append(f"{one.scenario.title}: more than the official package's")
    if generation is not None and generation > GENERATION * slack:
        reported.append(f"generation: {generation:.1f} s of CPU, the budget is {GENERATION:g} s")
    return reported


def page(found: list[Measured], generation: float | None, rounds: int, command: str) -> str:
    """Return the results as Markdown."""
    lines = [INTRODUCTION.format(command=command, rounds=rounds), *_table(found, "floor", _budget)]
    limited = [one for one in found if "limit" in one.values]
    if limited:
        lines += [LIMIT, *_table(limited, "limit", lambda scenario: f"≤ {scenario.limit:g}")]
    if generation is not None:
        lines += [
            "",
            f"A whole generation from the pinned document: {generation:.1f} s of CPU (budget {GENERATION:g} s).",
        ]
    lines += ["", "![Ratios to the floor](results.svg)", "", PARTS, "", f"Machine: {machine()}."]
    broken = problems(found, generation, 1.0)
    lines += ["", "All budgets are met." if not broken else "Not met: " + "; ".join(broken) + "."]
    return "\n".join(lines) + "\n"


def _table(found: list[Measured], base: str, budget: Callable[[Scenario], str]) -> list[str]:
    """Return ratios to one contender, budgets and times as lines of Markdown."""
    measured = {contender for one in found for contender in one.values}
    ratios = [c for c in _RATIOS[base] if c in measured]
    times = [c for c in _TIMES[base] if c in measured]
    names = [*(f"{NAMES[c]} ÷ {base}" for c in ratios), "budget", *(NAMES[c] for c in times)]
    lines = [f"| | {' | '.join(names)} |", "|---|" + "---|" * len(names)]
    for one in found:
        cells = [*(_ratio(one, c, base) for c in ratios), budget(one.scenario), *(_time(one, c) for c in times)]
        lines.append(f"| {one.scenario.title} | {' | '.join(cells)} |")
    return lines


def _ratio(one: Measured, contender: str, base: str) -> str:
    if contender not in one.values:
        return ""
    return f"**{one.ratio(contender, base):.2f}**" if contender == "sdk" else f"{one.ratio(contender, base):.2f}"


def _time(one: Measured, contender: str) -> str:
    if contender not in one.values:
        return ""
    unit = one.scenario.unit
    return f"{one.median(contender) / UNITS[unit]:,.1f} {unit} ± {one.spread(contender):.0%}"


def _budget(scenario: Scenario) -> str:
    if scenario.name in ("rss", "memory"):
        return _margin() if scenario.name == "rss" else "below openai"
    return f"≤ {scenario.budget:g}" if scenario.budget is not None else ""


def machine() -> str:
    """Return what the numbers depend on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8", errors="replace").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    packages = ", ".join(
        f"{name} {_version(name)}" for name in ("httpx", "aiohttp", "orjson", "openai") if _version(name)
    )
    python = platform.python_version()
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {python}, {packages}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _margin() -> str:
    return f"≤ floor + {RSS_MARGIN / 1e6:g} MB"
