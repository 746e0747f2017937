"""What calls use, by what their replies say, and what that costs. The service names what the runtime takes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .budget import Budget as Budget
    from .budget import Prices as Prices
    from .reports import CallEnded as CallEnded
    from .reports import ClientStats as ClientStats
    from .usage import Usage as Usage
    from .usage import add_up as add_up
    from .usage import usage_of as usage_of
else:
    from ..._core.lazy import attributes

    __getattr__ = attributes(
        __name__,
        {
            **dict.fromkeys(("Budget", "Prices"), ".budget"),
            **dict.fromkeys(("CallEnded", "ClientStats"), ".reports"),
            **dict.fromkeys(("Usage", "add_up", "usage_of"), ".usage"),
        },
    )
