"""Starting and stopping a local server."""

import gc
import socket
import threading
from pathlib import Path

import httpx
import pytest

from sdk.testing import LocalServer, create_app

from .wire import chat, user


def _sockets() -> list[str]:
    links = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(descriptor.readlink()))
        except FileNotFoundError:
            continue  # the descriptor that listed the folder
    return sorted(link for link in links if link.startswith("socket:"))


def test_takes_a_free_port() -> None:
    """Two servers run at once, each on a port of its own."""
    with LocalServer() as one, LocalServer() as two:
        assert one.port != two.port
        assert one.url == f"http://127.0.0.1:{one.port}/v1"


def test_stops_the_thread_and_frees_the_port() -> None:
    """Once stopped there is no thread, and nobody answers."""
    with LocalServer() as server:
        port = server.port
        assert "sdk.testing" in [thread.name for thread in threading.enumerate()]
        before = threading.active_count()
    assert threading.active_count() == before - 1
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files can be listed on Linux only")
def test_leaves_no_socket_open(caplog: pytest.LogCaptureFixture) -> None:
    """Idle connections, and those in the middle of a stream, are closed with the server, which waits for neither."""
    before = _sockets()
    with httpx.Client(trust_env=False) as client, LocalServer(api_key=None) as server:
        client.get(f"{server.url}/models")
        # More than the sockets' buffers hold: the server is still writing when it is stopped.
        body = chat(user("x" * 200_000), n=128, stream=True)
        with client.stream("POST", f"{server.url}/chat/completions", json=body) as reply:
            # Kept: an iterator that is dropped closes the connection.
            pieces = reply.iter_raw()
            assert next(pieces)
            server.stop()
    gc.collect()
    assert _sockets() == before
    # Uvicorn logs an error where it has to cancel what does not end.
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


def test_says_nothing_when_a_client_leaves(caplog: pytest.LogCaptureFixture) -> None:
    """A client that closes its connection in the middle of a stream ends the stream and is not logged."""
    with LocalServer(api_key=None) as server:
        body = chat(user("x" * 200_000), n=128, stream=True)
        with httpx.Client(trust_env=False) as client:
            with client.stream("POST", f"{server.url}/chat/completions", json=body) as reply:
                assert reply.status_code == 200
            assert client.get(f"{server.url}/models").status_code == 200
    assert [record.message for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


def test_sends_small_writes_at_once() -> None:
    """Nagle's algorithm is off: it would hold back the second write of every reply for 40 ms."""
    with LocalServer(api_key=None) as server, httpx.Client(trust_env=False) as client:
        client.get(f"{server.url}/models")
        assert server._server is not None
        (connection,) = server._server.server_state.connections
        transport = getattr(connection, "transport")  # noqa: B009 - not every protocol of uvicorn's union has one
        assert transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_can_be_stopped_twice() -> None:
    """Stopping a server that does not run does nothing."""
    server = LocalServer()
    server.stop()
    server.start().stop()
    server.stop()


def test_refuses_to_start_twice() -> None:
    """A running server cannot be started again."""
    with LocalServer() as server, pytest.raises(RuntimeError, match="already been started"):
        server.start()


def test_starts_again_on_the_same_port() -> None:
    """A stopped server that starts again keeps its URL and what it remembers."""
    server = LocalServer(api_key=None)
    with server:
        url = server.url
        httpx.get(f"{url}/models", trust_env=False)
    with server:
        assert server.url == url
        httpx.get(f"{url}/models", trust_env=False)
    assert len(server.requests) == 2


def test_raises_where_the_port_is_taken() -> None:
    """A port that another server has cannot be had."""
    with LocalServer() as server, pytest.raises(OSError):
        LocalServer(port=server.port).start()


def test_serves_an_application_made_before() -> None:
    """The requests to an application of `create_app` are recorded in its own state."""
    app = create_app(None)
    with LocalServer(app=app) as server:
        httpx.get(f"{server.url}/models", trust_env=False)
        assert server.state is app.state.server
    assert [one.path for one in server.requests] == ["/v1/models"]


def test_has_no_url_before_it_starts() -> None:
    """A port that is not known yet is an error, not port 0."""
    with pytest.raises(RuntimeError, match="no port yet"):
        _ = LocalServer().url
