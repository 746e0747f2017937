"""All 389 operations as commands: their help, and the request that they would send."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from sdk import Client
from sdk._core.inspection.arguments import arguments_of

from ..conformance.arguments import FILE, Arguments
from ..conformance.document import Operation, pinned
from ..conformance.surface import endpoint
from .run import CommandLine

BASE = "http://server.test/v1"


def _words(operation: Operation) -> list[str]:
    return [word.strip("_").replace("_", "-") for word in endpoint(operation).name.split(".")]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_BASE", BASE)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-key-of-the-test")


@pytest.mark.parametrize("operation", pinned().operations, ids=str)
def test_help(operation: Operation, cli: CommandLine) -> None:
    """The help of an operation names each of its arguments, its method and its path."""
    called = endpoint(operation)
    done = cli(*_words(operation), "--help")
    assert (done.code, done.err) == (0, "")
    assert f"{called.method}{called.path}" in "".join(done.out.split())  # a long path is folded
    code = called._build.__code__
    for number, name in enumerate(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]):
        shown = name.upper() if number < code.co_argcount else f"--{name.strip('_').replace('_', '-')}"
        assert shown in done.out


@pytest.mark.parametrize("full", [False, True], ids=["required fields", "all fields"])
@pytest.mark.parametrize("operation", pinned().operations, ids=str)
def test_the_dry_run_is_the_request_of_the_library(
    operation: Operation, full: bool, cli: CommandLine, tmp_path: Path
) -> None:
    """Arguments that are made from the description give method, URL, headers and body of the library's request."""
    called = endpoint(operation)
    (tmp_path / "file").write_bytes(FILE)
    for call in Arguments(pinned(), operation, called).calls(full=full):
        options = [text for name, value in call.keywords.items() for text in _option(called, name, value, tmp_path)]
        done = cli(*_words(operation), "--output", "json", "--dry-run", *options)
        assert (done.err, done.code) == ("", 0)
        shown = json.loads(done.out)
        keywords = {name: _with_path(value, tmp_path) for name, value in call.keywords.items()}
        with Client() as client, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            request = called.request(client=client, **keywords)
            request.streamed = type(called).__name__ == "OnlyStreamingOperation"
            assert (shown["method"], shown["url"]) == (request.method, request.url)
            assert request.headers.items() <= shown["headers"].items()
            content = request.content()
        body = content.data if content.stream is None else b"".join(content.stream)
        if content.content_type == "application/json":
            assert shown["body"] == json.loads(body or b"null")
        else:
            assert (shown["body"] or {"bytes": 0})["bytes"] == len(body or b"")
    assert "sk-secret" not in done.out


def _option(called: Any, name: str, value: Any, folder: Path) -> list[str]:
    """Return the words of an argument: its option, or its place."""
    code = called._build.__code__
    if name in code.co_varnames[: code.co_argcount]:
        return [str(value)]
    flag = f"--{name.strip('_').replace('_', '-')}"
    if isinstance(value, bool):
        if next(a for a in arguments_of(called) if a.name == name).kind.switch:
            return [flag if value else f"--no-{flag[2:]}"]
        return [f"{flag}={json.dumps(value)}"]
    if value == FILE:
        return [flag, f"@{folder / 'file'}"]
    if isinstance(value, list) and FILE in value:
        return [word for _ in value for word in (flag, f"@{folder / 'file'}")]
    return [f"{flag}={value if isinstance(value, str) else json.dumps(value)}"]


def _with_path(value: Any, folder: Path) -> Any:
    """Put the path of a file where the arguments have its content, so that both requests name the file."""
    if value == FILE:
        return folder / "file"
    return [folder / "file" for _ in value] if isinstance(value, list) and FILE in value else value


@pytest.mark.parametrize("resource", ["live", "responses"])
def test_a_websocket_is_no_command(cli: CommandLine, resource: str) -> None:
    """What needs a program at its other end is not among the commands; help and the error say what opens it."""
    shown = cli(resource, "--help").out
    assert f"WebSockets, which Python alone opens:\n  client.{resource}.connect\n" in shown
    assert "connect " not in shown
    done = cli(resource, "connect")
    assert (done.code, f"Python alone opens: client.{resource}.connect" in done.err) == (2, True)
