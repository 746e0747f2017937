"""`make contract` where it cannot run, and what it would install."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .contract import __main__ as runner
from .contract import node

_LOCK = json.loads((node.HERE / "package-lock.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The mark of an earlier run, in a cache of its own; no test here may run the servers, or change signals."""
    mark = tmp_path / "ran"
    mark.touch()
    monkeypatch.setattr(runner, "RAN", mark)
    monkeypatch.setattr(node, "CACHE", tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("pytest.main", lambda *_, **__: pytest.fail("the tests were run"))
    return mark


def test_without_node_it_says_so_and_succeeds(
    ran: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A machine without Node gets one clear line; the mark of an earlier run is gone, so that CI can tell."""
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert runner.main([]) == 0
    assert "contract tests SKIPPED: Node is not installed" in capsys.readouterr().out
    assert not ran.exists()


def test_what_cannot_be_installed_is_a_failure(
    ran: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where Node is, servers that cannot be installed fail the run, in npm's words."""
    monkeypatch.setattr(runner, "need_node", lambda: None)
    monkeypatch.setattr("shutil.which", lambda name: "false")
    assert runner.main([]) == 1
    assert "npm ci failed with code 1" in capsys.readouterr().err
    assert not ran.exists()


def test_nothing_may_be_skipped(ran: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A run in which a test was skipped is none that passed."""

    def run(arguments: list[str], plugins: list[runner._Count]) -> int:
        plugins[0].skipped = 2
        return 0

    monkeypatch.setattr(runner, "need_node", lambda: None)
    monkeypatch.setattr(runner, "install", lambda: None)
    monkeypatch.setattr("pytest.main", run)
    assert runner.main([]) == 1
    assert "2 were skipped" in capsys.readouterr().err
    assert not ran.exists()


def test_the_lock_names_no_registry() -> None:
    """Where packages come from is the reader's setting; what they are is pinned."""
    assert _LOCK["packages"][""]["dependencies"] == {"@copilotkit/aimock": "1.43.0", "@stdy/cli": "0.22.1"}
    assert "http" not in json.dumps(_LOCK)
    for name in ("@copilotkit/aimock", "@stdy/cli", "@stdy/cli-linux-x64"):
        assert _LOCK["packages"][f"node_modules/{name}"]["integrity"].startswith("sha512-")
