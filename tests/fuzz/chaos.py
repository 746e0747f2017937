"""A server that answers each request as told by chance: rightly, or with one of many misbehaviours.

Every answer names the question that it belongs to. What no client may take for an answer names none: "poison".
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterable
from typing import Any

from ..faults.raw import Peer, reply

#: Seconds that a client waits for this server, and that the server waits where it lets a client wait in vain.
PATIENCE = 0.3
_TYPE = "Content-Type: application/json\r\n"
_CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nTransfer-Encoding: chunked\r\n\r\n"
_LAST = b"0\r\n\r\n"


def text_of(question: str) -> str:
    """Return the text of the right answer to a question."""
    return f"{question}, " * 40


def _body(question: str) -> bytes:
    message = {"role": "assistant", "content": text_of(question)}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    wire = {"id": question, "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    return json.dumps(wire).encode()


_POISON = reply(_body("poison"))


def _events(question: str, chance: random.Random) -> list[bytes]:
    """Return the events of a stream, without `[DONE]`."""
    text, deltas = text_of(question), []
    while text:
        size = chance.randint(1, 200)
        deltas.append(({"content": text[:size]}, None))
        text = text[size:]
    found = []
    for delta, finish in [*deltas, ({}, "stop")]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        wire = {"id": question, "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        found.append(b"data: %b\n\n" % json.dumps(wire).encode())
    return found


def _chunks(pieces: Iterable[bytes]) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece)


class Turn:
    """One request: who asked, what, and what chance there is."""

    def __init__(self, peer: Peer, request: bytes, seed: int) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        asked: Any = json.loads(body)
        self.peer, self.question = peer, str(asked["messages"][0]["content"])
        self.streams = asked.get("stream") is True
        # The attempt counts too, so that another attempt may fare better.
        attempt = head.lower().partition(b"x-retry-count: ")[2][:1]
        self.chance = random.Random(f"{seed} {self.question} {attempt!r}")

    def whole(self) -> bytes:
        """Return the right response: a whole reply, or a stream."""
        if not self.streams:
            return reply(_body(self.question))
        return _CHUNKED % b"text/event-stream" + _chunks([*self.events(), b"data: [DONE]\n\n"]) + _LAST

    def events(self) -> list[bytes]:
        """Return the events of the right stream."""
        return _events(self.question, self.chance)

    def cut(self, data: bytes) -> bytes:
        """Return the start of some bytes."""
        return data[: self.chance.randrange(1, len(data))]

    def send(self, data: bytes) -> None:
        """Write."""
        self.peer.send(data)

    def poison(self) -> None:
        """Write a response that nobody asked for, where no client may use the connection again."""
        self.peer.pause(self.chance.uniform(0, 0.005))
        self.send(_POISON)

    def in_pieces(self, data: bytes) -> None:
        """Write in pieces of any size."""
        while data:
            size = self.chance.choice((1, 2, 3, 50, 500))
            self.send(data[:size])
            data = data[size:]


#: Do as told; True: the connection may carry another request.
Behaviour = Callable[[Turn], bool]


def _right(turn: Turn) -> bool:
    turn.send(turn.whole())
    return True


def _in_pieces(turn: Turn) -> bool:
    turn.in_pieces(turn.whole())
    return True


def _in_chunks(turn: Turn) -> bool:
    body, pieces = _body(turn.question), []
    while body:
        size = turn.chance.randint(1, 300)
        pieces.append(body[:size])
        body = body[size:]
    turn.send(_CHUNKED % b"application/json" + _chunks(pieces).replace(b"\r\n", b";x=y\r\n", 1) + b"0\r\nX: y\r\n\r\n")
    return True


def _interim(turn: Turn) -> bool:
    turn.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + turn.whole())
    return True


def _compressed(turn: Turn) -> bool:
    turn.in_pieces(reply(gzip.compress(_body(turn.question)), headers=f"{_TYPE}Content-Encoding: gzip\r\n"))
    return True


def _without_length(turn: Turn) -> bool:
    turn.send(f"HTTP/1.1 200 OK\r\n{_TYPE}\r\n".encode() + _body(turn.question))
    return False


def _closes(turn: Turn) -> bool:
    turn.send(turn.whole().replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
    turn.poison()
    return True


def _old(turn: Turn) -> bool:
    turn.send(reply(_body(turn.question)).replace(b"HTTP/1.1", b"HTTP/1.0"))
    turn.poison()
    return True


def _smuggles(turn: Turn) -> bool:
    """Whoever leaves the stream half way, and uses its connection again, reads poison as the next response."""
    events = b"".join([*turn.events(), b"data: [DONE]\n\n"])
    start, _, rest = events.partition(b"\n\n")
    size = len(events) + len(_POISON) + 2
    turn.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n" % size)
    turn.send(start + b"\n\n")
    turn.poison()
    turn.send(b"\n\n" + rest)
    return True


def _closes_silently(turn: Turn) -> bool:
    turn.send(turn.whole())
    return False


def _excess(turn: Turn) -> bool:
    turn.send(turn.whole() + _POISON)
    return True


def _late(turn: Turn) -> bool:
    turn.peer.pause(1.5 * PATIENCE)  # the client has given up
    turn.send(turn.whole())
    return True


def _late_end(turn: Turn) -> bool:
    data = turn.whole()
    start = turn.cut(data)
    turn.send(start)
    turn.peer.pause(1.5 * PATIENCE)
    turn.poison()
    turn.send(data[len(start) :])
    return True


def _silent(turn: Turn) -> bool:
    turn.peer.hold()
    return False


def _hangs_up(turn: Turn) -> bool:
    return False


def _resets(turn: Turn) -> bool:
    turn.peer.reset()
    return False


def _is_cut(turn: Turn) -> bool:
    turn.send(turn.cut(turn.whole()))
    return False


def _is_cut_and_reset(turn: Turn) -> bool:
    turn.send(turn.cut(turn.whole()))
    turn.peer.reset()
    return False


def _garbage(turn: Turn) -> bool:
    turn.send(turn.chance.randbytes(200))
    turn.poison()
    return True


def _two_lengths(turn: Turn) -> bool:
    turn.send(reply(_body(turn.question), headers=f"{_TYPE}Content-Length: 7\r\n"))
    turn.poison()
    return True


def _length_and_chunks(turn: Turn) -> bool:
    """Whoever believes the length reads poison as the next response."""
    body = _chunks([_body(turn.question)]) + _LAST
    turn.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n" % len(body) + body)
    turn.poison()
    return True


def _bad_chunk(turn: Turn) -> bool:
    body = _body(turn.question)
    turn.send(_CHUNKED % b"application/json" + b"%x\r\n%b" % (len(body) - 5, body))
    turn.poison()
    return True


def _status(turn: Turn) -> bool:
    status = turn.chance.choice(("500 No", "503 No", "429 No", "408 No", "400 No", "404 No"))
    turn.send(reply(b'{"error":{"message":"no"}}', status, f"{_TYPE}Retry-After: 0\r\n"))
    return True


def _early_status(turn: Turn) -> bool:
    turn.send(reply(b"", "503 No", "Connection: close\r\n"))
    return False


def _error_in_success(turn: Turn) -> bool:
    turn.send(reply(b'{"error":{"message":"no"}}'))
    return True


def _no_json(turn: Turn) -> bool:
    turn.send(reply(turn.cut(_body(turn.question))))
    return True


def _web_page(turn: Turn) -> bool:
    turn.send(reply(b"<html>poison</html>", headers="Content-Type: text/html\r\n"))
    return True


def _no_gzip(turn: Turn) -> bool:
    data = turn.cut(gzip.compress(_body(turn.question)))
    turn.send(reply(data, headers=f"{_TYPE}Content-Encoding: gzip\r\n"))
    return True


def _huge_head(turn: Turn) -> bool:
    turn.send(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n")
    return True


def _redirect(turn: Turn) -> bool:
    turn.send(reply(b"", "307 There", "Location: http://127.0.0.2:9/v1/poison\r\n"))
    return True


def _after_done(turn: Turn) -> bool:
    """More comes after the end of a stream, and the response goes on."""
    poison = [b"data: [DONE]\n\n", *_events("poison", turn.chance)]
    turn.send(_CHUNKED % b"text/event-stream" + _chunks([*turn.events(), *poison]))
    turn.peer.pause(turn.chance.uniform(0, 0.02))
    turn.send(_LAST)
    return True


def _error_event(turn: Turn) -> bool:
    turn.send(
        _CHUNKED % b"text/event-stream" + _chunks([*turn.events()[:1], b'data: {"error":{"message":"no"}}\n\n']) + _LAST
    )
    return True


#: Right answers, in ways that a client must understand.
RIGHT: tuple[Behaviour, ...] = (
    *(
        _right,
        _in_pieces,
        _in_chunks,
        _interim,
        _compressed,
        _without_length,
        _closes_silently,
        _excess,
        _closes,
        _old,
        _smuggles,
    ),
)
#: Answers that are none, or that come too late.
WRONG: tuple[Behaviour, ...] = (
    *(_late, _late_end, _silent, _hangs_up, _resets, _is_cut, _is_cut_and_reset, _garbage, _two_lengths),
    *(_length_and_chunks, _bad_chunk, _status, _early_status, _error_in_success, _no_json, _web_page, _no_gzip),
    *(_huge_head, _redirect, _after_done, _error_event),
)
#: Of these a client takes nothing, or waits in vain: they take long, and so they are rarer.
_SLOW = frozenset({_late, _late_end, _silent})
_OF_STREAMS = frozenset({_smuggles, _after_done, _error_event})


def chaos(seed: int, done: Callable[[str], Any]) -> Callable[[Peer], None]:
    """Return the script of a connection; `done` is told the name of each behaviour."""

    def serve(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            turn = Turn(peer, request, seed)
            choices = RIGHT if turn.chance.random() < 0.5 else WRONG
            chosen = turn.chance.choice(choices)
            while (chosen in _OF_STREAMS and not turn.streams) or (chosen in _SLOW and turn.chance.random() < 0.7):
                chosen = turn.chance.choice(choices)
            done(chosen.__name__)
            if not chosen(turn):
                return

    return serve
