"""What is measured by itself, beside the rows of RESULTS.md: `python -m benchmarks NAME`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import NamedTuple

from . import bulk, command_line, extras, pace

#: How much more than its budget something may cost before the smoke version fails: these machines are noisy.
SLACK = 2.0


class Part(NamedTuple):
    """What a part shows, the file that it writes, and how it is measured: it returns its page and broken budgets."""

    shows: str
    file: str
    measure: Callable[[Namespace], tuple[str, list[str]]]


def _command_line(given: Namespace) -> tuple[str, list[str]]:
    costs = command_line.measure(given.rounds, (given.beside or "").split())
    return command_line.page(costs), command_line.problems(costs)


PARTS = {
    "bulk": Part("many prompts from file to file", "BULK.md", lambda given: bulk.measure(min(given.rounds, 3))),
    "cli": Part("the command line", "CLI.md", _command_line),
    "extras": Part("pacing, hooks and telemetry", "EXTRAS.md", lambda given: (extras.measure(), [])),
    "pace": Part("a rate limit", "PACE.md", lambda given: (pace.measure(), [])),
}
