"""Embeddings travel packed, and are read as numbers however they come."""

from __future__ import annotations

import base64
import json
from array import array
from typing import Any

import httpx
import pytest

from sdk import Client
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
