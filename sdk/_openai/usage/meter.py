"""Count what the calls of one client use, and hold them to its budget."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..._core.lazy import lazy_function

if TYPE_CHECKING:
    from ..._core.call.context import CallContext
    from ..._core.call.state import CallState
    from ..._core.http import Content
    from ..._core.reply.opened import OpenStream
    from .budget import Budget
    from .estimate import estimated_tokens, reserve
    from .reports import CallEnded, ClientStats
    from .usage import Usage, add_up, usage_of
else:
    add_up = lazy_function(globals(), ".usage", "add_up")
    usage_of = lazy_function(globals(), ".usage", "usage_of")
    estimated_tokens = lazy_function(globals(), ".estimate", "estimated_tokens")
    reserve = lazy_function(globals(), ".estimate", "reserve")

#: Entries that are kept before they are added up.
_MOST = 512
#: The operations that make images.
_IMAGES = "images"


class UsageMeter:
    """What the calls of one client used. Entries are added up when there are many, or when a caller asks."""

    __slots__ = ("_context", "_totals", "budget", "entries")

    def __init__(self, context: CallContext) -> None:
        self._context = context
        options: Any = context.options  # OpenAIOptions
        #: The budget of the client, None without one.
        self.budget: Budget | None = options.budget
        #: Model, `usage` of the reply, images.
        self.entries: deque[tuple[Any, Any, int]] = deque()
        self._totals: dict[str, list[Any]] = {}

    def begin(self, call: CallState, content: Content) -> None:
        """Estimate the tokens of a call for its line, and reserve its part of the budget. Raises BudgetError."""
        if call.line is not None and call.line.counts_tokens:
            call.permit.tokens = estimated_tokens(call.request, content)
        if self.budget is not None:
            call.reserved = reserve(self.budget, call.request, content)

    def count(self, call: CallState, parsed: Any) -> None:
        """Count what a call used, by the model that it names; `parsed` is its reply, of whatever type."""
        given = call.request.body
        if given.__class__ is dict and "model" in given:
            wire = getattr(parsed, "_wire", None)
            used = given["model"], None if wire is None else wire.get("usage"), 0
            if call.request.spec.family == _IMAGES and wire is not None and wire.get("data").__class__ is list:
                used = used[0], used[1], len(wire["data"])
            if call.reserved is not None:
                call.reserved.settle(*used[1:])
            self.entries.append(used)  # most calls need no more than that
            if call.permit.tokens or len(self.entries) >= _MOST:
                self._settle(used, call.permit.tokens)
        elif call.reserved is not None:
            call.reserved.settle(None)

    def count_stream(self, opened: OpenStream, usage: Any, images: int, *, complete: bool) -> None:
        """Count what a stream used by its last `usage`; one that is not complete counts for the budget alone."""
        if complete:
            body = opened.request.body
            used = body.get("model") if isinstance(body, dict) else None, usage, images
            self.entries.append(used)
            self._settle(used, opened.tokens)
        if opened.reserved is not None:
            opened.reserved.settle(usage, images)

    def totals(self) -> dict[str, Usage]:
        """Return what all calls used, by model."""
        from .usage import Usage

        self._add_up()
        return {model: Usage(*total) for model, total in self._totals.copy().items()}

    def ended(self, facts: Mapping[str, Any], usage: object) -> CallEnded:
        """Return the record of the end of a call; `usage` is what its reply says of it."""
        from .reports import CallEnded

        return CallEnded(**facts, usage=usage_of(usage) if usage else None)

    def stats(self, facts: Mapping[str, Any]) -> ClientStats:
        """Return the statistics of the client."""
        from .reports import ClientStats

        return ClientStats(**facts, usage=self.totals())

    def _settle(self, used: tuple[Any, Any, int], tokens: int) -> None:
        """Correct the tokens that were estimated for a call by what it used; add up the entries if they are many."""
        if len(self.entries) >= _MOST:
            self._add_up()
        quota = self._context.quota
        if tokens and used[1] and quota is not None:
            usage = usage_of(used[1])
            quota.correct(usage.input_tokens + usage.output_tokens - tokens)

    def _add_up(self) -> None:
        with self._context.limiter.lock:
            add_up(self.entries, self._totals)
