"""A detailed response: the reply with everything that HTTP says about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from datetime import timedelta
from typing import Any, Generic, TypeVar

from attrs import field, frozen

from .errors import Attempt

R = TypeVar("R")

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|us|µs|ns|d|h|m|s)")
_LONGEST = 100  # characters of a number or duration
_UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


@frozen
class RateLimit:
    """One limit: how much there is, how much is left, and when it is whole again."""

    limit: int | None = None
    remaining: int | None = None
    reset: timedelta | None = None


@frozen
class RateLimits:
    """The limits of an answer's x-ratelimit-* headers; None where the server says nothing."""

    requests: RateLimit
    tokens: RateLimit

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> RateLimits:
        """Read the headers; what is no number or duration reads as None."""

        def one(kind: str) -> RateLimit:
            limit, remaining, reset = (
                headers.get(f"x-ratelimit-{part}-{kind}") for part in ("limit", "remaining", "reset")
            )
            return RateLimit(_whole(limit), _whole(remaining), _duration(reset))

        return cls(one("requests"), one("tokens"))


@frozen
class APIResponse(Generic[R]):
    """A reply and how it came: `parsed` is the typed reply, `content` the raw bytes (empty for a stream)."""

    status_code: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    parsed: R = field(repr=False)
    request_id: str | None
    attempts: tuple[Attempt, ...]
    elapsed: float
    request: Any = field(repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        # Without the client, which holds connections and the key.
        bare = copy(self.request)
        if isinstance(getattr(bare, "options", None), Mapping):
            bare.options = {name: value for name, value in bare.options.items() if name != "client"}
        return type(self), (
            self.status_code, self.headers, self.content, self.parsed, self.request_id, self.attempts, self.elapsed,
            bare,
        )  # fmt: skip

    @property
    def rate_limit(self) -> RateLimits:
        """The limits that the server tells of, for requests and for tokens."""
        return RateLimits.of(self.headers)


def _whole(text: str | None) -> int | None:
    # int() refuses thousands of digits, and no limit has so many.
    return int(text) if text and len(text) <= _LONGEST and text.isascii() and text.isdigit() else None


def _duration(text: str | None) -> timedelta | None:
    """Read a duration such as 6m0s, 1.5s or 120ms; a bare number counts seconds."""
    if not text or len(text) > _LONGEST:
        return None
    if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        seconds = float(text)
    else:
        parts = _DURATION.findall(text)
        if not parts or "".join(n + u for n, u in parts) != text:
            return None
        seconds = sum(float(n) * _UNITS[u] for n, u in parts)
    try:
        return timedelta(seconds=seconds)
    except OverflowError:  # more than a million years
        return None
