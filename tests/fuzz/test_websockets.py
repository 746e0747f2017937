"""A server of WebSockets that sends anything: both worlds see the same, and nothing stays open."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Opcode

from sdk.errors import APIError, APIResponseError
from tests.faults.raw import Peer, Raw
from tests.faults.sockets import answer, close, event, frame, talk

from .scale import Tally, cases

#: What is JSON and no event of the description.
_ODD: list[Any] = [
    [], 1, None, "text", {}, {"type": 1}, {"type": None}, {"type": "error"}, {"type": "error", "error": 5},
    {"type": "response.done"}, {"type": "response.done", "response": [1]}, {"type": "session.created", "session": 5},
]  # fmt: skip
_CODES = [0, 999, 1000, 1001, 1004, 1005, 1006, 1011, 1015, 1016, 2999, 3000, 4999, 5000, 65535]
_PIECES = st.one_of(
    st.just(event(n=1)),
    st.sampled_from([frame(json.dumps(one).encode()) for one in _ODD]),
    st.builds(close, st.sampled_from(_CODES), st.sampled_from(["", "because", "x" * 123])),
    st.builds(frame, st.binary(max_size=40), st.sampled_from([Opcode.TEXT, Opcode.BINARY, Opcode.PING, Opcode.PONG])),
    st.just(frame(b'{"type":"a"', fin=False) + frame(b"}", Opcode.CONT)),
    st.binary(min_size=1, max_size=40),
    st.integers(1, 9).map(lambda size: event()[:size]),
)


def _seen(world: str, data: bytes) -> tuple[list[Any], str, int | None]:
    """Return the events, the kind of the error, and its close code."""

    def script(peer: Peer) -> None:
        peer.send(answer(peer.request() or b"") + data)

    with Raw(script) as server:
        got = talk(world, server, stall_timeout=1.0)
    assert got.open == 0
    assert got.error is None or isinstance(got.error, APIError), repr(got.error)
    return [one.to_dict() for one in got.events], type(got.error).__name__, getattr(got.error, "close_code", None)


def test_any_frames(tally: Tally) -> None:
    """Events come until something is wrong, which is an error of this SDK, and the same in both worlds."""

    @cases(25)
    @given(st.lists(_PIECES, max_size=6).map(b"".join))
    def check(data: bytes) -> None:
        found = _seen("sync", data)
        tally["conversations"] += 1
        tally["of which messages are no events"] += found[1] == APIResponseError.__name__
        assert _seen("asyncio", data) == found

    check()
