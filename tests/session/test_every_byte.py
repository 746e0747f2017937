"""History after a fault at every byte of a streamed reply is the history before, and trying again says it once."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from sdk import ChatSession, Client, ResponsesSession
from sdk.errors import APIError

from ..faults.raw import Peer, Raw

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n"


def _chat() -> bytes:
    deltas: list[Any] = [({"role": "assistant", "content": "Hi"}, None), ({"content": " you"}, None), ({}, "stop")]
    chunks = [{"choices": [{"index": 0, "delta": d, "finish_reason": f}]} for d, f in deltas]
    return b"".join(b"data: " + json.dumps(c).encode() + b"\n\n" for c in chunks) + b"data: [DONE]\n\n"


def _responses() -> bytes:
    part = {"type": "output_text", "text": "Hi you"}
    whole = {"id": "r", "status": "completed", "output": [{"type": "message", "role": "assistant", "content": [part]}]}
    events: list[Any] = [{"type": "response.output_text.delta", "delta": "Hi you"}]
    events.append({"type": "response.completed", "response": whole})
    return b"".join(b"data: " + json.dumps(e).encode() + b"\n\n" for e in events)


def _cutting(body: bytes, places: list[int]) -> Any:
    """Return a server that cuts each answer after so many bytes of its body, and sends the last one whole."""

    def script(peer: Peer) -> None:
        while peer.request() is not None:
            number = len(peer._server.requests) - 1
            if number >= len(places):
                peer.send(_HEAD % len(body) + body)
                continue
            peer.send(_HEAD % len(body) + body[: places[number]])
            return

    return script


def _ends(body: bytes, kind: type) -> int:
    """Return where the reply is whole: what is cut behind it is nothing of the answer."""
    return body.index(b"data: [DONE]") if kind is ChatSession else len(body) - 1


@pytest.mark.parametrize("kind", [ChatSession, ResponsesSession])
@pytest.mark.parametrize("form", ["sync", "asyncio"])
def test_a_cut_at_every_byte(kind: Any, form: str) -> None:
    """Wherever the connection breaks, nothing of the turn stays; the next try sends the message once."""
    body = _chat() if kind is ChatSession else _responses()
    places = list(range(_ends(body, kind)))
    failures, pieces = [], list[str]()

    def turn(session: Any) -> Any:
        if form == "sync":
            return session.send("the question", on_chunk=lambda chunk: pieces.append(chunk.content))
        return asyncio.run(session.asend("the question", on_chunk=lambda chunk: pieces.append(chunk.content)))

    with Raw(_cutting(body, places)) as server:
        with Client(api_base=server.url, api_key="k", max_retries=0) as client:
            session = kind(client, "m", ["before", {"role": "assistant", "content": "yes"}])
            before = json.dumps(session.messages)
            for _ in places:
                with pytest.raises(APIError) as raised:
                    turn(session)
                failures.append(raised.value)
                assert json.dumps(session.messages) == before
                assert getattr(session, "previous_response_id", None) is None
            pieces.clear()
            reply = turn(session)
        assert len(failures) == len(places) > 100
        assert "".join(pieces) == reply.text == "Hi you"
        assert server.requests[-1].count(b"the question") == 1
        assert len(session.messages) == 4
