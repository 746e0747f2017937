"""The routes of the API: each path with its handlers; all other operations get a generated reply."""

import logging
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..server import fallback
from ..server.errors import APIFailure
from . import (
    audio,
    chat,
    completions,
    embeddings,
    files,
    images,
    models,
    moderations,
    responses,
    stored_chat,
    uploads,
)
from .assistants import ASSISTANTS
from .batches import BATCHES
from .conversations import CONVERSATIONS, ITEMS
from .file_batches import FILE_BATCHES
from .fine_tuning import FINE_TUNING
from .threads import MESSAGES, RUNS, THREADS
from .vector_stores import STORE_FILES, VECTOR_STORES

_log = logging.getLogger("sdk.testing")

Handler = Callable[[Request], Awaitable[Response]]
#: Collections that the API does not list.
_UNLISTED = ("/threads", "/conversations", "/file_batches")


def routes() -> list[Route]:
    """Return a route for every path of the API."""
    handled = [*_resources(), *_collections()]
    return [*handled, *fallback.routes(handled)]


def _resources() -> list[Route]:
    return [
        _route("/models", GET=models.index),
        # A model's name may contain slashes.
        _route("/models/{model:path}", GET=models.retrieve, DELETE=models.delete),
        _route("/chat/completions", GET=stored_chat.index, POST=chat.create),
        _route(
            "/chat/completions/{completion_id}",
            GET=stored_chat.retrieve,
            POST=stored_chat.update,
            DELETE=stored_chat.delete,
        ),
        _route("/chat/completions/{completion_id}/messages", GET=stored_chat.messages),
        _route("/completions", POST=completions.create),
        _route("/responses", POST=responses.create),
        _route("/responses/input_tokens", POST=responses.input_tokens),
        _route("/responses/{response_id}", GET=responses.retrieve, DELETE=responses.delete),
        _route("/responses/{response_id}/cancel", POST=responses.cancel),
        _route("/responses/{response_id}/input_items", GET=responses.input_items),
        _route("/embeddings", POST=embeddings.create),
        _route("/images/generations", POST=images.generate),
        _route("/images/edits", POST=images.edit),
        _route("/images/variations", POST=images.vary),
        _route("/audio/speech", POST=audio.speech),
        _route("/audio/transcriptions", POST=audio.transcribe),
        _route("/audio/translations", POST=audio.translate),
        _route("/moderations", POST=moderations.create),
        _route("/files", GET=files.index, POST=files.create),
        _route("/files/{file_id}", GET=files.retrieve, DELETE=files.delete),
        _route("/files/{file_id}/content", GET=files.content),
        _route("/uploads", POST=uploads.create),
        _route("/uploads/{upload_id}/parts", POST=uploads.add_part),
        _route("/uploads/{upload_id}/complete", POST=uploads.complete),
        _route("/uploads/{upload_id}/cancel", POST=uploads.cancel),
    ]


def _collections() -> list[Route]:
    found = [
        _route("/batches/{id}/cancel", POST=BATCHES.cancel),
        _route("/fine_tuning/jobs/{id}/cancel", POST=FINE_TUNING.cancel),
        _route("/fine_tuning/jobs/{id}/events", GET=FINE_TUNING.events),
        _route("/fine_tuning/jobs/{id}/pause", POST=FINE_TUNING.pause),
        _route("/fine_tuning/jobs/{id}/resume", POST=FINE_TUNING.resume),
        _route("/fine_tuning/jobs/{id}/checkpoints", GET=FINE_TUNING.checkpoints),
        _route("/vector_stores/{vector_store_id}/file_batches/{id}/cancel", POST=FILE_BATCHES.cancel),
        _route("/vector_stores/{vector_store_id}/file_batches/{id}/files", GET=FILE_BATCHES.files),
        _route("/threads/runs", POST=RUNS.create_with_thread),
        _route("/threads/{thread_id}/runs/{id}/cancel", POST=RUNS.cancel),
        _route("/vector_stores/{id}/search", POST=VECTOR_STORES.search),
        _route("/vector_stores/{vector_store_id}/files/{id}/content", GET=STORE_FILES.content),
    ]
    for path, collection, deletable in (
        ("/batches", BATCHES, False),
        ("/fine_tuning/jobs", FINE_TUNING, False),
        ("/assistants", ASSISTANTS, True),
        ("/threads/{thread_id}/messages", MESSAGES, True),
        ("/threads/{thread_id}/runs", RUNS, False),
        ("/threads", THREADS, True),
        ("/vector_stores", VECTOR_STORES, True),
        ("/vector_stores/{vector_store_id}/files", STORE_FILES, True),
        ("/vector_stores/{vector_store_id}/file_batches", FILE_BATCHES, False),
        ("/conversations", CONVERSATIONS, True),
        ("/conversations/{conversation_id}/items", ITEMS, True),
    ):
        listed: dict[str, Handler] = {} if path.endswith(_UNLISTED) else {"GET": collection.index}
        item: dict[str, Handler] = {"GET": collection.retrieve}
        if collection.changeable:
            item["POST"] = collection.update
        if deletable:
            item["DELETE"] = collection.delete
        found += [_route(path, POST=collection.create, **listed), _route(f"{path}/{{id}}", **item)]
    return found


def _route(path: str, **handlers: Handler) -> Route:
    """Route one path by method. With one route for each path, a 405 can name all methods that are allowed."""

    async def dispatch(request: Request) -> Response:
        try:
            return await handlers["GET" if request.method == "HEAD" else request.method](request)
        except (APIFailure, HTTPException):
            raise
        except Exception:
            # Starlette's own handler of exceptions runs outside the middleware, so its response would lack our headers.
            _log.exception("%s %s failed", request.method, request.url.path)
            return APIFailure("The local server failed; its log says why.", status=500, type="server_error").response()

    return Route(f"/v1{path}", dispatch, methods=list(handlers))
