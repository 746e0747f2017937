"""The application: one page, one endpoint that streams an answer, and one that returns a reply as it came."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel

from sdk import Client
from sdk.errors import SDKError
from sdk.models import ChatCompletion

_PAGE = Path(__file__).with_name("page.html")


class Conversation(BaseModel):
    """What the page sends: the messages so far."""

    messages: list[dict[str, Any]]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """One client serves all requests, and is closed with the application."""
    async with Client(max_in_flight=100) as client:
        app.state.client = client
        yield


app = FastAPI(title="Chat", lifespan=_lifespan)


def _model() -> str:
    return os.environ.get("OPENAI_MODEL", "gpt-4o-mini")


@app.get("/", include_in_schema=False)
async def page() -> FileResponse:
    """Return the page."""
    return FileResponse(_PAGE)


@app.post("/answer")
async def answer(conversation: Conversation, request: Request) -> StreamingResponse:
    """Stream the answer as plain text, piece by piece. A browser that leaves ends the stream, and the model's work."""
    return StreamingResponse(_pieces(request.app.state.client, conversation.messages), media_type="text/plain")


async def _pieces(client: Client, messages: list[dict[str, Any]]) -> AsyncIterator[str]:
    try:
        async with client.chat.create.asyncio_stream(model=_model(), messages=messages) as stream:  # type: ignore[arg-type]  # the server checks them
            async for piece in stream.text():
                yield piece
    except SDKError as error:
        yield f"\n[the answer ended early: {type(error).__name__}]"


@app.post("/reply")
async def reply(conversation: Conversation, request: Request) -> ChatCompletion:
    """Return the whole reply: models of the SDK are types that FastAPI reads, writes and describes."""
    client: Client = request.app.state.client
    return await client.chat.create.asyncio(model=_model(), messages=conversation.messages)  # type: ignore[arg-type]  # the server checks them
