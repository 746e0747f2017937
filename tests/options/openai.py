"""The options of a client of this package, without the client."""

from collections.abc import Mapping
from typing import Any

from sdk._openai.options import OpenAIOptions
from sdk._openai.service import OPENAI


def resolve(given: Mapping[str, object]) -> OpenAIOptions:
    """Return the options for what is given."""
    return OpenAIOptions.resolve(OPENAI, given)


def replace(options: OpenAIOptions, **changes: Any) -> OpenAIOptions:
    """Return options with some changed."""
    return options.replace(OPENAI, **changes)
