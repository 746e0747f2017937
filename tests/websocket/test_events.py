"""Every event of the description, both ways and in both worlds; what is no event."""

from __future__ import annotations

import asyncio
import json
import random
from importlib import import_module
from typing import Any

import pytest

from sdk import Client
from sdk.errors import APIResponseError, RequestError
from sdk.models import Unknown
from sdk.testing.description.document import description, websockets
from sdk.testing.description.example import example
from tests.faults.raw import Peer, Raw
from tests.faults.sockets import answer, close, frame, opened, received

NAMES = sorted(websockets())


def _members(schema: Any) -> list[Any]:
    """Return the schemas of the events of a union."""
    if "$ref" in schema:
        return _members(description().schemas[schema["$ref"]])
    return [one for member in schema["anyOf"] for one in _members(member)] if "anyOf" in schema else [schema]


def _examples(name: str, side: str) -> list[dict[str, Any]]:
    from sdk.testing.description.document import json_schema

    found = [example(json_schema(one)) for one in _members(websockets()[name][side])]
    assert all(isinstance(one, dict) and isinstance(one["type"], str) for one in found)
    return found


def _connect(client: Client, name: str) -> Any:
    found: Any = client
    for part in name.split("."):
        found = getattr(found, part)
    return found


@pytest.fixture(params=["sync", "asyncio"])
def world(request: pytest.FixtureRequest) -> str:
    """Which of the two drivers a test is about."""
    return str(request.param)


@pytest.mark.parametrize("name", NAMES)
def test_every_event_of_a_server_is_typed(name: str, world: str) -> None:
    """Each event of the description is read as its class, and gives back all that came."""
    events = _examples(name, "receive")
    unknown = {"type": "vendor.event", "more": [1, {"x": None}]}

    def script(peer: Peer) -> None:
        request = peer.request() or b""
        frames = [frame(json.dumps(one).encode()) for one in (unknown, *events)]
        peer.send(answer(request) + b"".join(frames) + close(1000))
        peer.hold()

    with Raw(script) as server:
        if world == "sync":
            with Client(api_base=server.url, api_key="k") as client, _connect(client, name).sync() as connection:
                found = list(connection)
        else:

            async def main() -> list[Any]:
                client = Client(api_base=server.url, api_key="k")
                async with client, _connect(client, name).asyncio() as connection:
                    return [one async for one in connection]

            found = asyncio.run(main())
    ends = [n for n, one in enumerate(events) if one["type"] == "session.closed"]
    events = events[: ends[0] + 1] if ends else events  # the conversation is over then
    assert isinstance(found[0], Unknown)
    assert [one.to_dict() for one in found] == [unknown, *events]
    assert [type(one) for one in found[1:]].count(Unknown) == 0


def _senders(connection: Any, kind: str) -> Any:
    found = connection
    for part in kind.split("."):
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_event_of_a_client_has_a_sender(name: str, world: str) -> None:
    """Each event of the description is sent by the method of its name, as a dict, and as a model: the same bytes."""
    events = _examples(name, "send")
    got: list[Any] = []

    def script(peer: Peer) -> None:
        peer.send(answer(peer.request() or b""))
        got.extend(received(peer, 3 * len(events)))
        peer.send(close(1000))
        peer.hold()

    def model(event: dict[str, Any]) -> Any:
        return Unknown.from_dict(event)

    with Raw(script) as server:
        if world == "sync":
            client = Client(api_base=server.url, api_key="k", require_stream_end=False)
            with client, _connect(client, name).sync() as connection:
                for one in events:
                    _senders(connection, one["type"])(**{k: v for k, v in one.items() if k != "type"})
                    connection.send(one)
                    connection.send(model(one))
                assert list(connection) == []
        else:

            async def main() -> None:
                client = Client(api_base=server.url, api_key="k", require_stream_end=False)
                async with client, _connect(client, name).asyncio() as connection:
                    for one in events:
                        await _senders(connection, one["type"])(**{k: v for k, v in one.items() if k != "type"})
                        await connection.send(one)
                        await connection.send(model(one))
                    assert [one async for one in connection] == []

            asyncio.run(main())
    assert got == [one for one in events for _ in range(3)]


@pytest.mark.parametrize(
    "event", [None, "text", [1], {}, {"type": 1}, {"type": "a", "x": float("nan")}, {"type": "\ud800"}]
)
def test_what_is_no_event(event: Any) -> None:
    """What cannot be sent is a RequestError, and the conversation goes on."""
    with (
        Raw(opened(close(1000))) as server,
        Client(api_base=server.url, api_key="k") as client,
        client.realtime.connect.sync() as connection,
    ):
        with pytest.raises(RequestError):
            connection.send(event)
        assert list(connection) == []


def test_pieces_of_any_size() -> None:
    """Events are the same however the network cuts them, and however they are fragmented."""
    texts = [json.dumps({"type": "vendor.event", "n": n, "text": "é" * n}).encode() for n in range(40)]
    dice = random.Random(1)

    def script(peer: Peer) -> None:
        out = bytearray(answer(peer.request() or b""))
        for text in texts:
            cut = dice.randrange(len(text))
            out += frame(text[:cut], fin=False) + frame(text[cut:], opcode=_CONTINUED)
        out += close(1000)
        while out:
            size = dice.randrange(1, 200)
            peer.send(bytes(out[:size]))
            del out[:size]
        peer.hold()

    with (
        Raw(script) as server,
        Client(api_base=server.url, api_key="k") as client,
        client.realtime.connect.sync() as connection,
    ):
        assert [one.to_dict()["n"] for one in connection] == list(range(40))


_CONTINUED: Any = import_module("websockets.frames").Opcode.CONT


@pytest.mark.parametrize("name", NAMES)
def test_a_strict_client_accepts_what_the_description_has(name: str) -> None:
    """Every event of the description passes the check of a strict client."""
    events = _examples(name, "receive")

    def script(peer: Peer) -> None:
        peer.send(answer(peer.request() or b"") + b"".join(frame(json.dumps(one).encode()) for one in events))
        peer.hold()

    with (
        Raw(script) as server,
        Client(api_base=server.url, api_key="k", strict=True) as client,
        _connect(client, name).sync(close_timeout=0.1) as connection,
    ):
        ended = False
        for one in events:
            if not ended:
                assert connection.recv().to_dict() == one
            ended = ended or one["type"] == "session.closed"


def test_a_strict_client_judges_events(world: str) -> None:
    """An event that breaks the description is an APIResponseError with its path; the conversation goes on."""
    good = {"type": "input_audio_buffer.cleared", "event_id": "e"}
    bad = [{"type": "vendor.event"}, {"type": "input_audio_buffer.cleared"}, {**good, "event_id": 7}]
    found: list[str] = []

    async def main(url: str) -> None:
        async with (
            Client(api_base=url, api_key="k", strict=True) as client,
            client.realtime.connect.asyncio() as connection,
        ):
            for _ in bad:
                with pytest.raises(APIResponseError) as caught:
                    await connection.recv()
                found.append(str(caught.value))
            assert (await connection.recv()).to_dict() == good

    def blocking(url: str) -> None:
        with Client(api_base=url, api_key="k", strict=True) as client, client.realtime.connect.sync() as connection:
            for _ in bad:
                with pytest.raises(APIResponseError) as caught:
                    connection.recv()
                found.append(str(caught.value))
            assert connection.recv().to_dict() == good

    with Raw(opened(*[frame(json.dumps(one).encode()) for one in (*bad, good)], close(1000))) as server:
        blocking(server.url) if world == "sync" else asyncio.run(main(server.url))
    assert "vendor.event" in found[0]
    assert "the key 'event_id' is missing" in found[1]
    assert "event_id: is a number where string was expected" in found[2].replace("an integer", "a number")
    assert "Leave out strict=True" in found[0]
