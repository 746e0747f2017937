"""The example's own tests: no network, no key. `openai_server` comes from the SDK's pytest plugin."""

import json
from pathlib import Path

from sdk.testing import LocalServer

from ..__main__ import classify

_TABLE = Path(__file__).parents[1] / "reviews.csv"


def _answer(sentiment: str) -> str:
    return json.dumps({"sentiment": sentiment, "reason": "It says so."})


def test_each_row_has_a_label(openai_server: LocalServer, tmp_path: Path) -> None:
    """An answer that is none of the labels is asked for again; a second run sends nothing."""
    for sentiment in ("good", "awful", "bad", "neutral", "good", "bad"):
        openai_server.reply(_answer(sentiment))
    labels = tmp_path / "labels.csv"
    assert classify(_TABLE, labels, "gpt-4o-mini") == 0
    lines = labels.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "id,sentiment,reason"
    assert [line.partition(",")[0] for line in lines[1:]] == ["1", "2", "3", "4", "5"]
    assert len(openai_server.requests) == 6
    assert classify(_TABLE, labels, "gpt-4o-mini") == 0
    assert len(openai_server.requests) == 6


def test_a_row_that_fails_is_tried_the_next_time(openai_server: LocalServer, tmp_path: Path) -> None:
    """Rows without a label are counted, and the next run does them."""
    openai_server.fail(400)
    for _ in range(5):
        openai_server.reply(_answer("good"))
    labels = tmp_path / "labels.csv"
    assert classify(_TABLE, labels, "gpt-4o-mini") == 1
    assert classify(_TABLE, labels, "gpt-4o-mini") == 0
