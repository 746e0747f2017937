"""Uploads in parts."""

import hashlib
from typing import Any

import httpx
import pytest

from sdk.testing import LocalServer

from ..document import Document
from ..wire import error

WANTED = {"filename": "a.jsonl", "purpose": "batch", "bytes": 6, "mime_type": "text/jsonl"}


def _begin(api: httpx.Client, **changes: Any) -> Any:
    return api.post("/uploads", json={**WANTED, **changes}).json()


def _part(api: httpx.Client, upload: Any, content: bytes) -> Any:
    return api.post(f"/uploads/{upload['id']}/parts", files={"data": ("a", content)}).json()


def test_an_upload_is_valid_at_every_step(api: httpx.Client, document: Document) -> None:
    """All four replies are what the document says."""
    upload = _begin(api)
    document.check(upload, "POST", "/uploads")
    part = _part(api, upload, b"abcdef")
    document.check(part, "POST", "/uploads/{upload_id}/parts")
    done = api.post(f"/uploads/{upload['id']}/complete", json={"part_ids": [part["id"]]}).json()
    document.check(done, "POST", "/uploads/{upload_id}/complete")
    given_up = api.post(f"/uploads/{_begin(api)['id']}/cancel").json()
    document.check(given_up, "POST", "/uploads/{upload_id}/cancel")
    assert (upload["status"], done["status"], given_up["status"]) == ("pending", "completed", "cancelled")


def test_parts_make_a_file_in_the_given_order(api: httpx.Client) -> None:
    """The file holds the parts as completing lists them, whenever they came."""
    upload = _begin(api)
    late, early = _part(api, upload, b"def"), _part(api, upload, b"abc")
    body = {"part_ids": [early["id"], late["id"]], "md5": hashlib.md5(b"abcdef").hexdigest()}
    file = api.post(f"/uploads/{upload['id']}/complete", json=body).json()["file"]
    assert (file["filename"], file["purpose"], file["bytes"]) == ("a.jsonl", "batch", 6)
    assert api.get(f"/files/{file['id']}/content").content == b"abcdef"


@pytest.mark.parametrize(
    ("changes", "param"),
    [({"purpose": "fun"}, "purpose"), ({"bytes": 0}, "bytes"), ({"bytes": 2**33 + 1}, "bytes")],
)
def test_refuses_a_wrong_beginning(api: httpx.Client, changes: Any, param: str) -> None:
    """What the API does not take is named."""
    assert error(api.post("/uploads", json={**WANTED, **changes})) == (400, param, "invalid_value")


@pytest.mark.parametrize(
    ("body", "param", "code"),
    [
        ({}, "part_ids", "missing_required_parameter"),
        ({"part_ids": []}, "part_ids", "missing_required_parameter"),
        ({"part_ids": [1]}, "part_ids", "invalid_type"),
        ({"part_ids": ["part_x"]}, "part_ids", "invalid_value"),
        ({"part_ids": ["ours"]}, "part_ids", None),
        ({"part_ids": ["ours", "ours"], "md5": "0" * 32}, "md5", "invalid_value"),
    ],
)
def test_refuses_a_wrong_end(api: httpx.Client, body: Any, param: str, code: str | None) -> None:
    """Parts that are not there, sizes that differ and another digest are refused; the upload stays open."""
    upload = _begin(api)
    ours = _part(api, upload, b"abc")["id"]
    if "part_ids" in body:
        body = {**body, "part_ids": [ours if id == "ours" else id for id in body["part_ids"]]}
    assert error(api.post(f"/uploads/{upload['id']}/complete", json=body)) == (400, param, code)
    done = api.post(f"/uploads/{upload['id']}/complete", json={"part_ids": [ours, ours]})
    assert done.json()["status"] == "completed"


@pytest.mark.parametrize("path", ["parts", "complete", "cancel"])
def test_a_closed_upload_takes_nothing_more(api: httpx.Client, path: str) -> None:
    """After it was cancelled, an upload refuses everything."""
    upload = _begin(api)
    api.post(f"/uploads/{upload['id']}/cancel")
    reply = api.post(f"/uploads/{upload['id']}/{path}", json={"part_ids": ["x"]})
    assert error(reply) == (400, "upload_id", None)


def test_an_unknown_upload(api: httpx.Client) -> None:
    """There is no such upload."""
    assert error(api.post("/uploads/upload_x/cancel")) == (404, "upload_id", None)


def test_an_upload_expires(api: httpx.Client, server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour later it is too late."""
    upload = _begin(api)
    monkeypatch.setattr(server.state, "now", lambda: upload["expires_at"] + 1)
    assert error(api.post(f"/uploads/{upload['id']}/cancel")) == (400, "upload_id", None)
