"""Failures of a response that had begun: its headers came, so the error knows what they said."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest

from sdk import Client
from sdk.errors import APIConnectionError, APIResponseError, APITimeoutError, RedirectError

from .conftest import KEY, Call
from .raw import CHAT, Peer, Raw, always, once, reply

_HEADERS = "X-Request-Id: req_7\r\nX-RateLimit-Remaining-Requests: 5\r\nSet-Cookie: session=1\r\n"
_HEAD = f"HTTP/1.1 200 OK\r\n{_HEADERS}Content-Length: 99\r\n".encode()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (_HEAD + b"\r\n{", APIConnectionError),
        (_HEAD.replace(b"Content-Length: 99", b"Transfer-Encoding: chunked") + b"\r\nZZ\r\n", APIConnectionError),
        (_HEAD + b"Content-Encoding: gzip\r\n\r\nno gzip" + b"x" * 92, APIResponseError),
        (reply(gzip.compress(CHAT)[:-12], headers=_HEADERS + "Content-Encoding: gzip\r\n"), APIResponseError),
        (_HEAD + b"Content-Encoding: " + b"gzip, " * 300 + b"gzip\r\n\r\n", APIResponseError),
        (reply(b"x" * 5000, headers=_HEADERS), APIResponseError),
    ],
    ids=["cut", "chunk", "no gzip", "cut gzip", "300 encodings", "too large"],
)
def test_a_body_that_cannot_be_read_has_its_request_id(call: Call, answer: bytes, kind: type) -> None:
    """Who asks the server's people about a reply that broke can name it."""
    with Raw(once(lambda peer: peer.send(answer))) as server:
        error = call(server, open=None, client={"max_response_bytes": 1000}, max_retries=0).failed
    assert type(error) is kind
    assert (error.request_id, error.status_code, error.request_sent) == ("req_7", 200, True)
    assert error.headers["x-ratelimit-remaining-requests"] == "5"
    assert "set-cookie" not in error.headers


@pytest.mark.parametrize("limit", [{"stall_timeout": 0.1}, {"deadline": 0.1}], ids=["stall_timeout", "deadline"])
def test_a_body_that_stops_is_kept(call: Call, limit: dict[str, float]) -> None:
    """A reply that stops in the middle says which limit it met, and what had come by then."""
    with Raw(once(lambda peer: peer.say(_HEAD + b'\r\n{"id"'))) as server:
        error = call(server, max_retries=0, **limit).failed
    assert type(error) is APITimeoutError
    assert next(iter(limit)) in error.message
    assert (error.request_id, error.request_sent, error.body) == ("req_7", True, b'{"id"')


def test_a_body_that_stops_was_sent(call: Call) -> None:
    """retry_sent=False does not repeat a request that was half answered."""
    with Raw(once(lambda peer: peer.say(_HEAD + b"\r\n{"))) as server:
        outcome = call(server, client={"retry_sent": False, "stall_timeout": 0.1})
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 0)


def test_a_timeout_before_the_headers_is_no_stall(call: Call) -> None:
    """Before the headers it is `timeout` that counts, and there is no request id yet."""
    with Raw(once(Peer.hold)) as server:
        error = call(server, timeout=0.1, max_retries=0).failed
    assert "too long to answer" in error.message
    assert (error.request_id, error.status_code, dict(error.headers)) == (None, None, {})


@pytest.mark.parametrize("location", ["http://127.0.0.1:1/v1", "/v1/chat/completions"], ids=["elsewhere", "loop"])
def test_a_redirect_has_its_request_id(call: Call, location: str) -> None:
    """A redirect that is not followed is a response too."""
    with Raw(always(reply(b"", "307 T", f"{_HEADERS}Location: {location}\r\n"))) as server:
        error = call(server, open=1).failed
    assert type(error) is RedirectError
    assert (error.request_id, error.status_code, error.request_sent) == ("req_7", 307, True)


def test_a_download_that_breaks_has_its_headers(world: str, tmp_path: Path) -> None:
    """A file that does not come whole is an error like that of any other reply, and no file."""
    client = Client(api_base=(server := Raw(once(lambda peer: peer.send(_HEAD + b"\r\n{")))).url, api_key=KEY)
    content = client.files.content

    async def main() -> None:
        async with client:
            await content.asyncio_download(tmp_path / "copy", "file-1")

    with server, client, pytest.raises(APIConnectionError) as raised:
        content.download(tmp_path / "copy", "file-1") if world == "sync" else asyncio.run(main())
    assert raised.value.request_id == "req_7"
    assert raised.value.headers["x-ratelimit-remaining-requests"] == "5"
    assert list(tmp_path.iterdir()) == []
