"""Realtime sessions: the conversation over one WebSocket, with tones for speech."""

import asyncio
import base64
import json
from contextlib import suppress
from typing import Any

from ..media import wav
from ..media.text import pieces
from ..server.errors import APIFailure
from .socket import Ended, Scripted, ServerSocket
from .state import JSON
from .turn import Tool, Turn, argument_pieces, choose_tool, example_call

#: Samples of one audio event: a tenth of a second.
_CHUNK = 2 * wav.RATE // 10


class RealtimeSession:
    """The state of one session: its settings, its items in order, and the audio that was not committed."""

    def __init__(self, socket: ServerSocket) -> None:
        self._socket, self._state = socket, socket.state
        model = socket.query.get("model") or "gpt-realtime"
        self.session: JSON = {
            "type": "realtime",
            "object": "realtime.session",
            "id": self._state.new_id("sess_"),
            "model": model,
            "output_modalities": ["audio"],
            "instructions": "",
            "tools": [],
            "tool_choice": "auto",
        }
        self.items: list[JSON] = []
        self._audio = bytearray()
        self._speaking = False
        self._running: asyncio.Task[None] | None = None
        #: The message that is being said.
        self._saying: JSON | None = None

    async def run(self) -> None:
        """Hold the conversation until either side ends it."""
        with suppress(Ended):
            await self._socket.send({"type": "session.created", "session": self.session})
            async for event in self._socket.events():
                try:
                    await self._take(event)
                except APIFailure as failure:
                    await self._socket.fail(failure, event)
        await self._stop()

    async def _take(self, event: JSON) -> None:
        try:
            speech = self._socket.take(event)
        except Scripted as scripted:
            await self._socket.perform(scripted.action, event)
            return
        handler = getattr(self, f"_on_{event['type'].replace('.', '_')}", None)
        if handler is None:
            raise APIFailure(f"The session has no event {event['type']!r}.", param="type", code="unknown_event")
        if event["type"] == "response.create":
            await handler(event, speech)
        else:
            await handler(event)
            if speech is not None:  # the script answers an event that is not a request for a response
                await self._on_response_create({}, speech)

    # -- the session, and audio that comes in --------------------------------------------------------------------

    async def _on_session_update(self, event: JSON) -> None:
        self.session = {**self.session, **event["session"]}
        await self._socket.send({"type": "session.updated", "session": self.session})

    async def _on_input_audio_buffer_append(self, event: JSON) -> None:
        try:
            chunk = base64.b64decode(event["audio"], validate=True)
        except ValueError:
            raise APIFailure("The audio is not base64.", param="audio", code="invalid_value") from None
        self._audio += chunk
        if (self._input("turn_detection") or {}).get("type") not in ("server_vad", "semantic_vad"):
            return
        where = {"item_id": "item_next", "audio_start_ms": 0}
        if any(chunk) and not self._speaking:
            self._speaking = True
            await self._socket.send({"type": "input_audio_buffer.speech_started", **where})
            if self._running is not None:  # the speaker interrupts
                await self._stop("turn_detected")
        elif not any(chunk) and self._speaking:
            self._speaking = False
            await self._socket.send(
                {"type": "input_audio_buffer.speech_stopped", "item_id": "item_next", "audio_end_ms": self._length()}
            )
            await self._on_input_audio_buffer_commit({})
            await self._on_response_create({}, None)

    async def _on_input_audio_buffer_commit(self, event: JSON) -> None:
        if not self._audio:
            raise APIFailure("The audio buffer is empty.", code="input_audio_buffer_commit_empty")
        heard = self._state.hear(bytes(self._audio))
        self._audio.clear()
        part: JSON = {"type": "input_audio", "transcript": heard}
        item = {"id": self._state.new_id("item_"), "type": "message", "role": "user", "content": [part]}
        previous = self.items[-1]["id"] if self.items else None
        where = {"item_id": item["id"], "previous_item_id": previous}
        await self._socket.send({"type": "input_audio_buffer.committed", **where})
        await self._add(item)
        if self._input("transcription"):
            usage = {"type": "duration", "seconds": 1}
            await self._socket.send(
                {
                    "type": "conversation.item.input_audio_transcription.completed",
                    "item_id": item["id"],
                    "content_index": 0,
                    "transcript": heard,
                    "usage": usage,
                }
            )

    async def _on_input_audio_buffer_clear(self, event: JSON) -> None:
        self._audio.clear()
        await self._socket.send({"type": "input_audio_buffer.cleared"})

    async def _on_output_audio_buffer_clear(self, event: JSON) -> None:
        response_id = self.session["id"]
        await self._socket.send({"type": "output_audio_buffer.cleared", "response_id": response_id})

    # -- items ---------------------------------------------------------------------------------------------------

    async def _on_conversation_item_create(self, event: JSON) -> None:
        item = {"object": "realtime.item", "status": "completed", **event["item"]}
        item.setdefault("id", self._state.new_id("item_"))
        await self._add(item)

    async def _on_conversation_item_retrieve(self, event: JSON) -> None:
        await self._socket.send({"type": "conversation.item.retrieved", "item": self._item(event)})

    async def _on_conversation_item_delete(self, event: JSON) -> None:
        self.items.remove(self._item(event))
        await self._socket.send({"type": "conversation.item.deleted", "item_id": event["item_id"]})

    async def _on_conversation_item_truncate(self, event: JSON) -> None:
        self._item(event)
        names = ("item_id", "content_index", "audio_end_ms")
        await self._socket.send({"type": "conversation.item.truncated", **{name: event[name] for name in names}})

    async def _add(self, item: JSON) -> None:
        previous = self.items[-1]["id"] if self.items else None
        self.items.append(item)
        for kind in ("added", "done"):
            await self._socket.send({"type": f"conversation.item.{kind}", "previous_item_id": previous, "item": item})

    def _item(self, event: JSON) -> JSON:
        for item in self.items:
            if item["id"] == event["item_id"]:
                return item
        raise APIFailure("The conversation has no such item.", param="item_id", code="item_not_found")

    # -- responses -----------------------------------------------------------------------------------------------

    async def _on_response_create(self, event: JSON, speech: Any = None) -> None:
        if self._running is not None and not self._running.done():
            raise APIFailure("A response is being made already.", code="conversation_already_has_active_response")
        asked = {**self.session, **(event.get("response") or {})}
        turn = self._turn(asked, speech, event)
        response: JSON = {
            "object": "realtime.response",
            "id": self._state.new_id("resp_"),
            "status": "in_progress",
            "status_details": None,
            "output": [],
            "output_modalities": asked["output_modalities"],
            "conversation_id": self.session["id"],
            "metadata": asked.get("metadata"),
        }
        await self._socket.send({"type": "response.created", "response": response})
        made = self._respond(response, turn, asked)
        if self._state.tokens_per_second:  # only then a client can cancel it
            self._running = asyncio.create_task(made)
        else:
            await made

    async def _on_response_cancel(self, event: JSON) -> None:
        if self._running is None or self._running.done():
            raise APIFailure("No response is being made.", code="response_cancel_not_active")
        await self._stop("client_cancelled")

    async def _stop(self, reason: str = "") -> None:
        running, self._running = self._running, None
        if running is None or running.done():
            return
        running.cancel(reason)
        with suppress(asyncio.CancelledError, Ended):
            await running

    def _turn(self, asked: JSON, speech: Any, event: JSON) -> Turn:
        if speech is not None:
            text = speech.text if isinstance(speech.text, str) else speech.text(self._state.requests[-1])
            return Turn(text, calls=speech.calls)
        last = self.items[-1] if self.items else {}
        if last.get("type") == "function_call_output":
            return Turn(f"The tool answered: {last.get('output')}")
        prompt = _text_of(last)
        tools = [Tool(t["name"], t.get("parameters") or {}) for t in asked["tools"] if t.get("type") == "function"]
        tool = choose_tool(tools, asked["tool_choice"], prompt)
        return Turn(calls=(example_call(tool, prompt),)) if tool is not None else Turn(self._state.reply(prompt))

    async def _respond(self, response: JSON, turn: Turn, asked: JSON) -> None:
        output: list[JSON] = []
        done = {**response, "status": "completed", "output": output}
        try:
            for index, call in enumerate(turn.calls):
                await self._call(response, index, call, output)
            if not turn.calls:
                await self._say(response, turn.text, output, spoken="audio" in asked["output_modalities"])
        except asyncio.CancelledError as cancelled:
            reason = str(cancelled.args[0]) if cancelled.args else ""
            if not reason:
                raise
            if self._saying is not None:  # it can be cut to what was heard
                self.items.append({**self._saying, "status": "incomplete"})
            done |= {"status": "cancelled", "status_details": {"type": "cancelled", "reason": reason}}
        read, written = len(json.dumps(self.items)) // 4, max(1, len(turn.text) // 4)
        done["usage"] = {"total_tokens": read + written, "input_tokens": read, "output_tokens": written}
        await self._socket.send({"type": "response.done", "response": done})

    async def _call(self, response: JSON, index: int, call: Any, output: list[JSON]) -> None:
        item: JSON = {
            "id": self._state.new_id("item_"),
            "object": "realtime.item",
            "type": "function_call",
            "status": "completed",
            "call_id": self._state.new_id("call_"),
            "name": call.name,
            "arguments": call.arguments,
        }
        where = {"response_id": response["id"], "output_index": index}
        inner = {**where, "item_id": item["id"], "call_id": item["call_id"]}
        started = {**item, "status": "in_progress", "arguments": ""}
        await self._socket.send({"type": "response.output_item.added", **where, "item": started})
        for piece in argument_pieces(call.arguments):
            await self._socket.send({"type": "response.function_call_arguments.delta", **inner, "delta": piece})
        ended = {**inner, "name": call.name, "arguments": call.arguments}
        await self._socket.send({"type": "response.function_call_arguments.done", **ended})
        await self._socket.send({"type": "response.output_item.done", **where, "item": item})
        await self._add(item)
        output.append(item)

    async def _say(self, response: JSON, text: str, output: list[JSON], *, spoken: bool) -> None:
        id_ = self._state.new_id("item_")
        item: JSON = {"id": id_, "object": "realtime.item", "type": "message", "role": "assistant", "content": []}
        self._saying = item
        where = {"response_id": response["id"], "output_index": 0}
        inner = {**where, "item_id": id_, "content_index": 0}
        await self._socket.send(
            {"type": "response.output_item.added", **where, "item": {**item, "status": "in_progress"}}
        )
        empty: JSON = {"type": "audio", "transcript": ""} if spoken else {"type": "text", "text": ""}
        await self._socket.send({"type": "response.content_part.added", **inner, "part": empty})
        kind = "output_audio_transcript" if spoken else "output_text"
        for piece in pieces(text):
            await self._socket.send({"type": f"response.{kind}.delta", **inner, "delta": piece})
            sound = wav.samples(piece) if spoken else b""
            for at in range(0, len(sound), _CHUNK):
                delta = base64.b64encode(sound[at : at + _CHUNK]).decode()
                await self._socket.send({"type": "response.output_audio.delta", **inner, "delta": delta})
        if spoken:
            await self._socket.send({"type": "response.output_audio.done", **inner})
            await self._socket.send({"type": "response.output_audio_transcript.done", **inner, "transcript": text})
            part: JSON = {"type": "audio", "transcript": text}
            content: JSON = {"type": "output_audio", "transcript": text}
        else:
            await self._socket.send({"type": "response.output_text.done", **inner, "text": text})
            part, content = {"type": "text", "text": text}, {"type": "output_text", "text": text}
        await self._socket.send({"type": "response.content_part.done", **inner, "part": part})
        item, self._saying = {**item, "status": "completed", "content": [content]}, None
        await self._socket.send({"type": "response.output_item.done", **where, "item": item})
        await self._add(item)
        output.append(item)

    def _input(self, name: str) -> Any:
        """Return a setting of the audio that comes in."""
        return ((self.session.get("audio") or {}).get("input") or {}).get(name)

    def _length(self) -> int:
        """Return the length of the audio that was not committed, in milliseconds."""
        return len(self._audio) * 1000 // (2 * wav.RATE)


async def serve(socket: ServerSocket) -> None:
    """Serve one session."""
    if await socket.open():
        await RealtimeSession(socket).run()


def _text_of(item: JSON) -> str:
    content = item.get("content") or ()
    return " ".join(str(part.get("text") or part.get("transcript") or "") for part in content)
