"""Wrong files, and wrong arguments of upload_large: told before anything is sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

import sdk
from sdk import Client, File
from sdk.errors import RequestError
from sdk.uploads import UploadState

HUGE = 10**400


def these(*values: Any) -> tuple[Any, ...]:
    """Return values of any types."""
    return values


def _never(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"{request.url} was asked")


@pytest.fixture
def client() -> Any:
    """A client whose server must not be asked."""
    return Client(api_base="http://h/v1", api_key="k", transport=httpx.MockTransport(_never))


@pytest.mark.parametrize(
    ("file", "said"),
    [
        *(
            (("a", b"x", kind), "the content type of a file must be a str, not ")
            for kind in these(6.7, 0, [], b"text/plain", {})
        ),
        (File(b"x", content_type=5), "the content type of a file must be a str, not int"),  # type: ignore[arg-type]
        (File(b"x", on_progress=5), "on_progress of a file must be callable, not int"),  # type: ignore[arg-type]
        (File(b"x", on_progress="print"), "on_progress of a file must be callable, not str"),  # type: ignore[arg-type]
        (File(b"x", name=5), "the name of a file must be a str, not int"),  # type: ignore[arg-type]
        (File(File(b"x")), "a file must be bytes, a path or an open binary file, not File"),  # type: ignore[arg-type]
        ((5, b"x"), "the name of a file must be a str, not int"),
        (("a", b"x", "text/plain\r\nX: 1"), "the content type of a file must be printable ASCII"),
        (("a", b"x", "text/é"), "the content type of a file must be printable ASCII"),
        ("a.txt", "wrap a path in pathlib.Path"),
        (5, "a file must be"),
    ],
)
def test_a_file(client: Client, file: Any, said: str) -> None:
    """Name, content type and callback have types of their own, in a tuple and in a File."""
    with pytest.raises(RequestError) as caught:
        client.files.create.sync(file=file, purpose="assistants")
    assert str(caught.value).startswith("file: ")
    assert said in str(caught.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of ten bytes."""
    found = tmp_path / "a.txt"
    found.write_bytes(b"0123456789")
    return found


def _state(path: Path, **changes: Any) -> UploadState:
    facts = path.stat()
    whole = {"upload_id": "u", "size": facts.st_size, "mtime_ns": facts.st_mtime_ns, "part_size": 5, "parts": {}}
    return UploadState(**{**whole, **changes})


@pytest.mark.parametrize(
    ("argument", "value", "said"),
    [
        *(("part_size", value, "part_size must be") for value in these("5", 1.5, True, None, 0, -1, HUGE, -HUGE)),
        *(("concurrency", value, "concurrency must be") for value in these("2", 1.5, True, None, 0, HUGE, [2])),
        *(("purpose", value, "purpose= must be a str") for value in (5, None, ["batch"])),
        *((name, 5, f"{name}= must be a str, not int") for name in ("filename", "mime_type")),
        *((name, 5, f"{name}= must be callable, not int") for name in ("on_progress", "on_state")),
        *((name, "yes", f"{name}= must be True or False, not str") for name in ("md5", "cancel_on_failure")),
        *(("resume", value, "resume= must be an UploadState, not ") for value in these({"upload_id": "x"}, "u", 5, [])),
    ],
)  # fmt: skip
def test_an_argument_of_upload_large(client: Client, path: Path, argument: str, value: Any, said: str) -> None:
    """A wrong type or number is a RequestError that names the argument."""
    arguments: Any = {"purpose": "batch", "client": client, argument: value}
    with pytest.raises(RequestError) as caught:
        sdk.upload_large(path, **arguments)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    "changes",
    [
        *({"part_size": size} for size in (0, -5, "5", None, HUGE)),
        *({"parts": parts} for parts in these({2: "p"}, {-1: "p"}, {"0": "p"}, {0: 5}, {True: "p"}, [], "x", None)),
        {"upload_id": 5},
    ],
    ids=str,
)
def test_a_state_that_no_upload_has(client: Client, path: Path, changes: dict[str, Any]) -> None:
    """A state made by hand is looked at before a part is sent."""
    with pytest.raises(RequestError, match="resume="):
        sdk.upload_large(path, purpose="batch", client=client, resume=_state(path, **changes))


@pytest.mark.parametrize(
    "text",
    ['{"upload_id": "u"}', "[]", "5", '"x"', "null", '{"upload_id": "u", "size": Infinity, "mtime_ns": 1, '
     '"part_size": 1, "parts": {}}', '{"upload_id": "u", "size": NaN, "mtime_ns": 1, "part_size": 1, "parts": {}}',
     '{"upload_id": "u", "size": 1, "mtime_ns": 1, "part_size": 1, "parts": {"x": "p"}}',
     '{"upload_id": "u", "size": 1, "mtime_ns": 1, "part_size": 1, "parts": 5}'],
)  # fmt: skip
def test_a_state_of_other_json(text: str) -> None:
    """What JSON gives back is a state, or a RequestError."""
    with pytest.raises(RequestError, match=r"^resume= is not the state of an upload"):
        UploadState.from_dict(json.loads(text))


def test_a_state_nested_deeply() -> None:
    """Nor does a state of thousands of levels raise anything else."""
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    whole = {"upload_id": "u", "size": 1, "mtime_ns": 1, "part_size": 1, "parts": {}}
    for key in whole:
        with pytest.raises(RequestError, match=r"^resume= is not the state of an upload"):
            UploadState.from_dict({**whole, key: deep})
