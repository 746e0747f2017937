"""What is measured, in which unit, and what it may cost."""

from __future__ import annotations

from attrs import frozen


@frozen
class Scenario:
    """One row of the results.

    `size` is how often a round repeats it; `budget` the most that this SDK may cost as a ratio to the floor, `limit` as
    a ratio to the limit, None where there is no budget; `fresh`: a process for each round; `smoke`: part of the short
    version; `aiohttp`: measured over bare aiohttp, too.
    """

    name: str
    title: str
    unit: str
    size: int
    budget: float | None = None
    fresh: bool = False
    smoke: bool = False
    limit: float | None = None
    aiohttp: bool = False

    def takes_part(self, contender: str) -> bool:
        """Tell whether a contender is measured: the limit where it has a budget, aiohttp where many calls run."""
        return {"limit": self.limit is not None, "aiohttp": self.aiohttp}.get(contender, True)


SCENARIOS = (
    Scenario("import", "import (fresh process)", "ms", 1, fresh=True),
    Scenario("cold", "cold start: import, client, first chat (fresh process)", "ms", 1, 1.0, fresh=True, smoke=True),
    Scenario("rss", "cold start: peak memory", "MB", 1, smoke=True),
    Scenario("sync", "one chat call", "µs", 200, 0.65, smoke=True, limit=5.0),
    Scenario("sequential", "1,000 calls one after another, per call", "µs", 1_000, 0.65, limit=5.0),
    Scenario("async64", "64 calls at once, per call", "µs", 384, 0.45, smoke=True, limit=1.8, aiohttp=True),
    Scenario("async500", "500 calls at once, per call", "µs", 500, 0.65, limit=1.8, aiohttp=True),
    Scenario("aiohttp500", "500 calls at once over aiohttp, per call", "µs", 500, 0.25),
    Scenario("chunks", "chat stream of 2,000 chunks, per chunk", "µs", 2, 1.5, smoke=True),
    Scenario("events", "Responses stream of 2,000 events, per event", "µs", 2, 1.6, smoke=True),
    Scenario("decode", "read a chat reply with tool calls, from bytes", "µs", 3_000, 4.0, smoke=True, limit=3.0),
    Scenario("decode_large", "read a response of 300 items, from bytes", "µs", 500, 4.0, limit=3.0),
    Scenario("embeddings", "64 embeddings of 1,536, one read", "µs", 10, 0.3, smoke=True),
    Scenario("embeddings_all", "64 embeddings of 1,536, all read as lists", "µs", 10),
    Scenario("large", "a reply of 1 MB", "µs", 20),
    Scenario("memory", "an open stream, 500 at once: Python memory", "kB", 500),
)
#: What a unit is worth in seconds or bytes.
UNITS = {"ms": 1e-3, "µs": 1e-6, "MB": 1e6, "kB": 1e3}
#: CPU seconds that a whole generation from the pinned document may take.
GENERATION = 8.0
#: How much above its floor the peak memory of a cold start may be, in bytes.
RSS_MARGIN = 8e6
