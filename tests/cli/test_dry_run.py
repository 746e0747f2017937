"""The request of a dry run, and the same as a command of curl."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from sdk.testing import LocalServer

from .run import CommandLine

_TALK = '[{"role": "user", "content": "It\'s \\"$HOME\\" `x`"}]'


@pytest.mark.parametrize(
    "arguments",
    [
        ["chat", "create", "--model", "m", "--messages", _TALK, "--temperature", "0.5"],
        ["files", "list", "--limit", "3", "--order", "asc"],
        ["files", "create", "--file", "@a file.txt", "--purpose", "batch", "--expires-after", '{"anchor": "x"}'],
        ["audio", "transcriptions", "create", "--file", "@a file.txt", "--model", 'm;"x"', "--prompt", "@@at"],
        ["organization", "users", "list"],
    ],
    ids=["JSON", "query", "file", "form", "admin"],
)
def test_curl_sends_the_same(
    arguments: list[str], server: LocalServer, cli: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A shell that runs the command of curl sends what the command line sends; the key is that of the environment."""
    if shutil.which("curl") is None:
        pytest.skip("needs curl")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "test-key")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a file.txt").write_text("one\n")
    cli(*arguments)
    ours = server.requests[-1]
    command = json.loads(cli(*arguments, "--dry-run", "--output", "json", "--query", "curl").out)
    subprocess.run(["sh", "-c", command], capture_output=True, timeout=30, check=True)
    theirs = server.requests[-1]
    assert theirs is not ours
    assert (theirs.method, theirs.path, theirs.query) == (ours.method, ours.path, ours.query)
    assert theirs.headers["authorization"] == ours.headers["authorization"] == "Bearer test-key"
    assert _body(theirs.headers, theirs.body) == _body(ours.headers, ours.body)


def _body(headers: object, body: bytes) -> object:
    """Return JSON, or the parts of a form by what names them."""
    kind = dict(headers)["content-type"] if body else ""  # type: ignore[call-overload]  # a mapping
    if "multipart" not in kind:
        return json.loads(body) if body else None
    found = []
    for part in body.split(b"--" + kind.rpartition("boundary=")[2].encode())[1:-1]:
        head, _, content = part.strip(b"\r\n").partition(b"\r\n\r\n")
        found.append((sorted(head.lower().split(b"\r\n")), content))
    return sorted(found)


def test_a_key_in_a_cookie_or_in_the_url(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key none is shown; one of the environment is shown by its name, and never by its value."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    done = cli("models", "list", "--dry-run")
    assert ("Authorization: Bearer $OPENAI_API_KEY" in done.out, "sk-secret" in done.out) == (True, False)
    assert "Authorization" not in cli("models", "list", "--dry-run", "--no-key").out
