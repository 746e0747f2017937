"""A detailed response: the reply with its status, headers and attempts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, Never, TypeVar

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
_set = object.__setattr__


class APIResponse(Generic[R]):
    """A reply with its HTTP response: `parsed` is the typed reply, `content` the raw bytes (empty for a stream)."""

    # A frozen class without attrs: making an attrs class takes as long as importing five modules.
    status_code: int
    headers: Mapping[str, str]
    content: bytes
    parsed: R
    request_id: str | None
    attempts: tuple[Attempt, ...]
    elapsed: float
    request: Any

    def __init__(
        self,
        status_code: int,
        headers: Mapping[str, str],
        content: bytes,
        parsed: R,
        request_id: str | None,
        attempts: tuple[Attempt, ...],
        elapsed: float,
        request: Any,
    ) -> None:
        values = {
            "status_code": status_code, "headers": headers, "content": content, "parsed": parsed,
            "request_id": request_id, "attempts": attempts, "elapsed": elapsed, "request": request,
        }  # fmt: skip
        _set(self, "__dict__", values)

    def _refuse(self, name: str, value: object = None) -> Never:
        raise AttributeError(f"{name} of a response cannot be changed")

    __setattr__ = __delattr__ = _refuse

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    __hash__ = None  # type: ignore[assignment]  # a reply is mutable

    def __repr__(self) -> str:
        shown = ("status_code", "request_id", "attempts", "elapsed")
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

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
