"""One way to make a call for tests of both worlds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from sdk import Client

from .loopback import Loopback


class Outcome(NamedTuple):
    """What a call gave, and how many connections it left open while its client lives."""

    reply: Any
    error: Exception | None
    open: int


Call = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries wait no time at all."""
    monkeypatch.setattr("sdk._core.call.retry._FIRST", 0.0)


@pytest.fixture(params=["sync", "asyncio"])
def call(request: pytest.FixtureRequest) -> Call:
    """Call an operation on a server with a client of its own: `call(server, operation, *args, **kwargs)`.

    `how` is the sync name of the form to call, "sync" or "download"; `open` the connections that must be left.
    """

    def blocking(server: Loopback, operation: Any, how: str, open: int, args: Any, kwargs: Any) -> Outcome:
        with Client(api_key="k", api_base=server.url, http_options={"trust_env": False}) as client:
            reply, error = None, None
            try:
                reply = getattr(operation, how)(*args, client=client, **kwargs)
            except Exception as raised:
                error = raised
            return Outcome(reply, error, open if server.settles_at(open) else -1)

    async def main(server: Loopback, operation: Any, how: str, open: int, args: Any, kwargs: Any) -> Outcome:
        form = {"sync": "asyncio"}.get(how, f"asyncio_{how}")
        async with Client(api_key="k", api_base=server.url, http_options={"trust_env": False}) as client:
            reply, error = None, None
            try:
                reply = await getattr(operation, form)(*args, client=client, **kwargs)
            except Exception as raised:
                error = raised
            settled = await asyncio.to_thread(server.settles_at, open)
            return Outcome(reply, error, open if settled else -1)

    def either(
        server: Loopback, operation: Any, *args: Any, how: str = "sync", open: int = 1, **kwargs: Any
    ) -> Outcome:
        given = (server, operation, how, open, args, kwargs)
        return blocking(*given) if request.param == "sync" else asyncio.run(main(*given))

    return either
