"""`sdk.bulk.embed`: the vectors of many texts in one file, in order, resumable."""

from __future__ import annotations

import asyncio
import json
import struct
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import sdk
from sdk._openai.bulk.packing import packs
from sdk.bulk import BulkError, Embedded, SourceError, TargetError
from sdk.errors import AuthenticationError, RequestError
from sdk.testing import LocalServer
from sdk.testing.api.embeddings import embed as vector_of

Embed = Callable[..., Embedded]
_TEXTS = [f"text number {n}" for n in range(50)]


def _aembed(*arguments: Any, **options: Any) -> Embedded:
    return asyncio.run(sdk.bulk.aembed(*arguments, **options))


@pytest.fixture(params=[sdk.bulk.embed, _aembed], ids=["sync", "asyncio"])
def embed(request: pytest.FixtureRequest, server: LocalServer) -> Embed:
    """Return a function that embeds, blocking or from a coroutine."""
    function: Embed = request.param
    return function


def _npy(path: Path) -> tuple[tuple[int, int], list[list[float]]]:
    """Return shape and rows of a .npy file, by its format's description."""
    content = path.read_bytes()
    assert content[:8] == b"\x93NUMPY\x01\x00"
    [length] = struct.unpack("<H", content[8:10])
    header: dict[str, Any] = eval(content[10 : 10 + length])  # a literal, as the format says
    assert (header["descr"], header["fortran_order"], (10 + length) % 64) == ("<f4", False, 0)
    rows, size = header["shape"]
    flat = array("f", content[10 + length :])
    assert len(flat) == rows * size
    return header["shape"], [list(flat[at : at + size]) for at in range(0, len(flat), size)]


def _expected(texts: list[str], dimensions: int = 8) -> list[list[float]]:
    return [list(vector_of(text, dimensions)) for text in texts]


def test_vectors_in_order(embed: Embed, server: LocalServer, tmp_path: Path) -> None:
    """Each text has its row, in few requests."""
    done = embed(iter(_TEXTS), tmp_path / "v.npy", dimensions=8, inputs=20)
    assert (done.rows, done.before, done.dimensions, done.usage.input_tokens > 100) == (50, 0, 8, True)
    assert _npy(done.target) == ((50, 8), _expected(_TEXTS))
    assert sorted(len(request.json()["input"]) for request in server.requests) == [10, 20, 20]
    assert str(done).startswith("50 vectors of 8 numbers in ")


def test_json_lines(embed: Embed, tmp_path: Path) -> None:
    """The suffix of the target is its form."""
    embed(_TEXTS[:3], tmp_path / "v.jsonl", dimensions=8, inputs=2)
    lines = [json.loads(line) for line in (tmp_path / "v.jsonl").read_bytes().splitlines()]
    assert [line["index"] for line in lines] == [0, 1, 2]
    assert [list(array("f", line["embedding"])) for line in lines] == _expected(_TEXTS[:3])


@pytest.mark.parametrize("suffix", ["npy", "jsonl"])
def test_it_goes_on_after_the_last_row(embed: Embed, server: LocalServer, tmp_path: Path, suffix: str) -> None:
    """After any end the rows that are there are not asked for again, and half a row is cut off."""

    def broken() -> Iterator[Any]:
        yield from _TEXTS[:30]
        yield None

    target = tmp_path / f"v.{suffix}"
    with pytest.raises(SourceError, match="text 30 "):
        embed(broken(), target, dimensions=8, inputs=10, concurrency=1)
    state = json.loads((tmp_path / f"v.{suffix}.json").read_bytes())
    assert (0 < state["rows"] <= 30, state["complete"]) == (True, False)
    with target.open("ab") as file:
        file.write(b"half a row")
    server.requests.clear()
    done = embed(_TEXTS, target, dimensions=8, inputs=10)
    assert (done.rows, done.before) == (50, state["rows"])
    asked = {text for request in server.requests for text in request.json()["input"]}
    assert asked >= set(_TEXTS[state["rows"] :])
    assert _TEXTS[0] not in asked
    whole = tmp_path / f"whole.{suffix}"
    embed(_TEXTS, whole, dimensions=8)
    assert target.read_bytes() == whole.read_bytes()
    server.requests.clear()
    assert embed(_TEXTS, target, dimensions=8).before == 50
    assert server.requests == []


def test_more_texts_are_added(embed: Embed, tmp_path: Path) -> None:
    """Texts at the end get their rows; other texts are refused."""
    target = tmp_path / "v.npy"
    embed(_TEXTS[:3], target, dimensions=8)
    assert embed(_TEXTS[:5], target, dimensions=8).before == 3
    assert _npy(target)[1] == _expected(_TEXTS[:5])
    for other in (["else", *_TEXTS[1:5]], _TEXTS[:4], []):
        with pytest.raises(TargetError, match="5 rows of other texts"):
            embed(other, target, dimensions=8)
    with pytest.raises(TargetError, match="was made with"):
        embed(_TEXTS[:5], target, dimensions=16)
    assert _npy(target)[1] == _expected(_TEXTS[:5])


def test_a_request_that_is_refused_is_halved(embed: Embed, server: LocalServer, tmp_path: Path) -> None:
    """The tokens are an estimate: what the server refuses is sent in two parts."""
    for _ in range(3):
        server.fail(400)
    done = embed(_TEXTS[:8], tmp_path / "v.npy", dimensions=8)
    assert _npy(done.target)[1] == _expected(_TEXTS[:8])
    assert [len(request.json()["input"]) for request in server.requests] == [8, 4, 2, 1, 1, 2, 4]


def test_a_text_that_is_refused(embed: Embed, server: LocalServer, tmp_path: Path) -> None:
    """One text that the server refuses ends it, by its place; so does a wrong key."""
    for _ in range(4):
        server.fail(400)
    with pytest.raises(BulkError, match=r"text 0 \(from 0\) is refused"):
        embed(_TEXTS[:8], tmp_path / "v.npy", dimensions=8)
    with pytest.raises(AuthenticationError), sdk.Client(api_key="wrong") as client:
        embed(_TEXTS[:8], tmp_path / "v.npy", dimensions=8, client=client)


def test_wrong_arguments(embed: Embed, server: LocalServer, tmp_path: Path) -> None:
    """What cannot be used is refused before anything is sent."""
    with pytest.raises(TypeError, match="not one str"):
        embed("text", tmp_path / "v.npy")
    with pytest.raises(TypeError, match="no argument modle"):
        embed([], tmp_path / "v.npy", modle="m")
    with pytest.raises(RequestError, match="inputs"):
        embed([], tmp_path / "v.npy", inputs=0)
    with pytest.raises(TargetError, match=r"vectors go into \.npy"):
        embed([], tmp_path / "v.txt")
    with pytest.raises(SourceError, match=r"text 1 .* is empty"):
        embed(["a", ""], tmp_path / "v.npy")
    (tmp_path / "other.npy").write_bytes(b"x" * 200)
    with pytest.raises(TargetError, match="is it another file"):
        embed(["a"], tmp_path / "other.npy")
    assert server.requests == []


def test_packs_keep_the_limits() -> None:
    """A pack has as many texts and tokens as a request may have; a text that is longer is alone."""
    assert [len(pack) for pack in packs(["abc"] * 5, 2, 100)] == [2, 2, 1]
    assert [len(pack) for pack in packs(["x" * 30] * 5, 100, 33)] == [3, 2]
    assert [len(pack) for pack in packs(["a", "x" * 300, "b"], 100, 33)] == [1, 1, 1]
    assert [*packs([], 2, 2)] == []
    assert [len(pack) for pack in packs(["ä€" * 6] * 3, 100, 22)] == [2, 1]
