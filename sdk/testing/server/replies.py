"""Build responses: JSON and server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from itertools import chain
from typing import Any

from starlette.responses import Response, StreamingResponse


class JSONReply(Response):
    """A JSON response that escapes lone surrogates, which Starlette's own cannot encode."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Encode the content."""
        return encode(content)


def encode(content: Any) -> bytes:
    """Encode JSON as compact ASCII."""
    return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


def event_stream(events: Iterable[Mapping[str, Any]], *, named: bool = False, done: bool = False) -> Response:
    """Stream events as `text/event-stream`, with one write for each event.

    `named` puts each event's type on an `event:` line of its own; `done` ends the stream with `data: [DONE]`.
    """
    blocks = (block(event["type"] if named else None, event) for event in events)
    return stream(chain(blocks, [b"data: [DONE]\n\n"] if done else []))


def block(name: str | None, data: Mapping[str, Any]) -> bytes:
    head = b"" if name is None else b"event: " + name.encode() + b"\n"
    return head + b"data: " + encode(data) + b"\n\n"


def stream(blocks: Iterable[bytes]) -> Response:
    async def body() -> AsyncIterator[bytes]:
        for block in blocks:
            yield block
            # Other tasks run here, and the server can notice that the client has disconnected.
            await asyncio.sleep(0)

    return StreamingResponse(body(), media_type="text/event-stream", headers={"cache-control": "no-cache"})
