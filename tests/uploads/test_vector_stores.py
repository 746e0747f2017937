"""`client.vector_stores.upload`: many files at once, one batch, one wait, and the names of what failed."""

from __future__ import annotations

import asyncio
import io
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sdk import Client, File, errors, models
from sdk._core.waiting import drivers
from sdk._core.waiting.progress import ProgressLine
from sdk._openai.vector_store_plan import FilePlan
from sdk.uploads import VectorStoreUpload
from tests.faults.raw import Peer, Raw, reply
from tests.waiting.world import WORLDS, Clock


class Store:
    """A server of files and of one vector store. A name in `refused` is not uploaded, one in `broken` not processed."""

    def __init__(self, *, refused: tuple[str, ...] = (), broken: tuple[str, ...] = (), status: int = 400) -> None:
        self.refused, self.broken, self.status = refused, broken, status
        self.end = "completed"
        self.names, self.attached = dict[str, str](), dict[str, Any]()
        self.polls, self.sent, self.most = 0, 0, 0
        #: Whether the list of a batch's files has those of one state alone.
        self.filters = True
        self._lock = threading.Lock()
        #: The uploads that have to be there at once before one of them is answered.
        self.together = threading.Barrier(1)

    def __call__(self, peer: Peer) -> None:
        while (request := peer.request()) is not None:
            line, _, rest = request.partition(b"\r\n")
            status, body = self._answer(line.split()[0] + b" " + line.split()[1].removeprefix(b"/v1"), rest)
            peer.send(reply(json.dumps(body).encode(), status))

    def _answer(self, target: bytes, rest: bytes) -> tuple[str, dict[str, Any]]:
        if target == b"POST /files":
            return self._upload(rest)
        if target == b"POST /vector_stores/vs_1/file_batches":
            self.attached = json.loads(rest.partition(b"\r\n\r\n")[2])
            return "200 OK", self._batch("in_progress")
        if b"/files?" in target:
            state = "failed" if b"filter=failed" in target else "cancelled"
            found = [self._file(id, state) for id, name in self.names.items() if name in self.broken]
            if not self.filters:
                found += [self._file(id, "completed") for id, name in self.names.items() if name not in self.broken]
            return "200 OK", {"object": "list", "data": found, "has_more": False}
        self.polls += 1
        return "200 OK", self._batch(self.end)

    def _upload(self, rest: bytes) -> tuple[str, dict[str, Any]]:
        with self._lock:
            self.sent += 1
            self.most = max(self.most, self.sent)
        self.together.wait(10)
        found = re.search(rb'filename="([^"]*)"', rest)
        assert found is not None
        name = found[1].decode()
        with self._lock:
            self.sent -= 1
            if name in self.refused:
                return f"{self.status} X", {"error": {"message": f"no {name}", "code": "unsupported_file"}}
            self.names[f"file-{len(self.names)}"] = name
            return "200 OK", {"id": f"file-{len(self.names) - 1}", "object": "file", "filename": name}

    def _batch(self, state: str) -> dict[str, Any]:
        failed = len([name for name in self.names.values() if name in self.broken])
        counts = {"in_progress": 0, "completed": len(self.names) - failed, "failed": failed, "cancelled": 0}
        batch = {"id": "vsfb_1", "object": "vector_store.files_batch", "vector_store_id": "vs_1", "status": state}
        return {**batch, "file_counts": {**counts, "total": len(self.names)}}

    def _file(self, id: str, state: str) -> dict[str, Any]:
        error = {"code": "invalid_file", "message": "it has no text"}
        return {"id": id, "object": "vector_store.file", "status": state, "last_error": error}


@contextmanager
def running(monkeypatch: pytest.MonkeyPatch, store: Store, **options: Any) -> Iterator[tuple[Client, Raw]]:
    """Run the server, on a virtual clock, and give a client of it."""
    clock = Clock()
    monkeypatch.setattr(drivers, "time", clock)
    monkeypatch.setattr(drivers, "sleep", clock.asleep)
    options = {"max_retries": 0, "http_options": {"trust_env": False}, **options}
    with Raw(store) as server, Client(api_base=server.url, api_key="test-key", **options) as client:
        yield client, server


def _upload(client: Client, waits: str, *args: Any, **options: Any) -> Any:
    if waits == "sync":
        return client.vector_stores.upload(*args, **options)
    return asyncio.run(client.vector_stores.upload.asyncio(*args, **options))


@WORLDS
def test_files_are_uploaded_attached_and_waited_for(
    monkeypatch: pytest.MonkeyPatch, waits: str, tmp_path: Path
) -> None:
    """Paths, bytes and open files go up; one batch has them in the order given, after those that are there already."""
    path = tmp_path / "a.txt"
    path.write_text("A")
    store, states = Store(), list[str]()
    with running(monkeypatch, store, max_in_flight=1) as (client, _):
        files = [path, ("b.txt", b"B"), File(b"C", name="c.txt"), io.BytesIO(b"D")]
        batch = _upload(
            client, waits, "vs_1", files, file_ids=["file-x"], attributes={"k": 1}, timeout=60,
            on_state=lambda job: states.append(job.status),
        )  # fmt: skip
    assert isinstance(batch, models.VectorStoreFileBatchObject)
    assert (batch.status, states, store.polls) == ("completed", ["completed"], 1)
    assert list(store.names.values()) == ["a.txt", "b.txt", "c.txt", "file"]
    assert store.attached == {
        "file_ids": ["file-x", "file-0", "file-1", "file-2", "file-3"], "attributes": {"k": 1},
    }  # fmt: skip


@WORLDS
@pytest.mark.parametrize(("options", "most"), [({"max_in_flight": 3}, 3), ({"max_in_flight": None}, 8)])
def test_as_many_at_once_as_the_client_allows(
    monkeypatch: pytest.MonkeyPatch, waits: str, options: dict[str, Any], most: int
) -> None:
    """The uploads fill the client's calls in flight and never wait for a place."""
    store = Store()
    store.together = threading.Barrier(most)  # an upload is answered only when so many are there
    with running(monkeypatch, store, **options) as (client, _):
        _upload(client, waits, "vs_1", [(f"{n}.txt", b"x") for n in range(2 * most)])
    assert (store.most, len(store.names)) == (most, 2 * most)


@pytest.mark.parametrize(
    ("given", "limit", "workers"), [(None, 3, 3), (1, 3, 1), (8, 3, 3), (None, None, 8), (9, None, 9), (99, None, 20)]
)
def test_concurrency_is_a_lower_limit(given: int | None, limit: int | None, workers: int) -> None:
    """concurrency= leaves places for other calls; nobody waits for a place, and no worker has nothing to do."""
    with Client(api_base="http://127.0.0.1:9/v1", api_key="k", max_in_flight=limit) as client:
        plan = FilePlan(client, [b"x"] * 20, {"concurrency": given}, ProgressLine(wanted=False))
    assert plan.concurrency == workers


def test_the_order_of_the_files_is_that_of_the_caller() -> None:
    """A small file that overtakes a large one does not come before it in the batch."""
    with Client(api_base="http://127.0.0.1:9/v1", api_key="k") as client:
        plan = FilePlan(client, [b"large", b"small"], {}, ProgressLine(wanted=False))
        plan.done(1, models.FileObject.from_dict({"id": "file-small"}))
        plan.done(0, models.FileObject.from_dict({"id": "file-large"}))
        assert plan.attachment()["file_ids"] == ["file-large", "file-small"]


@WORLDS
def test_a_message_names_ten_files(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """The others are counted; `failures` has them all."""
    names = tuple(f"{n}.exe" for n in range(12))
    with running(monkeypatch, Store(refused=names)) as (client, _), pytest.raises(errors.JobFailedError) as caught:
        _upload(client, waits, "vs_1", [(name, b"x") for name in names])
    assert str(caught.value).startswith("12 of 12 files failed: 0.exe: no 0.exe; 1.exe: no 1.exe; ")
    assert str(caught.value).endswith("; 9.exe: no 9.exe; and 2 more")
    assert set(caught.value.failures) == set(names)


@WORLDS
def test_a_server_that_does_not_filter(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """A file is named as failed by its own state, whatever the server lists."""
    store = Store(broken=("c.pdf",))
    store.filters = False
    with running(monkeypatch, store) as (client, _), pytest.raises(errors.JobFailedError) as caught:
        _upload(client, waits, "vs_1", [("a.txt", b"A"), ("c.pdf", b"C")])
    assert caught.value.failures == {"c.pdf": "it has no text"}


@WORLDS
def test_failures_are_told_by_name(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """Files that are refused and files that cannot be processed do not keep the others out; the error names both."""
    store = Store(refused=("b.exe",), broken=("c.pdf",))
    with running(monkeypatch, store) as (client, _):
        files = [("a.txt", b"A"), ("b.exe", b"B"), ("c.pdf", b"C")]
        with pytest.raises(errors.JobFailedError) as caught:
            _upload(client, waits, "vs_1", files)
    assert str(caught.value) == "2 of 3 files failed: b.exe: no b.exe; c.pdf: it has no text"
    assert caught.value.failures == {"b.exe": "no b.exe", "c.pdf": "it has no text"}
    assert caught.value.reply.file_counts.completed == 1
    assert isinstance(caught.value.__cause__, errors.BadRequestError)
    assert sorted(store.attached["file_ids"]) == sorted(store.names)


@WORLDS
def test_what_the_server_could_not_process_may_be_left_to_the_caller(
    monkeypatch: pytest.MonkeyPatch, waits: str
) -> None:
    """check=False returns the batch, whose counts tell; a file that was not uploaded raises in any case."""
    files = [("a.txt", b"A"), ("c.pdf", b"C")]
    with running(monkeypatch, Store(broken=("c.pdf",))) as (client, _):
        assert _upload(client, waits, "vs_1", files, check=False).file_counts.failed == 1
    with (
        running(monkeypatch, Store(refused=("c.pdf",))) as (client, _),
        pytest.raises(errors.JobFailedError, match=r"^1 of 2 files failed: c\.pdf: no c\.pdf$"),
    ):
        _upload(client, waits, "vs_1", files, check=False)


@WORLDS
def test_a_batch_that_is_cancelled(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """A failure of the batch itself raises, too."""
    store = Store()
    store.end = "cancelled"
    with running(monkeypatch, store) as (client, _):
        with pytest.raises(errors.JobFailedError, match="the batch of files vsfb_1 ended as cancelled"):
            _upload(client, waits, "vs_1", [("a.txt", b"A")])
        assert _upload(client, waits, "vs_1", [("a.txt", b"A")], check=False).status == "cancelled"


@WORLDS
def test_nothing_is_attached_where_nothing_is_uploaded(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """The error names all files, a name that occurs twice with a number."""
    store = Store(refused=("a.exe",))
    with running(monkeypatch, store) as (client, _), pytest.raises(errors.JobFailedError) as caught:
        _upload(client, waits, "vs_1", [("a.exe", b"A"), ("a.exe", b"B")])
    assert caught.value.failures == {"a.exe": "no a.exe", "a.exe (2)": "no a.exe"}
    assert (caught.value.reply, store.attached) == (None, {})


@WORLDS
def test_an_error_that_the_next_file_would_meet_stops(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """A refused key is not tried for each of the files; a note has the ids of what is uploaded."""
    store = Store(refused=("b.txt",), status=401)
    with running(monkeypatch, store, max_in_flight=1) as (client, server):
        with pytest.raises(errors.AuthenticationError) as caught:
            _upload(client, waits, "vs_1", [(f"{name}.txt", b"x") for name in "abcdef"])
        assert len(server.requests) == 2
    assert caught.value.__notes__ == [
        "1 of 6 files are uploaded and not attached. file_ids= takes them, files.delete removes them: file-0"
    ]


@WORLDS
@pytest.mark.parametrize(
    ("files", "options", "error"),
    [
        ([], {}, "files= and file_ids= must be 1 to 2000 files together, not 0"),
        ([b"x"] * 1999, {"file_ids": ["f", "g"]}, "must be 1 to 2000 files together, not 2001"),
        ([b"first", "a.txt"], {}, "must be bytes, a path or an open binary file, not str; wrap a path in pathlib.Path"),
        ([b"first", Path("/no/such/file")], {}, "No such file or directory"),
        ([b"first", Path("/")], {}, "Is a directory"),
        ([b"x"], {"concurrency": 0}, "concurrency must be at least 1"),
        ([b"x"], {"timeot": 5}, "vector_stores.upload takes no argument timeot"),
    ],
)
def test_a_wrong_argument_is_refused_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, waits: str, files: Any, options: dict[str, Any], error: str
) -> None:
    """The first file is not uploaded where the last one cannot be."""
    with running(monkeypatch, Store()) as (client, server):
        with pytest.raises((errors.RequestError, OSError, TypeError), match=re.escape(error)):
            _upload(client, waits, "vs_1", files, **options)
        assert server.requests == []


@WORLDS
def test_one_file_needs_no_list(monkeypatch: pytest.MonkeyPatch, waits: str, tmp_path: Path) -> None:
    """A path is one file."""
    path = tmp_path / "a.txt"
    path.write_text("A")
    store = Store()
    with running(monkeypatch, store) as (client, _):
        _upload(client, waits, "vs_1", path)
    assert list(store.names.values()) == ["a.txt"]


@WORLDS
def test_the_progress_counts_files(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """The uploads are counted, then the wait shows its states."""
    stderr = io.StringIO()
    monkeypatch.setattr("sys.stderr", stderr)
    with (
        running(monkeypatch, Store(refused=("b.txt",)), max_in_flight=1) as (client, _),
        pytest.raises(errors.JobFailedError),
    ):
        _upload(client, waits, "vs_1", [("a.txt", b"A"), ("b.txt", b"B")], progress=True)
    counts = "in_progress 0, completed 1, failed 0, cancelled 0, total 1"
    assert stderr.getvalue().splitlines() == [
        "1 of 2 files uploaded",
        "1 of 2 files uploaded, 1 failed",
        f"VectorStoreFileBatchObject vsfb_1: in_progress, {counts}, 0 s",
        f"VectorStoreFileBatchObject vsfb_1: completed, {counts}, 0 s",
    ]


@WORLDS
def test_an_interrupt_leaves_no_call_behind(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """No other file is started, and the note has the ids of those that are on the server."""

    def interrupt(view: Any) -> None:
        if len(store.names) == 2:
            raise KeyboardInterrupt

    store = Store()
    with running(monkeypatch, store, max_in_flight=1, on_request=interrupt) as (client, server):
        with pytest.raises(KeyboardInterrupt) as caught:
            _upload(client, waits, "vs_1", [(f"{name}.txt", b"x") for name in "abcdef"])
        assert (len(server.requests), client.stats().in_flight) == (2, 0)
    if waits == "sync":  # asyncio raises another KeyboardInterrupt in its place
        assert caught.value.__notes__[0].endswith("files.delete removes them: file-0, file-1")


def test_ctrl_c_starts_no_other_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The threads end with the files that they are sending."""

    def interrupted(futures: object) -> None:
        raise KeyboardInterrupt

    def stop(self: FilePlan, error: BaseException) -> None:
        stopped(self, error)
        gate.set()

    stopped, gate, store = FilePlan.stop, threading.Event(), Store()
    monkeypatch.setattr(FilePlan, "stop", stop)
    monkeypatch.setattr("concurrent.futures.wait", interrupted)
    with running(monkeypatch, store, on_request=lambda view: gate.wait(10)) as (client, server):
        with pytest.raises(KeyboardInterrupt):
            client.vector_stores.upload("vs_1", [(f"{n}.txt", b"x") for n in range(9)])
        assert len(server.requests) <= 2


def test_an_upload_on_trio(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks of trio send the files, and its clock waits."""
    trio = pytest.importorskip("trio")
    slept: list[float] = []

    async def asleep(seconds: float) -> None:
        slept.append(seconds)
        await trio.sleep(0)

    async def main(url: str) -> models.VectorStoreFileBatchObject:
        async with Client(api_base=url, api_key="k", http_options={"trust_env": False}) as client:
            return await client.vector_stores.upload.asyncio("vs_1", [("a.txt", b"A"), ("b.txt", b"B")])

    monkeypatch.setattr("sdk._core.runtime.trio.sleep", asleep)
    store = Store()
    with Raw(store) as server:
        assert trio.run(main, server.url).status == "completed"
    assert (sorted(store.names.values()), slept) == (["a.txt", "b.txt"], [0.5])


def test_the_method_belongs_to_the_resource() -> None:
    """It is listed among the operations, bound to the client, and says what it is."""
    with Client(api_base="http://127.0.0.1:9/v1", api_key="k") as client:
        resource = client.vector_stores
        assert "upload" in dir(resource)
        assert isinstance(resource.upload, VectorStoreUpload)
        assert resource.upload is resource.upload
        assert repr(resource.upload) == "<vector_stores.upload>"
        assert "upload" not in dir(client.vector_stores.files)
