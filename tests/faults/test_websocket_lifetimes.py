"""Group WebSockets of the fault table: what is left behind, many at once, and connections that open again."""

from __future__ import annotations

import asyncio
import gc
import json
from typing import Any

import pytest

from sdk import Client
from sdk.errors import (
    ConnectionClosedError,
)

from .conftest import KEY
from .raw import Peer, Raw
from .sockets import answer, close, event, opened, talk


@pytest.mark.world("asyncio")
def test_v13_cancel_at_every_await() -> None:
    """A task that is cancelled at any await of a conversation leaves no socket and no task."""

    async def converse(url: str, steps: int) -> bool:
        async def all_of_it() -> None:
            async with (
                Client(api_base=url, api_key=KEY) as client,
                client.realtime.connect.asyncio(model="m", close_timeout=0.2) as connection,
            ):
                await connection.response.create()
                async for _ in connection:
                    await connection.input_audio_buffer.append(audio="AAAA")

        task = asyncio.ensure_future(all_of_it())
        for _ in range(steps):
            await asyncio.sleep(0)
            if task.done():
                break
        cancelled = task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            cancelled = True
        for _ in range(3):
            await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return cancelled

    def script(peer: Peer) -> None:
        request = peer.request()
        if request is not None:
            peer.send(answer(request) + event() * 3)
            peer.sock.recv(100)
            peer.send(close(1000))
            peer.hold()

    with Raw(script) as server:
        cancelled = 0
        for steps in range(60):
            cancelled += asyncio.run(converse(server.url, steps))
        assert cancelled > 10
        gc.collect()
        assert server.open(0) == 0


def test_v13_an_interrupt(world: str) -> None:
    """Ctrl-C in a conversation closes the socket at once, without a word."""
    with Raw(opened(event())) as server:
        if world == "sync":
            with (
                pytest.raises(KeyboardInterrupt),
                Client(api_base=server.url, api_key=KEY) as client,
                client.realtime.connect.sync(model="m") as connection,
            ):
                next(connection)
                raise KeyboardInterrupt
        else:

            async def main() -> None:
                async with (
                    Client(api_base=server.url, api_key=KEY) as client,
                    client.realtime.connect.asyncio(model="m") as connection,
                ):
                    await anext(connection)
                    raise KeyboardInterrupt

            with pytest.raises(KeyboardInterrupt):
                asyncio.run(main())
        assert server.open(0) == 0


def test_v14_200_connections_at_once(world: str) -> None:
    """200 conversations at once do not mix, need no places of max_in_flight, and leave nothing."""

    def script(peer: Peer) -> None:
        request = peer.request() or b""
        name = request.partition(b"model=")[2].partition(b" ")[0].decode()
        peer.send(answer(request) + event(name=name) + close(1000))
        peer.hold()

    with Raw(script) as server:
        if world == "sync":
            found: list[Any] = []
            with Client(api_base=server.url, api_key=KEY) as client:
                held = [client.realtime.connect.sync(model=f"m{n}").__enter__() for n in range(200)]
                for connection in held:
                    found += [one.to_dict()["name"] for one in connection]
                    connection.close()
        else:

            async def one(client: Client, number: int) -> list[Any]:
                async with client.realtime.connect.asyncio(model=f"m{number}") as connection:
                    return [one.to_dict()["name"] async for one in connection]

            async def main() -> list[Any]:
                async with Client(api_base=server.url, api_key=KEY, pace=False) as client:
                    each = await asyncio.gather(*[one(client, number) for number in range(200)])
                assert asyncio.all_tasks() == {asyncio.current_task()}
                return [name for names in each for name in names]

            found = asyncio.run(main())
        assert sorted(found) == sorted(f"m{number}" for number in range(200))
        assert server.open(0) == 0


def test_v19_opened_again(world: str) -> None:
    """With reconnect=True a connection that breaks is opened again: the set-up is sent again, and doubt is reported."""
    got: list[list[str]] = []

    def script(peer: Peer) -> None:
        request = peer.request() or b""
        peer.send(answer(request) + event(number=peer.number))
        got.append([])
        wanted = {1: 3, 2: 1}[peer.number]
        from websockets.frames import Frame
        from websockets.streams import StreamReader

        reader = StreamReader()
        while len(got[-1]) < wanted:
            reader.feed_data(peer.sock.recv(65536))
            while len(reader.buffer) > 6:
                steps = Frame.parse(reader.read_exact, mask=True, max_size=None)
                try:
                    next(steps)
                except StopIteration as end:
                    got[-1].append(json.loads(end.value.data)["type"])
        if peer.number == 2:
            peer.send(close(1000))
            peer.hold()

    records: list[Any] = []
    update: Any = {"type": "session.update", "session": {"type": "realtime"}}
    create: Any = {"type": "response.create"}
    with Raw(script) as server:
        got_ = talk(world, server, send=[update, create, create], reconnect=records.append)
    assert ([one.number for one in got_.events], got_.error, got_.open) == ([1, 2], None, 0)
    assert got == [["session.update", "response.create", "response.create"], ["session.update"]]
    assert [one["type"] for one in records[0].sent_again] == ["session.update"]
    assert len(records[0].in_doubt) in (0, 2)  # read before or after the event of the first connection


@pytest.mark.parametrize("code", [1002, 1008, 3000])
def test_v19_not_opened_again(world: str, code: int) -> None:
    """A code that says that another connection would end the same way is not followed by one."""
    with Raw(opened(event(), close(code))) as server:
        got = talk(world, server, reconnect=True)
    assert isinstance(got.failed, ConnectionClosedError)
    assert (got.failed.close_code, server.connections, got.open) == (code, 1, 0)


def test_v19_it_ends(world: str) -> None:
    """A server that breaks every connection is given up after five in a row."""
    with Raw(opened(then=lambda peer: None)) as server:
        got = talk(world, server, reconnect=True)
    assert isinstance(got.failed, ConnectionClosedError)
    assert (server.connections, got.open) == (6, 0)
