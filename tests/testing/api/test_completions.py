"""Legacy completions."""

from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.testing import LocalServer

from ..wire import error, events

BODY: dict[str, Any] = {"model": "gpt-3.5-turbo-instruct", "prompt": "three little words"}
SAID = " You wrote 3 words: three little words"


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("three little words", [SAID]),
        (["a", "b"], [" You wrote 1 word: a", " You wrote 1 word: b"]),
        ([1, 2], [" You wrote 2 words: 1 2"]),
        ([[1], [2, 3]], [" You wrote 1 word: 1", " You wrote 2 words: 2 3"]),
    ],
)
def test_continues_every_prompt(api: httpx.Client, prompt: Any, said: list[str]) -> None:
    """Texts, lists of texts, tokens and lists of tokens get one choice each, in order."""
    choices = api.post("/completions", json={**BODY, "prompt": prompt}).json()["choices"]
    assert [(choice["index"], choice["text"]) for choice in choices] == list(enumerate(said))


def test_counts_words_as_tokens(api: httpx.Client) -> None:
    """Usage counts the words that went in and came out."""
    usage = api.post("/completions", json=BODY).json()["usage"]
    assert usage == {"prompt_tokens": 3, "completion_tokens": 7, "total_tokens": 10}


def test_pieces_of_a_stream_pass_a_strict_client(server: LocalServer) -> None:
    """A stream says null where it does not know yet, and a client that refuses what the API does not have takes it."""
    given: Any = {**BODY, "stream_options": {"include_usage": True}}
    options: Any = {"api_key": "test-key", "strict": True, "http_options": {"trust_env": False}}
    with Client(api_base=server.url, **options) as client, client.completions.create.stream(**given) as stream:
        pieces = list(stream)
    reasons = [choice.finish_reason for piece in pieces for choice in piece.choices]
    assert (reasons[-2:], [piece.usage is None for piece in pieces[-2:]]) == ([None, "stop"], [True, False])


def test_repeats_the_prompt_with_echo(api: httpx.Client) -> None:
    """With echo the text begins with the prompt."""
    choice = api.post("/completions", json={**BODY, "echo": True, "max_tokens": 1}).json()["choices"][0]
    assert (choice["text"], choice["finish_reason"]) == ("three little words You", "length")


def test_gives_n_choices_for_each_prompt(api: httpx.Client) -> None:
    """`n` multiplies the prompts."""
    choices = api.post("/completions", json={**BODY, "prompt": ["a", "b"], "n": 2}).json()["choices"]
    assert [choice["index"] for choice in choices] == [0, 1, 2, 3]


def test_gives_log_probabilities(api: httpx.Client) -> None:
    """Tokens, their offsets and as many alternatives as asked for."""
    logprobs = api.post("/completions", json={**BODY, "logprobs": 2}).json()["choices"][0]["logprobs"]
    assert "".join(logprobs["tokens"]) == SAID
    assert logprobs["text_offset"][:3] == [0, 4, 10]
    assert [len(top) for top in logprobs["top_logprobs"]] == [2] * 7
    assert len(logprobs["token_logprobs"]) == 7


def test_streams_the_same_text(api: httpx.Client) -> None:
    """A stream gives the text in pieces, then the finish reason, the usage and [DONE]."""
    body = {**BODY, "stream": True, "stream_options": {"include_usage": True}}
    *chunks, usage, done = events(api.post("/completions", json=body))
    assert "".join(chunk["choices"][0]["text"] for chunk in chunks) == SAID
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks] == [None] * 7 + ["stop"]
    assert (usage["choices"], usage["usage"]["total_tokens"], done) == ([], 10, "[DONE]")


@pytest.mark.parametrize("prompt", [{}, 1, [], ["a", 1], [[1], "a"]])
def test_refuses_a_prompt_of_another_type(api: httpx.Client, prompt: Any) -> None:
    """A prompt is a text, texts, tokens or lists of tokens, and nothing else."""
    assert error(api.post("/completions", json={**BODY, "prompt": prompt})) == (400, "prompt", "invalid_type")
