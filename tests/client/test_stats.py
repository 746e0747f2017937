"""What a client tells of its calls while they run."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError

from sdk import Client
from sdk.stats import ClientStats

from ..faults.raw import Raw, always
from ..faults.streaming import DONE, chunk, streamed

_ASK: Any = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
_IDLE = ClientStats(in_flight=0, waiting=0)


@pytest.mark.parametrize("limit", [2, None])
def test_blocking_callers_and_coroutines_are_counted_together(limit: int | None) -> None:
    """A stream is in flight from its first request until it is closed, whoever reads it; so it is without a limit."""

    async def main(client: Client) -> None:
        async with client.chat.create.asyncio_stream(**_ASK):
            assert client.stats() == ClientStats(in_flight=2, waiting=0)

    with (
        Raw(always(streamed(chunk("Hi", "stop"), DONE))) as server,
        Client(api_base=server.url, api_key="k", max_in_flight=limit) as client,
    ):
        stream = client.chat.create.stream(**_ASK)
        assert client.stats() == _IDLE
        with stream:
            asyncio.run(main(client))
            assert client.stats() == ClientStats(in_flight=1, waiting=0)
        assert client.stats() == _IDLE


def test_the_record_is_of_one_moment() -> None:
    """It does not change, and nobody changes it."""
    with Client(api_key="k") as client:
        found: Any = client.stats()
        with pytest.raises(FrozenInstanceError):
            found.in_flight = 1
        assert found == _IDLE


def test_the_pace_of_a_learned_limit() -> None:
    """It is there once the server has refused calls that it accepted before, by the name of the kind of calls."""
    with Client(api_key="k", max_in_flight=None) as client:
        line = client._context.line_of(client.chat.create.request(**_ASK))
        assert client.stats().paces == {}
        for number in range(1, 9):
            line.pace.sent(number / 10)
        line.pace.refused(0.9, 8, 0.8, 0.0)
        assert client.stats().paces == {"chat with model m": line.pace.rate}
