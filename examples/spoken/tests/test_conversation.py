"""The application's own tests: no network, no key. `openai_server` comes from the SDK's pytest plugin."""

import wave
from pathlib import Path

import pytest

from sdk import Client
from sdk.testing import LocalServer

from ..__main__ import main
from ..conversation import answer


def _record(path: Path, seconds: float = 0.5, rate: int = 16_000) -> Path:
    """Write a WAV file with a tone, as a recorder would have it."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"\x00\x10\x00\xf0" * int(seconds * rate / 2))
    return path


def test_a_question_and_its_answer(openai_server: LocalServer, tmp_path: Path) -> None:
    """The question goes out as audio, a function is called, and the answer is a WAV file."""
    openai_server.on(type="response.create").reply_tool_call("opening_hours", day="Saturday")
    openai_server.on(type="response.create").reply("On Saturday we are open from 10 to 14.")
    with Client() as client:
        user, model = answer(_record(tmp_path / "question.wav"), tmp_path / "answer.wav", client)
    assert (user.role, len(user.audio)) == ("user", 24_000)  # half a second, at 24 kHz
    assert (model.text, model.calls) == ("On Saturday we are open from 10 to 14.", ("opening_hours",))
    with wave.open(str(tmp_path / "answer.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24_000, 1, 2)
        assert file.readframes(file.getnframes()) == model.audio != b""
    results = [one.json()["item"] for one in openai_server.requests if b"function_call_output" in one.body]
    assert [one["output"] for one in results] == ["10 to 14"]


def test_from_the_command_line(
    openai_server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The program prints what both sides said."""
    openai_server.on(type="response.create").reply("Good morning.")
    question = _record(tmp_path / "question.wav")
    monkeypatch.setattr("sys.argv", ["spoken", str(question), str(tmp_path / "answer.wav")])
    assert main() == 0
    assert capsys.readouterr().out.splitlines()[1] == "assistant: Good morning."
