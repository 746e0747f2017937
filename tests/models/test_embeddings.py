"""Embeddings travel packed, and are read as numbers however they come."""

from __future__ import annotations

import asyncio
import base64
import json
from array import array
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.errors import APIStatusError
from sdk.models import Embedding

NUMBERS = [0.5, -1.25, 3.0]
PACKED = base64.b64encode(array("f", NUMBERS).tobytes()).decode()


def _ask(vector: Any, **given: Any) -> tuple[Any, Any]:
    sent = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        data = [{"object": "embedding", "index": 0, "embedding": vector}]
        return httpx.Response(200, json={"object": "list", "model": "m", "data": data, "usage": {}})

    client = Client(api_base="http://t/v1", api_key="k", transport=httpx.MockTransport(answer))
    return client.embeddings.create.sync(model="m", input="x", **given), sent[0]


@pytest.mark.parametrize("vector", [PACKED, NUMBERS])
def test_packed_or_not(vector: Any) -> None:
    """Packed is asked for; a server that sends numbers all the same is understood."""
    reply, sent = _ask(vector)
    assert sent["encoding_format"] == "base64"
    assert reply.data[0].embedding == NUMBERS
    assert type(reply.data[0].embedding) is list
    assert reply.to_dict()["data"][0]["embedding"] == NUMBERS


@pytest.mark.parametrize(
    ("given", "asked"),
    [({"encoding_format": "float"}, "float"), ({"extra_body": {"encoding_format": "float"}}, "float")],
)
def test_who_names_a_format_gets_it(given: Any, asked: str) -> None:
    """What the caller says goes over the wire."""
    assert _ask(NUMBERS, **given)[1]["encoding_format"] == asked


@pytest.mark.parametrize("odd", ["not base64!", "AAA", "QUI=", None, {"a": 1}])
def test_odd_vectors(odd: Any) -> None:
    """What is neither numbers nor packed numbers stays as it came, and raises nothing."""
    assert Embedding.from_dict({"embedding": odd}).embedding == odd


def test_an_empty_vector() -> None:
    """No numbers are an empty list."""
    assert Embedding.from_dict({"embedding": ""}).embedding == []


def test_strict_takes_both() -> None:
    """A strict client takes packed vectors too."""
    data = [{"object": "embedding", "index": 0, "embedding": PACKED}]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    answer = httpx.Response(200, json={"object": "list", "model": "m", "data": data, "usage": usage})
    client = Client(api_base="http://t/v1", api_key="k", strict=True, transport=httpx.MockTransport(lambda _: answer))
    assert client.embeddings.create.sync(model="m", input="x").data[0].embedding == NUMBERS


class _Picky:
    """A server that takes no packed vectors."""

    def __init__(self, status: int, error: Any) -> None:
        self.asked: list[Any] = []
        self.keys: list[str] = []
        self._status, self._error = status, error

    def client(self) -> Client:
        return Client(api_base="http://t/v1", api_key="k", max_retries=0, transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.asked.append(body.get("encoding_format"))
        self.keys.append(request.headers["idempotency-key"])
        if self.asked[-1] == "base64":
            return httpx.Response(self._status, json=self._error)
        data = [{"object": "embedding", "index": 0, "embedding": NUMBERS}]
        return httpx.Response(200, json={"object": "list", "model": "m", "data": data, "usage": {}})


REFUSALS: list[tuple[int, Any]] = [
    (400, {"error": {"message": "encoding_format base64 is not supported"}}),
    (400, {"error": {"message": "Invalid value", "param": "encoding_format"}}),
    (422, {"detail": [{"loc": ["body", "encoding_format"], "msg": "Input should be 'float'", "input": "base64"}]}),
    (422, {"error": "unknown variant `base64`, expected `float`"}),
    (501, {"message": "unknown field encodingFormat"}),
]


@pytest.mark.parametrize(("status", "error"), REFUSALS)
@pytest.mark.parametrize("form", ["sync", "asyncio"])
def test_a_server_that_takes_no_packed_vectors(status: int, error: Any, form: str) -> None:
    """What the caller did not ask for is left out at once, also without retries, and from then on."""
    server = _Picky(status, error)
    client = server.client()
    for _ in range(2):
        create = client.embeddings.create
        if form == "sync":
            found: Any = create.sync_detailed(model="m", input="x")
        else:
            found = asyncio.run(create.asyncio_detailed(model="m", input="x"))
        assert found.parsed.data[0].embedding == NUMBERS
    assert server.asked == ["base64", None, None]
    assert len(set(server.keys)) == 3
    client.with_options(timeout=9).embeddings.create.sync(model="m", input="x")
    assert server.asked[3:] == ["base64", None]


def test_the_refusal_is_among_the_attempts() -> None:
    """Who looks at the attempts sees why there were two."""
    found = _Picky(*REFUSALS[0]).client().embeddings.create.sync_detailed(model="m", input="x")
    assert [attempt.status_code for attempt in found.attempts] == [400]


@pytest.mark.parametrize(
    ("status", "error", "given"),
    [
        (*REFUSALS[0], {"encoding_format": "base64"}),
        (*REFUSALS[0], {"extra_body": {"encoding_format": "base64"}}),
        (400, {"error": {"message": "The input is too long."}}, {}),
        (422, {"detail": [{"loc": ["body", "input"], "msg": "Required", "input": {"encoding_format": "base64"}}]}, {}),
        (500, {"error": {"message": "encoding_format: out of order"}}, {}),
        (401, {"error": {"message": "encoding_format base64 is not in your plan"}}, {}),
    ],
)
def test_other_errors_are_told(status: int, error: Any, given: Any) -> None:
    """A format that the caller asked for, and an error of another kind, are not tried again."""
    server = _Picky(status, error)
    client = server.client()
    for _ in range(2):
        with pytest.raises(APIStatusError):
            client.embeddings.create.sync(model="m", input="x", **given)
    assert server.asked == ["base64", "base64"]
