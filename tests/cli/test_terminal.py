"""What a person sees on a terminal: errors, Markdown, narrow screens, help."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sdk._cli.people.markdown import complete_blocks
from sdk.testing import LocalServer

from .terminal import Terminal


@pytest.mark.parametrize(
    ("environment", "code", "message"),
    [
        ({"OPENAI_API_KEY": "sk-wrong-1234567890"}, 3, "401 Unauthorized"),
        ({"OPENAI_API_KEY": ""}, 2, "no API key: set OPENAI_API_KEY (--no-key sends none)"),
        ({"OPENAI_API_BASE": "http://127.0.0.1:9/v1"}, 7, "Connection refused"),
        ({"OPENAI_MODEL": "nope"}, 4, "The server has 'gpt-4o-mini'"),
    ],
    ids=["wrong key", "no key", "dead server", "no model"],
)
@pytest.mark.parametrize("columns", [40, 80])
def test_what_ends_ask(server: LocalServer, environment: dict[str, str], code: int, message: str, columns: int) -> None:
    """One message says what happened and what to do; there is no traceback, and no key."""
    if "OPENAI_MODEL" in environment:
        failed = "The model 'nope' does not exist"
        server.on(operation="chat.create").fail(404, code="model_not_found", message=failed)
    with Terminal("ask", "what?", "--max-retries", "0", columns=columns, **environment) as terminal:
        assert terminal.end() == code
    assert message in terminal.screen
    assert terminal.screen.startswith("python -m sdk: ")
    assert terminal.screen.count("\n") == 1
    assert "sk-wrong" not in terminal.screen


def test_an_error_does_not_end_a_conversation(server: LocalServer) -> None:
    """What fails is shown, the turn is not in the history, and the next one works."""
    server.fail(400, message="Too long")
    server.reply("Better.")
    with Terminal("chat") as terminal:
        terminal.wait_for("> ")
        terminal.enter("long")
        terminal.wait_for("Too long")
        terminal.enter("short")
        terminal.wait_for("Better.\n")
        terminal.enter("/quit")
        assert terminal.end() == 0
    assert [m["content"] for m in server.requests[-1].json()["messages"]] == ["short"]


_ANSWER = """\
# Title

Some **bold** words that are long enough for two lines of forty columns.

```python
for i in range(3):

    print(i)
```

- one
- two
"""


@pytest.mark.parametrize("columns", [40, 100])
def test_markdown_in_a_conversation(server: LocalServer, columns: int) -> None:
    """An answer is shown as Markdown, as wide as the terminal; code keeps its lines."""
    server.reply(_ANSWER)
    with Terminal("chat", columns=columns, NO_COLOR="1") as terminal:
        terminal.wait_for("> ")
        terminal.enter("hi")
        terminal.wait_for("two\n> ")
        terminal.enter("/quit")
        assert terminal.end() == 0
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.screen)
    assert "**" not in shown and "```" not in shown
    assert "\n for i in range(3):\n\n     print(i)\n" in shown
    assert "\n \u2022 one\n \u2022 two\n" in shown
    assert ("Some bold words that are long enough for\ntwo lines" in shown) == (columns == 40)
    assert "\x1b[3" not in terminal.screen  # NO_COLOR


def test_a_dumb_terminal_gets_plain_text(server: LocalServer) -> None:
    """A terminal that cannot move its cursor gets the text as it comes."""
    server.reply("**Hello.**")
    with Terminal("chat", TERM="dumb") as terminal:
        terminal.wait_for("> ")
        terminal.enter("hi")
        terminal.wait_for("**Hello.**\n")
        terminal.enter("/quit")
        assert terminal.end() == 0
    assert "\x1b[2K" not in terminal.screen


@pytest.mark.parametrize(
    ("content", "code", "screen"),
    [
        (b'{"a": "\xc3\xa9"}\t1\n', 0, '{"a": "\u00e9"}\t1\n'),
        (b"\x1b[2J", 2, "Error: the reply is 4 bytes that are not text: give -o FILE, or use a pipe\n"),
        (b"\xff", 2, "Error: the reply is 1 bytes that are not text: give -o FILE, or use a pipe\n"),
    ],
    ids=["text", "controls", "bytes"],
)
def test_the_content_of_a_file(server: LocalServer, content: bytes, code: int, screen: str) -> None:
    """A terminal gets the content of a file of text, and nothing else."""
    server.on(operation="files.content").reply_bytes(content)
    with Terminal("files", "content", "file-1", columns=120) as terminal:
        assert terminal.end() == code
    assert terminal.screen == screen


def test_a_conversation_in_a_pipe(server: LocalServer) -> None:
    """Without a terminal the lines of standard input are the messages, and stdout has the answers alone."""
    server.reply("One.")
    server.reply("**Two.**")
    command = [sys.executable, "-m", "sdk", "chat", "-s", "Be brief."]
    done = subprocess.run(command, input="a\nb\n", capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "One.\n**Two.**\n\n", "")
    assert [m["content"] for m in server.requests[-1].json()["messages"]] == ["Be brief.", "a", "One.", "b"]


def test_a_picture_a_tool_and_a_saved_conversation(server: LocalServer, tmp_path: Path) -> None:
    """/image sends a picture once; /tools lists what the model may call; /load goes on with a saved conversation."""
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    saved = tmp_path / "talk.json"
    with Terminal("chat", "--tool", "posixpath:basename") as terminal:
        terminal.wait_for("> ")
        for line, shown in [
            (f"/image {tmp_path / 'none.png'}", "cannot be sent"),
            (f"/image {tmp_path / 'a.png'}", "> "),
            ("what?", "\n> "),
            ("/tools", "basename\n"),
            ("/model gpt-4o", "the model is gpt-4o\n"),
            (f"/save {saved}", "saved to "),
            ("/clear", "> "),
            (f"/load {saved}", "2 messages with gpt-4o\n"),
            ("/load", "/load needs a file"),
            ("more", "\n> "),
            ("/quit", ""),
        ]:
            terminal.enter(line)
            if shown:
                terminal.wait_for(shown)
        assert terminal.end() == 0
    first, second = (request.json() for request in server.requests[-2:])
    assert [part["type"] for part in first["messages"][0]["content"]] == ["text", "image_url"]
    assert [message["role"] for message in second["messages"]] == ["user", "assistant", "user"]
    assert (second["messages"][2]["content"], second["model"]) == ("more", "gpt-4o")
    assert json.loads(saved.read_text())["model"] == "gpt-4o"


@pytest.mark.parametrize("arguments", [["--help"], ["files", "--help"], ["chat", "create", "--help"]], ids=" ".join)
def test_help_fits_the_terminal(arguments: list[str]) -> None:
    """Help is as wide as the terminal, and never wider than a hundred columns."""
    for columns, most in ((40, 40), (300, 100)):
        with Terminal(*arguments, columns=columns) as terminal:
            assert terminal.end() == 0
        assert most - 20 < max(map(len, terminal.screen.splitlines())) <= most


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("", ""),
        ("one", ""),
        ("one\n", ""),
        ("one\n\ntwo", "one\n\n"),
        ("```\na\n\nb", ""),
        ("```\na\n\n```\n\nb", "```\na\n\n```\n\n"),
        ("~~~\n```\n\n~~~\n\n", "~~~\n```\n\n~~~\n\n"),
    ],
)
def test_blocks_that_are_complete(text: str, done: str) -> None:
    """A blank line ends a block of Markdown, but not within a fence."""
    assert complete_blocks(text) == (done, text.removeprefix(done))
