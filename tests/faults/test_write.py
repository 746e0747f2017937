"""Group Request write of the fault table."""

from __future__ import annotations

import asyncio
import io
import re
from typing import Any

import pytest

from sdk import Client
from sdk.errors import APIStatusError, APITimeoutError, RequestError

from .conftest import KEY, Call
from .raw import Peer, Raw, always, once, reply

_LARGE = "x" * 50_000_000


def test_w1_server_never_reads(call: Call) -> None:
    """A server that takes nothing of a large body is a timeout; the request was not sent whole."""
    with Raw(Peer.idle) as server:
        outcome = call(server, extra_body={"x": _LARGE}, timeout=0.2, max_retries=1)
    assert type(outcome.failed) is APITimeoutError
    assert (outcome.attempts, server.connections, outcome.open) == (2, 2, 0)
    assert outcome.failed.request_sent is False
    assert "stopped taking the request" in str(outcome.failed)


def test_w1_is_not_bound_by_retry_sent(call: Call) -> None:
    """What was not sent whole may be sent again, whatever retry_sent says."""
    with Raw(Peer.idle) as server:
        outcome = call(server, extra_body={"x": _LARGE}, timeout=0.2, max_retries=1, client={"retry_sent": False})
    assert (outcome.attempts, server.connections, outcome.open) == (2, 2, 0)


def test_w2_early_refusal(call: Call) -> None:
    """A refusal that comes before the body was taken is read, although the connection is then reset."""

    def refuse(peer: Peer) -> None:
        peer.sock.recv(1000)
        peer.send(reply(b'{"error":{"message":"too large"}}', "413 Content Too Large"))
        peer.reset()

    with Raw(refuse) as server:
        outcome = call(server, extra_body={"x": _LARGE})
    assert type(outcome.failed) is APIStatusError
    assert (outcome.failed.status_code, outcome.failed.message) == (413, "too large")
    assert (outcome.attempts, server.connections, outcome.open) == (1, 1, 0)


class _Failing(io.BytesIO):
    """A file whose second piece cannot be read."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise KeyError("the disk is gone")
        return super().read(size)


def test_w3_body_that_raises(world: str) -> None:
    """What reading a body raises comes out as it is; the connection is closed, and the call not made again."""
    file = _Failing(b"x" * 2_000_000)

    async def main(url: str) -> None:
        async with Client(api_base=url, api_key=KEY) as client:
            await client.arequest("POST", "/foo", files={"file": file})

    with Raw(once(lambda peer: None)) as server:
        with pytest.raises(KeyError, match="the disk is gone"):
            if world == "asyncio":
                asyncio.run(main(server.url))
            else:
                with Client(api_base=server.url, api_key=KEY) as client:
                    client.request("POST", "/foo", files={"file": file})
        server.has_closed(1)
        assert (server.connections, server.requests, server.open(0)) == (1, [], 0)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"temperature": float("nan")}, "temperature: nan is not a JSON number"),
        ({"extra_body": {"x": "\ud800"}}, "lone surrogate"),
        ({"extra_body": {"a": [1, float("inf")]}}, "a[1]: inf is not a JSON number"),
    ],
)
def test_w4_what_json_cannot_hold(call: Call, bad: dict[str, Any], said: str) -> None:
    """NaN and lone surrogates are refused before any connection is made."""
    with Raw(always(reply())) as server:
        outcome = call(server, **bad)
    assert type(outcome.error) is RequestError
    assert said in str(outcome.error)
    assert (server.connections, outcome.open) == (0, 0)


@pytest.mark.parametrize(
    "headers", [{"X": "a\r\nY: evil"}, {"X": "a\nY: evil"}, {"X\r\nY": "evil"}, {"X: evil\r\nY": "1"}, {"": "evil"}]
)
def test_w5_line_breaks_in_headers(call: Call, headers: dict[str, str]) -> None:
    """No header smuggles another in; the value is not repeated in the error."""
    with Raw(always(reply())) as server:
        outcome = call(server, extra_headers=headers)
    assert type(outcome.error) is RequestError
    assert "evil" not in str(outcome.error)
    assert (server.connections, outcome.open) == (0, 0)


@pytest.mark.parametrize("value", ["\x01", "a\x1b[31m", "\x7f"])
def test_control_characters_in_headers(call: Call, value: str) -> None:
    """What default_headers refuses, extra_headers refuses too; a tab is none of it."""
    with Raw(always(reply())) as server:
        assert type(call(server, extra_headers={"X": value}).error) is RequestError
        assert server.connections == 0
        assert call(server, open=1, extra_headers={"X": "a\tb"}).error is None


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding"])
def test_framing_is_not_the_users(call: Call, name: str) -> None:
    """The headers that tell where a body ends cannot be given."""
    with Raw(always(reply())) as server:
        outcome = call(server, extra_headers={name: "1"})
    assert type(outcome.error) is RequestError
    assert server.connections == 0


def test_given_headers_win_in_any_case(call: Call) -> None:
    """A header given for a call takes the place of the client's, however it is written, and is sent once."""
    given = {"user-agent": "mine", "HOST": "elsewhere", "authorization": "Basic abc", "x-extra": "1"}
    with Raw(always(reply())) as server:
        outcome = call(server, open=1, extra_headers=given, client={"default_headers": {"X-Extra": "0", "X-Team": "t"}})
    head = server.requests[0].partition(b"\r\n\r\n")[0].decode().lower()
    sent = dict(re.findall(r"\r\n([^:]+): ([^\r]*)", head))
    assert outcome.error is None
    assert head.count("\r\n") == len(sent)
    assert {name: sent[name] for name in ("user-agent", "host", "authorization", "x-extra", "x-team")} == {
        "user-agent": "mine", "host": "elsewhere", "authorization": "basic abc", "x-extra": "1", "x-team": "t",
    }  # fmt: skip
