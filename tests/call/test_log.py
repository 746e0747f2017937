"""What the logger tells: one line for each call, with fields."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from sdk import Client

from ..faults.raw import Raw, always, reply
from ..faults.streaming import DONE, chunk, streamed

_ASK: Any = {"model": "m", "messages": [{"role": "user", "content": "the secret prompt"}]}
_REPLY = reply(
    b'{"object":"chat.completion","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5}}',
    headers="Content-Type: application/json\r\nX-Request-Id: r1\r\n",
)
_KNOWN = vars(logging.makeLogRecord({})).keys() | {"message", "asctime", "taskName"}


@pytest.fixture(params=[logging.INFO, logging.DEBUG], ids=["info", "debug"])
def records(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[logging.LogRecord]]:
    """What the logger writes from a level on."""
    monkeypatch.setattr("sdk._core.call.retry._FIRST", 0.0)
    found: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record)

    logger, handler = logging.getLogger("sdk"), Keep()
    logger.addHandler(handler)
    logger.setLevel(request.param)
    yield found
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _KNOWN}


def test_one_line_for_each_call(records: list[logging.LogRecord]) -> None:
    """A call with a retry has one at INFO, with all that is known of it; every record has fields."""
    with Raw(always(reply(b"{}", "503 X"), _REPLY)) as server, Client(api_base=server.url, api_key="k") as client:
        client.chat.create.sync(**_ASK)
    (line,) = [one for one in records if one.levelno == logging.INFO]
    fields = _fields(line)
    elapsed, waited, size = (fields.pop(name) for name in ("elapsed", "waited", "received_bytes"))
    assert fields == {
        "operation": "chat.create",
        "model": "m",
        "streamed": False,
        "method": "POST",
        "url": f"{server.url}/chat/completions",
        "attempts": 2,
        "status_code": 200,
        "request_id": "r1",
        "cancelled": False,
        "error_type": None,
        "input_tokens": 7,
        "output_tokens": 5,
    }
    assert 0 <= waited <= elapsed
    assert size == len(_REPLY.partition(b"\r\n\r\n")[2])
    assert line.getMessage() == (
        f"chat.create with m: done in {elapsed:.3f} s, 2 attempts, status 200, request id r1, 7 and 5 tokens "
        f"(POST {server.url}/chat/completions)"
    )
    assert [one for one in records if not _fields(one)] == []


def test_a_failure_and_a_stream(records: list[logging.LogRecord]) -> None:
    """The kind of the error, and not its message; a stream is told of when it has ended."""
    wrong = reply(b'{"error":{"message":"the secret prompt"}}', "400 X")
    answers = always(wrong, streamed(chunk("Hi", "stop"), DONE))
    with Raw(answers) as server, Client(api_base=server.url, api_key="k") as client:
        with pytest.raises(Exception, match="400"):
            client.chat.create.sync(**_ASK)
        with client.chat.create.stream(**_ASK) as stream:
            assert len([one for one in records if one.levelno == logging.INFO]) == 1
            stream.final()
    failed, done = [one for one in records if one.levelno == logging.INFO]
    assert "chat.create with m: BadRequestError in" in failed.getMessage()
    assert (_fields(failed)["error_type"], _fields(failed)["status_code"]) == ("BadRequestError", 400)
    assert (_fields(done)["streamed"], _fields(done)["error_type"]) == (True, None)
    assert "secret" not in repr([vars(one) for one in records])
