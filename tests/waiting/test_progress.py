"""What a wait writes to stderr: one line that is rewritten on a terminal, a line for each change elsewhere."""

from __future__ import annotations

import io
import os

import pytest

from sdk import models
from tests.waiting.world import WORLDS, batch, states, world


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@WORLDS
def test_where_stderr_is_no_terminal(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """A log gets a line for each change of state, and none for a look that sees no change."""
    stderr = io.StringIO()
    monkeypatch.setattr("sys.stderr", stderr)
    with world(monkeypatch, states("validating", "in_progress", "in_progress", "completed")) as made:
        made.wait(waits, models.Batch.from_dict(batch("validating")), client=made.client, progress=True)
    assert stderr.getvalue().splitlines() == [
        "Batch batch_1: validating, 0 s",
        "Batch batch_1: in_progress, 1 s",
        "Batch batch_1: completed, 4 s",
    ]


@WORLDS
def test_on_a_terminal(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """One line is rewritten with each look; a shorter text covers a longer one, and the line ends with the wait."""
    stderr = _Terminal()
    monkeypatch.setattr("sys.stderr", stderr)
    with world(monkeypatch, states("in_progress", "completed")) as made:
        made.wait(waits, models.Batch.from_dict(batch()), client=made.client, progress=True)
    assert stderr.getvalue() == (
        "\rBatch batch_1: in_progress, 0 s\rBatch batch_1: in_progress, 0 s\rBatch batch_1: completed, 1 s  \n"
    )


def test_a_line_is_no_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that wrapped could not be rewritten."""
    stderr = _Terminal()
    monkeypatch.setattr("sys.stderr", stderr)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((20, 24)))
    with world(monkeypatch, states("completed")) as made:
        made.wait("sync", models.Batch.from_dict(batch()), client=made.client, progress=True)
    assert stderr.getvalue() == "\rBatch batch_1: in_p\rBatch batch_1: comp\n"


def test_an_interrupted_line_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed next, as a traceback, begins on a line of its own."""
    stderr = _Terminal()
    monkeypatch.setattr("sys.stderr", stderr)
    with world(monkeypatch, states("in_progress")) as made, pytest.raises(ZeroDivisionError):
        made.clock.on_sleep = lambda: 1 // 0
        made.wait("sync", models.Batch.from_dict(batch()), client=made.client, progress=True)
    assert stderr.getvalue().endswith(" s\n")


def test_nothing_is_written_unasked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without progress=True a wait is silent; a program without stderr may ask for progress, too."""
    with world(monkeypatch, states("completed")) as made:
        made.wait("sync", models.Batch.from_dict(batch()), client=made.client)
        assert capsys.readouterr() == ("", "")
        monkeypatch.setattr("sys.stderr", None)
        made.wait("sync", models.Batch.from_dict(batch()), client=made.client, progress=True)
