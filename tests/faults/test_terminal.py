"""What a server says is printed as one line of printable characters: in the log, in errors, in replies' own names."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from sdk import Client

from .conftest import KEY, Call
from .raw import Raw, always, reply

#: A screen that is cleared, a title, a line break of another kind, eight-bit CSI and OSC, backspaces.
ODD = ("\x1b[2J\x1b]0;owned\x07", "a\x85fake line", "a\x0bb\x0cc", "\x9b2J", "\x9d0;t\x9c", "ok\x08\x08no", "\x7f")
odd = pytest.mark.parametrize("text", ODD)


def _printable(text: str) -> bool:
    return all(c.isprintable() for c in text)


@pytest.fixture(params=[logging.INFO, logging.DEBUG], ids=["info", "debug"])
def lines(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """What the logger writes from a level on."""
    found: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    logger, handler = logging.getLogger("sdk"), Keep()
    logger.addHandler(handler)
    logger.setLevel(request.param)
    yield found
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def _said(text: str) -> str:
    names = ("X-Request-Id", "Via", "Server", "Retry-After")
    return "Content-Type: application/json\r\n" + "".join(f"{name}: {text}\r\n" for name in names)


@odd
@pytest.mark.parametrize("status", ["200 OK", "503 S"])
def test_the_log(call: Call, lines: list[str], text: str, status: str) -> None:
    """Each record is one line: whatever stands in a header moves no cursor and begins no line."""
    answer = reply(b'{"object":"chat.completion","choices":[]}', status, "").replace(
        b"Content-Length", _said(text).encode("latin-1") + b"Content-Length"
    )
    with Raw(always(answer)) as server:
        call(server, open=None, max_retries=1)
    assert any("request id" in line for line in lines)
    assert [line for line in lines if not _printable(line)] == []


@odd
def test_errors(call: Call, text: str) -> None:
    """Message, code and id of an error are printable, and so is its repr."""
    headers = _said(text).encode("latin-1") + b"Content-Length"
    body = '{"error": {"message": "m %s", "code": "c %s"}}'.replace("%s", text.encode("unicode_escape").decode())
    answer = reply(body.replace("\\x", "\\u00").encode(), "400 B", "").replace(b"Content-Length", headers)
    with Raw(always(answer)) as server:
        failed = call(server, open=None).failed
    assert "code c" in str(failed)
    assert _printable(str(failed))
    assert _printable(repr(failed))


@odd
def test_binary_replies(text: str) -> None:
    """A reply of bytes names its content type."""
    answer = reply(b"x", headers="").replace(
        b"Content-Length", f"Content-Type: audio/{text}\r\nContent-Length".encode("latin-1")
    )
    with Raw(always(answer)) as server, Client(api_base=server.url, api_key=KEY) as client:
        sound = client.audio.speech.create.sync(model="m", voice="alloy", input="x")
    assert str(sound).startswith("<BinaryReply audio/")
    assert _printable(str(sound))
