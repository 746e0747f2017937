"""`bulk`: a file of lines in, a file of results out, on the command line."""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path

import pytest

from sdk.testing import LocalServer

from ..bulk.files import batch_line, ids, read, write
from .run import CommandLine
from .terminal import Terminal


def test_bulk(server: LocalServer, cli: CommandLine, tmp_path: Path) -> None:
    """The summary is on stdout, the progress on stderr, and the exit code is 0."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(5)])
    target = tmp_path / "out.jsonl"
    done = cli("bulk", str(source), "-o", str(target), "--limit", "3")
    assert (done.code, done.out.startswith("5 lines: 3 done, 2 remain (limit), ")) == (0, True)
    assert done.err.splitlines()[-1].startswith("3 of 3, ")
    done = cli("bulk", str(source), "-o", str(target), "--quiet", "--output", "json")
    found = json.loads(done.out)
    assert (done.code, done.err, found["before"], found["done"]) == (0, "", 3, 2)
    assert ids(target) == [f"r{n}" for n in range(5)]


def test_bulk_of_a_table(server: LocalServer, cli: CommandLine, tmp_path: Path) -> None:
    """--template, --model and --set make the calls of a CSV."""
    table = tmp_path / "in.csv"
    table.write_text("text\nHello\n", encoding="utf-8")
    given = ["bulk", str(table), "-o", str(tmp_path / "out.jsonl"), "-m", "gpt-4o", "--set", "temperature=0"]
    assert cli(*given, "--template", "Classify: {text}", "--set", "response_format.type=text").code == 0
    assert server.requests[0].json() == {
        "model": "gpt-4o", "temperature": 0, "response_format": {"type": "text"},
        "messages": [{"role": "user", "content": "Classify: Hello"}],
    }  # fmt: skip
    assert cli(*given, "--template", "{none}").code == 2
    assert cli(*given, "--set", "x").code == 2


def test_bulk_from_standard_input(
    server: LocalServer, cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """- reads JSON Lines; a dry run shows the first request and sends nothing."""
    for dry in (True, False):
        content = b'{"prompt": "Hi"}\n\n{"prompt": "You"}\n'
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        given = ["bulk", "-", "-o", str(tmp_path / "out.jsonl"), "-m", "gpt-4o", "--quiet"]
        done = cli(*given, *(["--dry-run"] if dry else []))
        assert done.code == 0
        if dry:
            assert done.out.startswith("2 lines, 0 done, 2 to send: about ")
            assert '"content": "Hi"' in done.out
            assert server.requests == []
    assert len(read(tmp_path / "out.jsonl")) == 2


def test_exit_codes(server: LocalServer, cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Failed lines are 1, a bad source 2, a wrong key 3, a budget 5."""
    source, target = write(tmp_path / "in.jsonl", [batch_line(0), batch_line(1)]), str(tmp_path / "out.jsonl")
    prices = tmp_path / "prices.json"
    prices.write_text('{"gpt": {"input": 1000000}}', encoding="utf-8")
    assert cli("bulk", str(source), "-o", target, "--max-cost", "1", "--prices", str(prices)).code == 5
    assert cli("bulk", str(source), "-o", target, "--max-cost", "1").code == 2
    server.fail(400)
    assert cli("bulk", str(source), "-o", target).code == 1
    assert cli("bulk", str(source), "-o", target, "--retry-errors").code == 0
    assert cli("bulk", str(tmp_path / "none.jsonl"), "-o", target).code == 2
    monkeypatch.setenv("OPENAI_API_KEY", "wrong")
    assert cli("bulk", str(source), "-o", str(tmp_path / "other.jsonl")).code == 3


def test_batch(server: LocalServer, cli: CommandLine, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """`batch` does the same by the Batch API, without a word about a number of calls that nobody has chosen."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(3)])
    done = cli("batch", str(source), "-o", str(tmp_path / "out.jsonl"))
    assert (done.code, done.out.startswith("3 lines: 3 done, ")) == (0, True)
    assert {request.operation for request in server.requests} > {"files.create", "batches.create", "files.content"}
    assert caplog.messages == []
    assert "3 of 3, " in done.err


def test_bulk_on_a_terminal(server: LocalServer, tmp_path: Path) -> None:
    """A bar shows the progress, and ends with all lines."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(5)])
    with Terminal("bulk", str(source), "-o", str(tmp_path / "out.jsonl")) as terminal:
        assert terminal.end() == 0
        assert "100% 5 of 5, " in terminal.screen
        assert "5 lines: 5 done, " in terminal.screen


def test_bulk_is_interrupted(server: LocalServer, tmp_path: Path) -> None:
    """Ctrl-C ends with 130, and says how to go on; what is done stays."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(2000)])
    with Terminal("bulk", str(source), "-o", str(tmp_path / "out.jsonl"), "-j", "2", columns=250) as terminal:
        terminal.wait_for("of 2,000")
        while len(server.requests) < 10:
            time.sleep(0.001)
        terminal.interrupt()
        assert terminal.end() == 130
        assert "the same call does the rest" in terminal.screen
        assert "interrupted" in terminal.screen
    assert 5 <= len(ids(tmp_path / "out.jsonl")) < 2000
