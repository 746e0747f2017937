"""Which change of a limit refuses what callers send today."""

from __future__ import annotations

import pytest

from generator.compare.limits import changes
from generator.ir.facts import FACTS


@pytest.mark.parametrize("keyword", [key for key, _ in FACTS if "max" in key.lower() or "min" in key.lower()])
def test_a_limit_is_loosened_or_tightened(keyword: str) -> None:
    """A higher maximum takes more, and so does a lower minimum; the other way round is tighter."""
    low, high = {keyword: 1}, {keyword: 2}
    loose, tight = (low, high) if "max" in keyword.lower() else (high, low)
    [(what, tighter, _)] = changes(loose, tight)
    assert (what, tighter) == ("limit loosened", False)
    [(what, tighter, _)] = changes(tight, loose)
    assert (what, tighter) == ("limit tightened", True)


@pytest.mark.parametrize("keyword", ["pattern", "multipleOf"])
def test_another_rule_is_tighter(keyword: str) -> None:
    """Of a pattern or a step nobody can tell: it may refuse what was taken before."""
    assert [tighter for _, tighter, _ in changes({keyword: "2"}, {keyword: "1"})] == [True]
