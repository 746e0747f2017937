"""With respx: routes of httpx answer the calls of the SDK."""

import asyncio
import json

import httpx
import respx

from ..greeting import greet, greet_slowly
from .conftest import URL, completion, events


@respx.mock
def test_greets() -> None:
    """A route answers, and has the request."""
    route = respx.post(URL).mock(return_value=httpx.Response(200, json=completion("Hello Ann!")))
    assert greet("Ann") == "Hello Ann!"
    assert json.loads(route.calls.last.request.content)["messages"][0]["content"] == "Greet Ann."


def test_greets_slowly() -> None:
    """A stream, in a coroutine."""
    with respx.mock(base_url=URL.removesuffix("/chat/completions")) as router:
        headers = {"Content-Type": "text/event-stream"}
        router.post("/chat/completions").respond(200, headers=headers, text=events("Hello ", "Ann!"))
        assert asyncio.run(greet_slowly("Ann")) == ["Hello ", "Ann!"]
