"""Moderations."""

from typing import Any

import httpx
import pytest

from ..wire import error


def _judge(api: httpx.Client, input: Any) -> Any:
    return api.post("/moderations", json={"input": input}).json()["results"]


def test_flags_a_text(api: httpx.Client) -> None:
    """A word of the list flags its category and no other."""
    (result,) = _judge(api, "I will kill the process")
    assert result["flagged"] is True
    assert [name for name, hit in result["categories"].items() if hit] == ["violence"]
    assert result["category_scores"]["violence"] > 0.9 > 0.1 > result["category_scores"]["hate"]


def test_passes_a_harmless_text(api: httpx.Client) -> None:
    """Other words flag nothing, nor do parts of words."""
    (result,) = _judge(api, "skills and kindness")
    assert result["flagged"] is False
    assert not any(result["categories"].values())


def test_judges_texts_one_by_one(api: httpx.Client) -> None:
    """A list of texts gets a result each."""
    assert [result["flagged"] for result in _judge(api, ["hello", "a bomb", ""])] == [False, True, False]


def test_judges_the_parts_of_a_message_together(api: httpx.Client) -> None:
    """Text and images get one result, which says what each category looked at."""
    parts = [{"type": "text", "text": "gore"}, {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}]
    (result,) = _judge(api, parts)
    assert result["categories"]["violence/graphic"] is True
    assert result["category_applied_input_types"]["violence/graphic"] == ["text", "image"]
    assert result["category_applied_input_types"]["hate"] == ["text"]


def test_names_the_model(api: httpx.Client) -> None:
    """The model is the one asked for, or else the API's default."""
    assert api.post("/moderations", json={"input": "x", "model": "m"}).json()["model"] == "m"
    assert api.post("/moderations", json={"input": "x"}).json()["model"] == "omni-moderation-latest"


@pytest.mark.parametrize("part", [1, {"type": "text"}, {"type": "image_url", "image_url": "x"}, {"type": "audio"}])
def test_refuses_an_unknown_part(api: httpx.Client, part: Any) -> None:
    """A part that is neither text nor image is named by its place."""
    assert error(api.post("/moderations", json={"input": [part]})) == (400, "input[0]", "invalid_type")
