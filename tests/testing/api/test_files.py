"""Files."""

import re
from typing import Any

import httpx
import pytest

from ..wire import error

CONTENT = bytes(range(256)) * 8192


def _upload(api: httpx.Client, purpose: str = "batch", name: str = "a.jsonl", content: bytes = b"{}") -> Any:
    files = {"file": (name, content, "application/octet-stream")}
    return api.post("/files", data={"purpose": purpose}, files=files).json()


def _listed(api: httpx.Client, **query: Any) -> list[str]:
    return [one["id"] for one in api.get("/files", params=query).json()["data"]]


def test_describes_an_upload(api: httpx.Client) -> None:
    """An upload is described at once and later, the same."""
    made = _upload(api)
    assert re.fullmatch(r"file-local\d+", made["id"])
    assert (made["bytes"], made["filename"], made["purpose"], made["status"]) == (2, "a.jsonl", "batch", "processed")
    assert api.get(f"/files/{made['id']}").json() == made


def test_returns_the_bytes(api: httpx.Client) -> None:
    """The content is what was uploaded, two megabytes of it."""
    made = _upload(api, name="né w.bin", content=CONTENT)
    reply = api.get(f"/files/{made['id']}/content")
    assert reply.content == CONTENT
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["content-disposition"] == "attachment; filename*=UTF-8''n%C3%A9%20w.bin"


def test_deletes_a_file(api: httpx.Client) -> None:
    """A deleted file is gone, its content too."""
    id = _upload(api)["id"]
    assert api.delete(f"/files/{id}").json() == {"id": id, "object": "file", "deleted": True}
    for path in (f"/files/{id}", f"/files/{id}/content"):
        assert error(api.get(path)) == (404, "file_id", None)


def test_lists_the_latest_first(api: httpx.Client) -> None:
    """Files are listed from the latest to the oldest, or the other way round."""
    ids = [_upload(api)["id"] for _ in range(3)]
    assert _listed(api) == ids[::-1]
    assert _listed(api, order="asc") == ids


def test_lists_by_purpose(api: httpx.Client) -> None:
    """The list can be narrowed to a purpose."""
    _upload(api)
    vision = _upload(api, "vision")["id"]
    assert _listed(api, purpose="vision") == [vision]


def test_pages_through_the_list(api: httpx.Client) -> None:
    """Pages follow each other by `after`."""
    ids = [_upload(api)["id"] for _ in range(3)][::-1]
    first = api.get("/files", params={"limit": 2}).json()
    assert ([one["id"] for one in first["data"]], first["has_more"], first["last_id"]) == (ids[:2], True, ids[1])
    assert _listed(api, limit=2, after=first["last_id"]) == ids[2:]


def test_expires_when_asked_to(api: httpx.Client) -> None:
    """expires_after counts from the creation."""
    data = {"purpose": "batch", "expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"}
    made = api.post("/files", data=data, files={"file": ("a", b"")}).json()
    assert made["expires_at"] - made["created_at"] == 3600


@pytest.mark.parametrize(
    ("data", "files", "param", "code"),
    [
        ({}, {"file": ("a", b"")}, "purpose", "missing_required_parameter"),
        ({"purpose": "fun"}, {"file": ("a", b"")}, "purpose", "invalid_value"),
        ({"purpose": "batch"}, {"other": ("a", b"")}, "file", "missing_required_parameter"),
        (
            {"purpose": "batch", "expires_after[anchor]": "created_at", "expires_after[seconds]": "1"},
            {"file": ("a", b"")},
            "expires_after[seconds]",
            "invalid_value",
        ),
    ],
)
def test_refuses_a_wrong_upload(api: httpx.Client, data: Any, files: Any, param: str, code: str) -> None:
    """What misses or does not fit is named."""
    assert error(api.post("/files", data=data, files=files)) == (400, param, code)
