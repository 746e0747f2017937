"""Webhooks: verify that a request comes from the API, and read its event.

    event = sdk.webhooks.unwrap(request_body, request_headers)      # the secret: OPENAI_WEBHOOK_SECRET
    if event.type == "response.completed": ...

The body must be the bytes as received: JSON that was decoded and encoded again has another signature. Source:
Standard Webhooks 1.0.0 (symmetric signatures, `v1`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define

from .._core.errors import ConfigError, WebhookVerificationError
from .._core.model import Unknown
from .._core.public import expose
from .._core.webhooks import standard
from .._core.webhooks.request import Headers, redacted
from .._core.webhooks.standard import Seen
from .environment import webhook_secret

if TYPE_CHECKING:
    from ..models import WebhookEvent

__all__ = ["Headers", "Seen", "UnknownEvent", "unwrap", "verify"]


@define(eq=False, repr=False, kw_only=True)
class UnknownEvent(Unknown):
    """A verified event of an unknown type, or without a type; its keys are attributes."""

    @property
    def type(self) -> str | None:
        """The type of the event; None if it has none."""
        found = self.to_dict().get("type")
        return found if isinstance(found, str) else None

    @property
    def raw(self) -> dict[str, Any]:
        """The event as received."""
        return self.to_dict()


def unwrap(
    body: bytes | str,
    headers: Headers,
    secret: str | None = None,
    *,
    tolerance: float = 300,
    seen: Seen | None = None,
    now: float | None = None,
) -> WebhookEvent | UnknownEvent:
    """Verify a webhook and return its event as a model, or as an `UnknownEvent` if its type is unknown.

    The arguments are those of `verify`. Raises: the errors of `verify`; WebhookVerificationError also for a body that
    is not a JSON object.
    """
    secret = redacted(secret)
    raw = verify(body, headers, secret, tolerance=tolerance, seen=seen, now=now)
    import orjson

    from .. import models

    try:
        wire = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise WebhookVerificationError("the webhook is genuine, but its body is not JSON") from error
    if not isinstance(wire, dict):
        raise WebhookVerificationError("the webhook is genuine, but its body is not a JSON object")
    if not isinstance(wire.get("type"), str):  # without a type, the union would guess from the keys
        return UnknownEvent.from_dict(wire)
    reader: Any = models.WebhookEvent
    event: WebhookEvent | Unknown = reader.from_dict(wire)
    return UnknownEvent.from_dict(wire) if isinstance(event, Unknown) else event


def verify(
    body: bytes | str,
    headers: Headers,
    secret: str | None = None,
    *,
    tolerance: float = 300,
    seen: Seen | None = None,
    now: float | None = None,
) -> bytes:
    """Verify that a webhook was signed with the secret, and recently; return the body as bytes.

    `secret` is `whsec_` and base64, or the key itself; by default OPENAI_WEBHOOK_SECRET. `tolerance` is the allowed
    difference of the webhook's time, in seconds. `seen` is called with the id of a verified webhook and returns True if
    it has been handled before (a replay). `now` is Unix time in seconds, for tests.
    Raises: ConfigError for a missing or invalid secret or argument, WebhookVerificationError for everything else.
    """
    secret, source = redacted(secret), "secret="
    if secret is None:
        source, secret = "OPENAI_WEBHOOK_SECRET", redacted(webhook_secret())
        if secret is None:
            raise ConfigError("no webhook secret: give secret= or set OPENAI_WEBHOOK_SECRET")
    return standard.verify(body, headers, secret, source=source, tolerance=tolerance, seen=seen, now=now)


expose(globals(), "webhooks")
