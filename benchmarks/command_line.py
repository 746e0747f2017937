"""What the command line costs: the CPU time of its help, and of `ask` until the first token."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sdk.testing import LocalServer

ROOT = Path(__file__).parents[1]
#: The commands whose help is measured, and how much more than `import click` each may cost.
HELP = ("--help", "chat --help", "chat create --help")
HELP_BUDGET = 1.5
#: How many milliseconds later than the library `ask` may write its first token.
ASK_BUDGET = 15.0
#: How much less than `llm --help` the help must cost.
OTHER_BUDGET = 1 / 6

_CLICK = [sys.executable, "-c", "import click"]
_STDOUT = """
import sys, time
class Output:
    first = None
    encoding, errors = "utf-8", "strict"
    def write(self, text):
        if self.first is None and text:
            self.first = time.process_time()
        return len(text)
    def flush(self):
        pass
    def isatty(self):
        return False
output = sys.stdout = Output()
"""
_LIBRARY = """
from sdk import Client
with Client() as client:
    with client.chat.create.stream(model="gpt-4o-mini", messages=[{"role": "user", "content": "hi"}]) as stream:
        for text in stream.text():
            sys.stdout.write(text)
"""
_ASK = """
sys.argv = ["sdk", "ask", "hi", "-m", "gpt-4o-mini"]
from sdk.__main__ import main
assert main() == 0
"""
_END = "\nsys.__stdout__.write(str(output.first))"


class Costs(NamedTuple):
    """Ratios to `import click` by command, the milliseconds of `ask` beyond the library, ratios of llm by command."""

    help: dict[str, float]
    ask: float
    other: dict[str, float]


def measure(rounds: int, other: Sequence[str] = ()) -> Costs:
    """Measure in turns, so that noise meets all alike; `other` is another command line, such as ["llm", "--help"]."""
    with _environment() as environment, LocalServer() as server:
        environment |= {"OPENAI_API_BASE": server.url, "OPENAI_API_KEY": server.api_key or ""}
        commands = {name: [sys.executable, "-m", "sdk", *name.split()] for name in HELP}
        ratios: dict[str, list[float]] = {name: [] for name in HELP}
        others: dict[str, list[float]] = {name: [] for name in HELP}
        differences = []
        for number in range(rounds + 1):
            click = _cost(_CLICK, environment)
            costs = {name: _cost(command, environment) for name, command in commands.items()}
            library, ask = (_first(code, environment) for code in (_LIBRARY, _ASK))
            slow = _cost(other, environment) if other else 0.0
            if number:  # the first round compiles
                differences.append((ask - library) * 1000)
                for name in HELP:
                    ratios[name].append(costs[name] / click)
                    others[name].append(slow / costs[name])
    return Costs(_medians(ratios), statistics.median(differences), _medians(others) if other else {})


def _medians(values: Mapping[str, list[float]]) -> dict[str, float]:
    return {name: statistics.median(found) for name, found in values.items()}


@contextmanager
def _environment() -> Iterator[dict[str, str]]:
    """Give an environment in which every module is compiled once, as it is where a package is installed."""
    with tempfile.TemporaryDirectory(prefix="sdk-bench-") as folder:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_", "OPENAI_"))}
        yield {**kept, "PYTHONPYCACHEPREFIX": folder, "PYTHONPATH": str(ROOT)}


def _cost(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Return the CPU seconds of a process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _first(code: str, environment: Mapping[str, str]) -> float:
    """Return the CPU seconds of a process until it writes something."""
    command = [sys.executable, "-c", _STDOUT + code + _END]
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=60
    )
    return float(done.stdout)


def problems(costs: Costs, slack: float = 1.0) -> list[str]:
    """Return the budgets that are broken by more than a factor."""
    found = [
        f"{name}: {ratio:.2f} times `import click`, the budget is {HELP_BUDGET:g}"
        for name, ratio in costs.help.items()
        if ratio > HELP_BUDGET * slack
    ]
    if costs.ask > ASK_BUDGET * slack:
        found.append(f"ask: {costs.ask:.1f} ms after the library, the budget is {ASK_BUDGET:g}")
    found += [
        f"{name}: the other command line takes {ratio:.1f} times as long, the budget is {1 / OTHER_BUDGET:g}"
        for name, ratio in costs.other.items()
        if ratio < 1 / OTHER_BUDGET / slack
    ]
    return found


def page(costs: Costs) -> str:
    """Return the results as lines."""
    lines = [f"{name:<20} {ratio:.2f} times the CPU time of `import click`" for name, ratio in costs.help.items()]
    lines += [f"{'ask, first token':<20} {costs.ask:.1f} ms CPU after the library's"]
    lines += [f"{name:<20} the other one takes {ratio:.1f} times as long" for name, ratio in costs.other.items()]
    return "\n".join(lines)
