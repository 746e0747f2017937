"""Calls that wait for their pace: their order, their places, and how a wait ends."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest

from sdk import Client
from sdk._core.call.limiter import ConcurrencyLimiter
from sdk._core.call.line import Line
from sdk._core.effects import Acquire
from sdk.errors import APITimeoutError, PoolTimeoutError, RateLimitError
from sdk.stats import ClientStats

from ..faults.raw import Peer, Raw, always, reply

_ASK: Any = {"messages": [{"role": "user", "content": "Hi"}]}
_REFUSAL = reply(b"{}", "429 Too Many Requests", "Retry-After-Ms: 50\r\n")


def _line(client: Client, model: str = "m") -> Line:
    """Return the line of chat calls with a model, with its start behind it."""
    line = client._context.line_of(client.chat.create.request(model=model, **_ASK))
    line.pace.open = True
    return line


def _pause(line: Line, seconds: float) -> float:
    """Let all calls of a line wait, and return until when."""
    line.pace.open, line.pace._began, line.pace.pause = False, None, time.monotonic() + seconds
    return line.pace.pause


def _client(server: Raw, **options: Any) -> Client:
    return Client(api_base=server.url, api_key="k", **options)


def _order(server: Raw) -> list[int]:
    """Return the seeds of all requests, in the order in which they came."""
    return [json.loads(one.partition(b"\r\n\r\n")[2])["seed"] for one in server.requests]


def test_calls_wait_in_the_order_in_which_they_came() -> None:
    """Twenty tasks wait for the end of a pause, and go as they came; none holds a place meanwhile."""

    async def main(server: Raw) -> None:
        async with _client(server, max_in_flight=20) as client:
            await client.chat.create.asyncio(model="other", extra_body={"seed": 0}, **_ASK)  # loads what a call needs
            until = _pause(_line(client), 0.5)
            tasks = [
                asyncio.create_task(client.chat.create.asyncio(model="m", extra_body={"seed": n}, **_ASK))
                for n in range(20)
            ]
            await asyncio.sleep(0)
            assert client.stats() == ClientStats(in_flight=0, waiting=20)
            await asyncio.gather(*tasks)
            assert time.monotonic() >= until
            assert client.stats() == ClientStats(in_flight=0, waiting=0)

    with Raw(always(reply())) as server:
        asyncio.run(main(server))
        assert sorted(_order(server)[1:]) == list(range(20))


def test_threads_wait_for_their_pace() -> None:
    """Blocking callers are let go as coroutines are."""
    with Raw(always(reply())) as server, _client(server, max_in_flight=5) as client, ThreadPoolExecutor(5) as pool:
        client.chat.create.sync(model="other", **_ASK)  # loads what a call needs
        until = _pause(_line(client), 0.2)
        for _ in pool.map(lambda _: client.chat.create.sync(model="m", **_ASK), range(5)):
            assert time.monotonic() >= until
    assert len(server.requests) == 6


def test_trio_tasks_wait_for_their_pace() -> None:
    """So are the tasks of trio."""

    async def main(server: Raw) -> None:
        async with _client(server, max_in_flight=5) as client, anyio.create_task_group() as group:
            until = _pause(_line(client), 0.5)
            for _ in range(5):
                group.start_soon(lambda: client.chat.create.asyncio(model="m", **_ASK))
            await anyio.wait_all_tasks_blocked()
            assert client.stats() == ClientStats(in_flight=0, waiting=5)
        assert time.monotonic() >= until

    with Raw(always(reply())) as server:
        anyio.run(main, server, backend="trio")
        assert len(server.requests) == 5


def test_two_models_have_a_line_each() -> None:
    """While one is paused, and many of its calls wait, the other one is answered at once, with a single place."""

    async def main(server: Raw) -> None:
        async with _client(server, max_in_flight=1) as client:
            _pause(_line(client, "slow"), 60)
            tasks = [asyncio.create_task(client.chat.create.asyncio(model="slow", **_ASK)) for _ in range(50)]
            await asyncio.sleep(0)
            async with asyncio.timeout(5):
                await client.chat.create.asyncio(model="quick", **_ASK)
            assert client.stats() == ClientStats(in_flight=0, waiting=50)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert client.stats() == ClientStats(in_flight=0, waiting=0)

    with Raw(always(reply())) as server:
        asyncio.run(main(server))
        assert len(server.requests) == 1


@pytest.mark.filterwarnings("ignore:a call waits:RuntimeWarning")
def test_a_refused_call_gives_back_its_place_and_comes_back_first() -> None:
    """With one place: the others go while it waits its Retry-After, and it goes before those that came after it."""
    seen: list[ClientStats] = []

    refusal = _REFUSAL.replace(b": 50", b": 1000")

    def script(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            refused = not seen and b'"seed":0' in request.replace(b" ", b"")
            if refused:
                seen.append(client.stats())
            peer.send(refusal if refused else reply())

    async def main() -> None:
        async with client:
            await client.chat.create.asyncio(model="m", extra_body={"seed": 9}, **_ASK)  # else all calls would pause
            line = _line(client)
            calls = [
                asyncio.create_task(client.chat.create.asyncio(model="m", extra_body={"seed": n}, **_ASK))
                for n in range(2)
            ]
            await calls[1]
            assert client.stats() == ClientStats(in_flight=0, waiting=1)
            _pause(line, 1.5)  # longer than the Retry-After: the two that come now have to wait, too
            calls += [
                asyncio.create_task(client.chat.create.asyncio(model="m", extra_body={"seed": n}, **_ASK))
                for n in (2, 3)
            ]
            await asyncio.gather(*calls)

    with Raw(script) as server:
        client = _client(server, max_in_flight=1)
        asyncio.run(main())
        assert _order(server) == [9, 0, 1, 0, 2, 3]
    assert [one.in_flight for one in seen] == [1]


def test_refusals_cost_no_attempt_while_others_are_accepted() -> None:
    """A call that is refused five times gets its answer, since the server serves another one each time."""
    refused: list[int] = []

    def script(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            again = b'"seed":1' in request.replace(b" ", b"") and len(refused) < 5
            if again:
                client.chat.create.sync(model="m", extra_body={"seed": 0}, **_ASK)
                refused.append(1)
            peer.send(_REFUSAL if again else reply())

    with Raw(script) as server, _client(server, max_in_flight=5) as client:
        _line(client)
        found = client.chat.create.sync_detailed(model="m", extra_body={"seed": 1}, **_ASK)
        assert [one.status_code for one in found.attempts] == [429] * 5


def test_without_retries_a_refusal_is_final() -> None:
    """max_retries=0 means one attempt, whatever others are given."""
    with Raw(always(reply(), _REFUSAL)) as server, _client(server, max_retries=0) as client:
        client.chat.create.sync(model="m", **_ASK)
        with pytest.raises(RateLimitError) as caught:
            client.chat.create.sync(model="m", **_ASK)
    assert caught.value.attempts == ()
    assert len(server.requests) == 2


def test_without_a_pace_a_refused_call_keeps_its_place() -> None:
    """pace=False: each call waits by itself, and holds its place meanwhile."""
    seen: list[ClientStats] = []

    def on_retry(*_: object) -> None:
        seen.append(client.stats())

    client: Client
    with Raw(always(_REFUSAL, reply())) as server, _client(server, pace=False, on_retry=on_retry) as client:
        client.chat.create.sync(model="m", **_ASK)
        assert client._context.lines is None
    assert seen == [ClientStats(in_flight=1, waiting=0)]


def test_a_pause_that_is_too_long_is_told_to_every_call_that_would_wait() -> None:
    """The one that is refused, those that wait already, and those that come later."""
    long = reply(b"{}", "429 Too Many Requests", "Retry-After: 500\r\n")

    async def main(server: Raw) -> list[Any]:
        async with _client(server, max_in_flight=5) as client:
            _pause(_line(client), 0.2)
            tasks = [asyncio.create_task(client.chat.create.asyncio(model="m", **_ASK)) for _ in range(3)]
            await asyncio.sleep(0)
            _line(client).pace._pause(time.monotonic(), 0, 300)
            tasks.append(asyncio.create_task(client.chat.create.asyncio(model="other", **_ASK)))
            return await asyncio.gather(*tasks, return_exceptions=True)

    with Raw(always(long)) as server:
        with _client(server) as client:
            for _ in range(2):
                with pytest.raises(RateLimitError) as caught:
                    client.chat.create.sync(model="m", **_ASK)
            assert len(server.requests) == 1
        message = str(caught.value)
        assert "the server asked all calls of chat with model m to wait 500 s more" in message
        assert (caught.value.request_sent, caught.value.request is not None) == (False, True)
        found = asyncio.run(main(server))
    assert [type(one) for one in found] == [RateLimitError] * 4
    assert len(server.requests) == 2


def test_waiting_calls_hear_of_a_long_pause_at_once() -> None:
    """A refusal with a Retry-After that is too long ends the waits of its line."""
    limiter = ConcurrencyLimiter(5, None, "max_in_flight", "X")
    line = Line(limiter, "chat", 120.0, None, True)
    line.pace.open = True
    sent = Acquire(None, line)
    assert line.take(sent)
    _pause(line, 60)

    async def main() -> None:
        waiting = [asyncio.create_task(line.aacquire(None, Acquire(None, line))) for _ in range(3)]
        await asyncio.sleep(0)
        line.refused(sent, {}, 500.0)
        found = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(one) for one in found] == [RateLimitError] * 3

    asyncio.run(main())
    assert line.waiting == 0


@pytest.mark.parametrize("option", ["deadline", "pool_timeout"])
def test_waiting_for_the_pace_counts_against_the_deadline_alone(option: str) -> None:
    """It is no wait for a place: a pool_timeout that is shorter does not end it."""
    with Raw(always(reply())) as server, _client(server, **{option: 0.05}) as client:
        line = _line(client)
        _pause(line, 0.3 if option == "pool_timeout" else 60)
        if option == "deadline":
            with pytest.raises(APITimeoutError, match="deadline of the whole call"):
                client.chat.create.sync(model="m", **_ASK)
        else:
            client.chat.create.sync(model="m", **_ASK)
        assert client.stats() == ClientStats(in_flight=0, waiting=0)


@pytest.mark.filterwarnings("ignore:a call waits:RuntimeWarning")
def test_waiting_for_a_place_ends_for_all_calls_of_a_line() -> None:
    """They stand in the queue of the limiter once, and each waits for pool_timeout, not one after the other."""
    limiter = ConcurrencyLimiter(1, 0.1, "max_in_flight", "X")
    line = Line(limiter, "chat", None, None, True)
    limiter.acquire(None)

    async def main() -> list[Any]:
        waiting = [line.aacquire(None, Acquire(None, line)) for _ in range(3)]
        return await asyncio.gather(*waiting, return_exceptions=True)

    began = time.monotonic()
    assert [type(one) for one in asyncio.run(main())] == [PoolTimeoutError] * 3
    assert 0.1 <= time.monotonic() - began < 5
    limiter.release()
    assert (limiter.counts()[0], line.waiting) == (0, 0)
    assert line.take(Acquire(None, line))


def test_a_call_that_leaves_does_not_stop_the_others() -> None:
    """The task that looks at the clock for all is cancelled: the next one looks."""

    async def main(server: Raw) -> None:
        async with _client(server, max_in_flight=3) as client:
            _pause(_line(client), 0.2)
            tasks = [asyncio.create_task(client.chat.create.asyncio(model="m", **_ASK)) for _ in range(3)]
            await asyncio.sleep(0)
            tasks[0].cancel()
            done = await asyncio.gather(*tasks, return_exceptions=True)
            assert [isinstance(one, BaseException) for one in done] == [True, False, False]

    with Raw(always(reply())) as server:
        asyncio.run(main(server))
        assert len(server.requests) == 2


def test_a_call_whose_loop_is_closed_is_passed_over() -> None:
    """Its turn goes to the next one, and its permit is not lost."""
    limiter = ConcurrencyLimiter(1, None, "max_in_flight", "X")
    line = Line(limiter, "chat", None, None, True)
    limiter.acquire(None)
    loop = asyncio.new_event_loop()
    gone, behind = line.aacquire(None, Acquire(None, line)), Acquire(None, line)
    with warnings.catch_warnings(action="ignore"):
        task = loop.create_task(gone)
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
        thread = threading.Thread(target=line.acquire, args=[None, behind], daemon=True)
        thread.start()
        while line.waiting < 2:
            time.sleep(0.001)
        limiter.release()
        thread.join(5)
    assert (thread.is_alive(), behind.taken, limiter.counts()[0]) == (False, limiter.process, 1)
    gone.close()
    task._log_destroy_pending = False  # type: ignore[attr-defined]  # it is meant to be left


def test_a_client_keeps_a_bounded_number_of_lines() -> None:
    """Models may have any names; those whose line holds nobody are forgotten."""
    with Client(api_key="k") as client:
        for number in range(2500):
            client._context.line_of(client.chat.create.request(model=f"m{number}", **_ASK))
        assert client._context.lines is not None
        assert len(client._context.lines) <= 1000
