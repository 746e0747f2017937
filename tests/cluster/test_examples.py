"""The examples that need numpy and matplotlib, which this environment has; and Parquet, which needs pyarrow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pyarrow
import pyarrow.parquet

import sdk
from examples.evaluation.__main__ import evaluate, plot, questions
from examples.semantic_search.__main__ import Index, paragraphs
from sdk import Client
from sdk.testing import LocalServer

from ..bulk.files import ids


def test_search_a_corpus(server: LocalServer, tmp_path: Path) -> None:
    """A question finds the paragraph that shares words with it; new paragraphs alone are asked for."""
    corpus = tmp_path / "a.txt"
    corpus.write_text("We are closed\non Sunday.\n\nA repair takes two weeks.\n\n\nReturns are free.", encoding="utf-8")
    texts = paragraphs([corpus])
    assert texts == ["We are closed on Sunday.", "A repair takes two weeks.", "Returns are free."]
    with Client(max_in_flight=4) as client:
        index = Index(client, texts, tmp_path / "v.npy")
        assert index.search("how long does a repair take", 1)[0][1] == texts[1]
        server.requests.clear()
        index = Index(client, [*texts, "We ship on Monday."], tmp_path / "v.npy")
        assert [request.json()["input"] for request in server.requests] == [["We ship on Monday."]]
        assert index.search("when do you ship", 1)[0][1] == "We ship on Monday."


def test_evaluate_models(server: LocalServer, tmp_path: Path) -> None:
    """Answers are scored by kind, and the plot is a picture."""
    answers = {row["question"]: row["answer"] for row in questions()}

    def answer(request: Any) -> str:
        body = request.json()
        question = body["messages"][0]["content"].removesuffix(" Answer with the result alone.")
        known = answers[question]
        return known if body["model"] == "gpt-4o" or "capital" in question or int(known, 36) % 3 else "no idea"

    server.on(times=None).reply(answer)
    with Client(max_in_flight=8) as client:
        scores = evaluate(client, ["gpt-4o-mini", "gpt-4o"])
    assert scores["gpt-4o"].right == scores["gpt-4o"].asked == {"sums": 10, "capitals": 10, "reversed words": 10}
    assert (scores["gpt-4o-mini"].share("capitals"), scores["gpt-4o-mini"].failed) == (1.0, 0)
    assert 0 < scores["gpt-4o-mini"].share("sums") < 1
    plot(scores, tmp_path / "plot.png")
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_parquet(server: LocalServer, tmp_path: Path) -> None:
    """Rows of a Parquet file fill a template; vectors go into one, which is complete or not there."""
    table = tmp_path / "in.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"custom_id": ["a", "b"], "word": ["one", "two"]}), table)
    given: dict[str, Any] = {"template": "Say {word}", "arguments": {"model": "gpt-4o-mini"}}
    done = sdk.bulk.run(table, tmp_path / "out.jsonl", **given)
    assert (done.done, ids(done.target)) == (2, ["a", "b"])
    texts = [f"text {number}" for number in range(5000)]
    sdk.bulk.embed(texts, tmp_path / "v.npy", dimensions=8)
    sdk.bulk.embed(texts, tmp_path / "v.parquet", dimensions=8)
    found = pyarrow.parquet.read_table(tmp_path / "v.parquet")
    rows = numpy.array(found["embedding"].to_pylist(), dtype="f4")
    assert (rows == numpy.load(tmp_path / "v.npy", mmap_mode="r")).all()
    assert found["index"].to_pylist() == list(range(5000))
    server.requests.clear()
    assert sdk.bulk.embed(texts, tmp_path / "v.parquet", dimensions=8).before == 5000
    assert server.requests == []
    assert sorted(path.name for path in tmp_path.iterdir() if "v.parquet" in path.name) == [
        "v.parquet",
        "v.parquet.json",
    ]
