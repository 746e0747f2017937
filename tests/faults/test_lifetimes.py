"""Group Concurrency of the fault table: threads, event loops, forks, cancellation, and what is left afterwards."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import subprocess
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sdk import Client
from sdk._core.client import default as _client
from sdk.errors import APITimeoutError, ClientClosedError

from .conftest import KEY, MESSAGES
from .raw import Peer, Raw, always, once, reply, sockets


def _echo(peer: Peer) -> None:
    """Answer each request with the user message that it holds, as the id; the model is the connection's number."""
    while (request := peer.request()) is not None:
        found = re.search(rb'"content":"([^"]*)"', request)
        peer.send(reply(b'{"id":"%b","model":"%d","choices":[]}' % (found[1] if found else b"", peer.number)))


def _ask(question: str) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": question}]}


@pytest.mark.world("asyncio")
def test_x1_cancel_in_flight() -> None:
    """A call that is cancelled while the server thinks closes its connection and frees its place."""

    async def main(server: Raw) -> None:
        server.baseline()
        async with Client(api_base=server.url, api_key=KEY, max_in_flight=1) as client:
            task = asyncio.create_task(client.chat.create.asyncio(model="m", messages=MESSAGES))
            while not server.requests:
                await asyncio.sleep(0.002)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.sleep(0)
            assert (server.open(0), client.stats().in_flight, len(server.requests)) == (0, 0, 1)
            assert asyncio.all_tasks() == {asyncio.current_task()}

    with Raw(once(Peer.hold)) as server:
        asyncio.run(main(server))


@pytest.mark.world("asyncio")
@pytest.mark.parametrize("where", ["connect", "handshake"])
def test_x1_cancel_while_connecting(where: str) -> None:
    """The same before there is a connection."""

    async def main(server: Raw) -> None:
        server.baseline()
        url = server.url.replace("http:", "https:") if where == "handshake" else server.url
        async with Client(api_base=url, api_key=KEY) as client:
            task = asyncio.create_task(client.chat.create.asyncio(model="m", messages=MESSAGES))
            for _ in range(2 if where == "connect" else 20):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.sleep(0)
            assert (server.open(0), client.stats().in_flight) == (0, 0)
            assert asyncio.all_tasks() == {asyncio.current_task()}

    with Raw(Peer.idle) as server:
        asyncio.run(main(server))


@pytest.mark.world("asyncio")
def test_x4_two_event_loops() -> None:
    """One client serves one event loop after another; each closes its sockets when it ends."""
    with Raw(_echo) as server, Client(api_base=server.url, api_key=KEY) as client:
        for number in range(3):

            async def main(question: str) -> Any:
                assert (await client.chat.create.asyncio(**_ask(question))).id == question
                return await client.chat.create.asyncio(**_ask(question))

            assert asyncio.run(main(f"q{number}")).id == f"q{number}"
            assert server.open(0) == 0
        assert server.connections == 3


@pytest.mark.world("asyncio")
@pytest.mark.parametrize("then", ["close", "another loop", "drop"])
def test_x4_a_loop_that_closed_nothing(then: str) -> None:
    """A loop that was closed bare, unlike asyncio.run does it, leaves its sockets to the client, which closes them."""
    with Raw(_echo) as server, warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # asyncio's own, of the transport; and of the dropped client
        client = Client(api_base=server.url, api_key="k")
        for _ in range(2 if then == "another loop" else 1):
            loop = asyncio.new_event_loop()
            loop.run_until_complete(client.chat.create.asyncio(**_ask("one")))
            loop.close()
        if then == "close":
            client.close()
        elif then == "drop":
            del client
            gc.collect()
        assert server.open(1 if then == "another loop" else 0) == (1 if then == "another loop" else 0)
        del loop
        if then == "another loop":
            client.close()
        while gc.collect():
            pass


@pytest.mark.world("asyncio")
def test_x4_loops_in_threads() -> None:
    """Event loops that run at the same time have connections of their own."""
    with Raw(_echo) as server, Client(api_base=server.url, api_key=KEY, max_in_flight=None) as client:

        async def main(worker: int) -> list[str | None]:
            return [(await client.chat.create.asyncio(**_ask(f"w{worker}q{n}"))).id for n in range(10)]

        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda worker: asyncio.run(main(worker)), range(4)))
        assert found == [[f"w{worker}q{n}" for n in range(10)] for worker in range(4)]
        assert server.open(0) == 0


def test_x5_use_after_close(world: str) -> None:
    """A closed client says so, and opens nothing."""
    with Raw(always(reply())) as server:
        client = Client(api_base=server.url, api_key=KEY)
        client.close()
        client.close()
        with pytest.raises(ClientClosedError):
            if world == "sync":
                client.chat.create.sync(model="m", messages=MESSAGES)
            else:
                asyncio.run(client.chat.create.asyncio(model="m", messages=MESSAGES))
        assert server.connections == 0


@pytest.mark.world("asyncio")
def test_x5_close_in_the_loop_warns() -> None:
    """A sync close while a loop has connections warns, and closes them all the same."""

    async def main(server: Raw) -> None:
        server.baseline()
        client = Client(api_base=server.url, api_key=KEY)
        await client.chat.create.asyncio(model="m", messages=MESSAGES)
        with pytest.warns(ResourceWarning, match="aclose"):
            client.close()
        await asyncio.sleep(0)
        assert server.open(0) == 0

    with Raw(always(reply())) as server:
        asyncio.run(main(server))


_FORK = """
import os, sys
from sdk._core.client import default as _client
from sdk import Client

def ask(client, who, times=100, used=None):
    wrong = 0
    for number in range(times):
        question = f"{who}-{number}"
        reply = client.chat.create.sync(model="m", messages=[{"role": "user", "content": question}])
        wrong += reply.id != question
        if used is not None:
            used.add(reply.model)
    return wrong

client = Client(api_base=sys.argv[1], api_key="k", max_in_flight=1)
parents, mine = set(), set()
ask(client, "warm", 5, parents)
alone, done = os.pipe()
child = os.fork()
if child == 0:
    # Alone first, with the parent's connection idle: to take it would be easiest now.
    wrong = ask(client, "early", 5, mine) + (100 if mine & parents else 0)
    os.write(done, b"x")
    os._exit(wrong + ask(client, "child"))
os.read(alone, 1)
wrong = ask(client, "parent")
_, status = os.waitpid(child, 0)
print(wrong, os.waitstatus_to_exitcode(status))
client.close()
"""


@pytest.mark.world("sync")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_x6_fork() -> None:
    """Parent and child of a fork ask at once, and each gets its own answers, over connections of its own."""
    with Raw(_echo) as server:
        command = [sys.executable, "-W", "error", "-c", _FORK, server.url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert (done.stdout, done.stderr) == ("0 0\n", "")
        assert (server.connections, len(server.requests)) == (2, 210)


@pytest.mark.world("sync")
def test_x7_fifty_threads() -> None:
    """Fifty threads and five hundred calls on one client: every answer is its question's."""
    with Raw(_echo) as server, Client(api_base=server.url, api_key=KEY, max_in_flight=50) as client:
        with ThreadPoolExecutor(50) as pool:
            found = list(pool.map(lambda n: client.chat.create.sync(**_ask(f"q{n}")).id, range(500)))
        assert found == [f"q{n}" for n in range(500)]
        assert len(server.requests) == 500
        assert server.connections <= 50


@pytest.mark.world("asyncio")
def test_x7_five_hundred_tasks() -> None:
    """Five hundred tasks on one client: every answer is its question's."""

    async def main(server: Raw) -> None:
        async with Client(api_base=server.url, api_key=KEY, max_in_flight=50) as client:
            calls = [client.chat.create.asyncio(**_ask(f"q{n}")) for n in range(500)]
            found = [reply.id for reply in await asyncio.gather(*calls)]
            assert found == [f"q{n}" for n in range(500)]
        assert asyncio.all_tasks() == {asyncio.current_task()}

    with Raw(_echo) as server:
        asyncio.run(main(server))
        assert (len(server.requests), server.connections <= 50) == (500, True)


@pytest.mark.world("sync")
def test_x8_dropped_clients() -> None:
    """Clients that are dropped unclosed give their sockets back, and warn."""
    with Raw(always(reply())) as server:
        clients = [Client(api_base=server.url, api_key=KEY) for _ in range(20)]
        for client in clients:
            client.chat.create.sync(model="m", messages=MESSAGES)
        assert server.open(20) == 20
        with pytest.warns(ResourceWarning, match="dropped with 1 open connection") as reported:
            del client
            clients.clear()
            gc.collect()
        assert len(reported) == 20
        assert server.open(0) == 0


@pytest.mark.world("asyncio")
def test_x8_dropped_in_a_loop() -> None:
    """The same in an event loop, where no task is left behind."""

    async def main(server: Raw) -> None:
        server.baseline()
        client = Client(api_base=server.url, api_key=KEY)
        await client.chat.create.asyncio(model="m", messages=MESSAGES)
        assert server.open(1) == 1
        with pytest.warns(ResourceWarning, match="dropped with 1 open connection"):
            del client
            gc.collect()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await asyncio.sleep(0)
        assert server.open(0) == 0

    with Raw(always(reply())) as server:
        asyncio.run(main(server))


@pytest.mark.world("sync")
def test_x8_a_client_that_never_called_drops_silently() -> None:
    """A client without a connection has nothing to warn about."""
    before = sockets()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Client(api_key=KEY)
        gc.collect()
    assert sockets() == before


def test_close_while_calls_run() -> None:
    """Closing ends the calls of other threads with an error of ours."""
    failed: list[BaseException] = []
    with Raw(once(Peer.hold)) as server:
        client = Client(api_base=server.url, api_key=KEY, timeout=5, max_retries=0)

        def ask() -> None:
            try:
                client.chat.create.sync(model="m", messages=MESSAGES)
            except Exception as error:
                failed.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        while not server.requests:
            threading.Event().wait(0.002)
        client.close()
        thread.join(2)
        assert not thread.is_alive()
    assert [type(error).__module__ for error in failed] == ["sdk.errors"]
    assert not isinstance(failed[0], APITimeoutError)


@pytest.mark.filterwarnings("error")
def test_another_environment_makes_another_client_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client that calls without `client=` share is made anew; the old one is nobody's to close, so no warning."""
    from sdk.api.chat import create

    with Raw(always(reply())) as one, Raw(always(reply())) as other:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        for server in (one, other):
            monkeypatch.setenv("OPENAI_API_BASE", server.url)
            create.sync(model="m", messages=MESSAGES)
        gc.collect()
        assert (len(one.requests), len(other.requests)) == (1, 1)
        _client.default_client("sdk").close()
