"""The error classes. The public module `errors` shows their tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Unpack

from ..lazy import attributes
from ..public import expose

# `X as X` marks a name of this module's public interface (PEP 484).
from .base import APIError as APIError
from .base import ErrorDetails as ErrorDetails
from .base import SDKError as SDKError
from .body import error_in_body as error_in_body
from .redact import visible_headers as visible_headers

if TYPE_CHECKING:
    from .attempt import Attempt as Attempt
    from .attempt import RequestInfo as RequestInfo
else:  # loaded with the first error
    _LATER = dict.fromkeys(("Attempt", "RequestInfo"), ".attempt")
    __getattr__ = attributes(__name__, _LATER)

    def __dir__() -> list[str]:
        return sorted({*globals(), *_LATER})


class ConfigError(SDKError, ValueError):
    """A wrong option or environment variable; the message names it, and never shows a secret."""


class RequestError(SDKError, ValueError):
    """A request that cannot be built; nothing was sent."""


class ClientClosedError(SDKError):
    """The client was used after it was closed."""


class BudgetError(SDKError):
    """A call that would go over the budget of its client; nothing was sent."""


class APIConnectionError(APIError):
    """No complete response arrived; `__cause__` is the error of the transport."""

    def _default_hint(self) -> str | None:
        message = self.message.lower()
        if "refused" in message or "all connection attempts failed" in message:
            return "Is the server running, and is the base URL ({api_base}) right?"
        if any(sign in message for sign in ("getaddrinfo", "name or service", "nodename", "name resolution")):
            return "Is the host of the base URL ({api_base}) right?"
        return self._hint


class APITimeoutError(APIConnectionError):
    """The response did not arrive in time; the message names the limit."""


class TLSError(APIConnectionError):
    """The TLS handshake failed: a certificate, a host name or the protocol is wrong. Never retried."""


class PoolTimeoutError(APIConnectionError):
    """No slot of this client became free in time; nothing was sent."""

    _hint = "Raise {max_in_flight}, or close streams that are no longer read."


class ConnectionClosedError(APIConnectionError):
    """A WebSocket ended before its conversation: `close_code` and `reason` are those of the side that closed it.

    1006 is a connection that broke without a close. `unsent` are the events that were kept for a new connection and
    not sent.
    """

    def __init__(
        self, message: str, *, close_code: int = 1006, reason: str = "", unsent: Iterable[Mapping[str, Any]] = (),
        **details: Unpack[ErrorDetails],
    ) -> None:  # fmt: skip
        super().__init__(message, **details)
        self.close_code, self.reason, self.unsent = close_code, reason, tuple(unsent)


class ConnectionTimeoutError(ConnectionClosedError, APITimeoutError):
    """A WebSocket was closed because a limit passed: of a ping, of silence, of sending, or the deadline."""


class RedirectError(APIConnectionError):
    """A redirect that is not followed: to another origin, with another method, or beyond max_redirects."""

    _hint = "Point the base URL ({api_base}) at the final address."


class APIStatusError(APIError):
    """The server answered with an error status."""

    status_code: int
    #: The package and the name of the model that the document declares for the body.
    _declared: tuple[str, str] = ("", "")

    @property
    def parsed(self) -> Any:
        """The body as the model that the document declares for this status; None if there is none, or no such body."""
        package, name = self._declared
        if not name or not isinstance(self.body, dict | list):
            return None
        from importlib import import_module  # here: few look at it

        model = getattr(import_module(f"{package}.models"), name)
        read = getattr(model, "decode", None) or (model.from_dict if isinstance(self.body, dict) else None)
        return None if read is None else read(self.body)


class BadRequestError(APIStatusError):
    """400: the server does not accept the request."""


class AuthenticationError(APIStatusError):
    """401: the key is missing or wrong."""

    _hint = "Check the API key: {api_key}."


class PermissionDeniedError(APIStatusError):
    """403: the key may not do this."""

    _hint = "Check what the key and its account may use."


class NotFoundError(APIStatusError):
    """404: no such path, model or object."""

    _hint = "Check the model or id, that this server has the endpoint, and {api_base}: it usually ends in /v1."


class ConflictError(APIStatusError):
    """409: the object was changed or is in use."""


class UnprocessableEntityError(APIStatusError):
    """422: the server understood the request and refuses its values."""


class RateLimitError(APIStatusError):
    """429: too many requests or tokens."""

    _hint = "Send fewer requests at once, or raise max_retries."


class QuotaExceededError(RateLimitError):
    """429 because the quota is used up: waiting does not help."""

    _hint = "Check the plan and the billing of this account; a retry does not help."


class InternalServerError(APIStatusError):
    """5xx: the server failed."""


class APIResponseError(APIError):
    """A 2xx reply that cannot be read, or that holds an error although its schema has none."""


class CredentialError(APIError):
    """The source of the credential failed, and the call was not sent; `__cause__` is the error of a token server.

    `retry_after` are the seconds that the source asks to wait, None if it asks for none.
    """

    _hint = "Check what the source of the credential needs; the call itself was not sent."

    def __init__(self, message: str, *, retry_after: float | None = None, **details: Unpack[ErrorDetails]) -> None:
        details.setdefault("request_sent", False)
        super().__init__(message, **details)
        self.retry_after = retry_after


class StreamError(APIError):
    """A stream failed after it began; `partial` is the reply received so far."""

    def __init__(self, message: str, *, partial: Any = None, **details: Unpack[ErrorDetails]) -> None:
        super().__init__(message, **details)
        self.partial = partial


class StreamIncompleteError(StreamError):
    """The stream ended without its terminal event; require_stream_end=False allows that."""


class StreamBrokenError(StreamError, APIConnectionError):
    """The connection broke while the stream ran."""


class StreamStalledError(StreamError, APITimeoutError):
    """The stream sent no data for stall_timeout seconds."""


class StreamDeadlineError(StreamError, APITimeoutError):
    """The deadline of the whole call passed while the stream ran."""


class StreamTooLargeError(StreamError, APIResponseError):
    """The reply of a stream is larger than max_response_bytes; `keep_reply=False` reads it without keeping it."""


class JobFailedError(APIError):
    """A job ended without its result: `reply` is its last state, `failures` what failed of several, by name."""

    def __init__(
        self, message: str, *, reply: Any = None, failures: Mapping[str, str] | None = None,
        **details: Unpack[ErrorDetails],
    ) -> None:  # fmt: skip
        super().__init__(message, **details)
        self.reply, self.failures = reply, dict(failures or {})


class JobTimeoutError(APITimeoutError):
    """A job did not end in the time that `wait` was given; it continues: `reply` is its last state."""

    def __init__(self, message: str, *, reply: Any = None, **details: Unpack[ErrorDetails]) -> None:
        super().__init__(message, **details)
        self.reply = reply


class MessageError(SDKError):
    """A chat message that cannot be sent."""


class ToolError(SDKError):
    """A tool that cannot be described or called."""


class RefusalError(SDKError):
    """The model refused to answer in the requested format: `refusal` is its message, `reply` the whole typed reply."""

    refusal: str = ""
    reply: Any = None


class WebhookVerificationError(SDKError):
    """A webhook whose signature is not valid."""


expose(globals(), "errors")
