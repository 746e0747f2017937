"""`wait` and `asyncio_wait` against a server on a real socket, on a virtual clock."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

import sdk
from sdk import APIResponse, Client, errors, models, wait
from sdk._core.waiting import drivers
from tests.faults.raw import Peer, Raw, always, reply
from tests.waiting.world import WORLDS, Clock, batch, states, world

#: Every class that can be waited for: a reply of its `create`, its last state, and where it is read.
_FORMS: dict[str, tuple[dict[str, Any], str, str]] = {
    "AgentSession": ({"id": "sess_1", "status": "in_progress"}, "idle", "/agents/sessions/sess_1"),
    "AutomationInvocation": (
        {"id": "inv_1", "automation_id": "auto_1", "status": "queued"}, "completed",
        "/agents/automations/auto_1/invocations/inv_1",
    ),
    "Batch": ({"id": "b 1", "status": "validating"}, "completed", "/batches/b%201"),
    "BetaResponse": ({"id": "resp_1", "status": "queued"}, "completed", "/responses/resp_1?beta=true"),
    "Container": ({"id": "cntr_1", "status": "creating"}, "running", "/containers/cntr_1"),
    "EnvironmentInfo": ({"id": "env_1", "status": "pending"}, "ready", "/agents/environments/env_1"),
    "EvalRun": ({"id": "run_1", "eval_id": "eval_1", "status": "queued"}, "completed", "/evals/eval_1/runs/run_1"),
    "ExternalStorageConfiguration": (
        {"id": "stor_1", "status": "pending"}, "validated", "/organization/external_storage/stor_1",
    ),
    "FileObject": ({"id": "file-1", "status": "uploaded"}, "processed", "/files/file-1"),
    "FineTuningJob": ({"id": "ft-1", "status": "queued"}, "succeeded", "/fine_tuning/jobs/ft-1"),
    "Response": ({"id": "resp_1", "status": "queued"}, "incomplete", "/responses/resp_1"),
    "Run": ({"id": "run_1", "thread_id": "th_1", "status": "queued"}, "requires_action", "/threads/th_1/runs/run_1"),
    "Turn": (
        {"id": "turn_1", "session_id": "sess_1", "subagent_id": "sub_1", "status": "queued"}, "completed",
        "/agents/sessions/sess_1/subagents/sub_1/turns/turn_1",
    ),
    "VectorStore": ({"id": "vs_1", "status": "in_progress"}, "completed", "/vector_stores/vs_1"),
    "VectorStoreFile": (
        {"id": "file-1", "vector_store_id": "vs_1", "status": "in_progress"}, "completed",
        "/vector_stores/vs_1/files/file-1",
    ),
    "VectorStoreFileBatchObject": (
        {"id": "vsfb_1", "vector_store_id": "vs_1", "status": "in_progress"}, "completed",
        "/vector_stores/vs_1/file_batches/vsfb_1",
    ),
    "Video": ({"id": "video_1", "status": "queued", "progress": 0}, "completed", "/videos/video_1"),
}  # fmt: skip


def test_the_forms_are_all_that_the_api_has() -> None:
    """A class that can be waited for is in the table; an upload is the one that no operation reads."""
    found = {name for name in dir(models) if getattr(getattr(models, name), "_wait", None)}
    assert found == {*_FORMS, "Upload"}


@WORLDS
@pytest.mark.parametrize("name", _FORMS)
def test_every_form(monkeypatch: pytest.MonkeyPatch, name: str, waits: str) -> None:
    """A reply is read until its state is an end, where the path has what the reply says; its type remains.

    Several of these operations are deprecated: the caller, who has not named them, is not warned of them.
    """
    begin, end, target = _FORMS[name]
    kind = getattr(models, name)
    with world(monkeypatch, lambda number: ({**begin, "status": end} if number == 2 else begin, "")) as made:
        found = made.wait(waits, kind.from_dict(begin), client=made.client)
        assert (type(found), found.status, made.targets) == (kind, end, [target] * 3)


@WORLDS
def test_a_job_of_ten_minutes(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """It costs 29 requests, one connection, and ends within half a minute of the job."""
    with world(monkeypatch, lambda _: (batch("completed" if made.clock.passed >= 600 else "in_progress"), "")) as made:
        assert made.wait(waits, models.Batch.from_dict(batch()), client=made.client).status == "completed"
        assert (len(made.targets), made.server.connections) == (29, 1)
        assert 600 <= made.clock.passed < 630


@WORLDS
def test_a_reply_that_has_ended_costs_nothing(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """It comes back as it is: no request, no pause, and no client is looked for."""
    with world(monkeypatch, states("in_progress")) as made:
        done = models.Batch.from_dict(batch("completed"))
        assert made.wait(waits, done) is done
        assert (made.targets, made.clock.slept) == ([], [])


@WORLDS
def test_the_server_sets_the_pauses(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """Its own header and Retry-After are obeyed, one answer at a time."""
    wishes = ["openai-poll-after-ms: 5000\r\n", "Retry-After: 7\r\n", "", ""]
    with world(monkeypatch, lambda n: (batch("completed" if n == 3 else "in_progress"), wishes[n])) as made:
        made.wait(waits, models.Batch.from_dict(batch()), client=made.client)
        assert made.clock.slept == [0.5, 5.0, 7.0, 0.75]


@WORLDS
def test_each_change_of_state_is_told(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """`on_state` gets the reply once for each new state."""
    reported: list[str] = []
    with world(monkeypatch, states("validating", "in_progress", "in_progress", "finalizing", "completed")) as made:
        begin = models.Batch.from_dict(batch("validating"))
        made.wait(waits, begin, client=made.client, on_state=lambda job: reported.append(job.status))
    assert reported == ["in_progress", "finalizing", "completed"]


def test_on_state_may_be_async(monkeypatch: pytest.MonkeyPatch) -> None:
    """A coroutine waits for it; a blocking wait refuses it before anything is sent."""
    reported: list[str] = []

    async def tell(job: models.Batch) -> None:
        await asyncio.sleep(0)
        reported.append(job.status)

    with world(monkeypatch, states("completed")) as made:
        begin = models.Batch.from_dict(batch())
        made.wait("asyncio", begin, client=made.client, on_state=tell)
        with pytest.raises(errors.RequestError, match="on_state= is async, and this wait blocks: use asyncio_wait"):
            made.wait("sync", begin, client=made.client, on_state=tell)
        assert (reported, len(made.targets)) == (["completed"], 1)


@WORLDS
def test_on_state_must_be_callable(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """What is no function is refused before anything is sent."""
    with world(monkeypatch, states("completed")) as made:
        with pytest.raises(errors.RequestError, match="on_state= must be callable, not int"):
            made.wait(waits, models.Batch.from_dict(batch()), client=made.client, on_state=5)
        assert made.targets == []


@WORLDS
def test_a_detailed_reply_stays_one(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """An APIResponse comes back as the APIResponse of the last look."""
    with world(monkeypatch, states("in_progress", "in_progress", "completed", headers="x-request-id: r\r\n")) as made:
        response = made.client.batches.retrieve.sync_detailed("batch_1")
        found = made.wait(waits, response)
        assert isinstance(found, APIResponse)
        assert (found.parsed.status, found.request_id) == ("completed", "r")
        assert found is not response


def test_the_error_of_a_detailed_reply_has_the_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    """`.reply` is the model, whatever was given."""
    with world(monkeypatch, states("in_progress", "in_progress", "failed")) as made:
        response = made.client.batches.retrieve.sync_detailed("batch_1")
        with pytest.raises(errors.JobTimeoutError) as late:
            wait(response, timeout=0)
        assert late.value.reply == models.Batch.from_dict(batch())
        with pytest.raises(errors.JobFailedError) as caught:
            wait(response)
        assert caught.value.reply == models.Batch.from_dict(batch("failed"))


@WORLDS
@pytest.mark.parametrize("state", ["failed", "cancelled", "expired"])
def test_a_failure_raises(monkeypatch: pytest.MonkeyPatch, waits: str, state: str) -> None:
    """The error has the reply and says which request told of it; check=False returns the reply."""
    with world(monkeypatch, states(state)) as made:
        with pytest.raises(errors.JobFailedError) as caught:
            made.wait(waits, models.Batch.from_dict(batch()), client=made.client)
        assert caught.value.reply.status == state
        assert str(caught.value).startswith(f"GET {made.server.url}/batches/batch_1: Batch batch_1 ended as {state}")
        found = made.wait(waits, models.Batch.from_dict(batch()), client=made.client, check=False)
        assert found.status == state


@WORLDS
def test_the_time_ends(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """The last look is at the end of the time, and the error has what it saw."""
    with world(monkeypatch, states("validating", "in_progress")) as made:
        with pytest.raises(errors.JobTimeoutError) as caught:
            made.wait(waits, models.Batch.from_dict(batch("validating")), client=made.client, timeout=2)
        assert (made.clock.slept, caught.value.reply.status) == ([0.5, 0.75, 0.75], "in_progress")
        assert isinstance(caught.value, errors.APITimeoutError)
        assert not hasattr(caught.value, "__notes__")  # its text says how to go on


@WORLDS
def test_an_outage_is_waited_out(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """Looks that fail as a busy server's do are repeated; a refusal ends the wait, with a note."""
    answers = iter([503, 500, 429, 200, 404])
    clock = Clock()
    monkeypatch.setattr(drivers, "time", clock)
    monkeypatch.setattr(drivers, "sleep", clock.asleep)

    def script(peer: Peer) -> None:
        while peer.request() is not None:
            status = next(answers)
            body = batch() if status == 200 else {"error": {"message": "no"}}
            peer.send(reply(json.dumps(body).encode(), f"{status} X"))

    with Raw(script) as server, Client(api_base=server.url, api_key="k", max_retries=0) as client:
        job = models.Batch.from_dict(batch())
        with pytest.raises(errors.NotFoundError) as caught:
            if waits == "sync":
                sdk.wait(job, client=client)
            else:
                asyncio.run(sdk.asyncio_wait(job, client=client))
        assert len(server.requests) == 5
    assert caught.value.__notes__[0].startswith("Batch batch_1 continues on the server. To cancel it: client.batches.")


@WORLDS
def test_a_server_that_drops_the_state_ends_the_wait(monkeypatch: pytest.MonkeyPatch, waits: str) -> None:
    """A reply without a state would be waited for without end."""
    with (
        world(monkeypatch, lambda _: ({"id": "batch_1"}, "")) as made,
        pytest.raises(errors.APIResponseError, match="has no status"),
    ):
        made.wait(waits, models.Batch.from_dict(batch()), client=made.client)


def test_a_wait_on_trio(monkeypatch: pytest.MonkeyPatch) -> None:
    """A coroutine of trio sleeps on trio."""
    trio = pytest.importorskip("trio")
    slept: list[float] = []

    async def asleep(seconds: float) -> None:
        slept.append(seconds)
        await trio.sleep(0)

    monkeypatch.setattr("sdk._core.runtime.trio.sleep", asleep)
    with Raw(always(reply(json.dumps(batch("completed")).encode()))) as server:

        async def main() -> models.Batch:
            async with Client(api_base=server.url, api_key="k", http_options={"trust_env": False}) as client:
                return await sdk.asyncio_wait(models.Batch.from_dict(batch()), client=client)

        assert trio.run(main).status == "completed"
    assert slept == [0.5]


@pytest.mark.filterwarnings("ignore:a call waits because 2 others are in flight:RuntimeWarning")
def test_many_wait_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No wait holds a place of the client while it sleeps, so that any number of them can go on."""

    async def main(client: Client) -> list[models.Batch]:
        jobs = [models.Batch.from_dict(batch()) for _ in range(50)]
        return await asyncio.gather(*(sdk.asyncio_wait(job, client=client) for job in jobs))

    with world(monkeypatch, states(*["in_progress"] * 60, "completed"), max_in_flight=2) as made:
        assert {job.status for job in asyncio.run(main(made.client))} == {"completed"}
        assert made.client.stats().in_flight == 0
