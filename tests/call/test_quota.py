"""The limits that a client keeps by itself."""

from __future__ import annotations

import time
from typing import Any

import pytest

from sdk import Client
from sdk._core.call.quota import Quota
from sdk._openai.usage.estimate import estimated_tokens

from ..faults.raw import Raw, always, reply

_ASK: Any = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}


def test_requests_of_a_second_at_once_and_then_evenly() -> None:
    """120 per minute: two at once, and one each half second."""
    quota = Quota(120, None)
    assert [quota.reserve(10.0, 0) for _ in range(5)] == [10.0, 10.0, 10.5, 11.0, 11.5]
    assert [quota.reserve(60.0, 0) for _ in range(3)] == [60.0, 60.0, 60.5]


def test_few_requests_go_one_by_one() -> None:
    """30 per minute: one each two seconds."""
    quota = Quota(30, None)
    assert [quota.reserve(10.0, 0) for _ in range(3)] == [10.0, 12.0, 14.0]


def test_tokens_are_paid_for_by_the_calls_that_follow() -> None:
    """6,000 tokens per minute are 100 a second: after one with 1,000 the next one waits for nine seconds."""
    quota = Quota(None, 6000)
    assert [quota.reserve(10.0, 1000), quota.reserve(10.0, 100), quota.reserve(10.0, 1)] == [10.0, 19.0, 20.0]


def test_tokens_are_corrected() -> None:
    """A call that used 900 fewer than was estimated gives them back."""
    quota = Quota(None, 6000)
    quota.reserve(10.0, 1000)
    quota.correct(-900)
    assert quota.reserve(10.0, 1) == 10.0
    quota.correct(500)
    assert quota.reserve(10.0, 1) == pytest.approx(15.01)


@pytest.mark.parametrize(
    ("arguments", "tokens"),
    [({}, 0), ({"max_completion_tokens": 500}, 500), ({"max_tokens": 70, "max_completion_tokens": 60}, 70)],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tokens_are_estimated_by_the_body_and_its_limit(arguments: Any, tokens: int) -> None:
    """A quarter of the bytes, and the most that the reply may have."""
    with Client(api_key="k") as client:
        request = client.chat.create.request(**_ASK, **arguments)
    content = request.content()
    assert content.data is not None
    assert estimated_tokens(request, content) == len(content.data) // 4 + tokens


@pytest.mark.parametrize("pace", [True, False])
def test_a_client_keeps_its_requests_per_minute(pace: bool) -> None:
    """Calls of all models and operations together: 600 per minute are ten at once and one each tenth of a second."""
    with (
        Raw(always(reply())) as server,
        Client(api_base=server.url, api_key="k", requests_per_minute=600, pace=pace) as client,
    ):
        began = time.monotonic()
        for number in range(13):
            client.chat.create.sync(**{**_ASK, "model": f"m{number % 2}"})
        assert time.monotonic() - began >= 0.3
    assert len(server.requests) == 13


def test_a_client_keeps_its_tokens_per_minute() -> None:
    """6,000 per minute, and calls of 100 tokens or more: the fourth waits for those before it."""
    with (
        Raw(always(reply())) as server,
        Client(api_base=server.url, api_key="k", tokens_per_minute=6000) as client,
    ):
        began = time.monotonic()
        for _ in range(3):
            client.chat.create.sync(**_ASK, max_completion_tokens=100)
        assert time.monotonic() - began >= 1.0
    assert len(server.requests) == 3
