"""Progress: plain lines in a pipe, live ones on a terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from generator.progress import Progress


def progress(*, terminal: bool) -> str:
    """Run two stages and give what they printed."""
    stream = io.StringIO()
    shown = Progress(Console(file=stream, force_terminal=terminal, width=200, highlight=False))
    with shown.stage("normalise", "schemas") as stage:
        stage.count = 1422
    with shown.stage("publish"):
        pass
    shown.done()
    return stream.getvalue()


def test_progress_in_a_pipe_is_plain() -> None:
    """In a pipe each stage is one plain line: name, count, seconds."""
    lines = progress(terminal=False).splitlines()
    assert [line.split()[:-2] for line in lines[:2]] == [["normalise", "1,422", "schemas"], ["publish"]]
    assert lines[2].split()[0] == "total"
    assert lines[2].endswith(" s CPU)")


def test_progress_on_a_terminal_is_live() -> None:
    """On a terminal each stage is drawn while it runs, and ends with a tick."""
    text = progress(terminal=True)
    assert text.count("✓") == 2
    assert "\x1b[" in text


def test_a_stage_that_fails_prints_no_line() -> None:
    """A stage that ends with an error leaves the word to the error."""
    stream = io.StringIO()
    with pytest.raises(ZeroDivisionError), Progress(Console(file=stream)).stage("normalise"):
        raise ZeroDivisionError
    assert stream.getvalue() == ""
