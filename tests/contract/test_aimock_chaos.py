"""aimock's chaos flags: what goes wrong is overcome by a retry, or is a typed error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sdk import Client
from sdk.errors import APIConnectionError, APIResponseError, InternalServerError, RateLimitError, SDKError

from .calling import Caller
from .node import HERE, installed, running

#: Flag → what it does to every call, the error of it, and whether another attempt is made.
_CHAOS: dict[str, tuple[type[SDKError], bool]] = {
    "ratelimit": (RateLimitError, True),
    "drop": (InternalServerError, True),
    "disconnect": (APIConnectionError, True),
    "malformed": (APIResponseError, False),
}
_MESSAGES = [{"role": "user", "content": "a story"}]


def chat(client: Client) -> Any:
    """Pick the chat."""
    return client.chat.create


@pytest.fixture(scope="module", params=list(_CHAOS))
def chaos(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """A server at which every call goes wrong in one way: the flag, and its URL."""
    if not installed():
        pytest.skip("the servers are not installed: run `make contract`")
    flag: str = request.param
    arguments = ("--fixtures", str(HERE / "fixtures.json"), "--log-level", "warn", f"--chaos-{flag}", "1")
    with running("@copilotkit/aimock/dist/cli.js", *arguments, health="/health") as url:
        yield flag, url


@pytest.fixture(params=["sync", "asyncio"])
def broken(request: pytest.FixtureRequest, chaos: tuple[str, str]) -> Iterator[Caller]:
    """A caller of that server, which goes wrong again for each test."""
    caller = Caller(chaos[1], in_loop=request.param == "asyncio")
    caller.control("/chaos", method="DELETE")
    yield caller


def test_without_retries_the_error_is_typed(chaos: tuple[str, str], broken: Caller) -> None:
    """One attempt ends in the error that the fault is."""
    with pytest.raises(_CHAOS[chaos[0]][0]) as caught:
        broken(chat, model="gpt-4o", messages=_MESSAGES)
    if isinstance(caught.value, RateLimitError):
        assert caught.value.headers["retry-after"] == "1"


def test_a_stream_fails_with_the_same_error(chaos: tuple[str, str], broken: Caller) -> None:
    """A stream that never begins ends in the same error."""
    with pytest.raises(_CHAOS[chaos[0]][0]):
        broken.stream(chat, model="gpt-4o", messages=_MESSAGES)


def test_a_retry_overcomes_what_passes(chaos: tuple[str, str], broken: Caller) -> None:
    """Where the fault is over at the second attempt the call succeeds; broken JSON is not asked for again."""
    retried: list[float] = []

    def heal(number: int, error: SDKError, delay: float) -> None:
        retried.append(delay)
        broken.control("/chaos", method="POST", body={})

    options = {"max_retries": 2, "on_retry": heal}
    if not _CHAOS[chaos[0]][1]:
        with pytest.raises(APIResponseError):
            broken(chat, model="gpt-4o", messages=_MESSAGES, _options=options)
        assert retried == []
        return
    reply = broken(chat, model="gpt-4o", messages=_MESSAGES, _options=options)
    assert reply.choices[0].finish_reason == "stop"
    assert len(retried) == 1
    assert chaos[0] != "ratelimit" or retried[0] >= 1  # what Retry-After says
