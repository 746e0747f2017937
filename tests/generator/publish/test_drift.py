"""The check: it finds every way in which files can drift, and says so readably."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.emit.header import MARKER
from generator.publish.drift import Difference, check, report
from generator.publish.folders import publish

LINE = f"{MARKER} a test.\n"
OLD = {"sdk/api": {"__init__.py": LINE}, "sdk/models": {"a.py": LINE, "b.py": LINE}}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a folder in which OLD was published."""
    publish(tmp_path, OLD)
    return tmp_path


def test_equal_trees_have_no_difference(root: Path) -> None:
    """What was just published is in place."""
    assert check(root, OLD) == []


def test_a_stale_file_is_found(root: Path) -> None:
    """A file with other bytes is stale."""
    (root / "sdk/models/a.py").write_text(LINE + "edited\n")
    assert check(root, OLD) == [Difference("stale", "sdk/models/a.py", LINE, LINE + "edited\n")]


def test_a_cut_file_is_found(root: Path) -> None:
    """A file that ends too early is cut."""
    (root / "sdk/models/a.py").write_text(LINE[:-1])
    assert check(root, OLD) == [Difference("cut", "sdk/models/a.py", LINE, LINE[:-1])]


def test_an_extra_file_is_found(root: Path) -> None:
    """A file that would not be generated is extra."""
    (root / "sdk/models/c.py").write_text("c\n")
    assert check(root, OLD) == [Difference("extra", "sdk/models/c.py", None, "c\n")]


def test_a_missing_file_is_found(root: Path) -> None:
    """A file that is not there is missing; so is every file of a missing folder."""
    (root / "sdk/models/a.py").unlink()
    assert check(root, OLD) == [Difference("missing", "sdk/models/a.py", LINE, None)]
    (root / "sdk/models/b.py").unlink()
    (root / "sdk/models").rmdir()
    assert [one.kind for one in check(root, OLD)] == ["missing", "missing"]


def test_changed_line_ends_are_found(root: Path) -> None:
    """Bytes are compared, not lines."""
    (root / "sdk/models/a.py").write_bytes(LINE.replace("\n", "\r\n").encode())
    differences = check(root, OLD)
    assert [one.kind for one in differences] == ["stale"]
    assert differences[0].diff() == "the lines are equal, the line ends are not"


def test_the_report_lists_all_and_shows_one() -> None:
    """The report names every file, and shows the first changed one as a diff."""
    differences = [
        Difference("missing", "sdk/a.py", "a\n", None),
        Difference("stale", "sdk/b.py", "one\ntwo\n", "one\n2\n"),
    ]
    assert report(differences).splitlines() == [
        "missing  sdk/a.py  is not there",
        "stale    sdk/b.py  differs",
        "",
        "--- sdk/b.py (in place)",
        "+++ sdk/b.py (generated)",
        "@@ -1,2 +1,2 @@",
        " one",
        "-2",
        "+two",
    ]


def test_a_long_report_is_cut() -> None:
    """Of many differences and long diffs the rest is counted."""
    text = report([Difference("extra", f"sdk/{n}.py", None, "x\n" * 50) for n in range(40)])
    assert "... and 10 more" in text
    assert text.endswith("... 33 more lines")
