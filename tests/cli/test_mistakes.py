"""Mistakes on the command line: one message that says what is near, which file, and what to do."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from sdk._cli.failures import nearest
from sdk.testing import LocalServer

from ..bulk.files import batch_line, write
from .run import CommandLine


@pytest.fixture(autouse=True)
def _stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input is empty, as of a program that gets none."""
    monkeypatch.setattr("sys.stdin", io.StringIO(""))


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["files", "list", "--lmit", "3"], "Did you mean '--limit'?"),
        (["chat", "create", "--respons-format.type", "x"], "Did you mean '--response-format'?"),
        (["files", "lst"], "did you mean list?"),
    ],
)
def test_the_nearest_word(cli: CommandLine, arguments: list[str], near: str) -> None:
    """An option or a command that is hardly alike is not suggested."""
    done = cli(*arguments)
    assert (done.code, near in done.err) == (2, True)


def test_words_that_are_as_near() -> None:
    """Where several are about as near, all are suggested, the nearest first."""
    assert nearest("--form", ["--from", "--format", "--to"]) == ["--format", "--from"]
    assert nearest("--zzz", ["--from"]) == []


def test_a_tool_is_checked_before_the_conversation(server: LocalServer, cli: CommandLine) -> None:
    """A function that cannot be a tool is found at the start."""
    for command in (["chat"], ["ask", "Hi"], ["ask", "Hi", "--dry-run"]):
        done = cli(*command, "--tool", "math:sqrt")
        assert (done.code, "--tool math:sqrt cannot be a tool: the tool sqrt: " in done.err) == (2, True)
    assert server.requests == []
    shown = cli("ask", "Hi", "--tool", "posixpath:basename", "--dry-run")
    assert '"name": "basename"' in shown.out


def test_files_that_cannot_be_used(
    server: LocalServer, cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message has the file and what to do, and no number of an error."""
    none = str(tmp_path / "none.json")
    lines = f"/load {none}\n/load {tmp_path}\n/image {none}\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert cli("chat").err.splitlines() == [
        f"{none}: No such file or directory; check the path",
        f"{tmp_path}: Is a directory; name a file in it",
        f"the picture {none} cannot be sent: No such file or directory; check the path",
    ]
    assert f"the picture {none} cannot be sent: No such file" in cli("ask", "Hi", "-a", none).err
    source = str(write(tmp_path / "in.jsonl", [batch_line(0)]))
    done = cli("bulk", source, "-o", str(tmp_path / "out.jsonl"), "--prices", none)
    assert done.err == f"python -m sdk: {none}: No such file or directory; check the path\n"


def test_bulk_without_a_server(cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends with one message and the exit code of connections, and leaves no target."""
    with LocalServer() as gone:
        monkeypatch.setenv("OPENAI_API_BASE", gone.url)
        monkeypatch.setenv("OPENAI_API_KEY", "test-key")
    source = str(write(tmp_path / "in.jsonl", [batch_line(number) for number in range(9)]))
    done = cli("bulk", source, "-o", str(tmp_path / "out.jsonl"), "--quiet", "--max-retries", "0")
    assert (done.code, done.out, len(done.err.splitlines())) == (7, "", 1)
    assert done.err.startswith(f"python -m sdk: nothing answers at {gone.url}: 9 lines in a row got no reply (")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_bulk_without_a_model(server: LocalServer, cli: CommandLine, tmp_path: Path) -> None:
    """The line that needs it is named, in words of the command line."""
    source = str(write(tmp_path / "in.jsonl", [{"prompt": "Hi"}]))
    done = cli("bulk", source, "-o", str(tmp_path / "out.jsonl"))
    assert (done.code, (tmp_path / "out.jsonl").exists()) == (2, False)
    assert "line 1: chat.create needs model; give it in the line, or to all lines by --model or --set" in done.err
