"""Chat completions that were created with `store`: list, retrieve, update, delete, list messages."""

from starlette.requests import Request
from starlette.responses import Response

from ..server.errors import missing, not_found
from ..server.replies import JSONReply
from .reading import json_object, metadata, query_metadata
from .replies import page
from .state import JSON, StoredCompletion, state_of


async def index(request: Request) -> Response:
    """List the completions; the query can select a `model` and values of `metadata`."""
    model = request.query_params.get("model")
    wanted = query_metadata(request)
    stored = [
        one.completion
        for one in state_of(request).completions.values()
        if model in (None, one.completion["model"]) and wanted.items() <= one.completion["metadata"].items()
    ]
    return page(request, stored, default_order="asc")


async def retrieve(request: Request) -> Response:
    """Return one completion."""
    return JSONReply(_find(request).completion)


async def update(request: Request) -> Response:
    """Replace the metadata of one completion."""
    stored = _find(request)
    body = await json_object(request)
    if "metadata" not in body:
        raise missing("metadata")
    stored.completion["metadata"] = metadata(body)
    return JSONReply(stored.completion)


async def delete(request: Request) -> Response:
    """Delete one completion."""
    id = _find(request).completion["id"]
    del state_of(request).completions[id]
    return JSONReply({"object": "chat.completion.deleted", "id": id, "deleted": True})


async def messages(request: Request) -> Response:
    """List the messages of the completion's request.

    Each message keeps its role. The API description's schema allows only `assistant`, but its example shows `user`.
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
