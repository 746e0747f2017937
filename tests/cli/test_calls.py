"""Commands call a server, and write what comes back in the form that was asked for."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from sdk._core.waiting import drivers
from sdk.testing import LocalServer

from .run import CommandLine

_TALK = ("chat", "create", "--model", "gpt-4o-mini", "--messages", '{"role": "user", "content": "Hi"}')


def test_json_is_for_programs(server: LocalServer, cli: CommandLine) -> None:
    """Into a pipe a reply is JSON, and --query selects a part of it; a str has no quotes."""
    assert json.loads(cli("models", "retrieve", "gpt-4o").out)["id"] == "gpt-4o"
    assert cli("models", "retrieve", "gpt-4o", "--query", "id").out == "gpt-4o\n"
    assert json.loads(cli("models", "list", "--query", "data[:2].id").out) == ["gpt-4o-mini", "gpt-4o"]


def test_forms_of_a_list(server: LocalServer, cli: CommandLine) -> None:
    """A list is lines of JSON, YAML, or a table; an option before the command is the same."""
    lines = cli("models", "list", "--output", "jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in lines][:2] == ["gpt-4o-mini", "gpt-4o"]
    assert yaml.safe_load(cli("--output", "yaml", "models", "list").out)["data"][1]["id"] == "gpt-4o"
    assert cli("models", "list", "--output", "table").out.splitlines()[:2] == ["id", "gpt-4o-mini"]


def test_all_pages(server: LocalServer, cli: CommandLine, tmp_path: Path) -> None:
    """--all goes on to the last page; each item is a line."""
    (tmp_path / "a.jsonl").write_text("{}")
    for _ in range(3):
        assert cli("files", "create", "--file", f"@{tmp_path / 'a.jsonl'}", "--purpose", "batch").code == 0
    assert len(json.loads(cli("files", "list", "--limit", "2").out)["data"]) == 2
    assert len(cli("files", "list", "--limit", "2", "--all").out.splitlines()) == 3


def test_streams(server: LocalServer, cli: CommandLine) -> None:
    """A stream is a line of JSON for each event, or its text."""
    events = [json.loads(line) for line in cli(*_TALK, "--stream").out.splitlines()]
    assert {event["object"] for event in events} == {"chat.completion.chunk"}
    text = "".join(event["choices"][0]["delta"].get("content") or "" for event in events if event["choices"])
    assert cli(*_TALK, "--stream", "--output", "text").out == f"{text}\n"


def test_the_body_comes_from_a_file(server: LocalServer, cli: CommandLine, tmp_path: Path) -> None:
    """--body has the fields; options replace them, dotted ones reach inside, and unknown fields are sent, too."""
    body = {"model": "x", "messages": [{"role": "user", "content": "Hi"}], "metadata": {"a": "b"}, "top_k": 5}
    (tmp_path / "body.json").write_text(json.dumps(body))
    done = cli(
        "chat", "create", "--body", f"@{tmp_path / 'body.json'}", "--model", "gpt-4o", "--metadata.c", "d",
        "--extra-body", '{"min_p": 0.1}', "--dry-run", "--output", "json", "--query", "body",
    )  # fmt: skip
    assert json.loads(done.out) == {**body, "model": "gpt-4o", "metadata": {"a": "b", "c": "d"}, "min_p": 0.1}


def test_bytes_go_into_a_file_or_a_pipe(server: LocalServer, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """A reply of bytes is written as it is."""
    from sdk._cli import main

    speech = ("audio", "speech", "create", "--input", "Hi", "--model", "gpt-4o-mini-tts", "--voice", "alloy")
    assert main("sdk", "sdk.client:Client", arguments=[*speech, "--response-format", "wav"], distribution="d") == 0
    assert capfdbinary.readouterr().out.startswith(b"RIFF")


def test_a_download(server: LocalServer, cli: CommandLine, tmp_path: Path) -> None:
    """-o writes the reply to a file, and names it on stderr."""
    path = tmp_path / "a.wav"
    done = cli("audio", "speech", "create", "--input", "Hi", "--model", "tts-1", "--voice", "alloy", "-o", str(path))
    assert (done.code, done.out, done.err) == (0, "", f"{path}\n")
    assert path.stat().st_size > 100


def test_verbose(server: LocalServer, cli: CommandLine) -> None:
    """--verbose tells of status, time, request id and limits, on stderr."""
    lines = cli("models", "list", "--verbose").err.splitlines()
    assert lines[0].startswith("status 200 after 0.")
    assert lines[1].startswith("request id req_local")
    assert any(line.startswith("x-ratelimit-remaining-requests: ") for line in lines)


def test_verbose_streams(server: LocalServer, cli: CommandLine) -> None:
    """A stream and a retry are reported, too: when the first event came, what failed, what was used."""
    server.fail(500, retry_after=0)
    lines = cli(*_TALK, "--stream", "--verbose").err.splitlines()
    assert lines[0].startswith("status 500 after 0.") and lines[0].endswith(" s, attempt 1")
    assert any(re.match(r"waits \d\.\d s: attempt 1 failed: POST ", line) for line in lines)
    assert any(line.startswith("first event after ") for line in lines)
    assert lines[-1].startswith("done after ")


def test_no_retries(server: LocalServer, cli: CommandLine) -> None:
    """--max-retries 0 is a number, too: the first failure is the last."""
    server.fail(500)
    done = cli("models", "list", "--max-retries", "0")
    assert (done.code, len(server.requests)) == (6, 1)


@pytest.mark.parametrize("arguments", [["--all"], ["--all", "--output", "yaml"], []], ids=" ".join)
def test_pages_into_a_file(server: LocalServer, cli: CommandLine, tmp_path: Path, arguments: list[str]) -> None:
    """-o takes pages and lists, too, in every form."""
    path = tmp_path / "models"
    assert cli("models", "list", "-o", str(path), *arguments).out == ""
    assert "gpt-4o-mini" in path.read_text()


def test_wait(server: LocalServer, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """--wait reads a job until it has ended; one that failed is an error, and only jobs have the option."""
    clock = SimpleNamespace(sleep=lambda seconds: None, monotonic=time.monotonic, time=time.time)
    monkeypatch.setattr(drivers, "time", clock)
    batch: dict[str, object] = {"id": "batch_1", "object": "batch", "endpoint": "/v1/responses", "input_file_id": "f"}
    batch |= {"completion_window": "24h", "created_at": 1}
    for status in ("validating", "in_progress", "completed", "in_progress", "failed"):
        server.on(operation="batches.retrieve").reply_json({**batch, "status": status})
    retrieve = ("batches", "retrieve", "batch_1", "--wait", "--query", "status")
    done = cli(*retrieve, "--verbose")
    assert (done.code, done.out, "Batch batch_1: completed, " in done.err) == (0, "completed\n", True)
    assert cli(*retrieve).code == 1
    assert "--wait" not in cli("models", "retrieve", "--help").out


def test_options_before_an_operation(server: LocalServer, cli: CommandLine) -> None:
    """`chat` and `models` take the options of all commands, for themselves and for the operation that follows."""
    assert json.loads(cli("models", "--query", "[0].id", "--output", "json").out) == "gpt-4o-mini"
    assert cli("models", "--query", "data[0].id", "list").out == "gpt-4o-mini\n"
    assert "/models" in cli("models", "--dry-run").out
    assert '"model": "m"' in cli("chat", "--dry-run", "create", "--model", "m", "--messages", "role=user").out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["models", "retrieve", "nope"], 4, "404 Not Found"),
        (["models", "list", "--api-base", "http://127.0.0.1:9/v1", "--max-retries", "0"], 7, "Connection refused"),
        (["models", "list", "--query", "data["], 2, "--query is no valid JMESPath"),
        (["models", "retrieve"], 2, "models.retrieve needs MODEL"),
        (["chat", "create"], 2, "chat.create needs --messages and --model"),
        (["chat", "creat"], 2, "there is no command 'creat': did you mean create?"),
        (["chta"], 2, "there is no command 'chta': did you mean chat"),
        (["chat", "create", "--temprature", "1"], 2, "--temperature"),
        (["chat", "create", "--mesages.0", "1"], 2, "--messages"),
        (["chat", "create", "--temperature", "warm"], 2, "--temperature must be a number, not 'warm'"),
        (["chat", "create", "--body", "[]"], 2, "--body must be a JSON object"),
        (["chat", "create", "--body", "@/none"], 2, "Error: --body names the file /none, which cannot be read"),
        (["files", "create", "--file", "@/none", "--purpose", "batch"], 2, "names the file /none, which is not there"),
        (["models", "list", "--timeout", "-1"], 2, "timeout"),
    ],
)
def test_errors(arguments: list[str], code: int, message: str, server: LocalServer, cli: CommandLine) -> None:
    """An error is a message on stderr, and an exit code by its class."""
    done = cli(*arguments)
    assert (done.code, done.out) == (code, "")
    assert message in done.err


def test_a_wrong_key(server: LocalServer, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused key has an exit code of its own, and is not shown."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-key-1234567890")
    done = cli("models", "list")
    assert (done.code, "401 Unauthorized" in done.err, "sk-wrong" in done.err) == (3, True, False)
