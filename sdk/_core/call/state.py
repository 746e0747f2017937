"""What is known of a call while it runs: its limits, and what has happened so far."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from ..effects import Ask, Effect
from ..errors import APITimeoutError
from ..errors.redact import request_id, secrets_in
from ..lazy import later
from ..options.per_call import check

if TYPE_CHECKING:
    from ..client.base import BaseClient
    from ..errors.attempt import Attempt, RequestInfo
    from ..request.data import Request
else:
    RequestInfo = later(globals(), "..errors.attempt", "RequestInfo")


class Call:
    """What one call needs to know besides its request."""

    def __init__(self, client: BaseClient, request: Request[Any, Any]) -> None:
        options, given = client.options, request.options
        if len(given) > 1 or (given and "client" not in given):
            check(request.settings.name, given)
        self.client, self.request, self.options = client, request, options
        self.timeout: float | None = given.get("timeout", options.timeout)
        self.stall_timeout: float | None = given.get("stall_timeout", options.stall_timeout)
        budget: float | None = given.get("deadline", options.deadline)
        self.started = time.monotonic()
        self.deadline = None if budget is None else self.started + budget
        self.repeatable = client._repeatable(request)
        self.max_retries: int = given.get("max_retries", options.max_retries)
        self.attempts: list[Attempt] = []
        self.keys: tuple[str, ...] = ()  # as they were given, and as they were sent
        self.sent: dict[str, tuple[str, str]] = {}
        self._info: RequestInfo | None = None

    @property
    def info(self) -> RequestInfo:
        """The request as errors show it."""
        if self._info is None:
            self._info = RequestInfo(self.request.method, self.client._url(self.request))
        return self._info

    def secrets(self) -> frozenset[str]:
        """Return what was sent and nobody may see; asked for only when something went wrong."""
        return secrets_in(self.sent, *self.keys)

    def left(self) -> float | None:
        """Return the seconds until the deadline. Raises APITimeoutError once it has passed."""
        if self.deadline is None:
            return None
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise APITimeoutError("the deadline of the whole call has passed", **self.details(bool(self.attempts)))
        return left

    def ask(self, source: Any) -> Generator[Effect, Any, Any]:
        """Return what a function of the user's gives as a key; a coroutine has until the deadline to do so."""
        try:
            return (yield Ask(source, limit=self.left()))
        except TimeoutError:
            self.left()
            raise

    def details(self, request_sent: bool | None = None, response: Any = None) -> dict[str, Any]:
        """Return what every error of this call tells; with a response whose headers came, what they said."""
        told: dict[str, Any] = {"request": self.info, "attempts": tuple(self.attempts), "request_sent": request_sent}
        if response is not None:
            told |= {"request_sent": True, "status_code": response.status_code, "headers": response.headers,
                     "request_id": request_id(response.headers)}  # fmt: skip
        return told

    def timeouts(self) -> dict[str, float | None]:
        """Return the limits of one attempt, in seconds by phase."""
        options, left = self.options, self.left()
        limits = {"connect": options.connect_timeout, "read": self.timeout, "write": self.timeout,
                  "pool": options.pool_timeout}  # fmt: skip
        if left is not None:
            limits = {phase: left if limit is None else min(limit, left) for phase, limit in limits.items()}
        return limits
