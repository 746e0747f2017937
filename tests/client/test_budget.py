"""Prices from a file, and a budget that no call goes over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sdk import Client
from sdk.errors import BudgetError, ConfigError, InternalServerError
from sdk.usage import Budget, Prices, Usage

from ..faults.raw import Raw, always, reply
from ..faults.streaming import DONE, chunk, event, streamed

_MILLION = 1_000_000
_PRICES = Prices({"m": {"input": 1.0, "cached": 0.5, "output": 2.0}, "i": {"image": 0.25}})
_ASK: Any = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}


def _reply(inputs: int, outputs: int) -> bytes:
    usage = {"prompt_tokens": inputs, "completion_tokens": outputs}
    return reply(json.dumps({"object": "chat.completion", "choices": [], "usage": usage}).encode())


def test_a_cost_is_added_up_from_the_prices_of_the_model() -> None:
    """Per million tokens, per image, per second; the longest name that the model begins with counts."""
    prices = Prices(
        {"m": {"input": 1.0, "output": 4.0}, "m-mini": {"input": 0.1, "cached": 0.05}, "w": {"second": 0.5}}
    )
    usage = Usage(input_tokens=2 * _MILLION, cached_tokens=_MILLION, output_tokens=_MILLION, images=3, seconds=10)
    assert prices.cost("m-2026", usage) == 6.0
    assert prices.cost("m-mini-2026", usage) == pytest.approx(0.15)
    assert prices.cost("w", usage) == 5.0
    with pytest.raises(KeyError):
        prices.cost("x", usage)


def test_prices_are_read_from_a_file(tmp_path: Path) -> None:
    """None are built in."""
    path = tmp_path / "prices.json"
    path.write_text('{"m": {"input": 0.15}}')
    assert Prices.from_file(path).of("m") == {"input": 0.15}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "is not JSON"),
        ("[]", "must be an object with an object for each model"),
        ('{"m": 1}', "must be an object with an object for each model"),
        ('{"m": {"prompt": 1}}', "'m' has 'prompt'; known are input, cached"),
        ('{"m": {"input": -1}}', "'input' of 'm' must be a number of at least 0"),
        ('{"m": {"input": true}}', "'input' of 'm' must be a number of at least 0"),
    ],
)
def test_wrong_prices_are_told(tmp_path: Path, text: str, problem: str) -> None:
    """With what is wrong, and where."""
    path = tmp_path / "prices.json"
    path.write_text(text)
    with pytest.raises(ConfigError, match=problem):
        Prices.from_file(path)


@pytest.mark.parametrize("limit", [-1, True, "5", float("nan")])
def test_a_limit_is_a_number(limit: Any) -> None:
    """A wrong one is told when the budget is made."""
    with pytest.raises(ConfigError, match="the limit must be a number of at least 0"):
        Budget(limit, _PRICES)


def test_a_call_that_would_go_over_the_budget_is_not_sent() -> None:
    """It counts with the most that its reply may have; what was used counts afterwards."""
    budget = Budget(1.0, _PRICES)
    with Raw(always(_reply(100, 100_000))) as server, Client(api_base=server.url, api_key="k", budget=budget) as client:
        client.chat.create.sync(**_ASK, max_completion_tokens=400_000)
        assert budget.spent == pytest.approx(0.2001)
        with pytest.raises(BudgetError, match=r"the call may cost 0.8\d*, and 0.7999 of the budget of 1 is left"):
            client.chat.create.sync(**_ASK, max_completion_tokens=400_000)
        client.chat.create.sync(**_ASK, max_completion_tokens=300_000)
    assert len(server.requests) == 2


def test_a_call_that_fails_costs_nothing() -> None:
    """What was reserved for it is there again."""
    budget = Budget(1.0, _PRICES)
    options: Any = {"budget": budget, "max_retries": 0}
    with Raw(always(reply(b"{}", "500 X"))) as server, Client(api_base=server.url, api_key="k", **options) as client:
        for _ in range(3):
            with pytest.raises(InternalServerError):
                client.chat.create.sync(**_ASK, max_completion_tokens=400_000)
    assert (len(server.requests), budget.spent) == (3, 0)


@pytest.mark.parametrize("reported", [True, False])
def test_a_stream_costs_what_it_tells_or_else_what_was_estimated(reported: bool) -> None:
    """A stream that is left is not free: the server has begun to write."""
    usage = {"prompt_tokens": 0, "completion_tokens": 50_000}
    last = event({"object": "chat.completion.chunk", "choices": [], "usage": usage})
    budget = Budget(1.0, _PRICES)
    with (
        Raw(always(streamed(chunk("Hi"), chunk("", "stop"), *([last, DONE] if reported else [])))) as server,
        Client(api_base=server.url, api_key="k", budget=budget) as client,
    ):
        with client.chat.create.stream(**_ASK, max_completion_tokens=200_000) as stream:
            stream.final() if reported else next(iter(stream))
        assert budget.spent == pytest.approx(0.1 if reported else 0.4, abs=1e-3)


def test_images_are_paid_for_one_by_one() -> None:
    """By how many are asked for before, and how many came after."""
    budget = Budget(0.6, _PRICES)
    answer = reply(b'{"created":1,"data":[{"url":"u"}]}')
    with Raw(always(answer)) as server, Client(api_base=server.url, api_key="k", budget=budget) as client:
        with pytest.raises(BudgetError):
            client.images.generate.sync(model="i", prompt="a cat", n=3)
        client.images.generate.sync(model="i", prompt="a cat", n=2)
    assert budget.spent == 0.25


def test_a_model_without_prices_is_not_called() -> None:
    """Nobody knows what it costs; an operation without a model is free."""
    budget = Budget(1.0, _PRICES)
    answer = reply(b'{"object":"list","data":[]}')
    with Raw(always(answer)) as server, Client(api_base=server.url, api_key="k", budget=budget) as client:
        with pytest.raises(BudgetError, match="no prices for the model 'other'"):
            client.chat.create.sync(**{**_ASK, "model": "other"})
        client.models.list.sync()
    assert len(server.requests) == 1


def test_a_budget_is_a_budget() -> None:
    """A number has no prices."""
    budget: Any = 5.0
    with pytest.raises(ConfigError, match="budget must be a Budget, not float"):
        Client(api_key="k", budget=budget)
