"""Write the module of a package that verifies webhooks and reads their events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

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
_TIMED = (
    "Verify that a webhook was signed with the secret, and recently; return the body as bytes.\n\n`secret` is by "
    "default {variable} of the environment. The signature is in the header {header}. `tolerance` is the allowed "
    "difference of the webhook's time, in seconds.\nRaises: ConfigError for a missing or invalid secret or argument, "
    "WebhookVerificationError for everything else."
)  # fmt: skip


class _Form(NamedTuple):
    """How a kind of signature is verified: its module in the runtime, its class, its arguments, and the words on it."""

    module: str
    made: str
    more: str
    given: str
    doc: str


def _form(signature: WebhookSignature) -> _Form:
    if not signature.header:
        more = ", *, tolerance: float = 300, seen: Seen | None = None"
        return _Form("standard", "", more, ", tolerance=tolerance, seen=seen", _STANDARD)
    name, *values, timestamp, content, field = signature
    if not timestamp:
        return _Form("hashed", f"HashedBody({', '.join(map(repr, [name, *values]))})", "", "", _HASHED)
    made = f"TimedBody({', '.join(map(repr, [name, timestamp, content, field, *values]))})"
    return _Form("timed", made, ", *, tolerance: float = 300", ", tolerance=tolerance", _TIMED)


def webhook_module(
    signature: WebhookSignature | None, event: str, prefix: str, common: Mapping[str, Any], templates: Environment
) -> dict[str, str]:
    """Return the module by its name, none without a signature; `event` is the class or union of the events."""
    if signature is None or not event:
        return {}
    variable = f"{prefix}_WEBHOOK_SECRET"
    form = _form(signature)
    doc = f"The webhooks of this API: verify that one comes from it, and read its event.\n\n{_BODY}"
    return {
        "webhooks.py": templates.get_template("package/webhooks.py.jinja").render(
            **common, header=header("its webhooks"), doc=docstring(doc, 0), event=event, variable=variable, form=form,
            verify_doc=docstring(form.doc.format(variable=variable, header=signature.header)),
        )
    }  # fmt: skip
