"""What the hosted API sends and the pinned document rules out: the overlay mends it, so that strict clients take it."""

from __future__ import annotations

import json
import warnings
from typing import Any

import httpx
import pytest

from sdk import Client

from .arguments import Arguments
from .document import JSON, pinned
from .payload import Maker
from .surface import endpoint

#: In place of a value: the key is not there.
ABSENT: Any = object()
_BATCH: tuple[str, ...] = (
    "output_file_id",
    "error_file_id",
    "in_progress_at",
    "expires_at",
    "finalizing_at",
    "completed_at",
)
_BATCH += ("failed_at", "expired_at", "cancelling_at", "cancelled_at", "errors")
_ERROR = {"code": None, "message": None, "param": None}
_RUN = "GET /evals/{eval_id}/runs/{run_id}"
_JOB = "GET /fine_tuning/jobs/{fine_tuning_job_id}"

CASES: list[tuple[str, tuple[str | int, ...], Any]] = [
    ("POST /responses", ("user",), None),
    ("POST /responses?beta=true", ("user",), None),
    ("POST /responses/{response_id}/cancel", ("usage",), None),
    ("POST /responses/{response_id}/cancel?beta=true", ("usage",), None),
    ("POST /chat/completions", ("system_fingerprint",), None),
    ("GET /chat/completions/{completion_id}", ("choices", 0, "message", "tool_calls"), None),
    ("GET /chat/completions/{completion_id}", ("choices", 0, "message", "function_call"), None),
    *[("GET /batches/{batch_id}", (key,), None) for key in _BATCH],
    (_JOB, ("hyperparameters",), None),
    (_JOB, ("error",), _ERROR),
    (_JOB, ("error",), {}),
    (_JOB, ("status",), "paused"),
    (f"{_JOB}/events", ("data", 0, "data"), None),
    *[(_RUN, (key,), None) for key in ("error", "per_model_usage", "per_testing_criteria_results")],
    (f"{_RUN}/output_items/{{output_item_id}}", ("sample", "error"), None),
    ("GET /threads/{thread_id}/runs/{run_id}", ("instructions",), None),
    ("POST /realtime/sessions", ("turn_detection",), None),
    ("POST /realtime/transcription_sessions", ("turn_detection",), None),
    ("GET /vector_stores/{vector_store_id}/file_batches/{batch_id}", ("object",), "vector_store.file_batch"),
    ("GET /vector_stores/{vector_store_id}/file_batches/{batch_id}", ("object",), "vector_store.files_batch"),
    ("POST /chatkit/sessions", ("workflow", "state_variables"), ABSENT),
]
_OPERATIONS = {str(operation): operation for operation in pinned().operations}


@pytest.mark.parametrize(("name", "path", "value"), CASES)
def test_a_strict_client_takes_it(name: str, path: tuple[str | int, ...], value: Any) -> None:
    """A reply that is valid but for this value is read by a strict client, and holds the value."""
    operation = _OPERATIONS[name]
    wire = Maker(pinned(), full=True).make(operation.replies[JSON])
    holder = wire
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    if value is ABSENT:
        del holder[path[-1]]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=wire))
    called = endpoint(operation)
    (call, *_) = Arguments(pinned(), operation, called).calls(full=False)
    with warnings.catch_warnings(), Client(api_key="k", transport=transport, strict=True, max_retries=0) as client:
        warnings.simplefilter("ignore", DeprecationWarning)
        assert called.sync(client=client, **call.keywords).to_dict() == wire


@pytest.mark.parametrize("ended", [False, True])
def test_a_strict_stream_takes_a_response_that_is_not_complete(ended: bool) -> None:
    """The events of a response hold it as it is by then: without usage and without a user."""
    response = Maker(pinned(), full=True).make(_OPERATIONS["POST /responses"].replies[JSON])
    kind = "response.completed" if ended else "response.created"
    event = {"type": kind, "sequence_number": 0, "response": {**response, "usage": None, "user": None}}
    transport = httpx.MockTransport(
        lambda _: httpx.Response(
            200, headers={"content-type": "text/event-stream"}, text=f"data: {json.dumps(event)}\n\n"
        )
    )
    options: Any = {"strict": True, "require_stream_end": False, "max_retries": 0}
    with (
        Client(api_key="k", transport=transport, **options) as client,
        client.responses.create.stream(model="m", input="x") as stream,
    ):
        assert [chunk.to_dict() for chunk in stream] == [event]
