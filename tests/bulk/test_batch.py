"""`via="batch"`: the same source through the Batch API, resumable at each step."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

import sdk
from sdk import Client
from sdk.bulk import BulkError, SourceError, Summary
from sdk.errors import InternalServerError, RequestError
from sdk.testing import LocalServer

from .files import batch_line, ids, read, write


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wait for a batch asks again at once."""

    async def pause(seconds: float) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr("sdk._core.waiting.drivers.sleep", pause)


def _run(source: Any, target: Path, **options: Any) -> Summary:
    found = sdk.bulk.run(source, target, via="batch", **options)
    assert isinstance(found, Summary)
    return found


def _source(folder: Path, count: int) -> Path:
    return write(folder / "in.jsonl", [batch_line(n) for n in range(count)])


def _made(server: LocalServer) -> int:
    return sum(request.operation == "batches.create" for request in server.requests)


def test_the_same_target(server: LocalServer, tmp_path: Path) -> None:
    """The results are those of a run, in as many batches as the limits ask for; nothing else is left."""
    source = _source(tmp_path, 10)
    done = _run(source, tmp_path / "out.jsonl", batch={"lines": 4, "metadata": {"team": "a"}})
    assert (done.total, done.done, done.failed, done.ok, done.usage.calls) == (10, 10, 0, True, 10)
    assert (ids(done.target), _made(server)) == (sorted(f"r{n}" for n in range(10)), 3)
    made = [json.loads(r.body) for r in server.requests if r.operation == "batches.create"]
    assert made[0]["metadata"] == {"target": "out.jsonl", "team": "a"}
    other = sdk.bulk.run(source, tmp_path / "other.jsonl")
    texts = [
        {line["custom_id"]: line["response"]["body"]["choices"][0]["message"]["content"] for line in read(one.target)}
        for one in (done, other)
    ]
    assert texts[0] == texts[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "other.jsonl", "out.jsonl"]
    server.requests.clear()
    assert (_run(source, done.target).before, server.requests) == (10, [])


def test_parts_keep_the_size(server: LocalServer, tmp_path: Path) -> None:
    """A batch has no more bytes than it may have; a line that is larger is refused."""
    assert _run(_source(tmp_path, 6), tmp_path / "out.jsonl", batch={"bytes": 400}).ok
    assert _made(server) == 3
    with pytest.raises(SourceError, match="more than a batch may have"):
        _run(_source(tmp_path, 6), tmp_path / "none.jsonl", batch={"bytes": 100})


def test_failed_lines(server: LocalServer, tmp_path: Path) -> None:
    """What the batch refuses goes to the second file, and can be tried again."""
    source = write(tmp_path / "in.jsonl", [batch_line(0), batch_line(1, temperature=9)])
    done = _run(source, tmp_path / "out.jsonl")
    assert (done.done, done.failed, ids(done.target), ids(done.errors_path)) == (1, 1, ["r0"], ["r1"])
    server.requests.clear()
    assert (_run(source, done.target).failed, server.requests) == (1, [])
    assert _run(source, done.target, retry_errors=True).failed == 1
    assert len(read(done.errors_path)) == 1


@pytest.mark.parametrize("operation", ["files.create", "batches.create", "batches.retrieve", "files.content"])
def test_an_end_at_each_step(server: LocalServer, tmp_path: Path, operation: str) -> None:
    """After an end at any step the same call goes on, and makes no batch twice."""
    source, target = _source(tmp_path, 6), tmp_path / "out.jsonl"
    server.on(operation=operation).fail(500)
    with Client(max_retries=0) as client:
        with pytest.raises(InternalServerError if operation != "batches.retrieve" else (InternalServerError, KeyError)):
            if operation == "batches.retrieve":
                server.on(operation="files.content").fail(500)
            _run(source, target, client=client, batch={"lines": 3})
        assert _run(source, target, client=client, batch={"lines": 3}).ok
    assert ids(target) == [f"r{n}" for n in range(6)]
    accepted = 2 + (operation == "batches.create")
    assert _made(server) == accepted
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_a_batch_whose_id_was_lost(server: LocalServer, tmp_path: Path) -> None:
    """A process that ended while it made a batch finds that batch, and makes no second one."""
    source, target = _source(tmp_path, 3), tmp_path / "out.jsonl"
    server.on(operation="batches.retrieve").fail(401)
    with pytest.raises(sdk.errors.AuthenticationError):
        _run(source, target)
    state = tmp_path / "out.jsonl.batches.json"
    found = json.loads(state.read_text(encoding="utf-8"))
    assert found["parts"][0].pop("batch_id")
    state.write_text(json.dumps(found), encoding="utf-8")
    assert _run(source, target).ok
    assert _made(server) == 1


def test_a_join_that_was_torn(server: LocalServer, tmp_path: Path) -> None:
    """Results that are in the target are not written twice."""
    source, target = _source(tmp_path, 5), tmp_path / "out.jsonl"
    server.on(operation="files.content").fail(400)
    with pytest.raises(sdk.errors.BadRequestError):
        _run(source, target)
    (tmp_path / ".out.jsonl.batch-1.jsonl.output.0123").touch()  # of a process that was killed while it read
    target.write_bytes(b'{"id":"x","custom_id":"r3","response":{"status_code":200,"body":{}},"error":null}\n{"id"')
    done = _run(source, target)
    assert (done.before, done.done, ids(target)) == (1, 4, [f"r{n}" for n in range(5)])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_a_batch_that_fails(server: LocalServer, tmp_path: Path) -> None:
    """A batch that the server refuses is an error with its reasons; the same call sends its lines again."""
    source, target = _source(tmp_path, 2), tmp_path / "out.jsonl"
    failed = {
        "id": "batch_1", "object": "batch", "endpoint": "/v1/chat/completions", "input_file_id": "f",
        "completion_window": "24h", "status": "failed", "created_at": 1,
        "errors": {"object": "list", "data": [{"code": "token_limit", "message": "Too many.", "line": 2}]},
    }  # fmt: skip
    server.on(operation="batches.create").reply_json(failed)
    with pytest.raises(BulkError, match=r"batch_1 failed: line 2: token_limit: Too many\."):
        _run(source, target)
    assert _run(source, target).ok


def test_what_does_not_go_together(server: LocalServer, tmp_path: Path) -> None:
    """Budgets of calls need calls; an unknown option is named."""
    with pytest.raises(RequestError, match="tokens= needs calls of their own"):
        _run(_source(tmp_path, 1), tmp_path / "out.jsonl", tokens=3)
    with pytest.raises(TypeError, match="batch= takes bytes"):
        _run(_source(tmp_path, 1), tmp_path / "out.jsonl", batch={"line": 3})
    assert server.requests == []


def test_limit_and_dry_run(server: LocalServer, tmp_path: Path) -> None:
    """They are those of a run."""
    source, target = _source(tmp_path, 5), tmp_path / "out.jsonl"
    found = sdk.bulk.run(source, target, via="batch", dry_run=True)
    assert (found.total, server.requests) == (5, [])
    done = _run(source, target, limit=2)
    assert (done.done, done.remaining, done.stopped) == (2, 3, "limit")
    assert _run(source, target).done == 3
