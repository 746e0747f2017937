"""Uploads in parts, against the local server."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import sdk
from sdk import Client, UploadState
from sdk.errors import APIResponseError, BadRequestError, NotFoundError, RequestError
from sdk.testing import LocalServer
from sdk.testing.server.recorded_request import RecordedRequest

CONTENT = b"".join(number.to_bytes(2) for number in range(5_000))  # 10,000 bytes, no two parts the same

Upload = Callable[..., Any]


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A local server of its own."""
    with LocalServer() as server:
        yield server


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of ten thousand bytes."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture(params=["sync", "asyncio"])
def upload(request: pytest.FixtureRequest, server: LocalServer) -> Upload:
    """`upload_large` or its twin, with a client for the server."""
    options: dict[str, Any] = {"api_key": server.api_key, "api_base": server.url, "max_in_flight": 4}

    def sync(path: Path, **kwargs: Any) -> Any:
        with Client(**options) as client:
            return sdk.upload_large(path, client=client, purpose="batch", part_size=3_000, **kwargs)

    def asynchronous(path: Path, **kwargs: Any) -> Any:
        async def main() -> Any:
            async with Client(**options) as client:
                return await sdk.aupload_large(path, client=client, purpose="batch", part_size=3_000, **kwargs)

        return asyncio.run(main())

    return sync if request.param == "sync" else asynchronous


def asked(server: LocalServer, ending: str) -> list[RecordedRequest]:
    """Return the requests whose path ends so."""
    return [one for one in server.requests if one.path.endswith(ending)]


def stored(server: LocalServer) -> list[bytes]:
    """Return the contents of the server's files."""
    return [file.content for file in server.state.files.values()]


@pytest.mark.parametrize(("wanted", "sent"), [(True, {"md5": hashlib.md5(CONTENT).hexdigest()}), (False, {})])
def test_lets_the_server_compare(
    upload: Upload, server: LocalServer, path: Path, wanted: bool, sent: dict[str, str]
) -> None:
    """With md5=True the digest of the whole file goes along when the upload is completed, else nothing does."""
    upload(path, md5=wanted)
    body = asked(server, "/complete")[0].json()
    assert {name: value for name, value in body.items() if name != "part_ids"} == sent


@pytest.mark.parametrize("concurrency", [1, 3])
def test_sends_a_file_in_parts(upload: Upload, server: LocalServer, path: Path, concurrency: int) -> None:
    """Four parts arrive, are put together in order, and give a file like any other."""
    done = upload(path, concurrency=concurrency, md5=True)
    assert (done.status, done.file.filename, done.file.bytes) == ("completed", "a.jsonl", 10_000)
    assert stored(server) == [CONTENT]
    assert len(asked(server, "/parts")) == 4
    begun = asked(server, "/uploads")[0].json()
    assert begun == {"filename": "a.jsonl", "purpose": "batch", "bytes": 10_000, "mime_type": "text/jsonl"}


def test_reports_progress(upload: Upload, path: Path) -> None:
    """The bytes of all parts are counted together, up to the whole."""
    reported: list[tuple[int, int | None]] = []
    upload(path, concurrency=1, on_progress=lambda sent, total: reported.append((sent, total)))
    assert reported == [(3_000, 10_000), (6_000, 10_000), (9_000, 10_000), (10_000, 10_000)]


@pytest.fixture
def break_after(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let the server refuse every part after so many."""
    from sdk.testing.api.reading import form as real
    from sdk.testing.server.errors import APIFailure

    lock = threading.Lock()
    left = 0

    async def form(request: Any) -> Any:
        nonlocal left
        with lock:
            left -= 1
            if left < 0:
                raise APIFailure("no more parts")
        return await real(request)

    def after(count: int) -> None:
        nonlocal left
        left = count
        monkeypatch.setattr("sdk.testing.api.uploads.form", form)

    return after


def test_resumes_where_it_stopped(
    upload: Upload, server: LocalServer, path: Path, break_after: Callable[[int], None]
) -> None:
    """A state that went through JSON lets a later call send only the parts that are left."""
    state = UploadState()
    break_after(2)
    with pytest.raises(BadRequestError, match="no more parts"):
        upload(path, concurrency=1, resume=state)
    assert sorted(state.parts) == [0, 1]
    kept = UploadState.from_dict(json.loads(json.dumps(state.to_dict())))
    assert kept == state
    server.requests.clear()
    break_after(10)
    reported: list[int] = []
    done = upload(path, concurrency=1, resume=kept, on_progress=lambda sent, _: reported.append(sent))
    assert done.status == "completed"
    assert stored(server) == [CONTENT]
    assert (len(asked(server, "/parts")), len(asked(server, "/uploads"))) == (2, 0)
    assert reported == [9_000, 10_000]


def test_tells_the_state_after_each_part(upload: Upload, path: Path) -> None:
    """on_state hears of the upload itself, then of every part."""
    reported: list[tuple[bool, int]] = []
    upload(path, concurrency=1, on_state=lambda state: reported.append((state.upload_id is not None, len(state.parts))))
    assert reported == [(True, 0), (True, 1), (True, 2), (True, 3), (True, 4)]


@pytest.mark.parametrize("changed", [CONTENT[::-1] + b"x", CONTENT[::-1]], ids=["size", "time"])
def test_does_not_mix_two_files(
    upload: Upload, server: LocalServer, path: Path, break_after: Callable[[int], None], changed: bytes
) -> None:
    """A file that has changed since is not resumed, be it of the same size."""
    state = UploadState()
    break_after(1)
    with pytest.raises(BadRequestError):
        upload(path, concurrency=1, resume=state)
    path.write_bytes(changed)
    os.utime(path, ns=(0, state.mtime_ns + 1_000_000_000))  # some file systems count in seconds
    server.requests.clear()
    with pytest.raises(RequestError, match=r"^a\.jsonl has changed since its upload began"):
        upload(path, resume=state)
    assert server.requests == []


def test_does_not_complete_a_file_that_changed_meanwhile(upload: Upload, server: LocalServer, path: Path) -> None:
    """A file that is written to while it is uploaded is not completed."""

    def change(state: UploadState) -> None:
        if len(state.parts) == 4:
            path.write_bytes(CONTENT + b"more")

    with pytest.raises(RequestError, match="has changed since its upload began"):
        upload(path, concurrency=1, on_state=change)
    assert asked(server, "/complete") == []


@pytest.mark.parametrize("cancel", [True, False])
def test_gives_up_only_when_told_to(
    upload: Upload, server: LocalServer, path: Path, break_after: Callable[[int], None], cancel: bool
) -> None:
    """cancel_on_failure cancels the upload; without it, the upload can be resumed."""
    break_after(0)
    with pytest.raises(BadRequestError):
        upload(path, cancel_on_failure=cancel)
    statuses = [one.description["status"] for one in server.state.uploads.values()]
    assert statuses == ["cancelled" if cancel else "pending"]


def test_a_failure_stops_the_others(upload: Upload, server: LocalServer, path: Path) -> None:
    """After the first failure no worker begins another part."""
    server.state.uploads.clear()
    state = UploadState("upload_gone", 10_000, path.stat().st_mtime_ns, 100)
    with pytest.raises(NotFoundError):
        upload(path, resume=state, concurrency=2)
    assert len(asked(server, "/parts")) <= 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"part_size": 0}, "part_size must be from 1 to 67,108,864 bytes, not 0"),
        ({"part_size": 64 * 1024 * 1024 + 1}, "part_size must be from 1 to 67,108,864 bytes, not 67108865"),
        ({"concurrency": 0}, "concurrency must be at least 1, not 0"),
    ],
)
def test_refuses_wrong_options(path: Path, options: Any, message: str) -> None:
    """A size or number that cannot work is refused before anything is sent."""
    with pytest.raises(RequestError) as caught:
        sdk.upload_large(path, purpose="batch", **options)
    assert str(caught.value) == message


def test_refuses_an_unknown_option(path: Path) -> None:
    """A misspelt option is named."""
    with pytest.raises(TypeError, match=r"^upload_large takes no argument parts$"):
        sdk.upload_large(path, purpose="batch", parts=3)  # type: ignore[call-arg]  # the point of the test


def test_refuses_an_empty_and_a_missing_file(tmp_path: Path) -> None:
    """There is nothing to upload."""
    (tmp_path / "a").touch()
    with pytest.raises(RequestError, match=r"^a is empty; there is nothing to upload$"):
        sdk.upload_large(tmp_path / "a", purpose="batch")
    with pytest.raises(FileNotFoundError):
        sdk.upload_large(tmp_path / "b", purpose="batch")


def test_refuses_what_is_no_state() -> None:
    """A state of other JSON is refused."""
    with pytest.raises(RequestError, match=r"^resume= is not the state of an upload"):
        UploadState.from_dict({"upload_id": "x"})


@pytest.mark.parametrize("operation", ["uploads.create", "uploads.parts.create"])
@pytest.mark.parametrize("id", [None, "", 5])
def test_a_reply_without_an_id(server: LocalServer, upload: Upload, path: Path, operation: str, id: Any) -> None:
    """An upload or a part without an id is an error of ours; the upload is not completed with it."""
    server.on(operation=operation, times=None).reply_json({"object": "upload", "id": id})
    with pytest.raises(APIResponseError, match="has no id"):
        upload(path)
    assert asked(server, "/complete") == []
