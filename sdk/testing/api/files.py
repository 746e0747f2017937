"""Files: upload, list, retrieve, content, delete."""

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from ..server.errors import APIFailure, not_found, wrong_value
from ..server.replies import JSONReply
from .reading import Form, form
from .replies import page
from .state import State, StoredFile, state_of

_PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
_MAX_LIMIT = 10_000
_EXPIRY = range(3_600, 2_592_001)


async def create(request: Request) -> Response:
    """Store an uploaded file."""
    state = state_of(request)
    body = await form(request)
    upload = body.file("file")
    body.require("purpose")
    purpose = body.fields["purpose"]
    if purpose not in _PURPOSES:
        raise wrong_value("purpose", "one of " + ", ".join(_PURPOSES))
    seconds = _expiry(body)
    description = store_file(state, upload.content, upload.filename, purpose).description
    if seconds is not None:
        description["expires_at"] = description["created_at"] + seconds
    return JSONReply(description)


async def index(request: Request) -> Response:
    """List the files, the latest first; the query can select a `purpose`."""
    purpose = request.query_params.get("purpose")
    found = [
        one.description for one in state_of(request).files.values() if purpose in (None, one.description["purpose"])
    ]
    return page(request, found, default_order="desc", default_limit=_MAX_LIMIT, max_limit=_MAX_LIMIT)


async def retrieve(request: Request) -> Response:
    """Return the description of one file."""
    return JSONReply(_find(request).description)


async def content(request: Request) -> Response:
    """Return the bytes of one file."""
    file = _find(request)
    name = quote(file.description["filename"], safe="", errors="surrogatepass")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(file.content, media_type="application/octet-stream", headers=headers)


async def delete(request: Request) -> Response:
    """Delete one file."""
    id = _find(request).description["id"]
    del state_of(request).files[id]
    return JSONReply({"id": id, "object": "file", "deleted": True})


def store_file(state: State, content: bytes, filename: str, purpose: str) -> StoredFile:
    """Store a file, and return it with its description."""
    description: dict[str, Any] = {
        "id": state.new_id("file-"),
        "object": "file",
        "bytes": len(content),
        "created_at": state.now(),
        "filename": filename,
        "purpose": purpose,
        "status": "processed",
    }
    file = state.files[description["id"]] = StoredFile(description, content)
    return file


def require_file(request: Request, id: Any, param: str) -> StoredFile:
    """Return a file that a parameter names. Raises APIFailure if the server does not have it."""
    file = state_of(request).files.get(id) if isinstance(id, str) else None
    if file is None:
        raise APIFailure(f"This server has no file '{id}'.", param=param, code="invalid_value")
    return file


def _expiry(body: Form) -> int | None:
    """Return the seconds of `expires_after`, which a form writes as `expires_after[anchor]` and `[seconds]`."""
    seconds = body.fields.get("expires_after[seconds]")
    if seconds is None:
        return None
    if body.fields.get("expires_after[anchor]") != "created_at":
        raise wrong_value("expires_after[anchor]", "created_at")
    if not (isinstance(seconds, str) and seconds.isdecimal() and int(seconds) in _EXPIRY):
        raise wrong_value("expires_after[seconds]", f"from {_EXPIRY[0]} to {_EXPIRY[-1]}")
    return int(seconds)


def _find(request: Request) -> StoredFile:
    id = request.path_params["file_id"]
    try:
        return state_of(request).files[id]
    except KeyError:
        raise not_found("file", id, param="file_id") from None
