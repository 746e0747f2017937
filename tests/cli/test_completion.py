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
    return [line.partition(",")[2] for line in cli().out.splitlines() if line]


def test_commands_and_values(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Resources, operations, options and the values of an enum are completed."""
    assert _completions(cli, monkeypatch, "oasdk vec", 1) == ["vector-stores"]
    assert _completions(cli, monkeypatch, "oasdk files ret", 2) == ["retrieve"]
    assert _completions(cli, monkeypatch, "oasdk files list --ord", 3) == ["--order"]
    assert _completions(cli, monkeypatch, "oasdk files list --order ", 4) == ["asc", "desc"]


@pytest.mark.parametrize("words", ["oasdk chat oasdk x", "oasdk nothing x", "oasdk chat create --no.such x --mod"])
def test_wrong_words_before_the_cursor(cli: CommandLine, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """What is wrong before the cursor is no error of the completion: a shell would show it amid the line."""
    found = _completions(cli, monkeypatch, words, len(words.split()) - 1)
    assert found == (["--model", "--modalities", "--moderation"] if words.endswith("--mod") else [])


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


@pytest.mark.parametrize(
    ("shell", "file", "start"),
    [
        ("bash", ".local/share/bash-completion/completions/oasdk", ".bashrc"),
        ("fish", ".config/fish/completions/oasdk.fish", None),
        ("zsh", ".zfunc/_oasdk", ".zshrc"),
    ],
)
def test_install(
    shell: str, file: str, start: str | None, cli: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One command writes the script where the shell looks for it, and one line where the shell needs it, once."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", f"/bin/{shell}")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "ZDOTDIR"):
        monkeypatch.delenv(name, raising=False)
    if start:
        (tmp_path / start).write_text("alias a=b")
    done = cli("completion", "--install")
    assert (done.code, done.out.splitlines()[0]) == (0, f"wrote {tmp_path / file}; a new shell completes oasdk")
    assert cli("completion", shell, "--install").out.count("\n") == 1
    assert f"_OASDK_COMPLETE={shell}_complete" in (tmp_path / file).read_text()
    if start:
        before, line = (tmp_path / start).read_text().splitlines()
        assert (before, line.endswith("  # completion of oasdk")) == ("alias a=b", True)


def test_an_unknown_shell(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither an argument nor SHELL names a shell that can be completed, the message lists them."""
    monkeypatch.setenv("SHELL", "/bin/ksh")
    done = cli("completion")
    assert (done.code, "name the shell: bash, fish, zsh" in done.err) == (2, True)


def test_files_after_an_at_sign(cli: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The files that @name can mean are completed, folders with a slash."""
    (tmp_path / "talks").mkdir()
    (tmp_path / "talk.json").write_text("[]")
    monkeypatch.chdir(tmp_path)
    words = "oasdk chat create --messages @"
    assert _completions(cli, monkeypatch, f"{words}ta", 4) == ["@talk.json", "@talks/"]
    assert _completions(cli, monkeypatch, f"{words}{tmp_path}/talk.", 4) == [f"@{tmp_path}/talk.json"]


def test_the_models_of_a_profile(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: LocalServer
) -> None:
    """The options before the cursor say which server has the models; names of profiles are completed, too."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9/v1")
    (tmp_path / "oasdk").mkdir()
    (tmp_path / "oasdk/profiles.toml").write_text(f'[local]\napi_base = "{server.url}"\n[work]\n')
    assert _completions(cli, monkeypatch, "oasdk --profile ", 2) == ["local", "work"]
    words = "oasdk --profile local ask -m gpt-4o-mini-"
    assert _completions(cli, monkeypatch, words, 5) == ["gpt-4o-mini-tts"]
