"""What the decoder holds: unfinished bytes, limits and memory."""

import tracemalloc
from typing import Any

import pytest

from sdk.errors import ConfigError, StreamError
from sdk.sse import Decoder


def single_bytes(stream: bytes) -> list[bytes]:
    """Cut a stream into its bytes."""
    return [stream[i : i + 1] for i in range(len(stream))]


@pytest.mark.parametrize(
    ("stream", "pending"),
    [
        (b"", False),
        (b"data: a\n\n", False),
        (b"data: a\r\r", False),
        (b"data: a\n", True),
        (b"data: a", True),
        (b"data\n", True),
        (b"event: x\n", True),
        (b"event: x\n\n", False),
        (b": ping\n", False),
        (b"id: 1\nretry: 1\nfoo\n", False),
        (b"\xef", True),
        (b"\xef\xbb\xbf", False),
    ],
)
def test_pending(stream: bytes, pending: bool) -> None:
    """A decoder says whether its stream, ended here, would lose part of an event."""
    whole, slow = Decoder(), Decoder()
    whole.feed(stream)
    for byte in single_bytes(stream):
        slow.feed(byte)
    assert (whole.pending, slow.pending) == (pending, pending)


def outcome(pieces: list[bytes], **options: int) -> tuple[list[str], str | None]:
    """Feed the pieces; return the data that came, and the error that ended it."""
    decoder, got = Decoder(**options), []
    try:
        for piece in [*pieces, b"", b""]:
            got += [e.data for e in decoder.feed(piece)]
    except StreamError as error:
        return got, error.message
    return got, None


LINE = "one line of the stream is longer than 10 bytes (max_line_bytes)"
EVENT = "one event of the stream is longer than 9 bytes (max_event_bytes)"


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"data: 1234\n\n", (["1234"], None)),
        (b"\xef\xbb\xbfdata: 1234\r\n\r\n", (["1234"], None)),
        (b"data: 12345\n\n", ([], LINE)),
        (b": comment 1", ([], LINE)),
        (b"data: 1\n\ndata: 2\n\ndata: 12345\n\ndata: 3\n\n", (["1", "2"], LINE)),
        (b"data: 1\n\n" + b"x" * 11, (["1"], LINE)),
        (b"data: 1\ndata: 12345\n", ([], LINE)),
        (b"data: 1234\ndata: 5678\n\n", (["1234\n5678"], None)),
        (b"data: 1\n\ndata: 1234\ndata: 5678\ndata\n\ndata: 2\n\n", (["1"], EVENT)),
        (b"data: 1234\ndata: 5678\ndata\n" + b"x" * 11, ([], EVENT)),
        (b"data: 1\n\ndata: 1234\ndata: 5678\ndata\n" + b"x" * 11, (["1"], EVENT)),
        (b"data: 1\n\ndata: 1234\ndata: 5678\ndata\n" + b"x" * 11 + b"\n", (["1"], EVENT)),
    ],
)
def test_limits(stream: bytes, expected: tuple[list[str], str | None]) -> None:
    """What came before a line or an event over its limit is handed over, then StreamError; however it is cut."""
    limits = {"max_line_bytes": 10, "max_event_bytes": 9}
    assert outcome([stream], **limits) == expected
    assert outcome(single_bytes(stream), **limits) == expected
    for place in range(len(stream) + 1):
        assert outcome([stream[:place], stream[place:]], **limits) == expected, place


def test_over_the_limit_for_good() -> None:
    """A decoder that raised raises again: the stream cannot be read on."""
    decoder = Decoder(max_line_bytes=3)
    for _ in range(2):
        with pytest.raises(StreamError, match="longer than 3 bytes"):
            decoder.feed(b"data: a\n\n")
    assert decoder.pending is True


def test_no_limit() -> None:
    """None lifts both limits."""
    line = b"x" * (17 * 1024 * 1024)
    (event,) = Decoder(None, max_event_bytes=None).feed(b"data: " + line + b"\n\n")
    assert len(event.data) == len(line)


def test_default_line_limit() -> None:
    """A line of 16 MiB passes, one byte more does not."""
    size = 16 * 1024 * 1024
    (event,) = Decoder().feed(b"data: " + b"x" * (size - 6) + b"\n\n")
    assert len(event.data) == size - 6
    with pytest.raises(StreamError, match="16777216 bytes"):
        Decoder().feed(b"data: " + b"x" * (size - 5) + b"\n\n")


def test_flat_memory() -> None:
    """An endless line costs its limit at most, comments that never end a block cost nothing."""
    decoder, piece = Decoder(max_line_bytes=1 << 20), b"x" * 4096
    tracemalloc.start()
    try:
        with pytest.raises(StreamError):
            for _ in range(1000):
                decoder.feed(piece)
        comments = Decoder()
        for _ in range(20_000):
            comments.feed(b": ping\nid: 1\n")
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 << 20
    assert held < 1 << 17


def test_linear_in_small_pieces() -> None:
    """A long line in small pieces is copied a bounded number of times."""
    decoder, count = Decoder(), 0
    decoder.feed(b"data: ")
    tail = decoder._tail
    for _ in range(50_000):
        decoder.feed(b"x" * 20)
        count += decoder._tail is tail
    (event,) = decoder.feed(b"\n\n")
    # One buffer grows in place all the while: joining anew each time would be quadratic.
    assert (count, len(event.data)) == (50_000, 1_000_000)


@pytest.mark.parametrize("name", ["max_line_bytes", "max_event_bytes"])
@pytest.mark.parametrize("value", ["x", -1, 0, 1.5, True, float("nan"), float("inf"), 10**400, [], b"1"])
def test_a_limit_is_a_whole_number(name: str, value: Any) -> None:
    """A decoder of another limit would take anything, or nothing."""
    with pytest.raises(ConfigError, match=f"^{name} must be "):
        Decoder(**{name: value})


@pytest.mark.parametrize("value", ["data: x\n\n", ["x"], [1, 2], 5, None, {}])
@pytest.mark.parametrize("before", [b"", b"data: a\n\n", b"data: a\n"])
def test_what_is_fed_is_bytes(before: bytes, value: Any) -> None:
    """A str, or a list of numbers, is refused at any point of the stream."""
    decoder = Decoder()
    decoder.feed(before)
    with pytest.raises(TypeError, match=r"^the decoder takes bytes, not "):
        decoder.feed(value)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_bytes_are_taken(kind: Any) -> None:
    """The events are the same, wherever a stream is cut."""
    stream = b"\xef\xbb\xbfdata: a\n\ndata: b\r\n\r\ndata: c\n\n"
    for at in range(len(stream)):
        decoder = Decoder()
        events = [*decoder.feed(kind(stream[:at])), *decoder.feed(kind(stream[at:]))]
        assert [event.data for event in events] == ["a", "b", "c"]
