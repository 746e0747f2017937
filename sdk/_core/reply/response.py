"""A detailed response: the reply with its status, headers and attempts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import field, frozen

from ..lazy import attributes
from ..public import expose

if TYPE_CHECKING:
    from ..errors import Attempt
    from .rate_limits import RateLimit as RateLimit
    from .rate_limits import RateLimits as RateLimits
else:  # imported with the first use
    _LATER = dict.fromkeys(("RateLimit", "RateLimits"), "..rate_limits")
    __getattr__ = attributes(__name__, _LATER)

    def __dir__() -> list[str]:
        return sorted({*globals(), *_LATER})


R = TypeVar("R")


@frozen(slots=False)  # with slots, each frozen attribute costs a call of object.__setattr__
class APIResponse(Generic[R]):
    """A reply with its HTTP response: `parsed` is the typed reply, `content` the raw bytes (empty for a stream)."""

    status_code: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    parsed: R = field(repr=False)
    request_id: str | None
    attempts: tuple[Attempt, ...]
    elapsed: float
    request: Any = field(repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        bare = self.request.masked() if hasattr(self.request, "masked") else self.request
        return type(self), (
            self.status_code, self.headers, self.content, self.parsed, self.request_id, self.attempts, self.elapsed,
            bare,
        )  # fmt: skip

    @property
    def rate_limit(self) -> RateLimits:
        """The limits that the server states, for requests and for tokens."""
        from .rate_limits import RateLimits

        return RateLimits.of(self.headers)


expose(globals(), "response")
