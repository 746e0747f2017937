"""Responses over a WebSocket: each `response.create` is the request of POST /responses, and its events come back."""

import json
from contextlib import suppress
from typing import Any

from starlette.types import Message

from ..server.asgi import CLOSE
from ..server.errors import APIFailure
from .socket import Ended, Scripted, ServerSocket
from .state import JSON

#: What the envelope of an event has besides the body of the request.
_ENVELOPE = ("type", "stream_id")


async def serve(socket: ServerSocket) -> None:
    """Answer each event with the events of its response."""
    if not await socket.open():
        return
    with suppress(Ended):
        async for event in socket.events():
            if event["type"] != "response.create":
                await socket.fail(APIFailure(f"There is no event {event['type']!r} here.", param="type"), event)
                continue
            try:
                socket.take(event)
            except Scripted as scripted:
                await socket.perform(scripted.action, event)
            else:
                await _respond(socket, event)


async def _respond(socket: ServerSocket, event: JSON) -> None:
    body = {name: value for name, value in event.items() if name not in _ENVELOPE}
    lane = {"stream_id": event["stream_id"]} if "stream_id" in event else {}
    status, refusal = 200, bytearray()
    gone = False

    async def receive() -> Message:
        if gone:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": json.dumps({**body, "stream": True}).encode(), "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        elif status >= 400:
            refusal.extend(message.get("body", b""))
        else:
            for line in message.get("body", b"").split(b"\n"):
                if line.startswith(b"data: {"):
                    await socket.send({**json.loads(line[6:]), **lane})

    async def close() -> None:
        nonlocal gone
        gone = True
        await socket.cut()

    await socket.call("/v1/responses", receive, send, {CLOSE: close})
    if gone:
        raise Ended
    if status >= 400:
        error: Any = json.loads(refusal)["error"]
        await socket.send({"type": "error", "status": status, "error": error, **lane})
