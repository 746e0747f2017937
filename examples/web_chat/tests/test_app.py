"""The application's own tests: no network, no key. `openai_server` comes from the SDK's pytest plugin."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from sdk.testing import LocalServer

from ..app import app

QUESTION = {"messages": [{"role": "user", "content": "How?"}]}


@pytest.fixture
def web(openai_server: LocalServer) -> Iterator[TestClient]:
    """A client of the application, which talks to the local server."""
    with TestClient(app) as client:
        yield client


def test_streams_the_answer(web: TestClient, openai_server: LocalServer) -> None:
    """The text arrives in pieces; the model got the conversation."""
    openai_server.reply("One piece at a time.")
    with web.stream("POST", "/answer", json=QUESTION) as response:
        pieces = [piece for piece in response.iter_text() if piece]
    assert "".join(pieces) == "One piece at a time."
    sent = openai_server.requests[-1].json()
    assert (sent["messages"], sent["stream"]) == (QUESTION["messages"], True)


def test_says_that_an_answer_ended_early(web: TestClient, openai_server: LocalServer) -> None:
    """An error before or within the answer is shown by its kind alone."""
    openai_server.fail(401)
    assert web.post("/answer", json=QUESTION).text == "\n[the answer ended early: AuthenticationError]"


def test_returns_a_reply_as_it_came(web: TestClient, openai_server: LocalServer) -> None:
    """FastAPI writes the reply, and describes it."""
    openai_server.reply("Hi")
    assert web.post("/reply", json=QUESTION).json()["choices"][0]["message"]["content"] == "Hi"
    described = web.get("/openapi.json").json()["components"]["schemas"]
    assert {"ChatCompletion", "ChatCompletionChoice", "CompletionUsage"} <= described.keys()


def test_the_page(web: TestClient) -> None:
    """The page is served whole."""
    assert "<title>Chat</title>" in web.get("/").text
