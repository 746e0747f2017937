"""The options of a client of the OpenAI API, for type checkers; see `options.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.options.typed import ClientOptions

if TYPE_CHECKING:
    from .._core.options.resolve import KeySource
    from .usage import Budget


class OpenAIClientOptions(ClientOptions, total=False):
    """The options of a client. None means "not given" for an option that is not nullable."""

    admin_api_key: KeySource | None
    organization: str | None
    project: str | None
    tokens_per_minute: int | None
    budget: Budget | None
