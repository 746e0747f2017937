"""The options of a client of the OpenAI API that other APIs do not have."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from .._core.lazy import fully_imported
from .._core.options.resolve import KeySource, Options
from .._core.options.table import (
    OPTIONS,
    SIZE,
    InvalidOption,
    OptionSpec,
    header_text,
    one_key,
    shown_kind,
    shown_secret,
)


def _budget(value: object) -> object:
    budget = fully_imported(f"{__package__}.usage.budget")  # not imported, it cannot have made one
    if value is None or (budget is not None and isinstance(value, budget.Budget)):
        return value
    raise InvalidOption(f"must be a Budget, not {type(value).__name__}")


class OpenAIOptions(Options):
    """The options of one client, checked. Times are seconds; None is no limit."""

    __slots__ = ("admin_api_key", "budget", "organization", "project", "tokens_per_minute")

    table = MappingProxyType(
        {
            **OPTIONS,
            "admin_api_key": OptionSpec(one_key, None, ("ADMIN_KEY",), show=shown_secret),
            "organization": OptionSpec(header_text, None, ("ORG_ID", "ORGANIZATION")),
            "project": OptionSpec(header_text, None, ("PROJECT_ID",)),
            "tokens_per_minute": OptionSpec(SIZE, None),
            "budget": OptionSpec(_budget, None, show=shown_kind),
        }
    )
    other_names = MappingProxyType(
        {
            **Options.other_names,
            "webhook_secret": "{prefix}_WEBHOOK_SECRET in the environment",
            "model": "{prefix}_MODEL in the environment, or model= of the call",
        }
    )
    admin_api_key: KeySource | None
    organization: str | None
    project: str | None
    tokens_per_minute: int | None
    budget: Any

    @property
    def limits_per_minute(self) -> tuple[int | None, int | None]:
        """The requests, and the tokens, that all calls together may use in a minute; None is no limit."""
        return self.requests_per_minute, self.tokens_per_minute
