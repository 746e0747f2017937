"""The options of a client of this package, without the client."""

from collections.abc import Mapping
from typing import Any

from sdk._core.options.resolve import Options
from sdk._openai.service import OPENAI


def resolve(given: Mapping[str, object]) -> Options:
    """Return the options for what is given."""
    return Options.resolve(OPENAI, given)


def replace(options: Options, **changes: Any) -> Options:
    """Return options with some changed."""
    return options.replace(OPENAI, **changes)
