"""With pytest-httpx: its fixture answers, and checks at the end that all responses were requested."""

import asyncio
import json

from pytest_httpx import HTTPXMock

from ..greeting import greet, greet_slowly
from .conftest import URL, completion, events


def test_greets(httpx_mock: HTTPXMock) -> None:
    """A response, and the request that got it."""
    httpx_mock.add_response(url=URL, method="POST", json=completion("Hello Ann!"))
    assert greet("Ann") == "Hello Ann!"
    (request,) = httpx_mock.get_requests()
    assert json.loads(request.content)["messages"][0]["content"] == "Greet Ann."


def test_tries_again(httpx_mock: HTTPXMock) -> None:
    """The retries are the client's own."""
    httpx_mock.add_response(url=URL, status_code=429, headers={"Retry-After-Ms": "1"})
    httpx_mock.add_response(url=URL, json=completion("Hello Ann!"))
    assert greet("Ann") == "Hello Ann!"


def test_greets_slowly(httpx_mock: HTTPXMock) -> None:
    """A stream, in a coroutine."""
    httpx_mock.add_response(url=URL, headers={"Content-Type": "text/event-stream"}, text=events("Hello ", "Ann!"))
    assert asyncio.run(greet_slowly("Ann")) == ["Hello ", "Ann!"]
