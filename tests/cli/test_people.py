"""The commands for people, on terminals and in pipes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sdk.testing import LocalServer

from .run import CommandLine
from .terminal import Terminal


@pytest.fixture(autouse=True)
def _stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input is empty, as of a program that gets none."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))


def test_ask(server: LocalServer, cli: CommandLine) -> None:
    """`ask` sends one message, and writes the answer."""
    server.reply("Forty-two.")
    assert cli("ask", "what", "is it?", "-m", "gpt-4o", "-s", "Be brief.") == (0, "Forty-two.\n", "")
    body = server.requests[-1].json()
    assert (body["model"], body["stream"]) == ("gpt-4o", True)
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "what is it?"},
    ]


def test_ask_about_standard_input(server: LocalServer, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is piped in is the context of the question."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("a log\n"))
    assert cli("ask", "what failed?").code == 0
    assert server.requests[-1].json()["messages"][0]["content"] == "what failed?\n\na log"


def test_ask_with_a_schema_and_a_picture(server: LocalServer, cli: CommandLine, tmp_path: Path) -> None:
    """--schema asks for JSON of a schema; -a sends a picture by its path."""
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    done = cli("ask", "what?", "--schema", '{"type": "object"}', "-a", str(tmp_path / "a.png"), "--dry-run")
    assert done.code == 0
    assert '"schema": {\n        "type": "object"\n      }' in done.out
    assert '"url": "data:image/png;base64,' in done.out
    assert cli("ask", "what?", "-a", "/none.png").code == 2


def test_ask_with_a_tool(server: LocalServer, cli: CommandLine) -> None:
    """--tool lets the model call a function; the answer follows its result."""
    server.reply_tool_call("basename", p="/a/b")
    server.reply("It is b.")
    assert cli("ask", "which?", "--tool", "posixpath:basename").out == "It is b.\n"
    assert server.requests[-1].json()["messages"][-1]["role"] == "tool"
    assert cli("ask", "which?", "--tool", "posixpath:nothing").code == 2
    assert "--tool posixpath must be module:function" in cli("ask", "which?", "--tool", "posixpath").err


def test_ask_for_the_whole_reply(server: LocalServer, cli: CommandLine) -> None:
    """--output and --query take the reply as a whole, with tools, too."""
    server.reply("Forty-two.")
    assert json.loads(cli("ask", "what?", "--output", "json").out)["choices"][0]["message"]["content"] == "Forty-two."
    assert "stream" not in server.requests[-1].json()
    server.reply("Forty-three.")
    found = cli("ask", "what?", "--tool", "posixpath:basename", "--query", "choices[0].message.content")
    assert found.out == "Forty-three.\n"


def test_ask_needs_a_question(server: LocalServer, cli: CommandLine) -> None:
    """Without a question nothing is sent."""
    done = cli("ask")
    assert (done.code, done.out) == (2, "")
    assert "ask needs a question" in done.err


def test_models(server: LocalServer, cli: CommandLine) -> None:
    """`models` lists names; the operations are still there."""
    assert cli("models").out.splitlines()[:2] == ["gpt-4o-mini", "gpt-4o"]
    assert json.loads(cli("models", "retrieve", "gpt-4o").out)["id"] == "gpt-4o"


def test_ask_on_a_terminal(server: LocalServer) -> None:
    """The answer is on the screen, and the command ends by itself."""
    server.reply("Forty-two.")
    with Terminal("ask", "what?") as terminal:
        assert (terminal.end(), terminal.screen) == (0, "Forty-two.\n")


def test_chat_on_a_terminal(server: LocalServer, tmp_path: Path) -> None:
    """A conversation has a history, commands, and a file."""
    server.reply("Hello.")
    server.reply("Rex, you said.")
    with Terminal("chat", "-m", "gpt-4o") as terminal:
        terminal.wait_for("> ")
        terminal.enter("I am Rex")
        terminal.wait_for("Hello.\n")
        terminal.enter("/system Be brief.")
        terminal.enter("/modle x")
        terminal.wait_for("there is no /modle; did you mean /model?")
        terminal.enter("Who am I?")
        terminal.wait_for("Rex, you said.\n")
        terminal.enter(f"/save {tmp_path / 'talk.json'}")
        terminal.wait_for("saved to ")
        terminal.enter("/quit")
        assert terminal.end() == 0
    assert [m["role"] for m in server.requests[-1].json()["messages"]] == ["system", "user", "assistant", "user"]
    assert len(json.loads((tmp_path / "talk.json").read_text())["messages"]) == 5


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """Start a server that streams like a slow model."""
    with LocalServer(tokens_per_second=4) as started:
        monkeypatch.setenv("OPENAI_API_BASE", started.url)
        monkeypatch.setenv("OPENAI_API_KEY", "test-key")
        yield started


def test_an_interrupted_answer_is_not_kept(slow: LocalServer) -> None:
    """Ctrl-C ends the answer and not the conversation, whose history has nothing of the turn."""
    slow.reply("one two three four five six seven eight nine ten")
    slow.reply("Here.")
    with Terminal("chat") as terminal:
        terminal.wait_for("> ")
        terminal.enter("count")
        terminal.wait_for("one")
        terminal.interrupt()
        terminal.wait_for("interrupted: this turn is not in the history")
        terminal.enter("still there?")
        terminal.wait_for("Here.\n")
        terminal.enter("/quit")
        assert terminal.end() == 0
    assert [m["content"] for m in slow.requests[-1].json()["messages"]] == ["still there?"]


def test_ctrl_c_in_a_stream(slow: LocalServer) -> None:
    """Ctrl-C in `ask` ends the command with 130, and without a traceback."""
    slow.reply("one two three four five six seven eight nine ten")
    with Terminal("ask", "count") as terminal:
        terminal.wait_for("one")
        terminal.interrupt()
        assert terminal.end() == 130
    assert "Traceback" not in terminal.screen
    assert terminal.screen.endswith("interrupted\n")


@pytest.mark.parametrize("columns", [40, 120])
def test_a_table_fits_the_terminal(server: LocalServer, columns: int) -> None:
    """A list is a table on a terminal, as wide as that; NO_COLOR leaves out colours."""
    with Terminal("models", "list", columns=columns, NO_COLOR="1") as terminal:
        assert terminal.end() == 0
    lines = terminal.screen.splitlines()
    assert max(map(len, lines)) <= columns
    assert "\x1b[3" not in terminal.screen
    assert any("gpt-4o-mini" in line for line in lines)


def test_a_broken_pipe(server: LocalServer) -> None:
    """A reader that goes away ends the command without a message."""
    command = [sys.executable, "-m", "sdk", "models", "list", "--output", "jsonl"]
    done = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.stdout is not None and done.stderr is not None
    done.stdout.close()
    assert done.stderr.read() == b""
    done.stderr.close()
    assert done.wait(30) == 141


def test_serve_passes_its_options_on(cli: CommandLine) -> None:
    """`serve` is the server of the test kit, with the same help and errors."""
    done = cli("serve", "--help")
    assert (done.code, "--tokens-per-second N" in done.out) == (0, True)
    assert done.out.startswith("usage: python -m sdk serve ")
    assert cli("serve", "--port", "x").code == 2
