"""A source of tokens that a test holds up, and a client that calls with them."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from sdk import Client
from sdk.auth import Token
from tests.auth.imitation import MESSAGES


class Source:
    """A source that counts, and waits until the test lets it go on."""

    def __init__(self, lifetime: float | None = 3600.0) -> None:
        self.lifetime, self.count = lifetime, 0
        self.go = threading.Event()
        self.go.set()
        self.begun = threading.Event()
        self.error: Exception | None = None

    def _next(self) -> Token:
        if self.error is not None:
            raise self.error
        return Token(f"issued-token-{self.count}", self.lifetime)

    def fetch(self, options: Any, limit: float | None) -> Token:
        """Return the next token."""
        self.count += 1
        self.begun.set()
        assert self.go.wait(10)
        return self._next()

    async def afetch(self, options: Any, limit: float | None) -> Token:
        """Return the next token to a coroutine."""
        self.count += 1
        self.begun.set()
        while not self.go.is_set():
            await asyncio.sleep(0.001)
        return self._next()

    def __repr__(self) -> str:
        return "the test's source"


def client(url: str, auth: Any, **options: Any) -> Client:
    """Return a client of many calls at once, which does not try again."""
    return Client(**{"api_base": url, "auth": auth, "max_in_flight": None, "max_retries": 0, **options})


def ask(made: Client) -> str:
    """Call, and return the id of the reply."""
    return made.chat.create.sync(model="m", messages=MESSAGES).id


async def aask(made: Client) -> str:
    """Call from a coroutine; see `ask`."""
    return (await made.chat.create.asyncio(model="m", messages=MESSAGES)).id
