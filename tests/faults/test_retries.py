"""Group Retries of the fault table, on sockets; what is decided stands in tests/call/test_retry.py."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from sdk import Client
from sdk.errors import InternalServerError, QuotaExceededError, RateLimitError

from .conftest import KEY, MESSAGES, Call
from .raw import CHAT, Raw, always, reply

_DOWN = reply(b'{"error":{"message":"down"}}', "503 Service Unavailable")


def _sent(server: Raw, name: str) -> list[str]:
    """Return the values of a header in all requests."""
    return [
        found[1].decode() for r in server.requests if (found := re.search(rb"(?i)\r\n%b: ([^\r]*)" % name.encode(), r))
    ]


def test_r1_recovers(call: Call) -> None:
    """A 503 and then a reply: the count is on the wire, and both have the same Idempotency-Key."""
    with Raw(always(_DOWN, reply())) as server:
        outcome = call(server, open=1)
    assert outcome.error is None
    assert outcome.reply.content == CHAT
    assert _sent(server, "X-Retry-Count") == ["0", "1"]
    keys = _sent(server, "Idempotency-Key")
    assert (len(keys), len(set(keys))) == (2, 1)
    assert (outcome.attempts, len(server.requests), outcome.open) == (2, 2, 1)
    (first,) = outcome.reply.attempts
    assert (first.number, first.status_code, type(first.error)) == (1, 503, InternalServerError)


def test_r1_calls_differ_in_their_keys(call: Call) -> None:
    """Two calls are two; a key that is given is the one that is sent."""
    with Raw(always(reply())) as server:
        call(server, open=1, times=2)
        call(server, open=1, idempotency_key="mine")
    first, second, third = _sent(server, "Idempotency-Key")
    assert first != second
    assert third == "mine"


@pytest.mark.parametrize(
    ("status", "attempts"),
    [(s, 3) for s in (408, 409, 429, 500, 502, 503, 504, 520, 529)]
    + [(s, 1) for s in (400, 401, 403, 404, 413, 422, 501, 505)],
)
def test_r2_which_statuses(call: Call, status: int, attempts: int) -> None:
    """What may pass is tried three times, what will not once."""
    with Raw(always(reply(b"{}", f"{status} X"))) as server:
        outcome = call(server, open=1)
    assert outcome.failed.status_code == status
    assert (outcome.attempts, len(server.requests), outcome.open) == (attempts, attempts, 1)


@pytest.mark.parametrize(("status", "wish", "attempts"), [(503, "false", 1), (400, "true", 3)])
def test_r2_the_server_decides(call: Call, status: int, wish: str, attempts: int) -> None:
    """x-should-retry is stronger than the status."""
    with Raw(always(reply(b"{}", f"{status} X", f"X-Should-Retry: {wish}\r\n"))) as server:
        outcome = call(server, open=1)
    assert (outcome.attempts, len(server.requests), outcome.open) == (attempts, attempts, 1)


@pytest.mark.parametrize("field", ["code", "type"])
def test_r3_quota(call: Call, field: str) -> None:
    """Want of quota does not pass by waiting."""
    body = f'{{"error":{{"message":"m","{field}":"insufficient_quota"}}}}'.encode()
    with Raw(always(reply(body, "429 Too Many Requests", "Retry-After: 1\r\n"))) as server:
        outcome = call(server, open=1)
    assert type(outcome.failed) is QuotaExceededError
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits of the drivers, which are not waited. Servers in threads of their own sleep as ever."""
    waits: list[float] = []
    real, real_sync, mine = asyncio.sleep, time.sleep, threading.current_thread()

    async def sleep(seconds: float) -> None:
        if threading.current_thread() is not mine:
            await real(seconds)
        elif seconds:
            waits.append(seconds)
        await real(0)

    def sync_sleep(seconds: float) -> None:
        (waits.append if threading.current_thread() is mine else real_sync)(seconds)

    monkeypatch.setattr("sdk._core.call.drivers.time.sleep", sync_sleep)
    monkeypatch.setattr("asyncio.sleep", sleep)
    return waits


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ("Retry-After: 5\r\n", [5.0]),
        ("Retry-After: 120\r\n", [120.0]),
        ("Retry-After: 121\r\n", None),
        (f"Retry-After: {'9' * 20}\r\n", None),
        (f"Retry-After: {'9' * 400}\r\n", None),
        ("Retry-After: 5\r\nRetry-After-Ms: 1500\r\n", [1.5]),
        ("Retry-After: -5\r\n", []),
        ("Retry-After: nan\r\n", []),
        ("Retry-After: inf\r\n", []),
        ("Retry-After: abc\r\n", []),
        ("Retry-After: 1e3\r\n", []),
        ("Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", []),
    ],
)
def test_r4_retry_after(call: Call, slept: list[float], headers: str, waits: Any) -> None:
    """The server's wish is kept to the second up to the limit; nonsense counts as none; too long ends the call."""
    with Raw(always(reply(b"{}", "429 Too Many Requests", headers), reply())) as server:
        outcome = call(server, open=1)
    if waits is None:
        assert type(outcome.failed) is RateLimitError
        assert (outcome.attempts, len(server.requests), outcome.open, slept) == (1, 1, 1, [])
    else:
        assert (outcome.error, outcome.attempts, len(server.requests), outcome.open) == (None, 2, 2, 1)
        assert [seconds for seconds in slept if seconds] == waits


def test_r4_a_date(call: Call, slept: list[float]) -> None:
    """A date to come is waited for."""
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    with Raw(always(reply(b"{}", "503 X", f"Retry-After: {date}\r\n"), reply())) as server:
        outcome = call(server, open=1)
    assert outcome.error is None
    (wait,) = [seconds for seconds in slept if seconds]
    assert 25 < wait <= 30


@pytest.mark.parametrize("wish", ["10000000000", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_r4_what_no_clock_can_wait(call: Call, slept: list[float], wish: str) -> None:
    """Without a limit of its own the call still ends with the server's error, not with the clock's."""
    with Raw(always(reply(b"{}", "503 X", f"Retry-After: {wish}\r\n"))) as server:
        outcome = call(server, open=1, client={"max_retry_after": None})
    assert type(outcome.failed) is InternalServerError
    assert (outcome.attempts, len(server.requests), slept) == (1, 1, [])


@pytest.mark.parametrize("wish", ["", "Retry-After: 0\r\n", "Retry-After-Ms: 1\r\n"], ids=["none", "now", "soon"])
def test_r5_a_dead_server_is_not_hammered(call: Call, slept: list[float], wish: str) -> None:
    """Two hundred calls to a server that is down make at most a hundred requests more, though it says "at once"."""
    with Raw(always(reply(b'{"error":{"message":"down"}}', "503 Service Unavailable", wish))) as server:
        outcome = call(server, open=1, times=200)
    assert type(outcome.failed) is InternalServerError
    assert 235 <= len(server.requests) <= 300
    assert (server.connections, outcome.open) == (1, 1)


@pytest.mark.parametrize(("status", "wish"), [(503, "Retry-After: 1"), (429, "Retry-After-Ms: 1")])
def test_r5_a_server_that_paces_is_obeyed(call: Call, slept: list[float], status: int, wish: str) -> None:
    """Where the server says when to come back, every call comes back as often as it may."""
    with Raw(always(reply(b"{}", f"{status} X", f"{wish}\r\n"))) as server:
        outcome = call(server, open=1, times=60)
    assert (outcome.attempts, len(server.requests)) == (3, 180)


def test_r5_success_fills_the_quota_again(call: Call) -> None:
    """A server that fails now and then gets its retries however long it goes on."""
    with Raw(always(*[_DOWN, reply()] * 120)) as server:
        outcome = call(server, open=1, times=120)
    assert outcome.error is None
    assert len(server.requests) == 240


@pytest.mark.world("asyncio")
def test_r6_cancel_in_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that is cancelled while it waits ends at once, and asks no more; its place is free."""
    monkeypatch.setattr("sdk._core.call.retry._FIRST", 60.0)
    monkeypatch.setattr("random.random", lambda: 1.0)

    async def main(server: Raw) -> None:
        server.baseline()
        waiting = asyncio.Event()
        async with Client(
            api_base=server.url, api_key=KEY, max_in_flight=1, on_retry=lambda *a: waiting.set()
        ) as client:
            task = asyncio.create_task(client.chat.create.asyncio(model="m", messages=MESSAGES))
            await waiting.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert (len(server.requests), server.open(1), client.stats().in_flight) == (1, 1, 0)

    with Raw(always(_DOWN)) as server:
        asyncio.run(main(server))


@pytest.mark.world("sync")
def test_r6_interrupt_in_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for a thread that is interrupted."""

    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sdk._core.call.drivers.time.sleep", interrupted)
    with Raw(always(_DOWN)) as server, Client(api_base=server.url, api_key=KEY, max_in_flight=1) as client:
        with pytest.raises(KeyboardInterrupt):
            client.chat.create.sync(model="m", messages=MESSAGES)
        assert (len(server.requests), server.open(1), client.stats().in_flight) == (1, 1, 0)


def test_r7_no_sleep_beyond_the_deadline(call: Call, slept: list[float]) -> None:
    """A wait that the deadline does not allow is not begun: the error comes at once."""
    with Raw(always(reply(b"{}", "503 X", "Retry-After: 30\r\n"))) as server:
        outcome = call(server, open=1, deadline=10)
    assert type(outcome.failed) is InternalServerError
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)
    assert [seconds for seconds in slept if seconds] == []


def test_r8_all_attempts_are_kept(call: Call) -> None:
    """The last error is raised, and knows the ones before."""
    answers = [reply(b"{}", "500 X"), reply(b"{}", "429 X"), reply(b"{}", "503 X")]
    with Raw(always(*answers)) as server:
        outcome = call(server, open=1)
    assert outcome.failed.status_code == 503
    assert [(a.number, a.status_code) for a in outcome.failed.attempts] == [(1, 500), (2, 429)]
    assert (outcome.attempts, len(server.requests)) == (3, 3)


def test_on_retry_is_told(world: str) -> None:
    """on_retry hears of each attempt that is made again: its number, its error and the wait."""
    reported: list[tuple[int, int | None, float]] = []

    def hook(attempt: int, error: Any, delay: float) -> None:
        reported.append((attempt, error.status_code, delay))

    async def ahook(attempt: int, error: Any, delay: float) -> None:
        hook(attempt, error, delay)

    async def main(url: str) -> None:
        async with Client(api_base=url, api_key=KEY, on_retry=ahook) as client:
            await client.chat.create.asyncio(model="m", messages=MESSAGES)

    before = threading.active_count()
    with Raw(always(_DOWN, _DOWN, reply())) as server:
        if world == "asyncio":
            asyncio.run(main(server.url))
        else:
            with Client(api_base=server.url, api_key=KEY, on_retry=hook) as client:
                client.chat.create.sync(model="m", messages=MESSAGES)
    assert reported == [(1, 503, 0.0), (2, 503, 0.0)]
    assert threading.active_count() == before
