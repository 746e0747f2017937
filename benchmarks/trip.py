"""python -m benchmarks.trip: what one call runs through, here and in the official package, counted and not timed.

A count is the same in every run and on every machine, so it shows work that noise would hide. What is counted is each
entry into a Python function, and each resumption of a generator or coroutine.
"""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import os
import queue
import socket
import sys
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

from . import payloads
from .contenders import CONTENDERS
from .report import NAMES
from .server import Answers, whole

#: The most functions of this SDK that a warm blocking call may enter.
CEILING = 100
#: Calls before the one that is counted, and counts of which the lowest is reported: a reply may come in two reads.
_WARM, _COUNTS = 3, 3
#: Chunks of a stream that are read before those that are counted. Deltas are put together 64 at a time.
_READ, _COUNTED = 64, 128
_TOP = 8
_PACKAGES = {"sdk": "sdk", "openai": "openai"}


class Tally:
    """Entries into functions by the file that they stand in, and how many come out of another file."""

    def __init__(self) -> None:
        self.by_file: Counter[str] = Counter()
        self.crossings = 0

    @property
    def functions(self) -> int:
        """The number of entries."""
        return self.by_file.total()

    def add(self, file: str, caller: str | None) -> None:
        """Count one entry."""
        self.by_file[file] += 1
        self.crossings += caller not in (file, None)


class Trip:
    """What is entered while it is followed: functions of one package, and all functions."""

    def __init__(self, package: str) -> None:
        found = importlib.util.find_spec(package)
        assert found is not None
        assert found.origin is not None
        self.root = str(Path(found.origin).parent)
        self.own, self.all, self.unit = Tally(), Tally(), 1
        self._made: set[str] = set()

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Count what this thread enters inside the block."""
        collecting, before = gc.isenabled(), sys.getprofile()
        gc.disable()  # a collection may run finalizers of any package
        sys.setprofile(self._entered)
        try:
            yield
        finally:
            sys.setprofile(before)
            if collecting:
                gc.enable()

    def _entered(self, frame: Any, event: str, _: object) -> None:
        file = frame.f_code.co_filename
        if event != "call" or file in (__file__, contextmanager.__code__.co_filename):
            return
        caller = frame.f_back.f_code.co_filename if frame.f_back is not None else None
        self.all.add(file, caller)
        inside = caller is not None and self._owns(caller)
        if inside and file.startswith("<") and not file.startswith("<frozen "):
            self._made.add(file)  # code that the package made at run time, such as a decoder, has no file
        if self._owns(file):
            self.own.add(file, caller if inside else None)

    def _owns(self, file: str) -> bool:
        return file.startswith(self.root) or file in self._made

    def top(self) -> str:
        """Return the package's files that are entered most."""
        rows = sorted(self.own.by_file.items(), key=lambda row: (-row[1], row[0]))[:_TOP]
        return ", ".join(f"{file.removeprefix(self.root + os.sep)} {_each(count, self.unit)}" for file, count in rows)


class Server:
    """A server in threads of this process. A stream's events are sent by who counts, so that each comes in one read."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._reply = whole(payloads.chat())
        self.streams: queue.SimpleQueue[socket.socket] = queue.SimpleQueue()
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError:  # it has been closed
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as file:
            while file.readline():
                headers = dict(line.lower().split(b":", 1) for line in iter(file.readline, b"\r\n"))
                body = file.read(int(headers.get(b"content-length", 0)))
                if b'"stream":true' in body.replace(b": ", b":"):
                    connection.sendall(Answers.head)
                    self.streams.put(connection)
                else:
                    connection.sendall(self._reply)

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self._listener.close()


def call(name: str, server: Server) -> Trip:
    """Follow a warm blocking call."""
    trips: list[Trip] = []
    with closing(CONTENDERS[name](server.url)) as contender:
        for _ in range(_WARM):
            contender.chat()
        for _ in range(_COUNTS):
            trip = Trip(_PACKAGES[name])
            with trip.followed():
                contender.chat()
            trips.append(trip)
    return _lowest(trips)


def coroutine_call(name: str, server: Server) -> Trip:
    """Follow a warm call from a coroutine, the event loop included."""
    trips: list[Trip] = []

    async def measure(one: Callable[[], Awaitable[Any]]) -> None:
        for _ in range(_WARM):
            await one()
        for _ in range(_COUNTS):
            trip = Trip(_PACKAGES[name])
            with trip.followed():
                await one()
            trips.append(trip)

    with closing(CONTENDERS[name](server.url)) as contender:
        asyncio.run(contender.many(1, measure))
    return _lowest(trips)


def chunk(name: str, server: Server) -> Trip:
    """Follow the chunks of a stream; the result is their mean."""
    events = [b"%x\r\n%b\r\n" % (len(e), e) for e in payloads.chat_events()]
    trip = Trip(_PACKAGES[name])
    trip.unit = _COUNTED
    with closing(CONTENDERS[name](server.url)) as contender, contender.open_chat_stream() as stream:
        connection = server.streams.get()
        for event in events[:_READ]:
            connection.sendall(event)
            next(stream)
        for event in events[_READ : _READ + _COUNTED]:
            connection.sendall(event)
            with trip.followed():
                next(stream)
        connection.sendall(b"".join([*events[-2:], b"0\r\n\r\n"]))
        for _ in stream:
            pass
    return trip


TRIPS: dict[str, Callable[[str, Server], Trip]] = {
    "a warm blocking call": call,
    "a warm call from a coroutine": coroutine_call,
    "a chunk of a chat stream": chunk,
}


def _lowest(trips: list[Trip]) -> Trip:
    return min(trips, key=lambda trip: (trip.own.functions, trip.all.functions))


def _each(count: int, unit: int) -> str:
    return f"{count:,}" if unit == 1 else f"{count / unit:,.1f}"


def page(trips: dict[tuple[str, str], Trip]) -> str:
    """Return trips, by what is done and who does it, as Markdown."""
    lines = [
        "| | functions | files | calls across files | all Python functions | all files | all calls across files |",
        "|---|---|---|---|---|---|---|",
    ]
    for (title, name), trip in trips.items():
        counts = [
            cell
            for tally in (trip.own, trip.all)
            for cell in (
                _each(tally.functions, trip.unit), str(len(tally.by_file)), _each(tally.crossings, trip.unit)
            )
        ]  # fmt: skip
        lines.append(f"| {title}: {NAMES[name]} | {' | '.join(counts)} |")
    lines += ["", "Most entered, by file of the package:", ""]
    lines += [f"- {title}: {NAMES[name]}: {trip.top()}" for (title, name), trip in trips.items()]
    return "\n".join(lines)


def follow(names: list[str]) -> dict[tuple[str, str], Trip]:
    """Follow all trips of some contenders."""
    with Server() as server:
        return {(title, name): trip(name, server) for title, trip in TRIPS.items() for name in names}


def main() -> int:
    """Print the counts; exit code 1 where a blocking call enters more functions than it may."""
    names = [name for name in _PACKAGES if importlib.util.find_spec(name) is not None]
    trips = follow(names)
    print(page(trips))
    entered = trips["a warm blocking call", "sdk"].own.functions
    if entered > CEILING:
        print(f"a warm blocking call enters {entered} functions of this SDK; at most {CEILING} may", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
