"""Group Connect of the fault table: no connection, or one that breaks before an answer."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from sdk.errors import APIConnectionError, APITimeoutError

from .conftest import Call
from .raw import Peer, Raw, always, once, reply


@pytest.fixture
def nobody() -> str:
    """The URL of a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


def test_c1_refused(call: Call, nobody: str) -> None:
    """A refused connection is tried three times; nothing was sent, and the hint asks whether a server runs."""
    outcome = call(nobody)
    assert type(outcome.failed) is APIConnectionError
    assert (outcome.attempts, outcome.failed.request_sent) == (3, False)
    assert "refused" in str(outcome.failed)
    assert "Is the server running" in str(outcome.failed)
    assert isinstance(outcome.failed.__cause__, Exception)


@pytest.fixture
def blackhole() -> Iterator[str]:
    """The URL of a port whose queue is full, so that a connection is neither taken nor refused."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        fillers = [socket.socket() for _ in range(8)]
        try:
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(address)
            yield f"http://127.0.0.1:{address[1]}/v1"
        finally:
            for filler in fillers:
                filler.close()


def test_c2_blackhole(call: Call, blackhole: str) -> None:
    """An address that does not answer costs connect_timeout and no more, three times."""
    began = time.monotonic()
    outcome = call(blackhole, client={"connect_timeout": 0.15})
    assert time.monotonic() - began == pytest.approx(0.45, abs=0.3)
    assert type(outcome.failed) is APITimeoutError
    assert (outcome.attempts, outcome.failed.request_sent) == (3, False)
    assert "connecting took too long" in str(outcome.failed)


def test_c3_dns(call: Call) -> None:
    """A name that does not resolve is named in the error."""
    outcome = call("http://no-such-host.invalid/v1")
    assert type(outcome.failed) is APIConnectionError
    assert (outcome.attempts, outcome.failed.request_sent) == (3, False)
    assert "no-such-host.invalid cannot be resolved" in str(outcome.failed)
    assert "Is the host of the base URL" in str(outcome.failed)


@pytest.mark.parametrize("retry_sent", [True, False])
def test_c4_reset_before_headers(call: Call, retry_sent: bool) -> None:
    """A reset after the request is retried, unless a request that was sent must not be sent again."""
    with Raw(once(Peer.reset)) as server:
        outcome = call(server, client={"retry_sent": retry_sent})
    assert type(outcome.failed) is APIConnectionError
    assert (outcome.attempts, len(server.requests), outcome.open) == ((3, 3, 0) if retry_sent else (1, 1, 0))
    assert outcome.failed.request_sent is True


def test_c5_closed_before_headers(call: Call) -> None:
    """A server that closes instead of answering is asked three times."""
    with Raw(once(lambda peer: None)) as server:
        outcome = call(server)
    assert type(outcome.failed) is APIConnectionError
    assert (outcome.attempts, len(server.requests), outcome.open) == (3, 3, 0)
    assert outcome.failed.request_sent is True
    assert "closed the connection without answering" in str(outcome.failed)


def _one_each(peer: Peer) -> None:
    """Answer the first request of a connection, and close on the second."""
    if peer.request() is not None:
        peer.send(reply())
        peer.request()


def test_c6_stale_connection_is_replaced(call: Call) -> None:
    """A used connection that closes without a byte costs one more sending, and no attempt."""
    with Raw(_one_each) as server:
        outcome = call(server, open=1, times=2)
    assert outcome.error is None
    assert (outcome.attempts, len(server.requests), server.connections, outcome.open) == (1, 3, 2, 1)


@pytest.mark.parametrize("refusal", [{"retry_sent": False}, {"max_retries": 0}])
def test_c6_only_where_the_policy_allows(call: Call, refusal: dict[str, object]) -> None:
    """Where a sent request must not be sent again, a stale connection is an error."""
    with Raw(_one_each) as server:
        outcome = call(server, times=2, client=refusal)
    assert type(outcome.failed) is APIConnectionError
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 2, 0)
    assert outcome.failed.request_sent is True


def test_c6_is_free_once(call: Call) -> None:
    """A new connection that closes as well is an attempt that failed: after the free sending, the retries begin."""

    def script(peer: Peer) -> None:
        if peer.request() is not None and peer.number == 1:
            peer.send(reply())
            peer.request()

    with Raw(script) as server:
        outcome = call(server, times=2)
    assert type(outcome.failed) is APIConnectionError
    assert (outcome.attempts, len(server.requests), outcome.open) == (3, 5, 0)


def test_c7_closed_between_calls(call: Call) -> None:
    """A connection that the server closed while it was idle is replaced before anything is sent."""
    with Raw(once(lambda peer: peer.send(reply()))) as server:
        outcome = call(server, open=1, times=2, client={"retry_sent": False}, between=lambda: server.has_closed(1))
    assert outcome.error is None
    assert (outcome.attempts, len(server.requests), server.connections) == (1, 2, 2)


def test_a_sequence_uses_one_connection(call: Call) -> None:
    """Calls one after another share a connection."""
    with Raw(always(reply())) as server:
        outcome = call(server, open=1, times=5)
    assert (outcome.error, len(server.requests), server.connections, outcome.open) == (None, 5, 1, 1)
