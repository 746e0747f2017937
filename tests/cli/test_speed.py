"""The command line starts at once: its cost beside that of its library, in one run."""

from __future__ import annotations

from benchmarks.command_line import measure, problems

#: Machines are noisy: the budgets themselves are those of `python -m benchmarks cli`.
_SLACK = 1.6


def test_the_budgets_of_the_command_line() -> None:
    """Help costs little more than importing click, and the first token of `ask` comes soon after the library's."""
    assert problems(measure(3), _SLACK) == []
