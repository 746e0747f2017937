"""The ASGI application: its routes, and what is the same on each."""

import logging
from collections.abc import Awaitable, Callable

# Imported here so that its absence shows at once, not with the first form.
import python_multipart  # noqa: F401
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .api import (
    audio,
    chat,
    completions,
    embeddings,
    fallback,
    file_batches,
    files,
    images,
    jobs,
    models,
    moderations,
    responses,
    stored_chat,
    threads,
    uploads,
    vector_stores,
)
from .server.check import Check
from .server.errors import APIFailure, on_failure, on_http_error
from .server.middleware import Authorize, Play, Record
from .server.state import State

_log = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[Response]]


def create_app(api_key: str | None = "test-key", *, state: State | None = None) -> Starlette:
    """Make a server application. It takes one API key, or with None any caller; `state` may be a subclass's."""
    app = Starlette(
        routes=_routes(),
        middleware=[
            Middleware(Record, state=(state := state or State())),
            Middleware(Authorize, api_key=api_key),
            Middleware(Check, state=state),
            Middleware(Play, state=state),
        ],
        exception_handlers={APIFailure: on_failure, HTTPException: on_http_error},
    )
    app.router.redirect_slashes = False
    app.state.server = state
    return app


def _routes() -> list[Route]:
    handled = _handled()
    return [*handled, *fallback.routes(handled)]


def _handled() -> list[Route]:
    return [
        _route("/models", GET=models.index),
        # A model's name may have slashes in it.
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
        *_remembered(),
        _route("/uploads", POST=uploads.create),
        _route("/uploads/{upload_id}/parts", POST=uploads.add_part),
        _route("/uploads/{upload_id}/complete", POST=uploads.complete),
        _route("/uploads/{upload_id}/cancel", POST=uploads.cancel),
    ]


#: What the API has no list of.
_UNLISTED = ("/threads", "/conversations", "/file_batches")


def _remembered() -> list[Route]:
    batches, tuning, stores = jobs.Batches(), jobs.FineTuning(), vector_stores.STORES
    found = [
        _route("/batches/{id}/cancel", POST=batches.cancel),
        _route("/fine_tuning/jobs/{id}/cancel", POST=tuning.cancel),
        _route("/fine_tuning/jobs/{id}/events", GET=tuning.events),
        _route("/fine_tuning/jobs/{id}/pause", POST=tuning.pause),
        _route("/fine_tuning/jobs/{id}/resume", POST=tuning.resume),
        _route("/fine_tuning/jobs/{id}/checkpoints", GET=tuning.checkpoints),
        _route("/vector_stores/{vector_store_id}/file_batches/{id}/cancel", POST=file_batches.BATCHES.cancel),
        _route("/vector_stores/{vector_store_id}/file_batches/{id}/files", GET=file_batches.BATCHES.files),
        _route("/threads/runs", POST=threads.RUNS.create_with_thread),
        _route("/threads/{thread_id}/runs/{id}/cancel", POST=threads.RUNS.cancel),
        _route("/vector_stores/{id}/search", POST=stores.search),
        _route("/vector_stores/{vector_store_id}/files/{id}/content", GET=vector_stores.FILES.content),
    ]
    for path, one, deletable in (
        ("/batches", batches, False),
        ("/fine_tuning/jobs", tuning, False),
        ("/assistants", threads.ASSISTANTS, True),
        ("/threads/{thread_id}/messages", threads.MESSAGES, True),
        ("/threads/{thread_id}/runs", threads.RUNS, False),
        ("/threads", threads.THREADS, True),
        ("/vector_stores", stores, True),
        ("/vector_stores/{vector_store_id}/files", vector_stores.FILES, True),
        ("/vector_stores/{vector_store_id}/file_batches", file_batches.BATCHES, False),
        ("/conversations", threads.CONVERSATIONS, True),
        ("/conversations/{conversation_id}/items", threads.ITEMS, True),
    ):
        listed: dict[str, Handler] = {} if path.endswith(_UNLISTED) else {"GET": one.index}
        item: dict[str, Handler] = {"GET": one.retrieve}
        if one.changeable:
            item["POST"] = one.update
        if deletable:
            item["DELETE"] = one.delete
        found += [_route(path, POST=one.create, **listed), _route(f"{path}/{{id}}", **item)]
    return found


def _route(path: str, **handlers: Handler) -> Route:
    """Route one path by method. One route per path lets a 405 name every method that is allowed."""

    async def dispatch(request: Request) -> Response:
        try:
            return await handlers["GET" if request.method == "HEAD" else request.method](request)
        except (APIFailure, HTTPException):
            raise
        except Exception:
            # Caught here: Starlette's own handler for a crash stands outside of the headers that every response has.
            _log.exception("%s %s failed", request.method, request.url.path)
            return APIFailure("The local server failed; its log says why.", status=500, type="server_error").response()

    return Route(f"/v1{path}", dispatch, methods=list(handlers))
