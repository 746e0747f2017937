"""Uploads in parts: create, add parts, complete, cancel."""

import base64
import hashlib
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..server.errors import APIFailure, missing, not_found, wrong_type, wrong_value
from ..server.replies import JSONReply
from .files import store_file
from .reading import form, integer, json_object, typed
from .state import StoredUpload, state_of

PURPOSES = ("assistants", "batch", "fine-tune", "vision")
MAX_PART = 64 * 1024 * 1024
MAX_UPLOAD = 8 * 1024**3
_LIFETIME = 3_600


async def create(request: Request) -> Response:
    """Create an upload; the request gives its size."""
    state = state_of(request)
    body = await json_object(request, filename=str, purpose=str, bytes=int, mime_type=str)
    if body["purpose"] not in PURPOSES:
        raise wrong_value("purpose", "one of " + ", ".join(PURPOSES))
    size = integer(body, "bytes", 0, 1, MAX_UPLOAD)
    now = state.now()
    description: dict[str, Any] = {
        "id": state.new_id("upload_"),
        "object": "upload",
        "created_at": now,
        "filename": body["filename"],
        "bytes": size,
        "purpose": body["purpose"],
        "status": "pending",
        "expires_at": now + _LIFETIME,
        "file": None,
    }
    state.uploads[description["id"]] = StoredUpload(description)
    return JSONReply(description)


async def add_part(request: Request) -> Response:
    """Store one part. Parts may come in any order, and concurrently."""
    state = state_of(request)
    upload = _pending(request)
    part = (await form(request)).file("data")
    if len(part.content) > MAX_PART:
        raise APIFailure(f"A part holds at most {MAX_PART} bytes.", param="data", code="invalid_value")
    id = state.new_id("part_")
    upload.parts[id] = part.content
    upload_id = upload.description["id"]
    return JSONReply({"id": id, "object": "upload.part", "created_at": state.now(), "upload_id": upload_id})


async def complete(request: Request) -> Response:
    """Join the parts in the given order, and store the file."""
    state = state_of(request)
    body = await json_object(request, part_ids=list)
    upload = _pending(request)
    content = b"".join(_parts(upload, body["part_ids"]))
    description = upload.description
    if len(content) != description["bytes"]:
        raise APIFailure(
            f"The parts have {len(content)} bytes; the upload was created for {description['bytes']}.", param="part_ids"
        )
    md5 = typed(body, "md5", str)
    if md5 is not None and md5 not in _digests(content):
        raise APIFailure("The md5 of the parts does not match.", param="md5", code="invalid_value")
    file = store_file(state, content, description["filename"], description["purpose"])
    description.update(status="completed", file=file.description)
    upload.parts.clear()
    return JSONReply(description)


async def cancel(request: Request) -> Response:
    """Cancel an upload."""
    upload = _pending(request)
    upload.description["status"] = "cancelled"
    upload.parts.clear()
    return JSONReply(upload.description)


def _pending(request: Request) -> StoredUpload:
    """Return the upload that the path names. Raises APIFailure unless it is still pending."""
    state, id = state_of(request), request.path_params["upload_id"]
    if id not in state.uploads:
        raise not_found("upload", id, param="upload_id")
    upload = state.uploads[id]
    if upload.description["status"] == "pending" and state.now() > upload.description["expires_at"]:
        upload.description["status"] = "expired"
    if upload.description["status"] != "pending":
        raise APIFailure(f"The upload '{id}' is {upload.description['status']}.", param="upload_id")
    return upload


def _parts(upload: StoredUpload, ids: list[Any]) -> list[bytes]:
    if not ids:
        raise missing("part_ids")
    for id in ids:
        if not isinstance(id, str):
            raise wrong_type("part_ids", "an array of strings")
        if id not in upload.parts:
            raise APIFailure(f"The upload has no part '{id}'.", param="part_ids", code="invalid_value")
    return [upload.parts[id] for id in ids]


def _digests(content: bytes) -> tuple[str, str]:
    digest = hashlib.md5(content, usedforsecurity=False)
    return digest.hexdigest(), base64.b64encode(digest.digest()).decode()
