"""What is measured by itself, beside the rows of RESULTS.md: `python -m benchmarks NAME`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import NamedTuple

from . import bulk, command_line, extras, face, pace, realtime

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


def _realtime(given: Namespace) -> tuple[str, list[str]]:
    rounds = 3 if given.smoke else given.rounds
    results = realtime.measure(rounds)
    slack = SLACK if given.smoke else 1.0
    return realtime.page(results, rounds), [problem for one in results for problem in one.problems(slack)]


def _face(given: Namespace) -> tuple[str, list[str]]:
    return face.measure(3, SLACK) if given.smoke else face.measure(given.rounds)


PARTS = {
    "bulk": Part("many prompts from file to file", "BULK.md", lambda given: bulk.measure(min(given.rounds, 3))),
    "cli": Part("the command line", "CLI.md", _command_line),
    "extras": Part("pacing, hooks and telemetry", "EXTRAS.md", lambda given: (extras.measure(), [])),
    "face": Part("the face of the official package", "FACE.md", _face),
    "pace": Part("a rate limit", "PACE.md", lambda given: (pace.measure(), [])),
    "realtime": Part("an event of a WebSocket", "REALTIME.md", _realtime),
}
