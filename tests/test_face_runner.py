"""The run of the official package's tests on the face: what it makes of their outcomes."""

from __future__ import annotations

from .contract.official.resources import Outcome, classified

_LIST = [{"class": "mock", "reason": "...", "tests": ["a.py::one", "a.py::two[strict]"]}]


def test_failures_are_counted_by_class() -> None:
    """A name stands for a test with all its parameters, or with the one in brackets."""
    outcomes = {
        "a.py::one[loose]": Outcome("failed", "no"), "a.py::one[strict]": Outcome("failed", "no"),
        "a.py::two[strict]": Outcome("failed", "no"), "a.py::two[loose]": Outcome("passed", ""),
        "a.py::three": Outcome("skipped", ""),
    }  # fmt: skip
    report = classified(outcomes, _LIST)
    assert report.counts == {"failed: mock": 3, "passed": 1, "skipped": 1}
    assert (report.unlisted, report.passed) == ({}, [])


def test_a_failure_that_is_not_listed_is_reported() -> None:
    """The run fails with it."""
    report = classified({"b.py::new": Outcome("failed", "broken")}, _LIST)
    assert report.unlisted == {"b.py::new": "broken"}


def test_a_listed_test_that_passes_is_reported() -> None:
    """An entry does not outlive its reason."""
    assert classified({"a.py::one[loose]": Outcome("passed", "")}, _LIST).passed == ["a.py::one[loose]"]
