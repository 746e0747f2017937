"""Both packages, started once for all tests, and the figures of the comparison."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from . import package
from .calling import OPTIONS, Both
from .recorder import Recorder
from .tables import listed

#: The tests and programs that run elsewhere.
collect_ignore = ["programs", "suite"]
_BOTH = pytest.StashKey[Both]()


@pytest.fixture(autouse=True)
def _nothing_is_left() -> None:
    """Both packages keep their connections from test to test."""


@pytest.fixture(scope="session")
def both(pytestconfig: pytest.Config) -> Iterator[Both]:
    """Both packages with clients for one recording server."""
    if not package.installed():
        pytest.skip("the official package is not installed: run `make compat`")
    with Recorder() as recorder, package.running(recorder.url, **OPTIONS) as official:
        pytestconfig.stash[_BOTH] = both = Both(recorder, official)
        with both.client:
            yield both


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell what was compared."""
    both = config.stash.get(_BOTH, None)
    if both is not None:
        differing, pairs = listed(), sum(map(len, listed().values()))
        terminalreporter.write_line(
            f"compared with {package.pin()}: {len(both.operations):,} operations in {both.count:,} calls; "
            f"{len(both.operations - differing.keys()):,} send the same, {len(both.operations & differing.keys()):,} "
            f"differ in what is listed ({pairs:,} differences)"
        )
