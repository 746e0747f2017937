"""What a run has done, and what a dry run would do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from ..._core.public import expose
from ..usage import Usage


@frozen(kw_only=True)
class Summary:
    """The end of a run: lines by what became of them, what they used, and how to continue."""

    target: Path
    #: The file of failed lines; it exists where there are some.
    errors_path: Path
    #: Lines of the source; those that were done before; those that this run wrote; those that failed in it.
    total: int = 0
    before: int = 0
    done: int = 0
    failed: int = 0
    #: Failures of this run by kind, such as "BadRequestError 400".
    errors: Mapping[str, int] = field(factory=dict)
    usage: Usage = field(factory=Usage)
    #: What this run cost, None without prices.
    cost: float | None = None
    elapsed: float = 0.0
    #: Why it ended early: "limit", "tokens", "budget", "seconds", "interrupted"; None where every line was tried.
    stopped: str | None = None

    @property
    def remaining(self) -> int:
        """Lines that are neither done nor failed: the same call does them."""
        return self.total - self.before - self.done - self.failed

    @property
    def ok(self) -> bool:
        """Whether every line of the source has its reply in the target."""
        return self.before + self.done == self.total

    def __str__(self) -> str:
        parts = [f"{self.done} done"]
        parts += [f"{self.before} were done before"] if self.before else []
        parts += (
            [f"{self.failed} failed ({', '.join(f'{n} {k}' for k, n in self.errors.items())})"] if self.failed else []
        )
        parts += [f"{self.remaining} remain ({self.stopped})"] if self.remaining else []
        tokens = self.usage.input_tokens + self.usage.output_tokens
        parts += [f"{tokens:,} tokens"] if tokens else []
        parts += [f"cost {self.cost:.4g}"] if self.cost is not None else []
        failures = f", failures in {self.errors_path}" if self.failed else ""
        return f"{_lines(self.total)}: {', '.join(parts)}, {self.elapsed:.1f} s; {self.target}{failures}"


@frozen(kw_only=True)
class DryRun:
    """What a run would send: nothing was sent."""

    #: Lines of the source, those that are done, and those that would be sent.
    total: int
    before: int
    lines: int
    #: Estimated tokens: a quarter of the bytes of the bodies; the most that the replies may have, 0 where they have no
    #: limit; and the cost by both, None without prices.
    input_tokens: int
    output_tokens: int
    cost: float | None
    #: The first request: method, URL and body. None where nothing is to be sent.
    method: str | None = None
    url: str | None = None
    body: Any = None

    def __str__(self) -> str:
        cost = "" if self.cost is None else f", cost about {self.cost:.4g}"
        output = (
            f"at most {self.output_tokens:,} out" if self.output_tokens or not self.lines else "replies without a limit"
        )
        return (
            f"{_lines(self.total)}, {self.before} done, {self.lines} to send: about {self.input_tokens:,} tokens in, "
            f"{output}{cost}"
        )


def _lines(number: int) -> str:
    return "1 line" if number == 1 else f"{number} lines"


expose(globals(), "bulk", "Summary", "DryRun")
