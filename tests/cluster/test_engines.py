"""Ray and Dask, both real, with two workers on this machine: `make cluster` runs these tests."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
import pytest

import sdk
from sdk import Client
from sdk.bulk import Summary
from sdk.errors import AuthenticationError
from sdk.testing import LocalServer

from ..bulk.files import batch_line, ids, read, write

_ENGINES = pytest.mark.parametrize("engine", ["ray", "dask"])
pytestmark = [pytest.mark.timeout(180), pytest.mark.filterwarnings("ignore")]  # those of the libraries


def _texts(path: Path) -> dict[str, str]:
    return {line["custom_id"]: line["response"]["body"]["choices"][0]["message"]["content"] for line in read(path)}


@_ENGINES
def test_the_same_lines_as_one_machine(
    server: LocalServer, tmp_path: Path, temporary: Path, engine: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    """A cluster gives the lines that one machine gives, and leaves nothing; start-up and memory are printed."""
    rows = [batch_line(n) for n in range(300)] + [batch_line(300, temperature=9)]
    source, began = write(tmp_path / "in.jsonl", rows), time.monotonic()
    most = _Memory()
    with most:
        done = sdk.bulk.run(source, tmp_path / "out.jsonl", engine=engine, workers=2)
    elapsed = time.monotonic() - began
    assert isinstance(done, Summary)
    assert (done.total, done.done, done.failed, done.usage.calls) == (301, 300, 1, 300)
    alone = sdk.bulk.run(source, tmp_path / "alone.jsonl")
    assert _texts(done.target) == _texts(alone.target)
    assert ids(done.errors_path) == ids(alone.errors_path) == ["r300"]
    assert len(server.requests) == 602
    assert list(temporary.iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {
        *("in.jsonl", "out.jsonl", "out.errors.jsonl", "alone.jsonl", "alone.errors.jsonl")
    }
    with capfd.disabled():
        print(f"\n{engine}: {elapsed:.1f} s for 300 lines, start included; {most.most / 1e6:.0f} MB in all processes")


class _Memory:
    """The most memory that the processes of this test have had together."""

    def __init__(self) -> None:
        self.most, self._ended = 0, threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self._ended.wait(0.2):
            total = 0
            for process in psutil.Process().children(recursive=True):
                try:
                    total += process.memory_info().rss - process.memory_info().shared
                except psutil.Error:  # it has ended
                    continue
            self.most = max(self.most, total)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()


def _kill_one(port: int) -> int:
    """Kill a process that is connected with the server, and return its id."""
    while True:
        for process in psutil.Process().children(recursive=True):
            try:
                found = process.net_connections(kind="tcp")
            except psutil.Error:
                continue
            if any(one.raddr and one.raddr.port == port and one.status == "ESTABLISHED" for one in found):
                pid: int = process.pid
                os.kill(pid, signal.SIGKILL)
                return pid
        time.sleep(0.01)


@_ENGINES
def test_a_worker_that_dies(server: LocalServer, tmp_path: Path, engine: Any) -> None:
    """A killed worker costs at most the calls in flight in it, and every line is there once."""
    count, at_once = 400, 4
    source, target = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(count)]), tmp_path / "out.jsonl"
    server.state.latency = 0.03

    def kill() -> None:
        while len(server.requests) < 60:
            time.sleep(0.01)
        killed.append(_kill_one(server.port))

    killed: list[int] = []
    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    done = sdk.bulk.run(source, target, engine=engine, workers=2, concurrency=2 * at_once)
    thread.join(5)
    assert len(killed) == 1
    assert (done.done, ids(target)) == (count, sorted(f"r{n}" for n in range(count)))
    asked = Counter(request.json()["messages"][0]["content"] for request in server.requests)
    assert (len(asked), max(asked.values()) <= 2) == (count, True)
    assert sum(asked.values()) - count <= at_once


@_ENGINES
def test_what_every_line_would_meet(server: LocalServer, tmp_path: Path, engine: Any) -> None:
    """A wrong key is raised as on one machine, and what is done stays for the same call."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(8)])
    os.environ["OPENAI_API_KEY"] = "wrong"
    with pytest.raises(AuthenticationError):
        sdk.bulk.run(source, tmp_path / "out.jsonl", engine=engine, workers=1)
    os.environ["OPENAI_API_KEY"] = "test-key"
    assert sdk.bulk.run(source, tmp_path / "out.jsonl").ok


def test_limits_are_shared_out(server: LocalServer, tmp_path: Path) -> None:
    """Workers together keep the limit of the client. What is shared out is the same for both engines."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(30)])
    with Client(requests_per_minute=600, max_in_flight=16) as client:
        done = sdk.bulk.run(source, tmp_path / "out.jsonl", engine="dask", workers=2, client=client)
    assert done.ok
    # 600 a minute are ten a second, and each of two workers may begin with those of a second.
    assert done.elapsed > (30 - 12) / 10


def test_a_frame_of_dask(server: LocalServer) -> None:
    """A Worker is a function of frames of pandas; test_docs.py has it in a pipeline of Ray Data."""
    import pandas

    frame = pandas.DataFrame({"word": ["one", "two"]})
    with sdk.bulk.Worker(template="Say {word}", arguments={"model": "gpt-4o-mini"}) as worker:
        found = worker(frame)
        assert list(found["output_text"]) == ["You wrote 2 words: Say one", "You wrote 2 words: Say two"]
        assert json.loads(found["response"][0])["object"] == "chat.completion"
        [again] = worker(iter([frame]))  # as mapInPandas of Spark passes them
        assert list(again["error"]) == [None, None]
