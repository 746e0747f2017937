"""Bodies: none is read without the key, and none beyond the limit."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sdk.testing import LocalServer

_BODY = b'{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hi"}]}'
_KEY = {"authorization": "Bearer test-key"}


def chunked() -> Iterator[bytes]:
    """Yield the body in pieces, so that no length goes before it."""
    for at in range(0, len(_BODY), 10):
        yield _BODY[at : at + 10]


@pytest.fixture(params=["loopback", "in process"])
def limited(request: pytest.FixtureRequest) -> Iterator[tuple[LocalServer, httpx.Client]]:
    """A server that takes the body and not a byte more, and a client without a key."""
    with LocalServer(max_body_bytes=len(_BODY)) as server:
        transport = server.transport() if request.param == "in process" else None
        with httpx.Client(base_url=server.url, transport=transport, trust_env=False) as client:
            yield server, client


@pytest.mark.parametrize("content", [_BODY, b"x" * 10_000_000, chunked], ids=["small", "large", "chunked"])
@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": "Basic dGVzdA=="}])
def test_without_the_key_no_body_is_kept(
    limited: tuple[LocalServer, httpx.Client], headers: dict[str, str], content: Any
) -> None:
    """Such a request is answered 401 and recorded, and its body is not read."""
    server, client = limited
    reply = client.post(
        "/chat/completions", content=content() if callable(content) else content, headers={**headers, "x-n": "1"}
    )
    assert (reply.status_code, reply.headers["x-request-id"][:4]) == (401, "req_")
    assert [(one.operation, one.body, one.headers["x-n"]) for one in server.requests] == [("chat.create", b"", "1")]


@pytest.mark.parametrize("length", [True, False], ids=["announced", "chunked"])
def test_a_body_beyond_the_limit(limited: tuple[LocalServer, httpx.Client], length: bool) -> None:
    """A body of as many bytes as are allowed is taken; one byte more is refused, and the next request is answered."""
    server, client = limited
    for more, status in ((b"", 200), (b" ", 413), (b"", 200)):
        content: Any = _BODY + more if length else iter([*chunked(), more])
        reply = client.post("/chat/completions", content=content, headers={**_KEY, "content-type": "application/json"})
        assert (reply.status_code, status == 200 or reply.json()["error"]["code"]) == (
            status,
            status == 200 or "body_too_large",
        )
    assert [one.body for one in server.requests] == [_BODY, b"", _BODY]


def test_a_server_that_keeps_no_requests() -> None:
    """The program forgets each request once it is answered."""
    server = LocalServer()
    server.state.keep_requests = False
    with httpx.Client(base_url="http://app/v1", transport=server.transport(), headers=_KEY) as client:
        assert client.get("/models").status_code == 200
    assert server.requests == []
