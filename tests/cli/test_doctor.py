"""`doctor` tells what is set, what works, and what to do about the rest."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sdk.testing import LocalServer

from .run import CommandLine
from .terminal import Terminal

_CHECKS = [
    "name lookup", "connection", "TLS", "key", "models", "chat", "stream", "tools", "structured output",
    "embeddings", "responses",
]  # fmt: skip


def test_everything_works(server: LocalServer, cli: CommandLine) -> None:
    """On a server that has all of it each check works, and the key is shown by its length alone."""
    done = cli("doctor", "--json")
    found = json.loads(done.out)
    assert [(c["check"], c["ok"]) for c in found["checks"]] == [(n, None if n == "TLS" else True) for n in _CHECKS]
    assert found["settings"][:2] == [
        {"name": "server", "value": server.url, "source": "OPENAI_API_BASE"},
        {"name": "key", "value": "set, 8 characters", "source": "OPENAI_API_KEY"},
    ]
    (stream,) = [c for c in found["checks"] if c["check"] == "stream"]
    assert stream["figures"]["first_token_seconds"] > 0
    assert (done.code, "test-key" in done.out) == (0, False)


def test_what_is_set_and_where(
    server: LocalServer, cli: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each setting has its source: a variable, an option of the command, a profile."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "oasdk").mkdir()
    (tmp_path / "oasdk/profiles.toml").write_text('[work]\norganization = "org-1"\nmax_retries = 5\n')
    monkeypatch.setenv("OPENAI_MODEL", "gpt-4o")
    found = json.loads(cli("doctor", "--json", "--profile", "work", "--timeout", "9").out)["settings"]
    assert [(one["name"], one["value"], one["source"]) for one in found[2:]] == [
        ("model", "gpt-4o", "OPENAI_MODEL"),
        ("organization", "org-1", "profile work"),
        ("timeout", "9.0", "--timeout"),
        ("max retries", "5", "profile work"),
    ]


def test_the_model_is_one_of_the_server(server: LocalServer, cli: CommandLine) -> None:
    """Where nobody names a model, a server that does not have the usual one is asked with one that it has."""
    models = [{"id": name, "object": "model", "created": 1, "owned_by": "me"} for name in ("my-embedder", "qwen3")]
    server.on(operation="models.list", times=None).reply_json({"object": "list", "data": models})
    checks = {c["check"]: c for c in json.loads(cli("doctor", "--json").out)["checks"]}
    assert checks["models"]["detail"] == "2 models; qwen3 is among them"
    assert checks["embeddings"]["detail"].endswith(" with my-embedder")


def test_a_dead_server(server: LocalServer, cli: CommandLine) -> None:
    """Without a connection the rest is left out, and the advice says where to look."""
    done = cli("doctor", "--json", "--api-base", "http://127.0.0.1:9/v1")
    checks = json.loads(done.out)["checks"]
    assert [c["ok"] for c in checks] == [True, False, *[None] * 9]
    assert checks[1]["advice"] == "Start the server, or check the port, a firewall or a proxy."
    assert done.code == 1


def test_no_key(server: LocalServer, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """One check says that there is none, and what to do; the others, which would say the same, are left out."""
    monkeypatch.delenv("OPENAI_API_KEY")
    checks = json.loads(cli("doctor", "--json").out)["checks"]
    assert [c["ok"] for c in checks] == [True, True, None, False, *[None] * 7]
    assert (checks[3]["advice"][:18], checks[4]["detail"]) == ("Set OPENAI_API_KEY", "left out: there is no key")


def test_a_wrong_key(server: LocalServer, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused key fails each check that needs one; the advice names the variable, and no line has the key."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-1234567890")
    done = cli("doctor", "--json")
    checks = {c["check"]: c for c in json.loads(done.out)["checks"]}
    assert (checks["connection"]["ok"], checks["key"]["ok"], checks["chat"]["ok"]) == (True, False, False)
    assert {c["advice"][:20] for c in checks.values() if c["ok"] is False} == {"Check OPENAI_API_KEY"}
    assert (done.code, "sk-wrong" in done.out) == (1, False)


def test_a_server_without_a_feature(server: LocalServer, cli: CommandLine) -> None:
    """One failure does not end the checks; what to do instead follows it."""
    server.on(lambda request: request.path.endswith("/responses")).fail(404)
    checks = json.loads(cli("doctor", "--json").out)["checks"]
    assert [c["check"] for c in checks if c["ok"] is False] == ["responses"]
    assert checks[-1]["advice"] == "Use chat instead: many servers have no /responses."


@pytest.mark.parametrize("columns", [40, 100])
def test_on_a_terminal(server: LocalServer, columns: int) -> None:
    """The table is on the screen, a row for each check, as wide as the terminal; the advice follows a failure."""
    server.on(operation="responses.create").fail(404)
    with Terminal("doctor", columns=columns, NO_COLOR="1") as terminal:
        assert terminal.end() == 1
    lines = terminal.screen.splitlines()
    assert [name for name in _CHECKS if any(re.match(f"{name} +(works|fails|-)", line) for line in lines)] == _CHECKS
    assert max(map(len, lines)) <= columns
    text = " ".join(terminal.screen.split())
    assert "first token after " in text
    assert "Use chat instead: many servers have no /responses." in text
    assert text.endswith("1 of 11 checks failed")
    assert "\x1b[" not in terminal.screen
