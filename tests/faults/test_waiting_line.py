"""The line of the log that tells of the first call that waits for a place."""

from __future__ import annotations

import asyncio
import logging
import re
import subprocess
import sys
import threading
import time
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any

import pytest

from sdk import Client

from .conftest import KEY, MESSAGES
from .raw import Raw, always, reply
from .streaming import DONE, chunk, streamed


async def _five(server: Raw, **options: Any) -> None:
    async with Client(api_base=server.url, api_key=KEY, **options) as client:
        await asyncio.gather(*[client.chat.create.asyncio(model="m", messages=MESSAGES) for _ in range(5)])


def test_the_log_says_once_how_to_raise_the_default(caplog: pytest.LogCaptureFixture) -> None:
    """The first call that waits for the default limit is told of, and no other; it is no warning of Python's."""
    with Raw(always(reply())) as server:
        asyncio.run(_five(server))
    (reported,) = caplog.record_tuples
    assert reported[:2] == ("sdk", logging.WARNING)
    assert re.search(
        r" waits because 2 others are in flight.* raise max_in_flight= .*set OPENAI_MAX_IN_FLIGHT", reported[2]
    )


@pytest.mark.parametrize("options", [{"max_in_flight": 2}, {"max_connections": 1}, {"variable": "2"}], ids=str)
def test_the_log_says_nothing_of_a_chosen_limit(
    options: dict[str, Any], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has chosen the limit knows that calls wait."""
    if "variable" in options:
        monkeypatch.setenv("OPENAI_MAX_IN_FLIGHT", options.pop("variable"))
    with Raw(always(reply())) as server:
        asyncio.run(_five(server, **options))
    assert caplog.records == []


def test_the_log_names_the_line_of_the_call(world: str, caplog: pytest.LogCaptureFixture) -> None:
    """It is told of the program's line that waits, not of one inside the SDK or the standard library."""

    async def main(client: Client) -> None:
        async with AsyncExitStack() as stack:
            for _ in range(2):
                await stack.enter_async_context(client.chat.create.asyncio_stream(model="m", messages=MESSAGES))

            async def call() -> None:
                await client.chat.create.asyncio(model="m", messages=MESSAGES)

            with pytest.raises(TimeoutError):
                await asyncio.create_task(asyncio.wait_for(call(), 0.1))

    def sync(client: Client) -> None:
        with ExitStack() as stack:
            for _ in range(2):
                stack.enter_context(client.chat.create.stream(model="m", messages=MESSAGES))
            thread = threading.Thread(target=lambda: client.chat.create.sync(model="m", messages=MESSAGES))
            thread.start()
            while not client.stats().waiting:
                time.sleep(0.001)
        thread.join()

    stream = streamed(chunk("Hi", "stop"), DONE)
    with (
        Raw(always(stream, stream, reply())) as server,
        Client(api_base=server.url, api_key=KEY) as client,
    ):
        sync(client) if world == "sync" else asyncio.run(main(client))
    ((_, _, reported),) = caplog.record_tuples
    found = re.match(r"the call at (.+):(\d+) waits", reported)
    assert found
    assert found[1] == __file__
    assert ".chat.create." in Path(__file__).read_text(encoding="utf-8").splitlines()[int(found[2]) - 1]


def test_the_line_is_seen_without_any_set_up() -> None:
    """A program that knows nothing of logging sees the line on stderr."""
    code = """
import asyncio, sys
from sdk import Client
async def main():
    async with Client(api_base=sys.argv[1], api_key="k") as client:
        calls = [client.chat.create.asyncio(model="m", messages=[]) for _ in range(3)]
        await asyncio.gather(*calls)
asyncio.run(main())
"""
    with Raw(always(reply())) as server:
        done = subprocess.run([sys.executable, "-c", code, server.url], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0
    assert re.fullmatch(r"the call at <string>:8 waits because 2 others are in flight, .*\n", done.stderr)
