"""The server's side of a WebSocket on a raw socket, and a conversation with it in each world."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader
from websockets.utils import accept_key

from sdk import Client
from sdk.errors import APIError

from .conftest import KEY
from .raw import Peer, Raw, Script


def answer(request: bytes, extra: str = "") -> bytes:
    """Return the answer that opens the WebSocket of a handshake."""
    found = re.search(rb"(?i)\r\nsec-websocket-key: (\S+)", request)
    assert found is not None
    return (
        f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept_key(found[1].decode())}\r\n{extra}\r\n"
    ).encode()


def frame(data: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    """Return a frame of the server."""
    return Frame(opcode, data, fin=fin).serialize(mask=False)


def event(kind: str = "vendor.event", **fields: Any) -> bytes:
    """Return an event as a frame."""
    return frame(json.dumps({"type": kind, **fields}).encode())


def close(code: int, reason: str = "") -> bytes:
    """Return a close frame; 1005 has no code."""
    return frame(b"" if code == 1005 else code.to_bytes(2) + reason.encode(), Opcode.CLOSE)


def opened(*frames: bytes, then: Callable[[Peer], Any] | None = None) -> Script:
    """Open the WebSocket, send frames, and go on with `then`; by default until the client closes."""

    def script(peer: Peer) -> None:
        request = peer.request()
        if request is not None:
            peer.send(answer(request))
            for one in frames:
                peer.send(one)
            (then or Peer.hold)(peer)

    return script


def received(peer: Peer, count: int) -> list[Any]:
    """Read so many events of the client."""
    reader, found = StreamReader(), list[Any]()
    while len(found) < count:
        reader.feed_data(peer.sock.recv(65536))
        while True:
            before = bytes(reader.buffer)
            steps = Frame.parse(reader.read_exact, mask=True, max_size=None)
            try:
                next(steps)
            except StopIteration as end:
                found.append(json.loads(end.value.data))
                continue
            reader.buffer[:] = before
            break
    return found


class Talk(NamedTuple):
    """What a conversation gave; `open` are the sockets that the client holds after it."""

    events: list[Any]
    error: BaseException | None
    open: int

    @property
    def failed(self) -> APIError:
        """The error, which must be one of ours."""
        assert isinstance(self.error, APIError), repr(self.error)
        return self.error

    @property
    def attempts(self) -> int:
        """How many attempts the handshake took."""
        return len(self.failed.attempts) + 1


def talk(
    world: str, server: Raw | str, *, send: Iterable[Any] = (), client: dict[str, Any] | None = None,
    most: int | None = None, pause: Callable[[], object] | None = None, **options: Any,
) -> Talk:  # fmt: skip
    """Connect, send events and read all that come, or `most`; `pause` is called before the first is read."""
    url = server if isinstance(server, str) else server.url
    given = {"api_base": url, "api_key": KEY, **(client or {})}
    options = {"close_timeout": 0.2, **options}
    events: list[Any] = []

    def blocking() -> BaseException | None:
        with Client(**given) as made:
            try:
                with made.realtime.connect.sync(model="m", **options) as connection:
                    for one in send:
                        connection.send(one)
                    if pause is not None:
                        pause()
                    while most is None or len(events) < most:
                        found = next(connection, None)
                        if found is None:
                            return None
                        events.append(found)
            except Exception as error:
                return error
        return None

    async def main() -> BaseException | None:
        try:
            async with Client(**given) as made, made.realtime.connect.asyncio(model="m", **options) as connection:
                for one in send:
                    await connection.send(one)
                if pause is not None:
                    await asyncio.to_thread(pause)
                while most is None or len(events) < most:
                    found = await anext(connection, None)
                    if found is None:
                        return None
                    events.append(found)
        except Exception as error:
            return error
        finally:
            await asyncio.sleep(0)
            assert asyncio.all_tasks() == {asyncio.current_task()}
        return None

    threads = threading.active_count()
    error = blocking() if world == "sync" else asyncio.run(main())
    if isinstance(server, Raw):
        held = server.open(0)
    else:
        held, _ = 0, threads
    assert not [one for one in threading.enumerate() if "recv_events" in one.name]
    return Talk(events, error, held)
