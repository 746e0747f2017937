"""A server that is down: noticed early, said once, and nothing counts as failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sdk
from sdk import Client
from sdk._openai.bulk.outage import Outage
from sdk.bulk import UnreachableError
from sdk.errors import APIConnectionError, APITimeoutError, BadRequestError, InternalServerError
from sdk.testing import LocalServer

from .files import batch_line, ids, write


def _refused() -> APIConnectionError:
    return APIConnectionError("refused", request_sent=False)


def test_as_many_as_are_called_at_once() -> None:
    """So many lines in a row that no server has seen are an outage; a reply between them begins anew."""
    outage: Outage[int] = Outage(3, "http://server/v1")
    assert [outage.failed(_refused(), number) for number in (1, 2)] == [[], []]
    assert outage.responded() == [1, 2]
    assert [outage.failed(_refused(), number) for number in (3, 4)] == [[], []]
    refusal = BadRequestError("no", status_code=400)
    assert outage.failed(refusal, 5) == [3, 4, 5]
    for number in (6, 7):
        outage.failed(_refused(), number)
    with pytest.raises(UnreachableError, match=r"nothing answers at http://server/v1: 3 lines in a row .*refused"):
        outage.failed(_refused(), 8)


@pytest.mark.parametrize(
    "error", [APITimeoutError("late", request_sent=True), InternalServerError("bad gateway", status_code=502)]
)
def test_requests_that_were_sent(error: Exception) -> None:
    """A line may be the reason that it gets no reply: twenty in a row are an outage."""
    outage: Outage[int] = Outage(3, "http://server/v1")
    for number in range(19):
        assert outage.failed(error, number) == []
    with pytest.raises(UnreachableError, match="20 lines"):
        outage.failed(error, 19)


def test_a_failure_of_the_server_is_a_reply() -> None:
    """500 is what a server says about a line."""
    outage: Outage[int] = Outage(1, "http://server/v1")
    assert outage.failed(InternalServerError("no", status_code=500), 1) == [1]


def test_a_server_that_is_down(tmp_path: Path) -> None:
    """The run ends after as many lines as are called at once; none is a failure, and the same call does them later."""
    with LocalServer() as gone:
        url = gone.url
    source = write(tmp_path / "in.jsonl", [batch_line(number) for number in range(100)])
    tried: list[str] = []
    options: Any = {"api_base": url, "api_key": "test-key", "max_in_flight": 4, "max_retries": 0}
    with (
        Client(**options, on_request=lambda view: tried.append(view.url)) as client,
        pytest.raises(UnreachableError) as caught,
    ):
        sdk.bulk.run(source, tmp_path / "out.jsonl", client=client, concurrency=4)
    assert 4 <= len(tried) <= 8
    assert isinstance(caught.value.__cause__, APIConnectionError)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
    with LocalServer() as server, Client(api_base=server.url, api_key="test-key", max_in_flight=4) as client:
        assert sdk.bulk.run(source, tmp_path / "out.jsonl", client=client, concurrency=4).done == 100


def test_a_server_that_goes_down(tmp_path: Path) -> None:
    """What was done stays, and the same call does the rest."""
    source = write(tmp_path / "in.jsonl", [batch_line(number) for number in range(60)])
    target = tmp_path / "out.jsonl"
    with LocalServer() as server:
        options: Any = {"api_base": server.url, "api_key": "test-key", "max_in_flight": 2, "max_retries": 0}
        for _ in range(10):
            server.reply("Hello.")
        server.on(times=None).disconnect()
        with Client(**options) as client, pytest.raises(UnreachableError):
            sdk.bulk.run(source, target, client=client, concurrency=2)
    assert (len(ids(target)), (tmp_path / "out.errors.jsonl").exists()) == (10, False)
