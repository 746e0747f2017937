"""Events that the API sends: verify their signature, and read them. Nothing is called, so both clients share this."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .... import webhooks as ours
from ....errors import SDKError
from ..errors import translated


def unwrap(self: Any, payload: str | bytes, headers: Any, *, secret: str | None = None) -> Any:
    """Return the event of a request whose signature is right. Raises: InvalidWebhookSignatureError."""
    from .. import replies

    try:
        event = ours.unwrap(payload, headers, secret=secret or self._client.webhook_secret)
    except SDKError as error:
        raise translated(error)  # noqa: B904 - it is the same error
    return replies.WebhookEvent.from_dict(event.to_dict())


def verify_signature(
    self: Any, payload: str | bytes, headers: Any, *, secret: str | None = None, tolerance: int = 300
) -> None:
    """Check the signature of a request. Raises: InvalidWebhookSignatureError."""
    try:
        ours.verify(payload, headers, secret=secret or self._client.webhook_secret, tolerance=tolerance)
    except SDKError as error:
        raise translated(error)  # noqa: B904 - it is the same error


def helpers(path: str, *, asynchronous: bool) -> dict[str, Callable[..., Any]]:
    """Return the helpers of the resource."""
    return {"unwrap": unwrap, "verify_signature": verify_signature}
