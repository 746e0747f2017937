"""Which client a wait asks through: the one that the reply came from."""

from __future__ import annotations

import copy
import gc
import json
import pickle
from typing import Any

import pytest

from sdk import Client, errors, models, wait
from tests.faults.raw import Peer, Raw, always, reply
from tests.waiting.world import WORLDS, World, batch, states, world


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a server whose batch completes with the second request; the environment names another one."""
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "other-key")
    with world(monkeypatch, states("in_progress", "completed")) as found:
        yield found


@WORLDS
def test_a_reply_knows_its_client(made: World, waits: str) -> None:
    """A wait needs no client= for the reply of a bound call."""
    assert made.wait(waits, made.client.batches.retrieve.sync("batch_1")).status == "completed"
    assert made.targets == ["/batches/batch_1", "/batches/batch_1"]


def test_a_reply_of_a_coroutine_knows_its_client(made: World) -> None:
    """Either world waits for the replies of the other one."""
    import asyncio

    job = asyncio.run(made.client.batches.retrieve.asyncio("batch_1"))
    assert wait(job).status == "completed"


def test_a_reply_of_a_path_without_an_operation_knows_its_client(made: World) -> None:
    """What counts is the model of the reply."""
    response = made.client.request("GET", "/elsewhere", returns=models.Batch)
    assert wait(response.parsed).status == "completed"


def test_the_client_that_is_given_comes_first(made: World) -> None:
    """client= replaces the one of the reply, and of none is anything asked before."""
    with Client(api_base="http://127.0.0.1:9/v1", api_key="k", max_retries=0) as other:
        with pytest.raises(errors.APIConnectionError):
            wait(made.client.batches.retrieve.sync("batch_1"), client=other)
        assert wait(models.Batch.from_dict(batch()), client=made.client).status == "completed"


def test_what_is_no_client_is_refused(made: World) -> None:
    """The error is the one that every call raises."""
    with pytest.raises(errors.RequestError, match="client= takes a Client of this SDK, not str"):
        wait(models.Batch.from_dict(batch()), client="client")  # type: ignore[call-overload]


def test_an_item_of_a_page_knows_its_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one page, and in the iteration over all."""
    page = {"object": "list", "data": [batch()], "has_more": False}
    with world(monkeypatch, lambda n: ((page, batch("completed"))[n % 2], "")) as made:
        assert wait(made.client.batches.list.sync().data[0]).status == "completed"
        assert [wait(job).status for job in made.client.batches.list.iter()] == ["completed"]


@pytest.mark.parametrize(
    "job",
    [
        models.Batch.from_dict(batch()),
        models.Batch(
            id="batch_1", endpoint="/v1/responses", input_file_id="f", completion_window="24h", status="in_progress",
            created_at=1,
        ),
    ],
)  # fmt: skip
def test_a_model_made_by_hand_has_the_process_wide_client(monkeypatch: pytest.MonkeyPatch, job: models.Batch) -> None:
    """It came from no call, so that the environment says where to ask."""
    with world(monkeypatch, states("completed")) as made:
        monkeypatch.setenv("OPENAI_API_BASE", made.server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        assert wait(job).status == "completed"
        from sdk._core.client.default import default_client

        default_client("sdk").close()


def test_a_copy_and_a_pickle_forget_the_client(made: World) -> None:
    """A reference to connections goes into neither, nor into the JSON or a comparison."""
    job = made.client.batches.retrieve.sync("batch_1")
    for other in (copy.copy(job), copy.deepcopy(job), pickle.loads(pickle.dumps(job))):
        assert (other, other.to_dict()) == (job, job.to_dict())
        assert not hasattr(other, "_source")


def test_a_reply_does_not_keep_its_client_alive() -> None:
    """A client that is gone is not replaced by another one, with another key perhaps: the error says so."""
    with Raw(always(reply(json.dumps(batch()).encode()))) as server:
        client = Client(api_base=server.url, api_key="k", http_options={"trust_env": False})
        job = client.batches.retrieve.sync("batch_1")
        client.close()
        del client
        gc.collect()
        with pytest.raises(errors.ClientClosedError, match="does not exist any more: pass client="):
            wait(job)


def test_a_closed_client_says_so(made: World) -> None:
    """The error is the one of every call, with the note about the job."""
    job = made.client.batches.retrieve.sync("batch_1")
    made.client.close()
    with pytest.raises(errors.ClientClosedError) as caught:
        wait(job)
    assert "client.batches.cancel.sync('batch_1')" in caught.value.__notes__[0]


def _events(*events: dict[str, Any]) -> bytes:
    body = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + body


def test_the_reply_of_a_stream_knows_its_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """A response in the background whose stream breaks can be waited for; so can the final one."""
    begin = {"type": "response.created", "sequence_number": 0, "response": {"id": "resp_1", "status": "in_progress"}}
    queued = {**begin, "type": "response.completed", "response": {"id": "resp_1", "status": "queued"}}
    done = {"id": "resp_1", "object": "response", "status": "completed", "output": []}

    def script(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            if request.startswith(b"GET"):
                peer.send(reply(json.dumps(done).encode()))
            else:
                peer.send(_events(begin) if b"broken" in request else _events(begin, queued))
                return

    with Raw(script) as server, Client(api_base=server.url, api_key="k", http_options={"trust_env": False}) as client:
        with client.responses.create.stream(model="m", input="broken", background=True) as stream:
            next(stream)
            assert wait(stream.partial).status == "completed"
            with pytest.raises(errors.StreamIncompleteError) as caught:
                stream.final()
            assert wait(caught.value.partial).status == "completed"
        with client.responses.create.stream(model="m", input="Hi", background=True) as stream:
            assert wait(stream.final()).status == "completed"
