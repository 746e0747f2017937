"""`doctor` tells what is set, what works, and what to do about the rest."""

from __future__ import annotations

import json

import pytest

from sdk.testing import LocalServer

from .run import CommandLine
from .terminal import Terminal

_CHECKS = [
    "name lookup", "connection", "TLS", "key and models", "chat", "stream", "tools", "structured output",
    "embeddings", "responses",
]  # fmt: skip


def test_everything_works(server: LocalServer, cli: CommandLine) -> None:
    """On a server that has all of it each check works, and the key is told by its length alone."""
    done = cli("doctor", "--json")
    found = json.loads(done.out)
    assert [(c["check"], c["ok"]) for c in found["checks"]] == [(name, True) for name in _CHECKS]
    assert found["settings"]["OPENAI_API_KEY"] == "set, 8 characters"
    assert found["settings"]["server"] == f"{server.url} (from OPENAI_API_BASE)"
    assert (done.code, "test-key" in done.out) == (0, False)


def test_a_dead_server(server: LocalServer, cli: CommandLine) -> None:
    """Without a connection the rest is left out, and the advice says where to look."""
    done = cli("doctor", "--json", "--api-base", "http://127.0.0.1:9/v1")
    checks = json.loads(done.out)["checks"]
    assert [c["ok"] for c in checks] == [True, False, *[None] * 8]
    assert checks[1]["advice"] == "Start the server, or check the port, a firewall or a proxy."
    assert done.code == 1


def test_a_wrong_key(server: LocalServer, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused key fails each check that needs one; the advice names the variable, and no line has the key."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-1234567890")
    done = cli("doctor", "--json")
    checks = {c["check"]: c for c in json.loads(done.out)["checks"]}
    assert (checks["TLS"]["ok"], checks["key and models"]["ok"]) == (True, False)
    assert checks["key and models"]["advice"].startswith("Check OPENAI_API_KEY")
    assert (done.code, "sk-wrong" in done.out) == (1, False)


def test_a_server_without_a_feature(server: LocalServer, cli: CommandLine) -> None:
    """One failure does not end the checks; what to do instead follows it."""
    server.on(lambda request: request.path.endswith("/responses")).fail(404)
    checks = json.loads(cli("doctor", "--json").out)["checks"]
    assert [c["check"] for c in checks if not c["ok"]] == ["responses"]
    assert checks[-1]["advice"] == "Use chat instead: many servers have no /responses."


def test_on_a_terminal(server: LocalServer) -> None:
    """The table is on the screen, a line for each check."""
    with Terminal("doctor", NO_COLOR="1") as terminal:
        assert terminal.end() == 0
    lines = terminal.screen.splitlines()
    assert [name for name in _CHECKS if any(line.startswith(name) for line in lines)] == _CHECKS
    assert "first token after " in terminal.screen
