"""`realtime connect`: text in, text or events out, over one connection."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest

from sdk.testing import LocalServer

from .run import CommandLine, Done

Talk = Callable[..., Done]


@pytest.fixture
def talk(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """Return a function that runs the command with lines of input."""

    def run(lines: str, *options: str) -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        return cli("realtime", "connect", *options)

    return run


def test_lines_are_messages(server: LocalServer, talk: Talk) -> None:
    """Each line is answered, over one connection, with the system prompt and the functions that are given."""
    server.on(type="response.create").reply_tool_call("basename", p="/a/b")
    done = talk("Where?\n\nHi\n", "-s", "Be brief.", "--tool", "posixpath:basename")
    assert done == (0, "The tool answered: b\nYou wrote 1 word: Hi\n", "")
    assert [request.method for request in server.requests].count("WEBSOCKET") == len(server.requests)
    update = server.requests[1].json()["session"]
    assert (update["instructions"], update["tools"][0]["name"]) == ("Be brief.", "basename")


def test_events_in_json(server: LocalServer, talk: Talk) -> None:
    """A line that is a JSON object goes to the server as it is; --output json writes what the server sends."""
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
    lines = [json.dumps({"type": "conversation.item.create", "item": item}), '{"type": "response.create"}']
    assert talk("\n".join(lines)) == (0, "You wrote 1 word: Hi\n", "")
    done = talk("\n".join(lines), "--output", "json")
    events = [json.loads(line) for line in done.out.splitlines()]
    assert (done.code, events[0]["type"], events[-1]["type"]) == (0, "session.created", "response.done")
    assert {"response.output_text.delta", "conversation.item.added"} <= {event["type"] for event in events}


def test_what_fails(server: LocalServer, talk: Talk) -> None:
    """A turn that fails is shown, and the talk goes on; the end of the connection is the end, with its exit code."""
    server.on(type="response.create").fail(400, message="no")
    done = talk("one\n{bad\ntwo\n")
    assert (done.code, done.out) == (0, "You wrote 1 word: two\n")
    assert "no" in done.err.splitlines()[0]
    assert done.err.splitlines()[1].startswith("an event must be JSON on one line: ")
    server.close_socket(1013, "busy", after=4)
    assert talk("one\ntwo\n").code == 7
    server.fail(403)
    assert talk("one\n").code == 3
    assert talk("one\n", "--dry-run").code == 2
