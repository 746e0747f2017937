"""A detailed response: the reply with its status, headers and attempts; and the views that hooks get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._core.lazy import attributes
from ._core.reply.response import APIResponse as APIResponse

if TYPE_CHECKING:
    from ._core.options.hooks import RequestView as RequestView
    from ._core.options.hooks import ResponseView as ResponseView
    from ._core.reply.parsed import ParsedResponse as ParsedResponse
    from ._core.reply.rate_limits import RateLimit as RateLimit
    from ._core.reply.rate_limits import RateLimits as RateLimits
else:
    _LATER = {
        **dict.fromkeys(("RequestView", "ResponseView"), ".._core.options.hooks"),
        **dict.fromkeys(("RateLimit", "RateLimits"), ".._core.reply.rate_limits"),
        "ParsedResponse": ".._core.reply.parsed",
    }
    __getattr__ = attributes(__name__, _LATER)

    def __dir__() -> list[str]:
        return sorted({*globals(), *_LATER})
