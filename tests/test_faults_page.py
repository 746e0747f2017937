"""docs/faults.md is made from a report, and a row without a passing test fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_FAILED = '<failure message="no"/>'


def _run(folder: Path, *cases: str) -> subprocess.CompletedProcess[str]:
    report = folder / "junit.xml"
    report.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>", encoding="utf-8")
    command = [sys.executable, str(_ROOT / ".ci/faults.py"), str(report), "--check"]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def _case(name: str, inner: str = "") -> str:
    return f'<testcase classname="tests.faults.test_x" name="{name}">{inner}</testcase>'


def test_a_row_without_a_test_fails(tmp_path: Path) -> None:
    """A row that no test names is an error, which lists the worlds without a test."""
    done = _run(tmp_path, _case("test_c1_refused[sync]"))
    assert done.returncode == 1
    assert "row C1 has no passing test for asyncio" in done.stderr
    assert "row X6 has no passing test for sync" in done.stderr


def test_a_failing_test_counts_against_its_row(tmp_path: Path) -> None:
    """One failing test fails its row, whatever else passes."""
    cases = [_case("test_c1_a[sync]"), _case("test_c1_b[x-sync]", _FAILED), _case("test_c1_a[asyncio]")]
    assert "row C1 has no passing test for sync\n" in _run(tmp_path, *cases).stderr


def test_worlds(tmp_path: Path) -> None:
    """A world comes from a parameter or from a property; tests of pure code have none."""
    marked = '<properties><property name="world" value="asyncio"/></properties>'
    cases = [_case("test_c1_a[sync]"), _case("test_c1_b", marked), _case("test_k1_k2_c")]
    errors = _run(tmp_path, *cases).stderr
    assert "row C1" not in errors
    assert "row K1" not in errors
    assert "row K2" not in errors
    assert "row K3" in errors


def test_an_unknown_row_is_an_error(tmp_path: Path) -> None:
    """A test that names a row that the table does not have is an error."""
    assert "test_q9_x names the row Q9" in _run(tmp_path, _case("test_q9_x")).stderr


def test_a_report_that_is_missing(tmp_path: Path) -> None:
    """Without a report it says how to get one."""
    command = [sys.executable, str(_ROOT / ".ci/faults.py"), str(tmp_path / "none.xml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, "run `make test` first" in done.stderr) == (2, True)
