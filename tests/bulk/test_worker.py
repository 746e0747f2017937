"""`sdk.bulk.Worker`: a picklable callable over batches of rows. tests/cluster runs it on Ray and Dask."""

from __future__ import annotations

import json
import pickle
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import sdk
from sdk import Client
from sdk._openai.bulk import cluster
from sdk._openai.bulk.parts import DONE, Parts
from sdk.bulk import Worker
from sdk.errors import AuthenticationError, ConfigError, RequestError
from sdk.testing import LocalServer

from .conftest import ask
from .files import batch_line, read

_MODEL = {"model": "gpt-4o-mini"}


def test_a_list_of_rows(server: LocalServer) -> None:
    """Each row comes back with its reply, or with its error."""
    server.on(model="gpt-4o").fail(400)
    with Worker(concurrency=2) as worker:
        found = worker([batch_line(0), {**ask("b"), "model": "gpt-4o"}, {"prompt": 3, **_MODEL}])
    assert [row["custom_id"] for row in found] == ["r0", found[1]["custom_id"], found[2]["custom_id"]]
    assert (found[0]["output_text"], found[0]["error"]) == ("You wrote 2 words: number 0", None)
    assert json.loads(found[0]["response"])["object"] == "chat.completion"
    assert (found[1]["response"], "400 Bad Request" in found[1]["error"]) == (None, True)
    assert found[1]["model"] == "gpt-4o"
    assert found[2]["output_text"] is None


def test_columns(server: LocalServer) -> None:
    """A dict of columns comes back as one, with the columns of the results."""
    with Worker(template="Say {word}", arguments=_MODEL) as worker:
        found = worker({"word": ["one", "two"]})
        [again] = worker(iter([{"word": ["three"]}]))
    assert found.keys() == {"word", "custom_id", "output_text", "response", "error"}
    assert found["output_text"] == ["You wrote 2 words: Say one", "You wrote 2 words: Say two"]
    assert again["output_text"] == ["You wrote 2 words: Say three"]
    with pytest.raises(TypeError, match="a batch is a list"):
        worker("text")


def test_it_is_pickled_without_a_key(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy has its own client, whose key it reads where it runs; neither a pickle nor the repr shows one."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-0123456789")
    worker = Worker(arguments=_MODEL, requests_per_minute=6000)
    with pytest.raises(AuthenticationError):
        worker([ask("a")])
    content = pickle.dumps(worker)
    assert b"secret" not in content
    assert "secret" not in repr(worker)
    worker.close()
    monkeypatch.setenv("OPENAI_API_KEY", "test-key")
    with pickle.loads(content) as copy:  # made above
        assert copy([ask("a")])[0]["error"] is None


def test_a_key_is_refused() -> None:
    """It would be pickled; a function that returns it is not."""
    with pytest.raises(ConfigError, match="takes no key") as caught:
        Worker(api_key="sk-secret")
    assert "secret" not in str(caught.value)
    with pytest.raises(TypeError, match="takes no option default_headers"):
        Worker(default_headers={"authorization": "x"})
    with pytest.raises(RequestError, match="no operation"):
        Worker("chat.creat")
    Worker(api_key=_key)


def _key() -> str:
    return "test-key"


def test_parts_are_not_paid_for_twice(server: LocalServer, tmp_path: Path) -> None:
    """A batch that is computed anew makes no call for a row that any worker has written."""
    rows = [batch_line(n) for n in range(4)]
    with Worker(parts=tmp_path, concurrency=2) as first:
        first(rows[:2])
    [part] = tmp_path.glob("done-*.jsonl")
    assert sorted(line["custom_id"] for line in read(part)) == ["r0", "r1"]
    server.requests.clear()
    with Worker(parts=tmp_path) as second:
        found = second(rows)
    assert [row["output_text"] for row in found[:2]] == [None, None]
    assert len(server.requests) == 2


def test_a_torn_line_of_a_part_is_no_line(tmp_path: Path) -> None:
    """What a killed worker was writing is done again, and what others append later is seen."""
    one, other = Parts(tmp_path), Parts(tmp_path)
    one.write(DONE, b'{"custom_id":"a"}\n')
    [path] = tmp_path.iterdir()
    with path.open("ab") as file:
        file.write(b'{"custom_id":"b"')
    other.refresh()
    assert (other.has("a"), other.has("b")) == (True, False)
    with path.open("ab") as file:
        file.write(b"}\n")
    other.refresh()
    assert other.has("b")
    one.close()


def test_other_limits(server: LocalServer) -> None:
    """A worker that gets another share of the limits makes another client."""
    with Worker(arguments=_MODEL, requests_per_minute=600) as worker:
        worker([ask("a")])
        first = worker._caller
        worker.with_limits(600, None)
        worker([ask("b")])
        assert worker._caller is first
        worker.with_limits(1200, None)
        worker([ask("c")])
        assert worker._caller is not None
        assert worker._caller.client.options.requests_per_minute == 1200


def test_the_options_of_a_client(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation of a client lends what somebody has chosen, such as the server, and not its key."""
    monkeypatch.delenv("OPENAI_API_BASE")
    with Client(api_base=server.url, api_key="sk-secret-0123456789", max_retries=0) as client:
        worker = Worker(client.chat.create, arguments=_MODEL)
    content = pickle.dumps(worker)
    assert b"secret" not in content
    with pickle.loads(content) as copy:
        assert copy([ask("a")])[0]["error"] is None  # the key is that of the environment
        assert copy._caller is not None
        assert copy._caller.client.options.max_retries == 0


def test_closing_leaves_no_thread(server: LocalServer) -> None:
    """The loop ends with the worker, which can be used again."""
    threads = threading.active_count()
    worker = Worker(arguments=_MODEL)
    for _ in range(2):
        worker([ask("a")])
        worker.close()
    worker.close()
    assert threading.active_count() == threads


@pytest.mark.parametrize("engine", ["ray", "dask"])
def test_a_cluster_that_is_not_installed(
    server: LocalServer, tmp_path: Path, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the extra; budgets of one machine are refused."""
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(sdk.bulk.BulkError, match=rf"openai-compatible-sdk\[{engine}\]"):
        sdk.bulk.run([batch_line(0)], tmp_path / "out.jsonl", engine=engine)
    with pytest.raises(RequestError, match="tokens= is for one machine"):
        sdk.bulk.run([batch_line(0)], tmp_path / "out.jsonl", engine=engine, tokens=5)
    assert sdk.bulk.run([batch_line(0)], tmp_path / "out.jsonl").ok


def test_a_driver_that_died(server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What workers have written is joined by the next call, whatever the engine."""
    target = tmp_path / "out.jsonl"

    def engine(name: str | None) -> Any:
        def run(job: Any) -> None:
            lines = [json.loads(line) for path in job.paths for line in path.read_bytes().splitlines()]
            half = len(lines) // 2
            with job.worker as worker:
                found = worker(lines[:half] if target.stat().st_size == 0 else lines)
            job.count(len(found), 0)
            if target.stat().st_size == 0:
                raise KeyboardInterrupt

        return run

    monkeypatch.setattr("sdk._openai.bulk.cluster._engine", engine)
    joined = cluster._join
    monkeypatch.setattr("sdk._openai.bulk.cluster._join", lambda *given: None)
    rows = [batch_line(n) for n in range(10)]
    with pytest.raises(KeyboardInterrupt):
        sdk.bulk.run(rows, target, engine="ray")
    assert not target.exists()
    monkeypatch.setattr("sdk._openai.bulk.cluster._join", joined)
    server.requests.clear()
    done = sdk.bulk.run(rows, target, engine="ray")
    assert (done.before, done.done, len(server.requests)) == (5, 5, 5)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl"]
