"""python -m benchmarks.profile: where the time of a call, a chunk, an event and a decode goes, by function."""

from __future__ import annotations

import cProfile
import json
import pstats
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from . import payloads
from .contenders import Ours
from .measure import Process

ROWS = 9


def profile(title: str, call: Callable[[], Any], times: int, unit: int = 1) -> list[str]:
    """Return the functions that take most of a call, with their own share of the time, as lines of Markdown."""
    call()
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(times):
        call()
    profiler.disable()
    stats: Any = pstats.Stats(profiler)
    # A client without retries watches a moment after a stream whether the server closes: that is waiting, no work.
    rows = {key: row for key, row in stats.stats.items() if key[2] != "<built-in method time.sleep>"}
    each, total = sum(row[0] for row in rows.values()) / times / unit, sum(row[2] for row in rows.values())
    lines = [f"## {title}", "", f"{each:,.0f} function calls each.", "", "| share | function |", "|---|---|"]
    for (file, _, name), row in sorted(rows.items(), key=lambda item: -item[1][2])[:ROWS]:
        where = "" if file == "~" else f"{PurePath(file).name}: "
        what = name.strip("<>").partition(" at 0x")[0]  # an address is another one each time
        lines.append(f"| {row[2] / total:.0%} | {where}`{what}` |")
    return [*lines, ""]


def main() -> None:
    """Print the profiles."""
    with Process("benchmarks.server") as server:
        ours = Ours(f"http://127.0.0.1:{server.first}/v1")
        read, data = ours.decoder("ChatCompletion"), json.dumps(payloads.chat_with_tools()).encode()
        lines = [
            *profile("A chat call", ours.chat, 500),
            *profile("A chunk of a chat stream", ours.stream_chat, 3, payloads.CHUNKS),
            *profile("An event of a Responses stream", ours.stream_responses, 3, payloads.EVENTS),
            *profile("Reading a chat reply with tool calls", lambda: read(data), 5_000),
        ]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
