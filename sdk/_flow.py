"""One call, decided once: a generator of effects that a sync and an async driver carry out.

The flow decides what to send, when to try again and what an outcome means; it does no input or output itself. Each
`yield` is one effect, and its value (or exception) comes back into the generator.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import define

from ._config import check_key
from ._failures import translate
from ._redact import RequestInfo
from ._reply import decode
from ._retry import backoff, retriable_status, retry_after
from .errors import APIError, APITimeoutError, Attempt, ConfigError, status_error
from .response import APIResponse

if TYPE_CHECKING:
    from ._client import BaseClient
    from ._request import Content, Request


@define
class Acquire:
    """Take a place among the calls in flight."""

    timeout: float | None


@define
class Ask:
    """Call a function that returns a value or an awaitable: the user's key source or hook."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()


@define
class Send:
    """Send a request; the answer is the response with its headers there and its body not yet read."""

    method: str
    url: str
    headers: dict[str, str]
    content: Content
    timeouts: dict[str, float | None]


@define
class Read:
    """Read the body of a response to its end, and close it."""

    response: Any
    limit: int | None


@define
class Close:
    """Close a response whose body is not wanted."""

    response: Any


@define
class Sleep:
    """Wait, in seconds."""

    seconds: float


Effect = Acquire | Ask | Send | Read | Close | Sleep


@define
class Opened:
    """A response whose body is still to come: what a stream starts from. It holds its place in flight."""

    response: Any
    request: Request[Any, Any]
    info: RequestInfo
    headers: Mapping[str, str]
    attempts: tuple[Attempt, ...]
    started: float
    timeouts: dict[str, float | None]
    deadline: float | None


class Call:
    """What one call needs to know besides its request: limits, and what happened so far."""

    def __init__(self, client: BaseClient, request: Request[Any, Any]) -> None:
        options, given = client.options, request.options
        self.client, self.request = client, request
        self.timeout: float | None = given.get("timeout", options.timeout)
        self.stall_timeout: float | None = given.get("stall_timeout", options.stall_timeout)
        budget: float | None = given.get("deadline", options.deadline)
        self.started = time.monotonic()
        self.deadline = None if budget is None else self.started + budget
        self.max_retries: int = given.get("max_retries", options.max_retries)
        self.attempts: list[Attempt] = []
        self.info = RequestInfo(request.method, client._url(request))

    def left(self) -> float | None:
        """Return the seconds until the deadline. Raises APITimeoutError once it has passed."""
        if self.deadline is None:
            return None
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise APITimeoutError("the deadline of the whole call has passed", **self.details())
        return left

    def details(self, request_sent: bool | None = None) -> dict[str, Any]:
        return {"request": self.info, "attempts": tuple(self.attempts), "request_sent": request_sent}

    def timeouts(self) -> dict[str, float | None]:
        """Return the limits of one attempt as httpx wants them."""
        left = self.left()
        options = self.client.options

        def shorter(limit: float | None) -> float | None:
            return limit if left is None else left if limit is None else min(limit, left)

        return {
            "connect": shorter(options.connect_timeout),
            "read": shorter(self.timeout),
            "write": shorter(self.timeout),
            "pool": shorter(options.pool_timeout),
        }


def flow(call: Call) -> Generator[Effect, Any, APIResponse[Any] | Opened]:
    """Carry out one call: place, key, attempts, reply. Returns an `Opened` for a stream; the place is then its own."""
    client, request = call.client, call.request
    content = request.content()  # before anything else: what cannot be sent must not cost a connection
    headers = client._headers_of(request, content)
    url = client._url(request)
    yield Acquire(call.left())
    kept = False
    try:
        for number in range(1, call.max_retries + 2):
            headers.update((yield from _key(call)))
            headers["X-Retry-Count"] = str(number - 1)
            timeouts = call.timeouts()
            began = time.monotonic()
            try:
                response = yield Send(request.method, url, headers, content, timeouts)
                outcome = yield from _outcome(call, response, timeouts)
                if isinstance(outcome, Opened):
                    kept = True
                if not isinstance(outcome, APIError):
                    return outcome
                error, again, wish = outcome, _again(response, outcome), retry_after(response.headers, time.time())
            except APIError:
                raise
            except Exception as raised:
                failure = translate(raised, call.details(), deadline=call.deadline)
                if failure is None:  # the user's own exception, from a body or a hook
                    raise
                error, again, wish = failure.error, failure.again, None
                if error.request_sent and not client.options.retry_sent:
                    again = False
                error.__cause__ = raised
            if not again or number > call.max_retries or not content.rewind(error):
                raise error
            call.attempts.append(Attempt(number, error.status_code, error, time.monotonic() - began))
            yield from _pause(call, error, number, wish)
    finally:
        content.close()
        if not kept:
            client._slots.release()
    raise AssertionError("unreachable")


def _key(call: Call) -> Generator[Effect, Any, dict[str, str]]:
    """Return the header that carries the key that the operation wants."""
    options, wanted = call.client.options, call.request.settings.auth
    if wanted == "none":
        return {}
    if wanted == "admin_api_key":
        source: Any = options.admin_api_key
        if source is None:
            raise ConfigError(f"{call.request.settings.name} needs admin_api_key= or OPENAI_ADMIN_KEY")
    else:
        source = options.api_key
        if options.api_key_missing:
            raise ConfigError("no API key: give api_key= or set OPENAI_API_KEY (api_key=None sends no key)")
    if source is None:
        return {}
    if callable(source):
        source = check_key((yield Ask(source)), f"what {wanted}= returned")
    return {options.auth_header: f"{options.auth_scheme} {source}" if options.auth_scheme else source}


def _outcome(
    call: Call, response: Any, timeouts: dict[str, float | None]
) -> Generator[Effect, Any, APIResponse[Any] | Opened | APIError]:
    """Return what a response means: a reply, an open stream, or the error of its status."""
    status, headers = response.status_code, response.headers
    # From here on it is the time between two pieces that counts; httpcore reads this dict when the body is read.
    left = call.left()
    stall = call.stall_timeout
    timeouts["read"] = stall if left is None else left if stall is None else min(stall, left)
    success = 200 <= status < 300
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if success and (call.request.raw or (call.request.streamed and kind == "text/event-stream")):
        return Opened(
            response, call.request, call.info, headers, tuple(call.attempts), call.started, timeouts, call.deadline
        )
    body = yield Read(response, call.client.options.max_response_bytes)
    if not success:
        return status_error(
            status,
            request=call.info,
            headers=headers,
            body=body,
            content_type=headers.get("content-type"),
            attempts=call.attempts,
        )
    details = {
        **call.details(True),
        "request_id": headers.get("x-request-id"),
        "status_code": status,
        "headers": dict(headers),
    }
    return APIResponse(
        status_code=status,
        headers=headers,
        content=body,
        parsed=decode(call.request.settings, headers, body, details, strict=call.client.options.strict),
        request_id=headers.get("x-request-id"),
        attempts=tuple(call.attempts),
        elapsed=time.monotonic() - call.started,
        request=call.request,
    )


def _again(response: Any, error: APIError) -> bool:
    return retriable_status(response.status_code, response.headers, error.code, error.type)


def _pause(call: Call, error: APIError, number: int, wish: float | None) -> Generator[Effect, Any, None]:
    """Wait before the next attempt; raise the error at once if the wait is too long to be worth it."""
    options = call.client.options
    if wish is not None and options.max_retry_after is not None and wish > options.max_retry_after:
        raise error
    delay = max(backoff(number, random.random()), wish or 0.0)  # jitter, not a secret
    if call.deadline is not None and time.monotonic() + delay >= call.deadline:
        raise error
    if options.on_retry is not None:
        yield Ask(options.on_retry, (number, error, delay))
    yield Sleep(delay)


def idempotency_key() -> str:
    """Return a key that marks all attempts of one call as one."""
    return f"sdk-{uuid.uuid4()}"
