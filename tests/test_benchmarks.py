"""What the benchmarks make of the values they measure, and which budgets they find broken."""

from __future__ import annotations

import pytest

from benchmarks.measure import Measured
from benchmarks.report import page, problems
from benchmarks.scenarios import SCENARIOS, Scenario

CALL = Scenario("sync", "one call", "µs", 1, 0.5)


def _measured(scenario: Scenario = CALL, **values: list[float]) -> Measured:
    return Measured(scenario, values)


def test_a_ratio_is_taken_round_by_round() -> None:
    """A round in which the whole machine is slow does not change the ratio."""
    found = _measured(floor=[2.0, 20.0, 4.0], sdk=[1.0, 10.0, 2.0])
    assert found.ratio("sdk") == 0.5
    assert found.median("floor") == 4.0


@pytest.mark.parametrize(
    ("cost", "slack", "broken"), [(0.5, 1, False), (0.6, 1, True), (0.9, 2, False), (1.1, 2, True)]
)
def test_a_budget_is_broken_above_it(cost: float, slack: float, broken: bool) -> None:
    """A ratio above its budget, times the slack, is told; one at its budget is not."""
    told = problems([_measured(floor=[1.0], sdk=[cost])], None, slack)
    assert told == ([f"one call: {cost:.2f} times the floor, the budget is 0.5"] if broken else [])


def test_memory_of_the_cold_start_may_lie_above_the_floor() -> None:
    """Its budget is a distance, not a ratio."""
    rss = next(s for s in SCENARIOS if s.name == "rss")
    assert problems([_measured(rss, floor=[30e6], sdk=[38e6])], None, 1) == []
    assert len(problems([_measured(rss, floor=[30e6], sdk=[39e6])], None, 1)) == 1


def test_an_open_stream_takes_no_more_than_the_official_packages() -> None:
    """The memory of an open stream is held against the official package's, where that was measured."""
    memory = next(s for s in SCENARIOS if s.name == "memory")
    assert problems([_measured(memory, floor=[1.0], sdk=[9.0])], None, 1) == []
    told = problems([_measured(memory, floor=[1.0], sdk=[9.0], openai=[8.0])], None, 1)
    assert told == [f"{memory.title}: more than the official package's"]


def test_the_page_says_what_is_not_met() -> None:
    """A broken budget stands on the page, whose last line is else that all are met."""
    broken = page([_measured(floor=[1.0] * 3, sdk=[0.6] * 3)], None, 3, "make bench")
    assert broken.endswith("Not met: one call: 0.60 times the floor, the budget is 0.5.\n")
    assert page([_measured(floor=[1.0] * 3, sdk=[0.4] * 3)], None, 3, "make bench").endswith("All budgets are met.\n")
