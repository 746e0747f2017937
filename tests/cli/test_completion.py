"""Shells complete commands, options, values and the names of models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sdk.testing import LocalServer

from .run import CommandLine


def _completions(cli: CommandLine, monkeypatch: pytest.MonkeyPatch, words: str, last: int) -> list[str]:
    monkeypatch.setenv("_OASDK_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(last))
    return [line.partition(",")[2] for line in cli().out.splitlines()]


def test_commands_and_values(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Resources, operations, options and the values of an enum are completed."""
    assert _completions(cli, monkeypatch, "oasdk vec", 1) == ["vector-stores"]
    assert _completions(cli, monkeypatch, "oasdk files ret", 2) == ["retrieve"]
    assert _completions(cli, monkeypatch, "oasdk files list --ord", 3) == ["--order"]
    assert _completions(cli, monkeypatch, "oasdk files list --order ", 4) == ["asc", "desc"]


def test_models_are_those_of_the_server(
    server: LocalServer, cli: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The names of models come from the server, once a day."""
    monkeypatch.setenv("HOME", str(tmp_path))
    words = "oasdk chat create --model gpt-4o"
    assert _completions(cli, monkeypatch, words, 4) == ["gpt-4o-mini", "gpt-4o", "gpt-4o-mini-tts"]
    assert _completions(cli, monkeypatch, words, 4) == ["gpt-4o-mini", "gpt-4o", "gpt-4o-mini-tts"]
    assert len(server.requests) == 1
    assert list(json.loads((tmp_path / ".cache/oasdk/models.json").read_text())) == [server.url]


def test_a_dead_server_completes_the_known_models(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where the server does not answer, the models of the description are completed."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    assert "gpt-4o-mini" in _completions(cli, monkeypatch, "oasdk chat create --model gpt-4o", 4)


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_install(shell: str, cli: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One command writes the script where the shell looks for it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    done = cli("completion", shell, "--install")
    assert done.code == 0
    (written,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert f"wrote {written}; a new shell completes oasdk" in done.out
    assert f"_OASDK_COMPLETE={shell}_complete" in written.read_text()
