"""The decoder against WHATWG HTML 9.2.6: every vector whole, byte by byte and cut at every place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdk.sse import Decoder, ServerSentEvent

Event = tuple[str, str, str, int | None]

A: Event = ("message", "a", "", None)
B: Event = ("message", "b", "", None)

VECTORS: dict[str, tuple[bytes, list[Event]]] = {
    "lf": (b"data: a\n\ndata: b\n\n", [A, B]),
    "crlf": (b"data: a\r\n\r\ndata: b\r\n\r\n", [A, B]),
    "cr": (b"data: a\r\rdata: b\r\r", [A, B]),
    "mixed line ends": (
        b"data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\rdata: e\r\n\n",
        [("message", "a\nb\nc", "", None), ("message", "d", "", None), ("message", "e", "", None)],
    ),
    "cr cr lf is two line ends": (
        b"data: a\r\r\ndata: b\n\n",
        [A, B],
    ),
    "other separators end no line": (
        "data: a\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029b\n\n".encode(),
        [("message", "a\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029b", "", None)],
    ),
    "bom": (b"\xef\xbb\xbfdata: a\n\n", [A]),
    "only one bom": (b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\ndata: b\n\n", [B]),
    "bom later": (b"data: a\n\n\xef\xbb\xbfdata: b\n\n", [A]),
    "half a bom": (b"\xef\xbbdata: a\n\ndata: b\n\n", [B]),
    "bom alone": (b"\xef\xbb\xbf", []),
    "comments": (b": ping\n\n:\ndata: a\n:data: b\n\n: end\n", [A]),
    "several data lines": (b"data: a\ndata:\ndata: c\n\n", [("message", "a\n\nc", "", None)]),
    "data without colon": (b"data\n\ndata\ndata\n\n", [("message", "", "", None), ("message", "\n", "", None)]),
    "data with an empty value": (b"data:\n\ndata: \n\n", [("message", "", "", None), ("message", "", "", None)]),
    "one leading space": (
        b"data:a\n\ndata:  b\n\ndata:\tc\n\ndata: d \n\n",
        [("message", d, "", None) for d in ("a", " b", "\tc", "d ")],
    ),
    "space before the colon": (b"data : a\n\n data: b\n\n", []),
    "colons in the value": (b"data: a: b\n\ndata::\n\n", [("message", "a: b", "", None), ("message", ":", "", None)]),
    "names in other case": (b"Data: a\nDATA: b\n\n", []),
    "event name": (b"event: x\ndata: a\n\ndata: b\n\n", [("x", "a", "", None), ("message", "b", "", None)]),
    "event name after the data": (b"data: a\nevent:x\n\n", [("x", "a", "", None)]),
    "the last event name counts": (
        b"event: x\nevent: y\ndata: a\n\nevent: z\nevent\ndata: b\n\n",
        [("y", "a", "", None), ("message", "b", "", None)],
    ),
    "event name reset by an empty block": (b"event: x\n\ndata: a\n\n", [A]),
    "no data, no event": (b"event: x\nid: 1\nretry: 5\n\n\n\n", []),
    "ids persist": (
        b"id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\nid\ndata: d\n\n",
        [("message", data, last, None) for data, last in (("a", "1"), ("b", "1"), ("c", "2"), ("d", ""))],
    ),
    "id with nul": (b"id: 1\nid: 2\x003\ndata: a\n\n", [("message", "a", "1", None)]),
    "nul elsewhere": (b"data: \x00\nevent: \x00\n\n", [("\x00", "\x00", "", None)]),
    "retry": (
        b"retry: 10\ndata: a\n\ndata: b\n\nretry:007\ndata: c\n\n",
        [("message", "a", "", 10), ("message", "b", "", None), ("message", "c", "", 7)],
    ),
    "retry of ascii digits only": (
        "".join(
            f"retry: {v}\ndata: a\n\n" for v in ("", "-1", "+1", "1.5", "1e3", " 1", "1 ", "1_0", "٣", "²")
        ).encode(),
        [A] * 10,
    ),
    "a wrong retry keeps the one before": (b"retry: 5\nretry: x\ndata: a\n\n", [("message", "a", "", 5)]),
    "a retry of zero": (b"retry: 0\ndata: a\n\ndata: b\n\n", [("message", "a", "", 0), B]),
    "retry belongs to its own block": (b"retry: 5\n\ndata: a\n\n", [A]),
    "a retry too long for a number": (b"retry: " + b"9" * 5000 + b"\ndata: a\n\n", [A]),
    "unknown fields": (b"foo: 1\nbar\ndatax: 2\ndata: a\n\n", [A]),
    "invalid utf-8": (
        b"data: \xff|\xe2\x82|\xed\xa0\x80|\xf0\x9f\x98\ndata: \x80\nevent: \xc0\nid: \xfe\n\n",
        [("\ufffd", "\ufffd|\ufffd|\ufffd\ufffd\ufffd|\ufffd\n\ufffd", "\ufffd", None)],
    ),
    "characters of several bytes": ("data: é€😀\n\n".encode(), [("message", "é€😀", "", None)]),
    "cut in the data": (b"data: a\n\ndata: b", [A]),
    "cut before the blank line": (b"data: a\n\ndata: b\n", [A]),
    "blank lines only": (b"\n\r\n\r\n\r\r", []),
    "nothing": (b"", []),
}


def reference(stream: bytes) -> list[Event]:
    """Read the specification aloud: decode, cut into lines, process each, character by character."""
    text = stream.decode("utf-8", "replace").removeprefix("\ufeff")
    lines, line, position = [], "", 0
    while position < len(text):
        character = text[position]
        position += 1
        if character == "\r":
            if text[position : position + 1] == "\n":
                position += 1
        elif character != "\n":
            line += character
            continue
        lines.append(line)
        line = ""  # what is left of it at the end is discarded
    events: list[Event] = []
    data, kind, last_id, retry = "", "", "", None
    for line in lines:
        if line == "":
            if data != "":
                events.append((kind if kind != "" else "message", data.removesuffix("\n"), last_id, retry))
            data, kind, retry = "", "", None
            continue
        if line.startswith(":"):
            continue
        field, value = (line[: line.index(":")], line[line.index(":") + 1 :]) if ":" in line else (line, "")
        value = value.removeprefix(" ")
        if field == "event":
            kind = value
        elif field == "data":
            data += value + "\n"
        elif field == "id" and "\0" not in value:
            last_id = value
        elif field == "retry" and value and all(c in "0123456789" for c in value) and len(value) <= 18:
            retry = int(value)
    return events


def decode(*pieces: bytes) -> list[Event]:
    """Feed the pieces to one decoder."""
    decoder = Decoder()
    return [(e.event, e.data, e.id, e.retry) for piece in pieces for e in decoder.feed(piece)]


def single_bytes(stream: bytes) -> list[bytes]:
    """Cut a stream into its bytes."""
    return [stream[i : i + 1] for i in range(len(stream))]


each_vector = pytest.mark.parametrize(("stream", "expected"), VECTORS.values(), ids=VECTORS.keys())


@each_vector
def test_whole(stream: bytes, expected: list[Event]) -> None:
    """A stream fed in one piece gives exactly these events."""
    assert decode(stream) == expected


@each_vector
def test_byte_by_byte(stream: bytes, expected: list[Event]) -> None:
    """A stream fed byte by byte gives the same events."""
    assert decode(*single_bytes(stream)) == expected


@each_vector
def test_every_split(stream: bytes, expected: list[Event]) -> None:
    """A stream cut in two at any place gives the same events, an empty piece in between included."""
    places = range(len(stream) + 1) if len(stream) < 1000 else range(0, len(stream), 97)
    for place in places:
        assert decode(stream[:place], b"", stream[place:]) == expected, place


@each_vector
def test_reference_agrees(stream: bytes, expected: list[Event]) -> None:
    """The reference reading of the specification gives the events written down by hand."""
    assert reference(stream) == expected


_PARTS = st.sampled_from(
    [
        *(b"\n", b"\r", b"\r\n", b"\n\n", b"data", b"data:", b"data: ", b"event: x", b"id: 1", b"id", b"retry: 12"),
        *(b":", b" ", b"\x00", b"\xef\xbb\xbf", b"\xef", b"\xbb", b"\xff", b"a", b"7", b"\xe2\x82\xac", b"\xf0\x9f"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(_PARTS, st.binary(max_size=4)), max_size=40), st.data())
def test_like_the_reference(parts: list[bytes], draw: st.DataObject) -> None:
    """Any bytes, cut anywhere, decode as the specification says."""
    stream = b"".join(parts)
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    expected = reference(stream)
    assert decode(*pieces) == expected
    assert decode(*single_bytes(stream)) == expected


def test_cr_ends_a_line_at_once() -> None:
    """An event whose blank line ends in CR comes without waiting for the byte after it."""
    assert Decoder().feed(b"data: a\r\r") == [ServerSentEvent("message", "a")]
