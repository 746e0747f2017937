"""Chat completions made with `store`: list, retrieve, update, delete, and their messages."""

from starlette.requests import Request
from starlette.responses import Response

from ..server.errors import missing, not_found
from ..server.reading import json_object, metadata, query_metadata
from ..server.replies import JSONReply, page
from ..server.state import JSON, StoredCompletion, state_of


async def index(request: Request) -> Response:
    """List them, of one `model` and with some `metadata[key]` where the query asks for it."""
    model = request.query_params.get("model")
    wanted = query_metadata(request)
    stored = [
        one.completion
        for one in state_of(request).completions.values()
        if model in (None, one.completion["model"]) and wanted.items() <= one.completion["metadata"].items()
    ]
    return page(request, stored, default_order="asc")


async def retrieve(request: Request) -> Response:
    """Return one."""
    return JSONReply(_find(request).completion)


async def update(request: Request) -> Response:
    """Replace its metadata."""
    stored = _find(request)
    body = await json_object(request)
    if "metadata" not in body:
        raise missing("metadata")
    stored.completion["metadata"] = metadata(body)
    return JSONReply(stored.completion)


async def delete(request: Request) -> Response:
    """Forget it."""
    id = _find(request).completion["id"]
    del state_of(request).completions[id]
    return JSONReply({"object": "chat.completion.deleted", "id": id, "deleted": True})


async def messages(request: Request) -> Response:
    """List the messages that it answered.

    Each keeps its own role. The API description's schema allows the assistant's only, its example shows a user's.
    """
    stored = _find(request)
    shown = [_message(f"{stored.completion['id']}-{index}", one) for index, one in enumerate(stored.messages)]
    return page(request, shown, default_order="asc")


def _find(request: Request) -> StoredCompletion:
    id = request.path_params["completion_id"]
    try:
        return state_of(request).completions[id]
    except KeyError:
        raise not_found("stored chat completion", id, param="completion_id") from None


def _message(id: str, message: JSON) -> JSON:
    content = message.get("content")
    return {
        "refusal": None,
        **message,
        "id": id,
        "content": content if isinstance(content, str) else None,
        "content_parts": content if isinstance(content, list) else None,
    }
