"""Connections and their clients: options, hooks, places, misuse."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import subprocess
import sys
import threading
from typing import Any

import httpx
import pytest
import trio

from sdk import Client, RealtimeSession, ResponsesSession
from sdk.errors import ClientClosedError, ConfigError, ConnectionClosedError, RequestError
from sdk.testing import LocalServer
from tests.faults.raw import Peer, Raw, reply
from tests.faults.sockets import answer, close, event, opened, received


def test_the_handshake_is_a_call_of_the_client() -> None:
    """Key, organization, headers, query and hooks are those of calls; the caller reads the response."""
    seen: list[str] = []
    with Raw(opened(close(1000))) as server:
        client = Client(
            api_base=server.url, api_key="sk-key", organization="org", default_headers={"X-A": "1"},
            on_request=lambda view: seen.append(view.method), on_event=lambda one: seen.append(type(one).__name__),
        )  # fmt: skip
        with client, client.realtime.connect.sync(model="a b", extra_query={"x": "y"}) as connection:
            assert connection.handshake.status_code == 101
            assert list(connection) == []
    head = server.requests[0].decode()
    assert head.startswith("GET /v1/realtime?model=a+b&x=y HTTP/1.1\r\n")
    for line in ("Authorization: Bearer sk-key", "OpenAI-Organization: org", "X-A: 1", "Sec-WebSocket-Version: 13"):
        assert f"\r\n{line}\r\n" in head
    assert seen == ["CallStarted", "GET", "AttemptStarted", "ResponseStarted", "CallEnded"]
    assert "Accept-Encoding" not in head


def test_an_open_connection_holds_no_place() -> None:
    """Calls go on beside a conversation, whatever max_in_flight is."""
    with (
        LocalServer() as server,
        Client(api_base=server.url, api_key="test-key", strict=True, max_in_flight=1) as client,
        client.realtime.connect.sync() as one,
        client.realtime.connect.sync() as two,
    ):
        assert (one.recv().type, two.recv().type) == ("session.created", "session.created")
        assert client.stats().in_flight == 0
        assert client.models.list.sync().data


def test_a_closed_client() -> None:
    """A closed client opens nothing, and closes what it has opened."""
    with LocalServer() as server:
        client = Client(api_base=server.url, api_key="test-key", strict=True)
        with client.realtime.connect.sync() as connection:
            connection.recv()
            client.close()
            with pytest.raises(ConnectionClosedError):
                connection.recv()
        with pytest.raises(ClientClosedError), client.realtime.connect.sync():
            pass


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"ping_interval": 0}, "ping_interval="), ({"close_timeout": True}, "close_timeout="),
        ({"max_message_bytes": 0}, "max_message_bytes="), ({"queue_size": 1.5}, "queue_size="),
        ({"reconnect": 3}, "reconnect="), ({"deadline": -1}, "deadline="),
    ],
)  # fmt: skip
def test_wrong_options(options: dict[str, Any], what: str) -> None:
    """A wrong option is named before anything is sent."""
    with Client(api_base="http://127.0.0.1:9/v1", api_key="k") as client, pytest.raises(RequestError, match=what):
        client.realtime.connect.sync(**options)


def test_unknown_arguments() -> None:
    """A misspelt argument is a TypeError that names it."""
    with Client(api_base="http://127.0.0.1:9/v1", api_key="k") as client:
        wrong: Any = client.realtime.connect
        with pytest.raises(TypeError, match="'modell'"):
            wrong.sync(modell="m")
        with pytest.raises(TypeError, match="is a WebSocket"):
            wrong(model="m")


def test_a_transport_of_ones_own() -> None:
    """A client whose transport is the user's opens no WebSocket, and says why, and what takes its place."""
    mine: list[dict[str, Any]] = [{"transport": LocalServer().transport()}, {"http_client": httpx.Client()}]
    for given in mine:
        with Client(api_base="http://127.0.0.1:9/v1", api_key="k", **given) as client:
            with pytest.raises(ConfigError, match="without them; http_options= takes proxies"):
                client.realtime.connect.sync().__enter__()
            with pytest.raises(ConfigError, match="cannot open a WebSocket"):
                RealtimeSession(client).__enter__()
            with (
                pytest.raises(ConfigError, match="cannot open a WebSocket"),
                ResponsesSession(client, transport="websocket") as session,
            ):
                session.send("Hi")


def test_a_coroutine_of_trio() -> None:
    """A coroutine on trio opens no WebSocket, and the error says what to do; a thread of trio does."""

    def blocking(client: Client) -> str:
        with client.realtime.connect.sync() as connection:
            return str(connection.recv().type)

    async def main(url: str) -> str:
        async with Client(api_base=url, api_key="test-key") as client:
            with pytest.raises(RequestError, match=r"trio\.to_thread\.run_sync"):
                await client.realtime.connect.asyncio().__aenter__()
            return await trio.to_thread.run_sync(blocking, client)

    with LocalServer() as server:
        assert trio.run(main, server.url) == "session.created"


@pytest.mark.parametrize(
    "options", [{"http": "httpx"}, {"http_options": {"http2": True}}, {"http_options": {"local_address": "127.0.0.1"}}]
)
def test_other_ways_to_the_server(options: dict[str, Any]) -> None:
    """What sends the calls of a client in another way opens its WebSockets as well."""
    with (
        LocalServer() as server,
        Client(api_base=server.url, api_key="test-key", **options) as client,
        client.realtime.connect.sync() as connection,
    ):
        assert connection.recv().type == "session.created"
        assert client.models.list.sync().data


def test_an_identity_signs_each_handshake() -> None:
    """A key that a function returns is asked for at each attempt, and so is one that a coroutine returns."""
    keys = iter(["sk-old", "sk-new", "sk-async"])

    async def later() -> str:
        return next(keys)

    async def main(url: str) -> None:
        async with Client(api_base=url, api_key=later) as client, client.realtime.connect.asyncio():
            pass

    def script(peer: Peer) -> None:
        request = peer.request() or b""
        peer.send(reply(b"{}", "503 Service Unavailable") if peer.number == 1 else answer(request) + close(1000))
        peer.hold()

    with Raw(script) as server:
        with Client(api_base=server.url, api_key=lambda: next(keys)) as client, client.realtime.connect.sync():
            pass
        asyncio.run(main(server.url))
    heads = [request.decode() for request in server.requests]
    assert [re.search(r"Bearer (\S+)", head)[1] for head in heads] == ["sk-old", "sk-new", "sk-async"]  # type: ignore[index]  # each head has one


def test_one_thread_reads_and_many_send() -> None:
    """Events of several threads arrive whole, while another reads."""
    with (
        LocalServer() as server,
        Client(api_base=server.url, api_key="test-key", strict=True) as client,
        client.realtime.connect.sync() as connection,
    ):

        def send(number: int) -> None:
            for at in range(20):
                connection.input_audio_buffer.clear(event_id=f"{number}.{at}")

        threads = [threading.Thread(target=send, args=[number]) for number in range(4)]
        for thread in threads:
            thread.start()
        seen = [connection.recv().type for _ in range(81)]
        for thread in threads:
            thread.join()
    assert seen == ["session.created", *["input_audio_buffer.cleared"] * 80]
    sent = [request.json()["event_id"] for request in server.requests[1:]]
    assert sorted(sent) == sorted(f"{number}.{at}" for number in range(4) for at in range(20))
    for number in range(4):  # in the order of each thread
        mine = [one for one in sent if one.startswith(f"{number}.")]
        assert mine == [f"{number}.{at}" for at in range(20)]


def test_use_before_and_after() -> None:
    """A connection works in its block alone."""
    with LocalServer() as server, Client(api_base=server.url, api_key="test-key", strict=True) as client:
        connection = client.realtime.connect.sync()
        with pytest.raises(RuntimeError, match="with"):
            connection.recv()
        with pytest.raises(RuntimeError, match="with"):
            connection.response.create()
        with connection:
            connection.recv()
        with pytest.raises(ConnectionClosedError, match="closed"):
            connection.response.create()
        assert connection.closed


def test_a_dropped_connection_warns_and_closes() -> None:
    """A connection that is garbage-collected while it is open is closed, with a warning."""
    with Raw(opened(event())) as server, Client(api_base=server.url, api_key="k") as client:
        connection = client.realtime.connect.sync().__enter__()
        assert next(connection).to_dict()["type"] == "vendor.event"
        with pytest.warns(ResourceWarning, match=r"realtime\.connect was dropped"):
            del connection
            gc.collect()
        assert server.open(0) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_fork_leaves_the_connection_to_the_parent() -> None:
    """The child of a fork cannot use the connection, and the parent goes on."""
    with (
        LocalServer() as server,
        Client(api_base=server.url, api_key="test-key", strict=True) as client,
        client.realtime.connect.sync() as connection,
    ):
        connection.recv()
        child = os.fork()
        if not child:
            try:
                connection.response.create()
            except ConnectionClosedError as error:
                os._exit(7 if "parent process" in str(error) else 1)
            os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        connection.input_audio_buffer.clear()
        assert connection.recv().type == "input_audio_buffer.cleared"


def test_two_event_loops_one_after_another() -> None:
    """A client opens connections in several event loops."""

    async def talk(client: Client) -> str:
        async with client.realtime.connect.asyncio() as connection:
            return str((await connection.recv()).type)

    with LocalServer() as server, Client(api_base=server.url, api_key="test-key", strict=True) as client:
        assert [asyncio.run(talk(client)) for _ in range(2)] == ["session.created"] * 2


def test_the_end_of_a_live_session() -> None:
    """The event that ends a session ends the loop; a close without it is an error."""
    with LocalServer() as server, Client(api_base=server.url, api_key="test-key", strict=True) as client:
        with client.live.connect.sync() as connection:
            connection.session.start(session={"model": "gpt-live-1"})
            connection.session.close()
            assert [one.type for one in connection] == ["session.started", "session.closed"]
        server.on(type="session.close").close_socket(1000)
        with client.live.connect.sync() as connection:
            connection.session.close()
            with pytest.raises(ConnectionClosedError, match=r"without session\.closed"):
                connection.recv()


def test_without_the_library() -> None:
    """Without the extra, everything but a connection can be imported, and the error says what to install."""
    code = (
        "import sys; sys.modules['websockets'] = None\n"
        "import sdk, sdk.realtime, sdk.websocket\n"
        "from sdk.errors import ConfigError\n"
        "client = sdk.Client(api_base='http://127.0.0.1:9/v1', api_key='k')\n"
        "try: client.realtime.connect.sync(model='m')\n"
        "except ConfigError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert "pip install 'websockets>=17'" in done.stdout


@pytest.mark.world("asyncio")
def test_events_sent_while_it_is_opened_again() -> None:
    """What another task sends while a connection is opened again waits, and is sent in order, once."""
    got: list[str] = []
    broken = threading.Event()

    def script(peer: Peer) -> None:
        if peer.number == 1:
            peer.send(answer(peer.request() or b"") + event())
            broken.wait(5)
            return
        peer.send(answer(peer.request() or b""))
        got.extend(one["type"] for one in received(peer, 3))
        peer.send(close(1000))
        peer.hold()

    async def main() -> None:
        async with (
            Client(api_base=server.url, api_key="k") as client,
            client.realtime.connect.asyncio(reconnect=True) as connection,
        ):
            await anext(connection)
            broken.set()
            while connection._socket.protocol.state.name != "CLOSED":
                await asyncio.sleep(0)
            for kind in ("a", "b", "c"):
                await connection.send_json({"type": kind})
            assert [one async for one in connection] == []
            assert [one.in_doubt for one in connection.reconnects] == [()]

    with Raw(script) as server:
        asyncio.run(main())
    assert got == ["a", "b", "c"]


@pytest.mark.world("asyncio")
def test_unsent_events_are_in_the_error() -> None:
    """A connection that is not opened again says which events it did not send."""

    def script(peer: Peer) -> None:
        if peer.number == 1:
            peer.send(answer(peer.request() or b"") + event())
        else:
            peer.request()
            peer.send(reply(b"{}", "401 Unauthorized"))

    async def main() -> None:
        async with (
            Client(api_base=server.url, api_key="k") as client,
            client.realtime.connect.asyncio(reconnect=True) as connection,
        ):
            await anext(connection)
            while connection._socket.protocol.state.name != "CLOSED":
                await asyncio.sleep(0)
            await connection.send_json({"type": "a"})
            with pytest.raises(ConnectionClosedError) as caught:
                await anext(connection)
            assert caught.value.unsent == ({"type": "a"},)

    with Raw(script) as server:
        asyncio.run(main())
