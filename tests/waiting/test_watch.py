"""The decisions of a wait, on times that the test passes: pauses, the end, the time of the caller, failures."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest

from sdk import Client, errors
from sdk._core.reply.response import APIResponse
from sdk._core.waiting.watch import Watch, asked, passes
from sdk.api import batches
from sdk.models import Batch, FineTuningJob, Response, Run, Upload
from tests.waiting.world import batch

_HEADER = "openai-poll-after-ms"


def _watch(timeout: float | None = None, **more: Any) -> Watch:
    client = Client(api_base="http://127.0.0.1:9/v1", api_key="test-key")
    return Watch(Batch.from_dict(batch(**more)), client, timeout, 0.0, 0.0)


def _response(state: str, headers: dict[str, str] | None = None, **more: Any) -> APIResponse[Batch]:
    parsed = Batch.from_dict(batch(state, **more))
    request = batches.retrieve.request("batch_1", client=Client(api_base="http://127.0.0.1:9/v1", api_key="test-key"))
    return APIResponse(200, headers or {}, b"", parsed, "req_1", (), 0.0, request)


def test_the_pauses_grow_by_half_up_to_half_a_minute() -> None:
    """The first answer comes soon, and a long job costs two requests in a minute."""
    watch = _watch()
    assert [round(watch.pause(0.0), 3) for _ in range(13)] == [
        *(0.5, 0.75, 1.125, 1.688, 2.531, 3.797, 5.695, 8.543, 12.814, 19.222, 28.833), 30.0, 30.0,
    ]  # fmt: skip


def test_a_job_of_ten_minutes_costs_29_requests() -> None:
    """So many looks lie before the end, and the one that sees it."""
    watch, now, looks = _watch(), 0.0, 0
    while now < 600:
        now += watch.pause(now)
        looks += 1
    assert looks == 29


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({}, None),
        ({_HEADER: "5000"}, 5.0),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({_HEADER: "5000", "retry-after": "7"}, 5.0),
        ({"retry-after": formatdate(1_700_000_010, usegmt=True)}, 10.0),
        ({_HEADER: "1"}, 0.1),
        ({"retry-after": "999999999"}, 3600.0),
        ({_HEADER: "soon"}, None),
        ({_HEADER: "0"}, None),
    ],
)
def test_what_a_server_asks_for(headers: dict[str, str], pause: float | None) -> None:
    """Its own header comes before Retry-After; nonsense is ignored, and neither a rush nor a day is obeyed."""
    assert asked(headers, _HEADER, 1_700_000_000.0) == pause


def test_without_a_header_of_its_own_an_api_has_retry_after() -> None:
    """An API whose record names no header is not asked for one of another API."""
    assert asked({_HEADER: "5000", "retry-after": "7"}, "", 0.0) == 7.0


def test_a_pause_that_is_asked_for_replaces_one_pause() -> None:
    """The next pause without a wish is the one that would have come."""
    watch = _watch()
    watch.pause(0.0)
    watch.take(_response("in_progress", {_HEADER: "4000"}), 0.0)
    assert (watch.pause(0.0), watch.pause(0.0)) == (4.0, 0.75)


def test_the_header_of_a_given_response_counts() -> None:
    """The first pause is the one that the server has asked for when it made the job."""
    watch = Watch(_response("in_progress", {_HEADER: "4000"}), None, None, 0.0, 0.0)
    assert watch.pause(0.0) == 4.0


def test_the_last_look_is_at_the_end_of_the_time() -> None:
    """A pause ends with the time of the caller; after the look that follows, the wait is over."""
    watch = _watch(timeout=10)
    assert watch.pause(9.75) == 0.25
    watch.take(_response("in_progress"), 0.0)
    with pytest.raises(errors.JobTimeoutError) as caught:
        watch.pause(10.0)
    assert caught.value.reply.status == "in_progress"
    assert str(caught.value) == (
        "GET http://127.0.0.1:9/v1/batches/batch_1: Batch batch_1 is still in_progress after 10 s (request id req_1). "
        "It continues on the server. To cancel it: client.batches.cancel.sync('batch_1'). "
        "To wait on: wait(client.batches.retrieve.sync('batch_1'))."
    )


def test_no_time_is_one_look() -> None:
    """timeout=0 asks once, at once."""
    watch = _watch(timeout=0)
    assert watch.pause(0.0) == 0.0
    watch.take(_response("in_progress"), 0.0)
    with pytest.raises(errors.JobTimeoutError):
        watch.pause(0.0)


@pytest.mark.parametrize("timeout", [-1, float("nan"), True, "5"])
def test_a_wrong_time_is_refused(timeout: Any) -> None:
    """The argument is named, before anything is sent."""
    with pytest.raises(errors.RequestError, match="timeout= must be"):
        _watch(timeout=timeout)


def test_a_look_has_the_time_that_is_left() -> None:
    """It gets ten seconds at least, so that the last look can end, and no more than the client allows."""
    watch = _watch(timeout=100)
    assert [watch.arguments(now)["deadline"] for now in (40.0, 95.0, 100.0)] == [60.0, 10.0, 10.0]
    assert "deadline" not in _watch().arguments(0.0)
    with Client(api_base="http://127.0.0.1:9/v1", api_key="test-key", deadline=3) as client:
        assert Watch(Batch.from_dict(batch()), client, 100, 0.0, 0.0).arguments(0.0)["deadline"] == 3


def test_a_change_of_state_is_told() -> None:
    """The same state again is no change."""
    watch = _watch(state="validating")
    assert [watch.take(_response(state), 0.0) for state in ("validating", "in_progress", "in_progress")] == [
        False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("error", "may_pass"),
    [
        (errors.APIConnectionError("refused"), True),
        (errors.APITimeoutError("late"), True),
        (errors.RateLimitError("slow down", status_code=429), True),
        (errors.InternalServerError("oh", status_code=503), True),
        (errors.TLSError("certificate"), False),
        (errors.RedirectError("elsewhere"), False),
        (errors.NotFoundError("gone", status_code=404), False),
        (errors.AuthenticationError("key", status_code=401), False),
        (errors.QuotaExceededError("quota", status_code=429, code="insufficient_quota"), False),
        (errors.APIResponseError("no JSON"), False),
    ],
)
def test_which_failures_of_a_look_may_pass(error: errors.APIError, may_pass: bool) -> None:
    """A network or a server that is out of order is asked again; a refusal is final."""
    assert passes(error) is may_pass


def test_a_token_server_may_be_out_of_order() -> None:
    """Its error is the cause of the one that a look ends with; a source without credentials stays without."""
    busy, refused = errors.CredentialError("no token"), errors.CredentialError("no token")
    busy.__cause__ = errors.InternalServerError("oh", status_code=503)
    refused.__cause__ = errors.BadRequestError("no such account", status_code=400)
    assert [passes(error) for error in (busy, refused, errors.CredentialError("no credentials"))] == [
        True, False, False,
    ]  # fmt: skip


def test_the_fifth_failure_in_a_row_ends_the_wait() -> None:
    """A look that succeeds starts the count anew."""
    watch, error = _watch(), errors.APIConnectionError("refused")
    for _ in range(4):
        watch.fail(error, 0.0, 0.0)
    watch.take(_response("in_progress"), 0.0)
    for _ in range(4):
        watch.fail(error, 0.0, 0.0)
    with pytest.raises(errors.APIConnectionError) as caught:
        watch.fail(error, 0.0, 0.0)
    assert caught.value is error


def test_a_busy_server_says_when_to_come_back() -> None:
    """The Retry-After of an error is the next pause."""
    watch = _watch()
    watch.fail(errors.RateLimitError("slow", status_code=429, headers={"Retry-After": "300"}), 0.0, 0.0)
    assert watch.pause(0.0) == 300.0


def test_a_failure_of_the_last_look_is_a_timeout() -> None:
    """The error that the look ended with is its cause."""
    watch, error = _watch(timeout=10), errors.APITimeoutError("the deadline of the whole call has passed")
    with pytest.raises(errors.JobTimeoutError) as caught:
        watch.fail(error, 10.0, 0.0)
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("state", ["failed", "expired", "cancelled"])
def test_a_failure_raises_unless_the_caller_checks_alone(state: str) -> None:
    """The error has the reply; check=False returns it."""
    watch = _watch(state=state)
    with pytest.raises(errors.JobFailedError, match=f"^Batch batch_1 ended as {state}. check=False") as caught:
        watch.result(check=True)
    assert caught.value.reply is watch.job.model
    assert watch.result(check=False) is watch.job.model


@pytest.mark.parametrize(
    ("job", "text", "code"),
    [
        (
            Batch.from_dict(batch("failed", errors={"data": [{"code": "bad_line", "message": "No JSON", "line": 3}]})),
            "Batch batch_1 ended as failed: No JSON (code bad_line).", "bad_line",
        ),
        (
            Batch.from_dict(batch("failed", errors={"data": [{"message": "a"}, {"message": "b"}]})),
            "Batch batch_1 ended as failed: a (and 1 more).", None,
        ),
        (Batch.from_dict(batch("failed", errors={"data": []})), "Batch batch_1 ended as failed.", None),
        (Batch.from_dict(batch("failed", errors="odd")), "Batch batch_1 ended as failed.", None),
        (
            FineTuningJob.from_dict({"id": "ft", "status": "failed", "error": {"code": "x", "message": "Too small"}}),
            "FineTuningJob ft ended as failed: Too small (code x).", "x",
        ),
        (
            Run.from_dict({"id": "run_1", "status": "failed", "last_error": {"code": "server_error", "message": "Oh"}}),
            "Run run_1 ended as failed: Oh (code server_error).", "server_error",
        ),
        (
            Response.from_dict({"id": "r", "status": "cancelled", "output": [{"content": "prompt"}], "error": None}),
            "Response r ended as cancelled.", None,
        ),
    ],
)  # fmt: skip
def test_a_failure_quotes_the_server(job: Any, text: str, code: str | None) -> None:
    """The message and the code of the server are in the text, and nothing else of the reply."""
    with pytest.raises(errors.JobFailedError) as caught:
        Watch(job, None, None, 0.0, 0.0).result(check=True)
    assert (str(caught.value), caught.value.code) == (f"{text} check=False returns it as it is.", code)


def test_a_message_never_shows_the_key() -> None:
    """A server that puts the key into the error of a job does not get it into a log."""
    watch = _watch()
    response = _response("failed", errors={"data": [{"message": "bad key test-key-1234567 of you"}]})
    watch.client._context.last_keys = ("test-key-1234567",)
    watch.take(response, 0.0)
    with pytest.raises(errors.JobFailedError, match=r"bad key \*\*\* of you"):
        watch.result(check=True)


@pytest.mark.parametrize(
    ("job", "problem"),
    [
        (Upload.from_dict({"id": "upload_1", "status": "pending"}), "client.uploads.cancel.sync('upload_1')"),
        (Batch.from_dict({"status": "in_progress"}), "the Batch has no id"),
        (Run.from_dict({"id": "run_1", "status": "queued"}), "the Run has no thread_id"),
    ],
)
def test_what_cannot_be_read_anew_is_told(job: Any, problem: str) -> None:
    """An API without such an operation, and a reply without an id, are no endless wait."""
    watch = Watch(job, None, None, 0.0, 0.0)
    with pytest.raises(errors.RequestError) as caught:
        (watch.job.operation("read"), watch.job.arguments("read"))
    assert problem in str(caught.value)


def test_a_reply_without_a_state_is_an_error() -> None:
    """Nothing would tell when it ends."""
    with pytest.raises(errors.APIResponseError, match="the Batch has no status, so nothing shows whether it has ended"):
        _ = Watch(Batch.from_dict({"id": "batch_1"}), None, None, 0.0, 0.0).job.ended


@pytest.mark.parametrize("reply", [None, "batch_1", {"status": "failed"}, Batch])
def test_what_is_no_reply_with_a_state_is_refused(reply: Any) -> None:
    """The error says what is expected, and the type that was given."""
    with pytest.raises(TypeError, match=f"such as the one of a batch, not {type(reply).__name__}$"):
        Watch(reply, None, None, 0.0, 0.0)


def test_what_a_server_says_stays_in_one_line() -> None:
    """An id with a line break forges no line of a log or a terminal, as Python or as text."""
    error = KeyboardInterrupt()
    watch = _watch(id="a\nb\x1b[2J")
    watch.explain(error)
    assert error.__notes__[0].startswith("Batch a b [2J continues on the server.")
    assert "client.batches.cancel.sync('a b [2J')" in error.__notes__[0]


def test_the_line_of_progress() -> None:
    """It has the state, the counts, and the seconds so far; what a server says stays in one line."""
    watch = _watch(state="in\nprogress", request_counts={"completed": 3, "failed": 0, "total": 10})
    assert watch.line(41.7) == "Batch batch_1: in progress, completed 3, failed 0, total 10, 42 s"


def test_a_note_says_how_to_cancel() -> None:
    """An error that ends the wait does not end the job."""
    error = KeyboardInterrupt()
    _watch().explain(error)
    assert error.__notes__ == [
        "Batch batch_1 continues on the server. To cancel it: client.batches.cancel.sync('batch_1'). "
        "To wait on: wait(client.batches.retrieve.sync('batch_1'))."
    ]


@pytest.mark.parametrize(
    ("more", "call"),
    [
        ({}, "client.batches.retrieve.sync('batch_1')"),
        ({"metadata": "set_1"}, "client.vector_stores.file_batches.retrieve.sync('set_1', 'batch_1')"),
    ],
)
def test_of_several_operations_the_first_that_fits(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, Any], call: str
) -> None:
    """An object below another one is read there, where it says what that is."""
    below = ("vector_stores.file_batches.retrieve", {"vector_store_id": "metadata", "batch_id": "id"})
    reads = (below, ("batches.retrieve", {"batch_id": "id"}))
    monkeypatch.setattr(Batch, "_wait", {**Batch._wait, "read": reads})
    job = _watch(**more).job
    assert job.calling("read") == call
    assert job.operation("read").name in call
    assert repr(list(job.arguments("read").values()))[1:-1] in call
