"""The chat page of the examples in a real browser: an answer appears while it is still arriving."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import uvicorn

from examples.web_chat.app import app
from sdk.testing import LocalServer

from .conftest import PICTURES

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def url(openai_server: LocalServer) -> Iterator[str]:
    """The application, served on a free port."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    ready = threading.Event()
    started = server.startup

    async def startup(*args: object, **kwargs: object) -> None:
        await started(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        ready.set()

    server.startup = startup  # type: ignore[method-assign]  # tells when it listens
    thread = threading.Thread(target=server.run)
    thread.start()
    assert ready.wait(10)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join(10)


def test_a_conversation(page: Page, url: str, openai_server: LocalServer) -> None:
    """Two questions get their answers in order, and the second request holds the first turn."""
    openai_server.reply("We open at nine.")
    openai_server.reply("On Sunday we are closed.")
    page.goto(url)
    for question, answer in (("When do you open?", "We open at nine."), ("And on Sunday?", "On Sunday we are closed.")):
        page.get_by_label("Your message").fill(question)
        page.get_by_role("button", name="Send").click()
        page.get_by_text(answer, exact=True).wait_for()
    page.screenshot(path=PICTURES / "web_chat.png")
    assert page.locator("#log li").all_text_contents() == [
        *("When do you open?", "We open at nine."),
        *("And on Sunday?", "On Sunday we are closed."),
    ]
    assert [m["role"] for m in openai_server.requests[-1].json()["messages"]] == ["user", "assistant", "user"]


def test_a_failure_is_shown(page: Page, url: str, openai_server: LocalServer) -> None:
    """A refused key is told on the page, and the next question can be asked."""
    openai_server.fail(401)
    page.goto(url)
    page.get_by_label("Your message").fill("Hello?")
    page.keyboard.press("Enter")
    page.get_by_text("[the answer ended early: AuthenticationError]").wait_for()
    assert page.get_by_role("button", name="Send").is_enabled()
