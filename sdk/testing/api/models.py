"""GET /models, GET and DELETE /models/{model}."""

from starlette.requests import Request
from starlette.responses import Response

from ..server.errors import APIFailure, not_found
from ..server.replies import JSONReply
from .state import JSON, state_of


async def index(request: Request) -> Response:
    """List the models."""
    return JSONReply({"object": "list", "data": list(state_of(request).models.values())})


async def retrieve(request: Request) -> Response:
    """Return one model."""
    return JSONReply(_find(request))


async def delete(request: Request) -> Response:
    """Delete a fine-tuned model; the other models belong to the server."""
    model = _find(request)
    if not model["id"].startswith("ft:"):
        raise APIFailure(f"The model '{model['id']}' cannot be deleted.", status=403, param="model")
    del state_of(request).models[model["id"]]
    return JSONReply({"id": model["id"], "object": "model", "deleted": True})


def _find(request: Request) -> JSON:
    id = request.path_params["model"]
    try:
        return state_of(request).models[id]
    except KeyError:
        raise not_found("model", id, param="model", code="model_not_found") from None
