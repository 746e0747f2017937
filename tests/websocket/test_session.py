"""Spoken conversations with the local server, in both worlds."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from sdk import Client, RealtimeSession, ResponsesSession
from sdk.errors import APIResponseError, BadRequestError, ConfigError, ConnectionClosedError, ToolError
from sdk.realtime import Microphone, Speaker, Turn, pcm_of, wav_of
from sdk.testing import LocalServer, cassette

TONE = b"\x00\x10\x00\xf0" * 12_000  # a second


def weather(city: str) -> str:
    """Return the weather."""
    return f"sunny in {city}"


@pytest.fixture(params=["sync", "asyncio"])
def talk(request: pytest.FixtureRequest) -> Callable[..., list[Any]]:
    """Make turns in a session: `talk(server, ("say", "Hi"), ...)` returns what each gave, and the session."""

    def either(server: LocalServer, *turns: tuple[str, Any], api_key: str = "test-key", **options: Any) -> list[Any]:
        given: Any = {"api_base": server.url, "api_key": api_key, "strict": True}
        if request.param == "sync":
            with Client(**given) as client, RealtimeSession(client, **options) as session:
                return [
                    *(value[0](session) if name == "call" else getattr(session, name)(value) for name, value in turns),
                    session,
                ]

        async def main() -> list[Any]:
            async with Client(**given) as client, RealtimeSession(client, **options) as session:
                return [
                    *[
                        await (value[1](session) if name == "call" else getattr(session, f"a{name}")(value))
                        for name, value in turns
                    ],
                    session,
                ]

        return asyncio.run(main())

    return either


def test_text_and_audio(talk: Callable[..., list[Any]]) -> None:
    """Turns of text and audio are answered with both, and transcribed."""
    with LocalServer() as server:
        server.on(type="response.create").reply("Good morning.")
        said, spoken, session = talk(server, ("say", "Hi"), ("speak", wav_of(TONE)), voice="marin")
    assert (str(said), said.role, said.status, len(said.audio) > 1000) == (
        "Good morning.",
        "assistant",
        "completed",
        True,
    )
    assert pcm_of(said.wav()) == said.audio
    user = session.turns[2]
    assert (user.audio, spoken.text) == (TONE, f"You wrote {len(user.text.split())} words: {user.text}")
    update = server.requests[1].json()["session"]
    assert update["audio"]["output"] == {"voice": "marin"}
    assert [turn.role for turn in session.turns] == ["user", "assistant"] * 2


def test_functions_are_called(talk: Callable[..., list[Any]]) -> None:
    """A function that the model calls is run, and its result is the base of the answer."""
    with LocalServer() as server:
        server.on(type="response.create").reply_tool_call("weather", city="Rome")
        turn, _ = talk(server, ("say", "How is it in Rome?"), tools=[weather], speaks=False)
    assert (turn.text, turn.calls, turn.audio) == ("The tool answered: sunny in Rome", ("weather",), b"")


def test_functions_for_ever(talk: Callable[..., list[Any]]) -> None:
    """A model that only calls functions is stopped after max_rounds."""
    with LocalServer() as server:
        server.on(type="response.create", times=None).reply_tool_call("weather", city="Rome")
        with pytest.raises(ToolError, match="max_rounds"):
            talk(server, ("say", "x"), tools=[weather], speaks=False, max_rounds=2)


def test_an_error_event(talk: Callable[..., list[Any]]) -> None:
    """An error event in a turn is raised, with its code."""
    with LocalServer() as server:
        server.on(type="response.create").fail(400, message="no", code="odd")
        with pytest.raises(APIResponseError) as caught:
            talk(server, ("say", "x"))
    assert (caught.value.message, caught.value.code) == ("no", "odd")


@pytest.mark.parametrize("code", [1011, 1013])
def test_a_close_within_a_turn(talk: Callable[..., list[Any]], code: int) -> None:
    """A connection that ends within a turn is a ConnectionClosedError."""
    with LocalServer() as server:
        server.close_socket(code, "busy", after=5)
        with pytest.raises(ConnectionClosedError, match="busy") as caught:
            talk(server, ("say", "x"))
    assert caught.value.close_code == code


def test_the_speaker_interrupts() -> None:
    """With turn detection the user's voice stops the model, and the program sends how much was heard."""
    with (
        LocalServer(tokens_per_second=200) as server,
        Client(api_base=server.url, api_key="test-key", strict=True) as client,
    ):
        server.on(type="response.create").reply(" ".join(["word"] * 200))
        with RealtimeSession(client, turn_detection={"type": "server_vad"}) as session:
            session.connection.response.create()
            spoke = False

            def speak_over(event: Any) -> None:
                nonlocal spoke
                if event.type == "response.output_audio.delta" and not spoke:
                    spoke = True
                    session.send_audio(TONE[:4800])

            turn = next(session.listen(speak_over))
            session.interrupt(played_ms=10)
            truncated = next(one for one in session.connection if one.type == "conversation.item.truncated")
    assert (turn.interrupted, turn.status) == (True, "cancelled")
    assert truncated.audio_end_ms == 10


async def _talk_over(url: str) -> tuple[Turn, Any]:
    async with (
        Client(api_base=url, api_key="test-key", strict=True) as client,
        RealtimeSession(client, turn_detection={"type": "server_vad"}) as session,
    ):
        await session.connection.response.create()
        spoke = False

        async def speak_over(event: Any) -> None:
            nonlocal spoke
            if event.type == "response.output_audio.delta" and not spoke:
                spoke = True
                await session.asend_audio(TONE[:4800])

        turn = await anext(session.alisten(speak_over))
        await session.ainterrupt(played_ms=10)
        async for event in session.connection:
            if event.type == "conversation.item.truncated":
                return turn, event
    raise AssertionError("nothing was truncated")


def test_the_speaker_interrupts_a_coroutine() -> None:
    """So it is in a coroutine."""
    with LocalServer(tokens_per_second=200) as server:
        server.on(type="response.create").reply(" ".join(["word"] * 200))
        turn, truncated = asyncio.run(_talk_over(server.url))
    assert (turn.interrupted, turn.status) == (True, "cancelled")
    assert truncated.audio_end_ms == 10


def test_an_interruption_that_comes_too_late(talk: Callable[..., list[Any]]) -> None:
    """Where the model has ended before it is interrupted, the server's error fails no turn, and none is mixed up."""

    def interrupt(session: RealtimeSession) -> None:
        session._collector.running = True  # as where its end is on the way
        session.interrupt()

    async def ainterrupt(session: RealtimeSession) -> None:
        session._collector.running = True
        await session.ainterrupt()

    with LocalServer() as server:
        first, _, second, session = talk(
            server, ("say", "one"), ("call", (interrupt, ainterrupt)), ("say", "two words"), speaks=False
        )
        assert any(request.json().get("event_id") for request in server.requests[1:])
    assert (first.text, second.text, len(session.turns)) == ("You wrote 1 word: one", "You wrote 2 words: two words", 4)


def test_a_conversation_on_tape(talk: Callable[..., list[Any]], tmp_path: Any) -> None:
    """A cassette records a conversation and plays it without a server, in either world; no key is on it."""
    tape = tmp_path / "tape.yaml"
    with LocalServer(api_key="sk-secret-0123456789") as server, cassette(tape):
        recorded, _ = talk(server, ("say", "Hi"), speaks=False, api_key="sk-secret-0123456789")
    assert "secret" not in tape.read_text()
    with cassette(tape, mode="none"):
        played, _ = talk(server, ("say", "Hi"), speaks=False)
    assert isinstance(recorded, Turn)
    assert (played.text, played.usage) == (recorded.text, recorded.usage)


def test_responses_over_a_websocket() -> None:
    """A ResponsesSession sends its turns over one connection, functions and errors included."""
    with LocalServer() as server, Client(api_base=server.url, api_key="test-key", strict=True) as client:
        pieces: list[str] = []
        with ResponsesSession(client, tools=[weather], transport="websocket") as session:
            assert str(session.send("Hi", on_chunk=lambda one: pieces.append(one.content))) == "You wrote 1 word: Hi"
            server.reply_tool_call("weather", city="Rome")
            assert str(session.run("the weather")) == "The tool answered: sunny in Rome"
            with pytest.raises(BadRequestError, match="temperature"):
                session.send("x", temperature=9)
            assert str(session.send("again")) == "You wrote 1 word: again"
        assert "".join(pieces) == "You wrote 1 word: Hi"
        assert [one.method for one in server.requests].count("WEBSOCKET") == 6  # a handshake, and five requests


def test_responses_fall_back_to_http() -> None:
    """A server without the path is asked over HTTP, from then on."""
    with LocalServer() as server, Client(api_base=server.url, api_key="test-key", strict=True) as client:
        server.on(operation="responses.connect").fail(404)
        with ResponsesSession(client, transport="websocket") as session:
            assert [str(session.send(text)) for text in ("a", "b")] == ["You wrote 1 word: a", "You wrote 1 word: b"]
        assert [one.method for one in server.requests] == ["WEBSOCKET", "POST", "POST"]


def test_wav_files_of_other_kinds() -> None:
    """A file with two channels and another rate is converted; raw samples stay as they are."""
    import io
    import wave

    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(48_000)
        out.writeframes(b"\x10\x00\x30\x00" * 480)
    assert pcm_of(file.getvalue()) == b"\x20\x00" * 240
    assert pcm_of(b"\x01\x02") == b"\x01\x02"
    with pytest.raises(ValueError, match="cannot be read"):
        pcm_of(b"RIFF\0\0\0\0WAVEjunk")


def test_a_translation() -> None:
    """A session that translates answers sound with text and sound, and ends in order."""
    with (
        LocalServer() as server,
        Client(api_base=server.url, api_key="test-key", strict=True) as client,
        client.realtime.translations.connect.sync(model="m") as connection,
    ):
        server.on(type="session.input_audio_buffer.append").reply("guten Tag")
        connection.session.input_audio_buffer.append(audio="AAAA")
        connection.session.close()
        texts = [event.delta for event in connection if event.type == "session.output_transcript.delta"]
    assert texts == ["guten Tag"]


class _Device:
    """A stream of a sound card: a test calls its callback."""

    def __init__(self, **settings: Any) -> None:
        self.settings, self.calls = settings, list[str]()

    def __getattr__(self, name: str) -> Callable[[], None]:
        return lambda: self.calls.append(name)


def test_the_microphone_and_the_speaker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Samples come from the microphone in order, and go to the speaker; who is interrupted falls silent."""
    made: list[_Device] = []

    def device(**settings: Any) -> _Device:
        made.append(_Device(**settings))
        return made[-1]

    library = SimpleNamespace(RawInputStream=device, RawOutputStream=device)
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    with Microphone() as microphone:
        made[0].settings["callback"](b"\1\2", 1, None, None)
    assert list(microphone) == [b"\1\2"]
    with Speaker() as speaker:
        speaker.on_event(SimpleNamespace(type="response.output_audio.delta", delta="AQIDBAUG"))
        out = bytearray(4)
        made[1].settings["callback"](out, 2, None, None)
        assert out == b"\1\2\3\4"
        speaker.on_event(SimpleNamespace(type="input_audio_buffer.speech_started"))
        made[1].settings["callback"](out, 2, None, None)
        assert out == bytes(4)
        assert speaker.played_ms == 0
    assert [one.calls for one in made] == [["start", "stop", "close"]] * 2
    assert made[0].settings["samplerate"] == 24_000


def test_no_sound_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library the error says what to install."""
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(ConfigError, match=r"\[audio\]"), Microphone():
        pass
