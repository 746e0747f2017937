"""Write the module of a package that verifies webhooks and reads their events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from ..ir.webhooks import WebhookSignature
from .header import header
from .prose import docstring

_BODY = "The body must be the bytes as received: JSON that was decoded and encoded again has another signature."
_STANDARD = (
    "Verify that a webhook was signed with the secret, and recently; return the body as bytes.\n\n`secret` is `whsec_` "
    "and base64, or the key itself; by default {variable} of the environment. `tolerance` is the allowed difference of "
    "the webhook's time, in seconds. `seen` is called with the id of a verified webhook and returns True if it has "
    "been handled before (a replay).\nRaises: ConfigError for a missing or invalid secret or argument, "
    "WebhookVerificationError for everything else."
)  # fmt: skip
_HASHED = (
    "Verify that a webhook was signed with the secret; return the body as bytes.\n\n`secret` is by default {variable} "
    "of the environment. The signature is in the header {header}, and says nothing of the time.\nRaises: ConfigError "
    "for a missing or invalid secret, WebhookVerificationError for everything else."
)  # fmt: skip


def webhook_module(
    signature: WebhookSignature | None, event: str, prefix: str, common: Mapping[str, Any], templates: Environment
) -> dict[str, str]:
    """Return the module by its name, none without a signature; `event` is the class or union of the events."""
    if signature is None or not event:
        return {}
    variable = f"{prefix}_WEBHOOK_SECRET"
    hashed = ", ".join(map(repr, signature)) if signature.header else ""
    standard = ", *, tolerance: float = 300, seen: Seen | None = None"
    doc = f"The webhooks of this API: verify that one comes from it, and read its event.\n\n{_BODY}"
    text = _HASHED.format(variable=variable, header=signature.header) if hashed else _STANDARD.format(variable=variable)
    return {
        "webhooks.py": templates.get_template("package/webhooks.py.jinja").render(
            **common, header=header("its webhooks"), doc=docstring(doc, 0), event=event, variable=variable,
            hashed=hashed, more="" if hashed else standard,
            given="" if hashed else ", tolerance=tolerance, seen=seen", verify_doc=docstring(text),
            call="_SIGNATURE.verify(body, headers, secret, source=source)" if hashed
            else "standard.verify(body, headers, secret, source=source, tolerance=tolerance, seen=seen)",
        )
    }  # fmt: skip
