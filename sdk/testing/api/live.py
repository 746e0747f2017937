"""Live sessions and translations: what is known of them. The script says what the model says."""

import base64
from contextlib import suppress

from ..media import wav
from ..server.errors import APIFailure
from .socket import Ended, Scripted, ServerSocket
from .state import JSON

#: Events that the server confirms, and the event that does so.
_CONFIRMED = {
    "session.update": "session.updated",
    "session.instructions.append": "session.instructions.appended",
    "session.input_audio.mute": "session.input_audio.muted",
    "session.input_audio.unmute": "session.input_audio.unmuted",
}


async def serve(socket: ServerSocket) -> None:
    """Serve one session."""
    if await socket.open():
        with suppress(Ended):
            await _run(socket)


async def _run(socket: ServerSocket) -> None:
    session: JSON = {"id": socket.state.new_id("live_")}
    async for event in socket.events():
        answered = {"client_event_id": event["event_id"]} if "event_id" in event else {}
        try:
            speech = socket.take(event)
        except Scripted as scripted:
            await socket.perform(scripted.action, event)
            continue
        kind = event["type"]
        if kind == "session.start":
            session |= event["session"]
            await socket.send({"type": "session.started", "session": session, **answered})
        elif kind == "session.close":
            usage = {"input_audio_seconds": 0, "output_audio_seconds": 0}
            await socket.send(
                {"type": "session.closed", "reason": "close_requested", "session": session, "usage": usage, **answered}
            )
            await socket.close()
        elif kind in _CONFIRMED:
            await socket.send({"type": _CONFIRMED[kind], "session": session, **answered})
        elif kind not in ("session.input_audio.append", "response.create"):
            await socket.fail(APIFailure(f"There is no event {kind!r} here.", param="type"), event)
        if speech is not None:
            text = speech.text if isinstance(speech.text, str) else speech.text(socket.state.requests[-1])
            sound = base64.b64encode(wav.samples(text)).decode()
            await socket.send({"type": "session.output_transcript.delta", "delta": text, "start_ms": 0, "end_ms": 0})
            await socket.send({"type": "session.output_audio.delta", "delta": sound})


async def translate(socket: ServerSocket) -> None:
    """Serve a session that translates: the words that it hears come back as text and sound."""
    if not await socket.open():
        return
    state, model = socket.state, socket.query.get("model") or "gpt-realtime-translate"
    session: JSON = {
        "id": state.new_id("sess_"), "type": "translation", "expires_at": state.now() + 1800, "model": model,
        "audio": {},
    }  # fmt: skip
    with suppress(Ended):
        await socket.send({"type": "session.created", "session": session})
        async for event in socket.events():
            try:
                speech = socket.take(event)
            except Scripted as scripted:
                await socket.perform(scripted.action, event)
                continue
            if event["type"] == "session.update":
                session |= event["session"]
                await socket.send({"type": "session.updated", "session": session})
            elif event["type"] == "session.close":
                await socket.send({"type": "session.closed"})
                await socket.close()
            else:
                heard = socket.state.hear(base64.b64decode(event["audio"]))
                text = heard if speech is None or not isinstance(speech.text, str) else speech.text
                sound = base64.b64encode(wav.samples(text)).decode()
                await socket.send({"type": "session.input_transcript.delta", "delta": heard})
                await socket.send({"type": "session.output_transcript.delta", "delta": text})
                await socket.send({"type": "session.output_audio.delta", "delta": sound})
