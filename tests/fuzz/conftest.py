"""Report how many cases each fuzzer ran, and what they came to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from .scale import Tally

#: The property of a test report that has its tally.
_PROPERTY = "tally"


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Iterator[Tally]:
    """Count what the cases of a test come to."""
    counted = Tally()
    yield counted
    record_property(_PROPERTY, ", ".join(f"{count:,} {name}" for name, count in counted.items()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tallies."""
    for report in terminalreporter.getreports(""):  # those of the teardowns, which come from workers too
        for name, value in report.user_properties:
            if name == _PROPERTY and report.when == "teardown":
                terminalreporter.write_line(f"{report.nodeid.rpartition('/')[2]}: {value}")
