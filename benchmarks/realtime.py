"""python -m benchmarks realtime: what one event of a WebSocket costs, beside the bare library and the official package.

A server in a process of its own sends small events as fast as it can, without compression. Each contender reads them in
a process of its own; a round measures all of them one after another, and the median of the ratios counts.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import statistics
import subprocess
import sys
import time
from typing import Any

from attrs import frozen

#: Events of a round.
EVENTS = 20_000
#: The most that an event may cost: as a ratio to the bare library with orjson, and to the official package.
OF_BARE, OF_OFFICIAL = 1.5, 0.2
_EVENT = json.dumps(
    {
        "type": "response.output_text.delta", "event_id": "event_1234", "response_id": "resp_1", "item_id": "item_1",
        "output_index": 0, "content_index": 0, "delta": "Hello",
    }
)  # fmt: skip
_GO = json.dumps({"type": "response.create"})
_HEAD = """\
# What one event of a WebSocket costs

From `make bench ARGS=realtime`: {events:,} small events of the Realtime API, without compression, read one by one; CPU
time of the reading process, all its threads included. Bare is the library websockets with orjson, and no types. The
median of {rounds} rounds, in which the contenders take turns; in brackets, what may be.

| world | bare | this SDK | official | this SDK ÷ bare | this SDK ÷ official |
|---|---|---|---|---|---|
"""


@frozen
class Result:
    """Microseconds of one event by contender, a value for each round."""

    world: str
    values: dict[str, list[float]]

    def ratio(self, other: str) -> float | None:
        """Return the median ratio of this SDK to another contender, None where that was not measured."""
        if other not in self.values:
            return None
        return statistics.median(a / b for a, b in zip(self.values["sdk"], self.values[other], strict=True))

    def problems(self, slack: float = 1.0) -> list[str]:
        """Return the budgets that are broken."""
        found = []
        for other, most in (("bare", OF_BARE), ("openai", OF_OFFICIAL)):
            ratio = self.ratio(other)
            if ratio is not None and ratio > most * slack:
                found.append(f"an event in {self.world} costs {ratio:.2f} times {other}; it may cost {most}")
        return found


def measure(rounds: int, events: int = EVENTS) -> list[Result]:
    """Measure both worlds."""
    names = ["bare", "sdk", *(["openai"] if importlib.util.find_spec("openai") is not None else [])]
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.realtime"]
    server = subprocess.Popen([*command, "server", str(events)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    results = []
    try:
        port = server.stdout.readline().strip()
        for world in ("sync", "asyncio"):
            one = Result(world, {name: [] for name in names})
            for _ in range(rounds):
                for name in names:
                    done = subprocess.run(
                        [*command, world, name, port, str(events)], stdout=subprocess.PIPE, text=True, check=True
                    )
                    one.values[name].append(float(done.stdout))
            results.append(one)
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
    return results


def page(results: list[Result], rounds: int) -> str:
    """Return the results as Markdown."""
    lines = []
    for one in results:
        median = {name: f"{statistics.median(values):.1f} µs" for name, values in one.values.items()}
        official = one.ratio("openai")
        against = "" if official is None else f"{official:.2f} ({OF_OFFICIAL})"
        lines.append(
            f"| {one.world} | {median['bare']} | {median['sdk']} | {median.get('openai', '')} | "
            f"{one.ratio('bare'):.2f} ({OF_BARE}) | {against} |"
        )
    return _HEAD.format(events=EVENTS, rounds=rounds) + "\n".join(lines) + "\n"


async def _serve(events: int) -> None:
    from websockets.asyncio.server import serve

    async def flood(socket: Any) -> None:
        async for _ in socket:
            for _ in range(events):
                await socket.send(_EVENT)

    async with serve(flood, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


def _sync(name: str, port: int, events: int) -> float:
    import orjson

    if name == "bare":
        from websockets.sync.client import connect

        with connect(f"ws://127.0.0.1:{port}/v1/realtime", compression=None) as socket:
            return _timed(lambda: socket.send(_GO), lambda: orjson.loads(socket.recv(decode=False)), events)
    if name == "sdk":
        from sdk import Client

        with (
            Client(api_base=f"http://127.0.0.1:{port}/v1", api_key="k") as client,
            client.realtime.connect.sync(model="m") as connection,
        ):
            return _timed(connection.response.create, connection.__next__, events)
    import openai  # type: ignore[import-not-found, unused-ignore]

    official: Any = openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="k")
    with official.realtime.connect(model="m") as connection:
        return _timed(connection.response.create, iter(connection).__next__, events)


def _timed(ask: Any, read: Any, events: int) -> float:
    """Return the CPU seconds of one event; the first half of the events warms up."""
    for _ in range(2):
        ask()
        began = time.process_time()
        for _ in range(events):
            read()
        took = time.process_time() - began
    return took / events


async def _asyncio(name: str, port: int, events: int) -> float:
    import orjson

    if name == "bare":
        from websockets.asyncio.client import connect

        async with connect(f"ws://127.0.0.1:{port}/v1/realtime", compression=None) as socket:
            for _ in range(2):
                await socket.send(_GO)
                began = time.process_time()
                for _ in range(events):
                    orjson.loads(await socket.recv(decode=False))
                took = time.process_time() - began
            return took / events
    if name == "sdk":
        from sdk import Client

        async with (
            Client(api_base=f"http://127.0.0.1:{port}/v1", api_key="k") as client,
            client.realtime.connect.asyncio(model="m") as connection,
        ):
            return await _atimed(connection, events)
    import openai  # type: ignore[import-not-found, unused-ignore]

    official: Any = openai.AsyncOpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="k")
    async with official.realtime.connect(model="m") as connection:
        return await _atimed(connection, events)


async def _atimed(connection: Any, events: int) -> float:
    """Do the same as `_timed` for a connection of coroutines."""
    for _ in range(2):
        await connection.response.create()
        began, count = time.process_time(), 0
        async for _ in connection:
            count += 1
            if count == events:
                break
        took = time.process_time() - began
    return took / events


def main() -> None:
    """Run as the server, or as one contender."""
    what, *rest = sys.argv[1:]
    if what == "server":
        asyncio.run(_serve(int(rest[0])))
        return
    name, port, events = rest[0], int(rest[1]), int(rest[2])
    took = _sync(name, port, events) if what == "sync" else asyncio.run(_asyncio(name, port, events))
    print(took * 1e6)


if __name__ == "__main__":
    main()
