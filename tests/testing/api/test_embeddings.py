"""Embeddings."""

import base64
import math
import struct
from typing import Any

import httpx
import pytest

from ..wire import error

MODEL = "text-embedding-3-small"


def _embed(api: httpx.Client, input: Any, **more: Any) -> Any:
    return api.post("/embeddings", json={"model": MODEL, "input": input, **more}).json()


def _vectors(api: httpx.Client, input: Any, **more: Any) -> list[list[float]]:
    return [one["embedding"] for one in _embed(api, input, **more)["data"]]


def _dot(one: list[float], two: list[float]) -> float:
    return sum(a * b for a, b in zip(one, two, strict=True))


@pytest.mark.parametrize("input", ["a b", ["a b"], [1, 2], [[1, 2]]])
def test_embeds_every_kind_of_input(api: httpx.Client, input: Any) -> None:
    """A text, texts, tokens and lists of tokens get unit vectors; words are tokens."""
    found = _embed(api, input)
    (vector,) = [one["embedding"] for one in found["data"]]
    assert len(vector) == 1536
    assert math.isclose(_dot(vector, vector), 1, rel_tol=1e-5)
    assert found["usage"] == {"prompt_tokens": 2, "total_tokens": 2}


def test_numbers_the_inputs(api: httpx.Client) -> None:
    """Vectors come in the order of the inputs."""
    one, two = _vectors(api, ["a", "b"], dimensions=8)
    assert [item["index"] for item in _embed(api, ["a", "b"])["data"]] == [0, 1]
    assert _vectors(api, ["b", "a"], dimensions=8) == [two, one]


def test_brings_texts_that_share_words_close(api: httpx.Client) -> None:
    """More common words, higher cosine; letter case does not count."""
    cat, cats, train = _vectors(api, ["the black cat sleeps", "The black cat eats", "departures from platform nine"])
    assert _dot(cat, cats) > 0.5
    assert abs(_dot(cat, train)) < 0.2


def test_gives_as_many_dimensions_as_asked_for(api: httpx.Client) -> None:
    """`dimensions` sets the length of the vectors, which keep length 1."""
    (vector,) = _vectors(api, "a", dimensions=3)
    assert len(vector) == 3
    assert math.isclose(_dot(vector, vector), 1, rel_tol=1e-5)


def test_encodes_as_base64(api: httpx.Client) -> None:
    """base64 holds the very numbers of float, as little-endian 32-bit floats."""
    (encoded,) = [one["embedding"] for one in _embed(api, "a", dimensions=4, encoding_format="base64")["data"]]
    (plain,) = _vectors(api, "a", dimensions=4)
    assert list(struct.unpack("<4f", base64.b64decode(encoded))) == plain


@pytest.mark.parametrize(
    ("more", "param", "code"),
    [
        ({"input": []}, "input", "invalid_value"),
        ({"input": [1, "a"]}, "input", "invalid_type"),
        ({"input": ["a"] * 2049}, "input", "invalid_value"),
        ({"input": "a", "dimensions": 0}, "dimensions", "invalid_value"),
        ({"input": "a", "encoding_format": "hex"}, "encoding_format", "invalid_value"),
    ],
)
def test_refuses_what_the_api_does_not_take(api: httpx.Client, more: Any, param: str, code: str) -> None:
    """Inputs and options out of range are named."""
    assert error(api.post("/embeddings", json={"model": MODEL, **more})) == (400, param, code)
