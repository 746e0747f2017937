"""Responses of HTTP/1.1 that are mutated and cut: the parser reads what h11 reads, wherever they are cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ..http.reading import Read, read, read_by_h11
from .mutations import mutated, segments
from .scale import Tally, cases

_HEADS = [
    b"HTTP/1.1 200 OK",
    b"HTTP/1.1 200",
    b"HTTP/1.0 200 OK",
    b"HTTP/1.1 204 No Content",
    b"HTTP/1.1 304 Not Modified",
    b"HTTP/1.1 503 Service Unavailable",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
    b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 404 Not Found",
]
_HEADERS = [
    b"Content-Length: 5",
    b"Content-Length: 0",
    b"content-length:5 , 5",
    b"Transfer-Encoding: chunked",
    b"transfer-encoding:\tChunked ",
    b"Connection: close",
    b"Connection: keep-alive, Upgrade",
    b"Content-Type: application/json",
    b"Set-Cookie: a=b",
    b"X-Folded: a\r\n b",
    b"X-Empty:",
    b"X: \xe9\x80\xff",
]
_BODIES = [
    b"",
    b"hello",
    b"hello world",
    b"5\r\nhello\r\n0\r\n\r\n",
    b"2;a=b\r\nhe\r\n003\r\nllo\r\n0\r\nX: y\r\n\r\n",
    b"A\r\n0123456789\r\n00\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
]
_PIECES = st.sampled_from(
    [
        *(
            b"\r\n",
            b"\n",
            b"\r",
            b"\r\n\r\n",
            b"\n\n",
            b"\n\r\n",
            b"\r\r\n",
            b"\0",
            b" ",
            b"\t",
            b":",
            b",",
            b";",
            b"0",
        ),
        *(
            b"\x0b",
            b"\x0c",
            b"\x1c",
            b"\x85",
            b"\xa0",
            b"\xb2",
            b"-",
            b"+",
            b"_",
            b"0x",
            b"5",
            b"F",
            b"g",
            b'"',
            b"\x7f",
        ),
        *(b"close", b"chunked", b"gzip, ", b"HTTP/1.1 ", b"HTTP/2 ", b"200", b"101", b"100", b"99999999999999999999"),
        *(b"\r\nContent-Length: 5", b"\r\nContent-Length: 6", b"\r\nTransfer-Encoding: chunked", b"\r\n a"),
    ]
)


@st.composite
def _whole(draw: st.DrawFn) -> bytes:
    headers = draw(st.lists(st.sampled_from(_HEADERS), max_size=4))
    end = draw(st.sampled_from((b"\r\n", b"\r\n", b"\n")))
    head = end.join([draw(st.sampled_from(_HEADS)), *headers, b"", b""])
    return head + draw(st.sampled_from(_BODIES))


_RESPONSES = mutated(_whole(), _PIECES)


def _comparable(found: Read) -> Read:
    """h11 leaves out a Content-Length that Transfer-Encoding overrules, joins equal ones, and lowers a coding."""
    if isinstance(found, str):
        return found
    headers = [(name, value.lower() if name == "transfer-encoding" else value) for name, value in found[1]]
    return found[0], [header for header in headers if header[0] != "content-length"], found[2]


def test_like_h11(tally: Tally) -> None:
    """Where both readers take a response, they read the same status, headers and body."""

    @cases(800)
    @given(_RESPONSES)
    def check(data: bytes) -> None:
        ours, theirs = read([data]), read_by_h11(data)
        tally["responses"] += 1
        if isinstance(ours, tuple) and isinstance(theirs, tuple):
            tally["that both take"] += 1
            assert _comparable(ours) == _comparable(theirs)

    check()


def test_wherever_they_are_cut(tally: Tally) -> None:
    """A response is the same, or broken, in whatever pieces it comes."""

    @cases(800)
    @given(_RESPONSES, st.data())
    def check(data: bytes, draw: st.DataObject) -> None:
        tally["responses"] += 1
        assert read(draw.draw(segments(data))) == read([data])

    check()
