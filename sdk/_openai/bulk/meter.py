"""What a run has done so far: lines, tokens, money, failures by kind. No clock of its own."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any

from ..usage import Prices, Usage, add_up

#: Entries of the usage that are kept before they are added up.
_MOST = 512


class Meter:
    """Counts for the progress and the summary of a run."""

    def __init__(self, total: int, before: int, lines: int, prices: Prices | None) -> None:
        self.total, self.before, self.lines = total, before, lines
        self.done = self.failed = 0
        self.errors: Counter[str] = Counter()
        self._prices = prices
        self._entries: deque[tuple[Any, Any, int]] = deque()
        self._totals: dict[str, list[Any]] = {}

    def succeeded(self, model: Any, usage: Any) -> None:
        """Count a reply with the `usage` that it has."""
        self.done += 1
        self._entries.append((model if isinstance(model, str) else "", usage, 0))
        if len(self._entries) >= _MOST:
            add_up(self._entries, self._totals)

    def fail(self, kind: str) -> None:
        """Count a failure."""
        self.failed += 1
        self.errors[kind] += 1

    def usage(self) -> Usage:
        """Return what all replies used."""
        add_up(self._entries, self._totals)
        return Usage(*(sum(numbers) for numbers in zip(*self._totals.values(), strict=True)))

    def cost(self) -> float | None:
        """Return what all replies cost; None without prices for a model."""
        if self._prices is None:
            return None
        add_up(self._entries, self._totals)
        try:
            return sum(self._prices.cost(model, Usage(*numbers)) for model, numbers in self._totals.items())
        except KeyError:
            return None

    def tokens(self) -> int:
        """Return the tokens of all replies, in and out."""
        used = self.usage()
        return used.input_tokens + used.output_tokens

    def line(self, elapsed: float) -> str:
        """Return the progress as one line."""
        count = self.done + self.failed
        rate = count / elapsed if elapsed > 0 else 0.0
        parts = [f"{count:,} of {self.lines:,}", f"{rate:,.1f} a second"]
        if rate and count < self.lines:
            parts.append(f"{duration((self.lines - count) / rate)} left")
        parts.append(f"{self.tokens():,} tokens")
        cost = self.cost()
        if cost is not None:
            parts.append(f"cost {cost:.4g}")
        if self.failed:
            parts.append(
                f"{self.failed:,} failed: " + ", ".join(f"{n} {kind}" for kind, n in self.errors.most_common(3))
            )
        return ", ".join(parts)


def duration(seconds: float) -> str:
    """Return a time for people, such as `1:02:03`."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
