"""`embed`, `speak`, `listen` and `draw`: what they send, and where what comes back goes."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from sdk._cli import progress
from sdk.testing import LocalServer

from .run import CommandLine
from .terminal import Terminal


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Standard input is empty, and new files lie in a folder of the test."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    monkeypatch.chdir(tmp_path)


def test_embed(server: LocalServer, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text is a line of JSON with its vector; without arguments each line of standard input is a text."""
    rows = [json.loads(line) for line in cli("embed", "a", "b", "--dimensions", "4", "-m", "m").out.splitlines()]
    assert [(row["text"], len(row["embedding"])) for row in rows] == [("a", 4), ("b", 4)]
    body = server.requests[-1].json()
    assert (body["input"], body["model"], body["dimensions"]) == (["a", "b"], "m", 4)
    monkeypatch.setattr(sys, "stdin", io.StringIO("one\n\ntwo\n"))
    assert cli("embed", "--query", "text").out == "one\ntwo\n"
    assert cli("embed").code == 2


def test_embed_on_a_terminal(server: LocalServer) -> None:
    """A person sees how long the vector is, and how it begins."""
    with Terminal("embed", "hello") as terminal:
        assert terminal.end() == 0
    assert terminal.screen.startswith("hello: 1536 dimensions, ")


def test_speak(server: LocalServer, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """-o FILE decides the format, and gets the sound; a pipe gets it, too."""
    from sdk._cli import main

    arguments = ["speak", "Hello", "there", "--voice", "marin", "--instructions", "Softly."]
    assert (
        main(
            "sdk",
            "sdk.client:Client",
            "sdk._cli.people",
            [*arguments, "-o", "a.wav"],
            distribution="openai-compatible-sdk",
        )
        == 0
    )
    assert Path("a.wav").read_bytes().startswith(b"RIFF")
    body = server.requests[-1].json()
    assert (body["input"], body["response_format"], body["voice"]) == ("Hello there", "wav", "marin")
    assert body["instructions"] == "Softly."
    assert capfdbinary.readouterr() == (b"", b"a.wav\n")
    assert (
        main(
            "sdk",
            "sdk.client:Client",
            "sdk._cli.people",
            ["speak", "x", "-f", "wav"],
            distribution="openai-compatible-sdk",
        )
        == 0
    )
    assert capfdbinary.readouterr().out.startswith(b"RIFF")


def test_new_files_on_a_terminal(server: LocalServer) -> None:
    """A terminal gets no bytes but the path of a new file, which replaces none."""
    for command, path in (("speak", "speech.mp3"), ("draw", "picture.png"), ("draw", "picture-2.png")):
        with Terminal(command, "x") as terminal:
            assert (terminal.end(), terminal.screen) == (0, f"{path}\n")
        assert Path(path).stat().st_size > 50


def test_listen(server: LocalServer, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text comes as it is understood, or in another format at once; `-` is standard input."""
    cli("speak", "Hello", "-o", "a.wav")
    assert cli("listen", "a.wav", "--language", "en").out == "Hello\n"
    assert _fields(server) >= {
        b'"language"\r\n\r\nen',
        b'"model"\r\n\r\ngpt-4o-mini-transcribe',
        b'"stream"\r\n\r\ntrue',
    }
    assert cli("listen", "a.wav", "-f", "srt").out.startswith("1\n00:00:00,000 --> ")
    assert b'"model"\r\n\r\nwhisper-1' in _fields(server)
    assert json.loads(cli("listen", "@a.wav", "--output", "json").out)["text"] == "Hello"
    assert cli("listen", "a.wav", "--translate").out == "Hello\n"
    assert server.requests[-1].path.endswith("/audio/translations")
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(Path("a.wav").read_bytes())))
    assert cli("listen", "-").out == "Hello\n"
    assert b'filename="recording.wav"' in server.requests[-1].body
    assert "there is no file none.wav" in cli("listen", "none.wav").err


def _fields(server: LocalServer) -> set[bytes]:
    """Return the fields of the last form, as `"name"`, an empty line, and the value."""
    parts = server.requests[-1].body.split(b"Content-Disposition: form-data; name=")
    return {part.rpartition(b"\r\n--")[0] for part in parts}


def test_draw(server: LocalServer, cli: CommandLine) -> None:
    """Pictures go into files; -a changes given ones."""
    done = cli("draw", "a", "fox", "-o", "fox.png", "-n", "2", "--size", "1024x1024", "--quality", "low")
    assert (done.code, done.out, done.err) == (0, "", "fox.png\nfox-2.png\n")
    body = server.requests[-1].json()
    assert (body["prompt"], body["n"], body["size"], body["quality"]) == ("a fox", 2, "1024x1024", "low")
    assert Path("fox-2.png").read_bytes().startswith(b"\x89PNG")
    assert cli("draw", "a hat", "-a", "fox.png", "-o", "hat.png").code == 0
    assert server.requests[-1].path.endswith("/images/edits")
    assert json.loads(cli("draw", "x", "--output", "json").out)["data"][0]["b64_json"]
    assert "there is no picture none.png" in cli("draw", "x", "-a", "none.png").err


def test_a_picture_that_the_server_keeps(server: LocalServer, cli: CommandLine) -> None:
    """Where the reply has no picture but its URL, that is written."""
    server.on(operation="images.generate").reply_json({"created": 1, "data": [{"url": "https://x.test/a.png"}]})
    assert cli("draw", "x").out == "https://x.test/a.png\n"


def test_pictures_of_every_operation(server: LocalServer, cli: CommandLine) -> None:
    """-o takes the picture in a reply, not its JSON; people get a new file, and see its path."""
    assert cli("images", "generate", "--prompt", "x", "-o", "a.png").err == "a.png\n"
    assert Path("a.png").read_bytes().startswith(b"\x89PNG")
    with Terminal("images", "generate", "--prompt", "x") as terminal:
        assert (terminal.end(), terminal.screen) == (0, "images-generate.png\n")


class _Terminal(io.StringIO):
    """A terminal that keeps what is written."""

    def isatty(self) -> bool:
        return True


def test_long_calls_show_that_they_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal shows after a while what is waited for, and how much of a file is sent, until the call ends."""
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    with progress.Waiting("drawing") as waiting:
        file = waiting.sending(Path("a.png"))
        assert waiting._timer is not None
        file.on_progress(5, 10)
        waiting._timer.join()  # the line is there
        assert "drawing" in terminal.getvalue()
        file.on_progress(10, 10)
    assert terminal.getvalue().endswith("\x1b[2K")
    monkeypatch.setattr(progress, "_PATIENCE", 60.0)
    with progress.Waiting("no time for a line") as waiting:
        waiting.stop()
        assert waiting._timer is not None
        waiting._timer.join()
    assert "no time" not in terminal.getvalue()


def test_no_terminal_shows_nothing_of_a_call(capsys: pytest.CaptureFixture[str]) -> None:
    """Where stderr is no terminal, files are sent as they are, and nothing is written."""
    with progress.Waiting("drawing") as waiting:
        assert waiting.sending(Path("a.png")) == Path("a.png")
    assert capsys.readouterr().err == ""


def test_usage(server: LocalServer, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usage of every day is added up, the costs, too; it needs the key of an administrator."""
    assert cli("usage").err == "python -m sdk: organization.usage.completions needs OPENAI_ADMIN_KEY\n"
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "test-key")
    one = {"object": "organization.usage.completions.result", "model": "m", "num_model_requests": 2}
    result = {**one, "input_tokens": 10, "output_tokens": 5, "input_cached_tokens": 3}
    cost = {
        "object": "organization.costs.result",
        "line_item": "m, input",
        "amount": {"value": 0.25, "currency": "usd"},
    }
    nothing = _page([])
    server.on(operation="organization.usage.completions").reply_json(_page([[result], [result]]))
    server.on(operation="organization.usage.costs").reply_json(_page([[cost], [cost]]))
    for kind in ("embeddings", "moderations", "images", "audio_speeches", "audio_transcriptions"):
        server.on(operation=f"organization.usage.{kind}").reply_json(nothing)
    found = json.loads(cli("usage", "--days", "2").out)
    sums = {"requests": 4, "input_tokens": 20, "input_cached_tokens": 6, "output_tokens": 10}
    assert found == {
        "usage": [{"kind": "completions", "model": "m", **sums}],
        "costs": [{"item": "m, input", "cost": 0.5, "currency": "USD"}],
    }
    query = server.requests[-7].query
    assert (query["group_by[]"], query["bucket_width"]) == ("model", "1d")


def _page(buckets: list[list[object]]) -> dict[str, object]:
    data = [{"object": "bucket", "start_time": 1, "end_time": 2, "results": results} for results in buckets]
    return {"object": "page", "data": data, "has_more": False, "next_page": None}
