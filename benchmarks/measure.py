"""Run scenarios: the contenders interleaved, each in a process of its own, so that noise meets all of them alike."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

from attrs import define, field

from .contenders import COLD, IMPORT
from .scenarios import Scenario

ROOT = Path(__file__).parents[1]
#: The official package loads aiohttp where it is installed, 85 ms and 9 MB that a plain installation does not pay.
_START = """
import sys
sys.modules["aiohttp"] = None
"""
_END = """
import resource
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""


@define
class Measured:
    """The values of one scenario, by contender: CPU seconds of one unit, or bytes."""

    scenario: Scenario
    values: dict[str, list[float]] = field(factory=dict)

    def median(self, contender: str) -> float:
        """Return the middle value."""
        return statistics.median(self.values[contender])

    def spread(self, contender: str) -> float:
        """Return half of what lies between the quartiles, as a part of the median."""
        values = self.values[contender]
        if len(values) < 4:
            return (max(values) - min(values)) / 2 / self.median(contender)
        low, _, high = statistics.quantiles(values, n=4)
        return (high - low) / 2 / self.median(contender)

    def ratio(self, contender: str, to: str = "floor") -> float:
        """Return the median of the ratios to another contender, round by round."""
        pairs = zip(self.values[contender], self.values[to], strict=True)
        return statistics.median(value / other for value, other in pairs)


class Process:
    """A Python process that answers by line."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-W", "ignore", "-m", *arguments]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.first = self._line()

    def ask(self, line: str) -> str:
        """Send a line and return the answer. Raises RuntimeError when the process has died."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a process of the benchmarks has ended with code {self._process.wait()}; see above")
        return line.strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        self._process.wait()


def measure(
    scenarios: Iterable[Scenario], contenders: list[str], rounds: int, tell: Callable[[str], None]
) -> list[Measured]:
    """Measure scenarios, round after round, each contender once in a round and in turn first."""
    found = [Measured(s, {c: [] for c in contenders if s.takes_part(c)}) for s in scenarios]
    with Process("benchmarks.server") as server:
        url = f"http://127.0.0.1:{server.first}/v1"
        for one in found:
            tell(one.scenario.title)
            if one.scenario.name == "rss":
                continue  # measured with the cold start
            workers: dict[str, Process] = {}
            try:
                if not one.scenario.fresh:
                    workers = {c: Process("benchmarks.worker", c, url) for c in one.values}
                _rounds(one, found, workers, rounds, url)
            finally:
                for worker in workers.values():
                    worker.__exit__()
    return found


def _rounds(one: Measured, found: list[Measured], workers: dict[str, Process], rounds: int, url: str) -> None:
    scenario, contenders = one.scenario, list(one.values)
    rss = next((m for m in found if m.scenario.name == "rss"), None) if scenario.name == "cold" else None
    for number in range(-1, rounds):  # the first one warms up
        first = number % len(contenders)
        for contender in contenders[first:] + contenders[:first]:
            if scenario.fresh:
                seconds, peak = _fresh(scenario.name, contender, url)
            else:
                seconds, peak = float(workers[contender].ask(f"{scenario.name} {scenario.size}")), 0.0
            if number >= 0:
                one.values[contender].append(seconds)
                if rss is not None:
                    rss.values[contender].append(peak)


def _fresh(name: str, contender: str, url: str) -> tuple[float, float]:
    """Run the fresh process of a scenario; see `fresh`."""
    return fresh((IMPORT if name == "import" else COLD)[contender], url)


def fresh(code: str, *arguments: str) -> tuple[float, float]:
    """Run code in a fresh process, and return its CPU seconds and peak memory."""
    command = [sys.executable, "-W", "ignore", "-c", _START + code + _END, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=_plain_environment())
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def _plain_environment() -> dict[str, str]:
    """Return the environment without what clients read: other certificates make httpx a third dearer to start.

    Nor with what keeps Python from keeping bytecode: pip compiles what it installs, and this SDK would be compiled anew
    in every process, for as long as all else takes.
    """
    dropped = ("SSL_", "OPENAI_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(dropped)}


def generation() -> float:
    """Return the CPU seconds of a whole generation from the pinned document, which writes nothing."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "generator", "check"], cwd=ROOT, capture_output=True, check=True)
    after: Any = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
