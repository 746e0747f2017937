"""What calls cost, by prices of a file, and a budget that they may not exceed."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ..._core.errors import BudgetError, ConfigError
from ..._core.public import expose

if TYPE_CHECKING:
    from .usage import Usage

_KINDS = ("input", "cached", "output", "image", "second")
_MILLION = 1_000_000


class Prices:
    """Prices by model: of a million tokens of `input`, `cached` input and `output`; of an `image`; of a `second`.

    A model without an entry has that of the longest name that its own begins with, such as "m" for "m-2026-01-01".
    Cached tokens cost as much as other input where there is no price for them; other prices that are missing are 0.
    """

    def __init__(self, prices: Mapping[str, Mapping[str, float]]) -> None:
        self._prices = {model: dict(kinds) for model, kinds in prices.items()}
        for model, kinds in self._prices.items():
            for kind, price in kinds.items():
                if kind not in _KINDS:
                    raise ConfigError(f"prices: {model!r} has {kind!r}; known are {', '.join(_KINDS)}")
                if isinstance(price, bool) or not isinstance(price, int | float) or not price >= 0:
                    raise ConfigError(f"prices: {kind!r} of {model!r} must be a number of at least 0")

    @classmethod
    def from_file(cls, path: str | Path) -> Self:
        """Read a JSON file: `{"m": {"input": 0.15, "cached": 0.075, "output": 0.6}}`.

        Raises: ConfigError for a file with other content, OSError for one that cannot be read.
        """
        try:
            prices = json.loads(Path(path).read_bytes())
        except ValueError as error:
            raise ConfigError(f"prices: {path} is not JSON: {error}") from None
        if not isinstance(prices, dict) or not all(isinstance(kinds, dict) for kinds in prices.values()):
            raise ConfigError(f"prices: {path} must be an object with an object for each model")
        return cls(prices)

    def of(self, model: str) -> Mapping[str, float] | None:
        """Return the prices of a model; None if there are none."""
        names = [name for name in self._prices if model.startswith(name)]
        return self._prices[max(names, key=len)] if names else None

    def cost(self, model: str, usage: Usage) -> float:
        """Return what a usage costs. Raises KeyError for a model without prices."""
        prices = self.of(model)
        if prices is None:
            raise KeyError(model)
        price = prices.get("input", 0.0)
        tokens = (
            (usage.input_tokens - usage.cached_tokens) * price
            + usage.cached_tokens * prices.get("cached", price)
            + usage.output_tokens * prices.get("output", 0.0)
        )
        return tokens / _MILLION + usage.images * prices.get("image", 0.0) + usage.seconds * prices.get("second", 0.0)


class Budget:
    """An amount, in the currency of the prices, that calls may spend. Several clients may share one.

    Before a call is sent, its cost is estimated: by the size of its body, and the most tokens that its reply may have.
    A call that would go over the limit raises BudgetError. Afterwards its usage is what counts; where the server
    reports none, the estimate.
    """

    def __init__(self, limit: float, prices: Prices) -> None:
        if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit >= 0:
            raise ConfigError("budget: the limit must be a number of at least 0")
        self.limit, self.prices = limit, prices
        self._lock = threading.Lock()
        self._spent = self._reserved = 0.0

    @property
    def spent(self) -> float:
        """What calls that are over have cost."""
        return self._spent

    def reserve(self, model: str, estimate: Usage) -> Reservation:
        """Reserve the estimated cost of a call. Raises BudgetError."""
        if self.prices.of(model) is None:
            raise BudgetError(f"not sent: the budget has no prices for the model {model!r}")
        cost = self.prices.cost(model, estimate)
        with self._lock:
            left = self.limit - self._spent - self._reserved
            if cost > left:
                raise BudgetError(
                    f"not sent: the call may cost {cost:.6g}, and {left:.6g} of the budget of {self.limit:g} is left"
                )
            self._reserved += cost
        return Reservation(self, model, cost)

    def settle(self, reserved: float, cost: float) -> None:
        """Replace what was reserved by what a call cost."""
        with self._lock:
            self._reserved -= reserved
            self._spent += cost


class Reservation:
    """The part of a budget that one call may use."""

    __slots__ = ("_budget", "_cost", "_model", "_open")

    def __init__(self, budget: Budget, model: str, cost: float) -> None:
        self._budget, self._model, self._cost, self._open = budget, model, cost, True

    def settle(self, usage: Any, images: int = 0) -> None:
        """Count what the call used by the `usage` of its reply, once; without one, what was estimated."""
        if self._open:
            from .usage import usage_of

            self._open = False
            used = (
                self._cost if not (usage or images) else self._budget.prices.cost(self._model, usage_of(usage, images))
            )
            self._budget.settle(self._cost, used)

    def cancel(self) -> None:
        """Give back what was reserved, unless it is settled: the call has failed."""
        if self._open:
            self._open = False
            self._budget.settle(self._cost, 0.0)


expose(globals(), "usage", "Prices", "Budget")
