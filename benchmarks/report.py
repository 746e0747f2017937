"""The results as a page: ratios first, then times, budgets, and the machine."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .measure import Measured
from .scenarios import GENERATION, RSS_MARGIN, UNITS

INTRODUCTION = """\
# Results

Written by `{command}`: medians of {rounds} rounds, the contenders in turn within each round, each in a process of its
own against one small server on the same machine. What is counted is the CPU time of the client's process, and memory
where it says so. A ratio is that of a round's value to its floor: bare httpx and orjson, without types. Behind ± stands
half the distance of the quartiles.
"""
NAMES = {"floor": "httpx + orjson", "sdk": "this SDK", "openai": "openai"}


def problems(found: list[Measured], generation: float | None, slack: float) -> list[str]:
    """Return the budgets that are broken by more than a factor."""
    told = []
    for one in found:
        budget = one.scenario.budget
        if budget is not None and one.ratio("sdk") > budget * slack:
            told.append(f"{one.scenario.title}: {one.ratio('sdk'):.2f} times the floor, the budget is {budget:g}")
        if one.scenario.name == "rss" and one.median("sdk") > one.median("floor") + RSS_MARGIN * slack:
            told.append(f"{one.scenario.title}: {one.median('sdk') / 1e6:.0f} MB, {_margin()}")
        if (
            one.scenario.name == "memory"
            and "openai" in one.values
            and one.median("sdk") > one.median("openai") * slack
        ):
            told.append(f"{one.scenario.title}: more than the official package's")
    if generation is not None and generation > GENERATION * slack:
        told.append(f"generation: {generation:.1f} s of CPU, the budget is {GENERATION:g} s")
    return told


def page(found: list[Measured], generation: float | None, rounds: int, command: str) -> str:
    """Return the results as Markdown."""
    others = [c for c in found[0].values if c != "floor"]
    ratios = " | ".join(f"{NAMES[c]} ÷ floor" for c in others)
    names = " | ".join(NAMES[c] for c in found[0].values)
    lines = [
        INTRODUCTION.format(command=command, rounds=rounds),
        f"| | {ratios} | budget | {names} |",
        "|---|" + "---|" * (2 * len(others) + 2),
    ]
    for one in found:
        scenario, unit = one.scenario, UNITS[one.scenario.unit]
        cells = [f"**{one.ratio(c):.2f}**" if c == "sdk" else f"{one.ratio(c):.2f}" for c in others]
        times = [f"{one.median(c) / unit:,.1f} {scenario.unit} ± {one.spread(c):.0%}" for c in one.values]
        budget = f"≤ {scenario.budget:g}" if scenario.budget is not None else ""
        budget = _margin() if scenario.name == "rss" else "below openai" if scenario.name == "memory" else budget
        lines.append(f"| {scenario.title} | {' | '.join(cells)} | {budget} | {' | '.join(times)} |")
    if generation is not None:
        lines += [
            "",
            f"A whole generation from the pinned document: {generation:.1f} s of CPU (budget {GENERATION:g} s).",
        ]
    lines += ["", "![Ratios to the floor](results.svg)", "", f"Machine: {machine()}."]
    broken = problems(found, generation, 1.0)
    lines += ["", "All budgets are met." if not broken else "Not met: " + "; ".join(broken) + "."]
    return "\n".join(lines) + "\n"


def machine() -> str:
    """Return what the numbers depend on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8", errors="replace").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    packages = ", ".join(f"{name} {_version(name)}" for name in ("httpx", "orjson", "openai") if _version(name))
    python = platform.python_version()
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {python}, {packages}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _margin() -> str:
    return f"≤ floor + {RSS_MARGIN / 1e6:g} MB"
