"""Reading HTTP/1.1: the same as h11 reads, at every split; and what is stricter on purpose."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sdk._core.http.errors import MalformedError
from sdk._core.http.http11 import Parser, request_head

from .reading import read, read_by_h11

_LINES = st.sampled_from(
    [
        *(b"Content-Length: 3", b"Content-Length: 0", b"Content-Length: x", b"Content-Length: 3, 3"),
        *(b"Content-Length: 4", b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip", b"Connection: close"),
        *(b"A: b", b"a:  c ", b"X: \xe9", b"Set-Cookie: a=b", b"No colon", b"Bad name: 1"),
    ]
)
_BODIES = st.sampled_from(
    [
        *(b"", b"abc", b"abcdef", b"3\r\nabc\r\n0\r\n\r\n", b"3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nT: 1\r\n\r\n"),
        *(b"3\r\nabcd\r\n0\r\n\r\n", b"ZZ\r\n", b"3\r\nab", b"0\r\n\r\n", b"A\r\n0123456789\r\n0\r\n\r\nmore"),
    ]
)
_STATUS = st.sampled_from(
    [
        *(b"HTTP/1.1 200 OK", b"HTTP/1.0 200 OK", b"HTTP/1.1 204 No", b"HTTP/1.1 404", b"HTTP/1.1 304 X", b"NOPE"),
        *(b"HTTP/1.1 503 Two words", b"HTTP/1.1 20 OK", b"HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 200 OK"),
    ]
)


@given(_STATUS, st.lists(_LINES, max_size=4), _BODIES)
@settings(max_examples=1500, deadline=None)
@example(b"HTTP/1.1 204 No", [b"Content-Length: 3", b"Content-Length: 4", b"Transfer-Encoding: chunked"], b"")
@example(b"HTTP/1.1 200 OK", [b"Transfer-Encoding: chunked"], b"3\r\nabc\r\n0\r\n\r\n")
def test_reads_what_h11_reads(status: bytes, lines: list[bytes], body: bytes) -> None:
    """Whole in one piece, both readers agree on status, headers and body, or that it is broken."""
    data = b"\r\n".join([status, *lines]) + b"\r\n\r\n" + body
    ours, theirs = read([data]), read_by_h11(data)
    if isinstance(ours, tuple) and isinstance(theirs, tuple):
        # h11 leaves out a Content-Length that Transfer-Encoding overrules, and joins equal ones.
        assert (ours[0], ours[2]) == (theirs[0], theirs[2])
        names = {"content-length"}
        assert [h for h in ours[1] if h[0] not in names] == [h for h in theirs[1] if h[0] not in names]
    else:
        assert ours == theirs


@given(_STATUS, st.lists(_LINES, max_size=3), _BODIES, st.lists(st.integers(1, 40), max_size=12))
@settings(max_examples=600, deadline=None)
def test_splits_change_nothing(status: bytes, lines: list[bytes], body: bytes, cuts: list[int]) -> None:
    """However a response is cut into pieces, it reads the same, byte by byte too."""
    data = b"\r\n".join([status, *lines]) + b"\r\n\r\n" + body
    pieces, rest = [], data
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]
    whole = read([data])
    assert read([piece for piece in [*pieces, rest] if piece]) == whole
    assert read([data[i : i + 1] for i in range(len(data))]) == whole


def _head(data: bytes) -> Parser:
    parser = Parser()
    assert parser.head(data)
    rest = parser.take_buffered()
    if rest:
        parser.body(rest)
    return parser


@pytest.mark.parametrize(
    ("data", "keep", "surplus"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", True, False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}x", True, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nx", True, True),
        (b"HTTP/1.1 204 No\r\n\r\nx", True, True),
        (b"HTTP/1.1 204 No\r\n\r\n", True, False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", True, False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nx", True, True),
        (b"HTTP/1.1 200 OK\r\nConnection: Keep-Alive, Close\r\nContent-Length: 0\r\n\r\n", False, False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", False, False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", False, False),
    ],
)
def test_what_may_be_used_again(data: bytes, keep: bool, surplus: bool) -> None:
    """A connection is kept where the response says so, ended cleanly, and left nothing behind."""
    parser = _head(data)
    assert (parser.done, parser.keep_alive, parser.excess) == (True, keep, surplus)


@pytest.mark.parametrize(
    "data", [b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", b"HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\n{}"]
)
def test_bare_line_feeds(data: bytes) -> None:
    """A line may end with a line feed alone."""
    assert read([data]) == (200, [("content-length", "2")], b"{}")


@pytest.mark.parametrize("end", [b"\r\n\r\n", b"\n\r\n", b"\r\n\n", b"\n\n"])
@pytest.mark.parametrize("body", [b"3\r\nabc\r\n0\r\n\r\n", b"4\r\n\n\r\na\r\n0\r\n\r\n"])
def test_the_first_blank_line_ends_the_head(end: bytes, body: bytes) -> None:
    """However its lines end, whatever blank lines follow, and wherever TCP cuts the bytes."""
    data = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" + end + body
    expected = (200, [("transfer-encoding", "chunked")], body[3:-7])
    assert [read([data[:cut], data[cut:]]) for cut in range(1, len(data))] == [expected] * (len(data) - 1)
    assert read([data]) == expected


_NO_SPACE = [b"\xa0", b"\x85", b"\x0b", b"\x0c", b"\x1c", b"\x1f"]


@pytest.mark.parametrize("space", _NO_SPACE)
@pytest.mark.parametrize("length", [b"%b5", b"5%b", b"5,%b5", b"5%b, 5", b"5\r\nContent-Length: %b5"])
def test_a_length_is_its_digits_alone(space: bytes, length: bytes) -> None:
    """White space of HTTP is space and tab: other readers would see another length."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\nhello"
    assert read([head.replace(b"%b", b" \t")])[::2] == (200, b"hello")
    assert read([head.replace(b"%b", space)]) == "broken"


@pytest.mark.parametrize("space", _NO_SPACE)
@pytest.mark.parametrize("header", [b"Transfer-Encoding: %bchunked", b"Transfer-Encoding: chunked%b"])
def test_a_coding_is_its_name_alone(space: bytes, header: bytes) -> None:
    """So it is with the transfer coding."""
    data = b"HTTP/1.1 200 OK\r\n" + header + b"\r\n\r\n0\r\n\r\n"
    assert read([data.replace(b"%b", b"\t ")])[0] == 200
    assert read([data.replace(b"%b", space)]) == "broken"


@pytest.mark.parametrize("space", _NO_SPACE)
def test_a_connection_option_is_its_name_alone(space: bytes) -> None:
    """What is not the option `close` closes nothing."""
    head = b"HTTP/1.1 200 OK\r\nConnection: a,%bclose\r\nContent-Length: 0\r\n\r\n"
    assert not _head(head.replace(b"%b", b" \t")).keep_alive
    assert _head(head.replace(b"%b", space)).keep_alive


def test_folded_header() -> None:
    """A header continued on the next line is one."""
    assert _head(b"HTTP/1.1 204 No\r\nA: b\r\n  c\r\n\r\n").headers == [("a", "b c")]


@pytest.mark.parametrize("space", [b" ", b"\t", b" \t "])
@pytest.mark.parametrize("status", [b"HTTP/1.1 200 OK", b"HTTP/1.1 200", b"HTTP/1.1"])
def test_a_status_line_is_not_continued(status: bytes, space: bytes) -> None:
    """White space after the status line is refused: one reader would join it, another skip it."""
    assert read([status + b"\r\n" + space + b"200 Content-Length: 1\r\nA: b\r\n\r\nx"]) == "broken"
    assert read([status + b"\n" + space + b"\n\nx"]) == "broken"


def test_endless_trailers() -> None:
    """Trailers have a limit."""
    parser = _head(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
    with pytest.raises(MalformedError, match="trailers"):
        for _ in range(1000):
            parser.body(b"X: " + b"y" * 200 + b"\r\n")


def test_endless_chunk_line() -> None:
    """The line of a chunk's size has a limit."""
    parser = _head(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    with pytest.raises(MalformedError, match="too long"):
        parser.body(b"1;" + b"x" * 5000)


def test_request_head() -> None:
    """The head of a request, byte for byte."""
    head = request_head("POST", "/v1/x?a=1", "host:81", [("A", "b"), ("C", "é")])
    assert head == b"POST /v1/x?a=1 HTTP/1.1\r\nHost: host:81\r\nA: b\r\nC: \xe9\r\n\r\n"
