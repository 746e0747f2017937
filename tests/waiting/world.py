"""A server whose jobs end at a virtual time, and waits on that clock."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sdk import Client, asyncio_wait, wait
from sdk._core.waiting import drivers
from tests.faults.raw import Peer, Raw, reply

WORLDS = pytest.mark.parametrize("waits", ["sync", "asyncio"])


class Clock:
    """A clock that only sleeping moves. It stands in for the module `time` of the drivers."""

    def __init__(self) -> None:
        self.now, self.slept = 1000.0, list[float]()
        #: Called with each sleep that begins.
        self.on_sleep: Callable[[], object] = lambda: None

    @property
    def passed(self) -> float:
        """The seconds since the begin."""
        return self.now - 1000.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return 1.7e9 + self.passed

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self.on_sleep()

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)
        await asyncio.sleep(0)


#: Answers a request, by its number from 0, with a JSON object and the headers of the response.
Answer = Callable[[int], tuple[dict[str, Any], str]]


class World:
    """The server, its clock, and a client."""

    def __init__(self, server: Raw, clock: Clock, client: Client) -> None:
        self.server, self.clock, self.client = server, clock, client

    @property
    def targets(self) -> list[str]:
        """The targets of the requests, below /v1."""
        return [re.match(rb"\S+ /v1(\S*)", request)[1].decode() for request in self.server.requests]  # type: ignore[index]

    def wait(self, waits: str, job: Any, **options: Any) -> Any:
        """Wait in one of both worlds."""
        return wait(job, **options) if waits == "sync" else asyncio.run(asyncio_wait(job, **options))


@contextmanager
def world(monkeypatch: pytest.MonkeyPatch, answer: Answer, **options: Any) -> Iterator[World]:
    """Run a server that answers each request as told, on a virtual clock; it has no open connection at the end."""
    clock = Clock()
    monkeypatch.setattr(drivers, "time", clock)
    monkeypatch.setattr(drivers, "sleep", clock.asleep)

    def script(peer: Peer) -> None:
        while peer.request() is not None:
            body, headers = answer(len(peer._server.requests) - 1)
            peer.send(reply(json.dumps(body).encode(), headers=f"Content-Type: application/json\r\n{headers}"))

    with (
        Raw(script) as server,
        Client(
            api_base=server.url,
            api_key="test-key",
            admin_api_key="admin-key",
            http_options={"trust_env": False},
            **options,
        ) as client,
    ):
        yield World(server, clock, client)


def batch(state: str = "in_progress", **more: Any) -> dict[str, Any]:
    """Return a batch as JSON."""
    return {
        "id": "batch_1", "object": "batch", "endpoint": "/v1/responses", "input_file_id": "file-1",
        "completion_window": "24h", "status": state, "created_at": 1, **more,
    }  # fmt: skip


def states(*found: str, headers: str = "") -> Answer:
    """Answer with a batch in one state after the other; the last one remains."""
    return lambda number: (batch(found[min(number, len(found) - 1)]), headers)
