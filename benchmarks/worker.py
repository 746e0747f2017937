"""One contender in a process of its own: takes the name of a scenario by line, and tells the CPU time that it took."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from typing import Any

from . import payloads
from .contenders import CONTENDERS


def repeated(call: Callable[[], Any], times: int) -> float:
    """Return the CPU seconds of one call."""
    before = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - before) / times


#: Seconds of calls before many at once are measured: a new client of this SDK sends at a rising rate at first.
WARM = 0.5


def many(contender: Any, at_once: int, calls: int, extra: str | None = None) -> float:
    """Return the CPU seconds of one call, with so many in flight."""
    took = 0.0

    async def measure(call: Callable[[], Awaitable[Any]]) -> None:
        nonlocal took
        gate = asyncio.Semaphore(at_once)

        async def one() -> None:
            async with gate:
                await call()

        until = time.monotonic() + WARM
        while time.monotonic() < until:
            await asyncio.gather(*[one() for _ in range(at_once)])
        before = time.process_time()
        await asyncio.gather(*[one() for _ in range(calls)])
        took = (time.process_time() - before) / calls

    asyncio.run(contender.many(at_once, measure, extra))
    return took


def memory(contender: Any, count: int) -> float:
    """Return the bytes that Python has allocated for an open stream."""
    asyncio.run(contender.hold(5, lambda: None))  # what is loaded once does not count
    gc.collect()
    tracemalloc.start()
    held = 0

    def measure() -> None:
        nonlocal held
        held = tracemalloc.get_traced_memory()[0]

    asyncio.run(contender.hold(count, measure))
    tracemalloc.stop()
    return held / count


def decode(contender: Any, kind: str, wire: Any, times: int) -> float:
    """Return the CPU seconds of reading one reply from its bytes."""
    read, data = contender.decoder(kind), json.dumps(wire, separators=(",", ":")).encode()
    read(data)
    gc.disable()  # its passes cost by what else the process holds, and would make the parse look dearer than it is
    try:
        return repeated(lambda: read(data), times)
    finally:
        gc.enable()


def run(contender: Any, name: str, size: int) -> float:
    """Return what a scenario measures, in seconds of one unit, or in bytes."""
    match name:
        case "sync" | "sequential":
            return repeated(contender.chat, size)
        case "async64" | "async500":
            return many(contender, int(name[5:]), size)
        case "aiohttp500":
            return many(contender, 500, size, "aiohttp")
        case "chunks":
            return repeated(contender.stream_chat, size) / payloads.CHUNKS
        case "events":
            return repeated(contender.stream_responses, size) / payloads.EVENTS
        case "embeddings":
            return repeated(contender.embed, size)
        case "embeddings_all":
            return repeated(contender.embed_all, size)
        case "large":
            return repeated(lambda: contender.chat("large"), size)
        case "decode":
            return decode(contender, "ChatCompletion", payloads.chat_with_tools(), size)
        case "decode_large":
            return decode(contender, "Response", payloads.response(), size)
        case "memory":
            return memory(contender, size)
    raise SystemExit(f"no scenario is called {name!r}")


def main() -> None:
    """Serve scenarios until the input ends."""
    contender = CONTENDERS[sys.argv[1]](sys.argv[2])
    print("ready", flush=True)
    for line in sys.stdin:
        name, size = line.split()
        print(run(contender, name, int(size)), flush=True)


if __name__ == "__main__":
    main()
