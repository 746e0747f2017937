"""Ctrl-C and cancellation at any moment: nothing is left behind, and a note says how to cancel the job."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from sdk import Client, asyncio_wait, models, wait
from sdk._core.waiting import drivers
from tests.faults.raw import Peer, Raw, reply
from tests.waiting.world import Clock, batch, states, world

_NOTE = "Batch batch_1 continues on the server. To cancel it: client.batches.cancel.sync('batch_1'). "
_JOB = models.Batch.from_dict(batch())


def _interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("looks", [0, 1, 2])
def test_ctrl_c_in_a_pause(monkeypatch: pytest.MonkeyPatch, looks: int) -> None:
    """KeyboardInterrupt comes out as it is, with the note; the client has no call in flight."""
    with world(monkeypatch, states("in_progress")) as made:
        made.clock.on_sleep = lambda: _interrupt() if len(made.clock.slept) > looks else None
        with pytest.raises(KeyboardInterrupt) as caught:
            wait(_JOB, client=made.client)
        assert caught.value.__notes__[0].startswith(_NOTE)
        assert (len(made.targets), made.client.stats().in_flight) == (looks, 0)


@pytest.mark.parametrize("moment", ["on_request", "on_response"])
def test_ctrl_c_in_a_request(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """The connection of the look that is interrupted is closed."""
    hook: dict[str, Any] = {moment: lambda view: _interrupt()}
    with world(monkeypatch, states("in_progress"), **hook) as made:
        with pytest.raises(KeyboardInterrupt) as caught:
            wait(_JOB, client=made.client)
        assert caught.value.__notes__[0].startswith(_NOTE)
        assert made.client.stats().in_flight == 0


def test_ctrl_c_while_the_server_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal that arrives while the answer is waited for ends the wait, and closes its socket."""
    import signal

    monkeypatch.setattr(drivers, "time", Clock())
    asked = threading.Event()

    def script(peer: Peer) -> None:
        peer.request()
        asked.set()
        peer.hold()

    before = signal.signal(signal.SIGUSR1, lambda number, frame: _interrupt())
    main = threading.main_thread().ident
    assert main is not None

    def send() -> None:
        asked.wait(10)
        signal.pthread_kill(main, signal.SIGUSR1)

    thread = threading.Thread(target=send)
    try:
        with Raw(script) as server, Client(api_base=server.url, api_key="k") as client:
            thread.start()
            with pytest.raises(KeyboardInterrupt) as caught:
                wait(_JOB, client=client)
            assert caught.value.__notes__[0].startswith(_NOTE)
            assert server.open(0) == 0
    finally:
        signal.signal(signal.SIGUSR1, before)
        thread.join()


@pytest.mark.parametrize("moment", ["pause", "request", "on_state"])
def test_a_cancelled_wait_leaves_no_task_and_no_socket(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Cancellation arrives in a pause, while the server is silent, or in `on_state`; each time all is closed."""

    async def main(client: Client, started: Callable[[], Any]) -> list[str]:
        async def block(job: models.Batch) -> None:
            here.set()
            await asyncio.Event().wait()

        async def asleep(seconds: float) -> None:
            if moment == "pause":
                here.set()
                await asyncio.Event().wait()

        here = asyncio.Event()
        monkeypatch.setattr(drivers, "sleep", asleep)
        async with client:
            task = asyncio.create_task(asyncio_wait(_JOB, client=client, on_state=block))
            if moment == "request":
                await asyncio.to_thread(started)
            else:
                await here.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert client.stats().in_flight == 0
        return caught.value.__notes__

    asked = threading.Event()

    def script(peer: Peer) -> None:
        while peer.request() is not None:
            asked.set()
            if moment == "request":
                peer.hold()
            else:
                peer.send(reply(json.dumps(batch("finalizing")).encode()))

    with Raw(script) as server:
        client = Client(api_base=server.url, api_key="k", http_options={"trust_env": False})
        notes = asyncio.run(main(client, lambda: asked.wait(10)))
        assert server.open(0) == 0
    assert notes[0].startswith(_NOTE)


def test_a_time_limit_around_a_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """`asyncio.timeout` of the caller's own ends a wait as any other call."""

    async def main(client: Client) -> None:
        async with client:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0):
                    await asyncio_wait(_JOB, client=client)

    with Raw(lambda peer: peer.hold()) as server:
        asyncio.run(main(Client(api_base=server.url, api_key="k")))
        assert server.open(0) == 0


def test_an_error_of_on_state_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the caller's own, and comes out as it is."""
    with world(monkeypatch, states("finalizing")) as made, pytest.raises(ZeroDivisionError) as caught:
        wait(_JOB, client=made.client, on_state=lambda job: 1 // 0)
    assert caught.value.__notes__[0].startswith(_NOTE)
