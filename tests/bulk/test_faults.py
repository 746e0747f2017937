"""A run that is killed, a disk that is full, a second writer: a clear error, and nothing lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import sdk
from sdk._openai.bulk.journal import Journal
from sdk.bulk import TargetError
from sdk.testing import LocalServer

from .files import batch_line, ids, read, write

_ROOT = Path(__file__).parents[2]


def _start(server: LocalServer, source: Path, target: Path, concurrency: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.bulk.crash", server.url, str(source), str(target), str(concurrency)]
    return subprocess.Popen(
        command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        # Tests in the background of a shell inherit that it ignores Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def test_killed_at_random_moments(server: LocalServer, tmp_path: Path) -> None:
    """Every line is in the target once, and at most `concurrency` calls are made twice for each kill."""
    kills, concurrency = int(os.environ.get("SDK_KILLS", "2")), 8
    count = 200 * kills
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(count)])
    target = tmp_path / "out.jsonl"
    chance, killed = random.Random(7), 0
    server.state.latency = 0.002
    for _ in range(kills):
        before = len(server.requests)
        with _start(server, source, target, concurrency) as process:
            while len(server.requests) == before and process.poll() is None:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.15))
            killed += process.poll() is None
            process.kill()
    with _start(server, source, target, concurrency) as process:
        assert process.stdout is not None
        said = process.stdout.read().decode()
    assert (process.returncode, ids(target)) == (0, sorted(f"r{n}" for n in range(count))), said
    asked = Counter(request.json()["messages"][0]["content"] for request in server.requests)
    assert len(asked) == count
    assert sum(asked.values()) - count <= concurrency * killed
    assert killed >= 1


def test_interrupted_it_says_how_to_go_on(server: LocalServer, tmp_path: Path) -> None:
    """Ctrl-C ends a run, keeps what is done, and says how to go on."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(2000)])
    with _start(server, source, tmp_path / "out.jsonl", 4) as process:
        while len(server.requests) < 20 and process.poll() is None:
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        said = process.stdout.read().decode()
    assert "the same call does the rest" in said
    assert "KeyboardInterrupt" in said
    assert 15 <= len(ids(tmp_path / "out.jsonl")) < 2000


def test_a_second_writer_is_refused(server: LocalServer, tmp_path: Path) -> None:
    """A target that another process, or this one, writes is locked; afterwards it is free."""
    source = write(tmp_path / "in.jsonl", [batch_line(0)])
    with Journal(tmp_path / "out.jsonl"), pytest.raises(TargetError, match=r"out\.jsonl is written by another process"):
        sdk.bulk.run(source, tmp_path / "out.jsonl")
    assert server.requests == []
    assert sdk.bulk.run(source, tmp_path / "out.jsonl").done == 1


_FULL = """
import resource, sys
import sdk
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))
from sdk import Client
try:
    with Client(api_base=sys.argv[1], api_key="test-key", max_in_flight=2) as client:
        sdk.bulk.run(sys.argv[2], sys.argv[3], client=client, concurrency=2)
except sdk.bulk.TargetError as error:
    print(error)
"""


def test_a_disk_that_is_full(server: LocalServer, tmp_path: Path) -> None:
    """The run ends with an error, the target has whole lines, and a run with more room goes on."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(40)])
    target = tmp_path / "out.jsonl"
    command = [sys.executable, "-c", _FULL, server.url, str(source), str(target)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=50, check=False)
    assert f"{target} cannot be written: File too large. Nothing that is in it is lost" in done.stdout
    assert done.stderr == ""
    written, asked = len(read(target)), len(server.requests)
    assert target.read_bytes().endswith(b"\n")
    assert 0 < written < asked <= written + 3
    assert sdk.bulk.run(source, target).done == 40 - written
    assert len(ids(target)) == len(set(ids(target))) == 40


def test_a_target_that_cannot_be_written(server: LocalServer, tmp_path: Path) -> None:
    """It is refused before anything is sent."""
    source = write(tmp_path / "in.jsonl", [batch_line(0)])
    for target, reason in ((tmp_path, "Is a directory"), (tmp_path / "none" / "out.jsonl", "No such file")):
        with pytest.raises(TargetError, match=f"cannot be written: {reason}"):
            sdk.bulk.run(source, target)
    if os.geteuid():  # root may write what is read-only
        target = tmp_path / "out.jsonl"
        target.touch(0o400)
        with pytest.raises(TargetError, match="cannot be written: Permission denied"):
            sdk.bulk.run(source, target)
    assert server.requests == []


def test_a_target_that_is_another_file(server: LocalServer, tmp_path: Path) -> None:
    """A file of something else stays as it is."""
    source, other = write(tmp_path / "in.jsonl", [batch_line(0)]), tmp_path / "notes.txt"
    other.write_text("Buy milk.\nCall Ann.\n", encoding="utf-8")
    with pytest.raises(TargetError, match="line 1 is no result with a custom_id"):
        sdk.bulk.run(source, other)
    assert other.read_text(encoding="utf-8") == "Buy milk.\nCall Ann.\n"
    assert server.requests == []


def test_what_a_power_failure_leaves(tmp_path: Path) -> None:
    """A last line of zeros, or one that is no JSON, is dropped; the identities of the others are known."""
    path = tmp_path / "out.jsonl"
    for torn in (b"\0" * 40, b'{"custom_id":"b"}', b'{"custom_id":"b"\n', b"\0\n"):
        path.write_bytes(b'{"custom_id":"a"}\n' + torn)
        with Journal(path) as journal:
            assert len(journal.keys) == 1
        assert path.read_bytes() == b'{"custom_id":"a"}\n'


def test_a_source_that_goes_bad(server: LocalServer, tmp_path: Path) -> None:
    """A line that changes while it is read ends the run after the calls in flight; what is done stays."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(400)])
    server.state.latency = 0.005
    target, found = tmp_path / "out.jsonl", list[Any]()

    def work() -> None:
        try:
            found.append(sdk.bulk.run(source, target, concurrency=2))
        except sdk.bulk.SourceError as error:
            found.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while not server.requests:
        time.sleep(0.001)
    with source.open("r+b") as file:
        file.seek(source.stat().st_size // 2)
        file.write(b"\n{\n")
    thread.join()
    assert isinstance(found[0], sdk.bulk.SourceError)
    assert len(ids(target)) == len(server.requests)


def test_memory_does_not_grow_with_the_source(tmp_path: Path) -> None:
    """A survey of a source keeps some bytes for each line."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(20_000)])
    code = (
        "import resource, sys, sdk\n"
        "sdk.bulk.run(sys.argv[1], sys.argv[2], limit=0, client=sdk.Client(api_key='k'))\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "sdk.bulk.run(sys.argv[3], sys.argv[2], limit=0, client=sdk.Client(api_key='k'))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    small = write(tmp_path / "small.jsonl", [batch_line(n) for n in range(1000)])
    command = [sys.executable, "-c", code, str(small), str(tmp_path / "out.jsonl"), str(source)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=50, check=True)
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(done.stdout) * unit < 6_000_000
