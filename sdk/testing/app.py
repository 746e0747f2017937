"""The ASGI application: its routes, and what is the same on each."""

import hmac
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

# Imported here so that its absence shows at once, not with the first form.
import python_multipart  # noqa: F401
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import (
    audio,
    chat,
    completions,
    described,
    embeddings,
    files,
    images,
    models,
    moderations,
    responses,
    stored_chat,
    uploads,
)
from .errors import APIFailure, on_failure, on_http_error
from .state import RecordedRequest, State

_log = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[Response]]

_LIMITS = {
    "x-ratelimit-limit-requests": "10000",
    "x-ratelimit-limit-tokens": "1000000",
    "x-ratelimit-remaining-requests": "9999",
    "x-ratelimit-remaining-tokens": "999900",
    "x-ratelimit-reset-requests": "6ms",
    "x-ratelimit-reset-tokens": "6ms",
}


def create_app(api_key: str | None = "test-key", *, state: State | None = None) -> Starlette:
    """Make a server application. It takes one API key, or with None any caller; `state` may be a subclass's."""
    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(_Record, state=(state := state or State())), Middleware(_Authorize, api_key=api_key)],
        exception_handlers={APIFailure: on_failure, HTTPException: on_http_error},
    )
    app.router.redirect_slashes = False
    app.state.server = state
    return app


def _routes() -> list[Route]:
    handled = _handled()
    return [*handled, *described.routes(handled)]


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
        _route("/uploads", POST=uploads.create),
        _route("/uploads/{upload_id}/parts", POST=uploads.add_part),
        _route("/uploads/{upload_id}/complete", POST=uploads.complete),
        _route("/uploads/{upload_id}/cancel", POST=uploads.cancel),
    ]


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


class _Record:
    """Keep every request, its body read to the end, and put the API's headers on every response."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app = app
        self.state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        body = await _read(receive)
        query = QueryParams(scope["query_string"])
        self.state.requests.append(RecordedRequest(scope["method"], scope["path"], query, Headers(scope=scope), body))
        request_id = self.state.new_id("req_")
        waiting = True

        async def replay() -> Message:
            nonlocal waiting
            if waiting:
                waiting = False
                return {"type": "http.request", "body": body, "more_body": False}
            return await receive()

        async def add_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                headers["openai-processing-ms"] = str(round((time.perf_counter() - began) * 1000))
                headers.update(_LIMITS)
            await send(message)

        await self.app(scope, replay, add_headers)


class _Authorize:
    """Refuse callers without the API key."""

    def __init__(self, app: ASGIApp, api_key: str | None) -> None:
        self.app = app
        self.api_key = api_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Headers(scope=scope)) if scope["type"] == "http" else None
        await (refusal.response() if refusal else self.app)(scope, receive, send)

    def _refusal(self, headers: Headers) -> APIFailure | None:
        if self.api_key is None:
            return None
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given:
            message = "No API key was given. Send the header 'Authorization: Bearer KEY'."
        elif hmac.compare_digest(given.encode(), self.api_key.encode()):
            return None
        else:
            # Enough to tell which key it was, never enough to use it.
            shown = f"{given[:3]}...{given[-2:]}" if len(given) > 12 else "..."
            message = f"The API key '{shown}' is wrong."
        return APIFailure(message, status=401, code="invalid_api_key", headers={"www-authenticate": "Bearer"})


async def _read(receive: Receive) -> bytes:
    body, more = bytearray(), True
    while more:
        message: Any = await receive()
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)
