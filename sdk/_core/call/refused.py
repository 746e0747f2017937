"""A response that does not accept the credential: whether there is another one, and what may be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors.redact import redact
from ..lazy import resolve

if TYPE_CHECKING:
    from ..errors import APIError
    from .state import CallState


def renew_or_explain(call: CallState, error: APIError, renewed: bool) -> bool:
    """Return whether the call is sent again with another credential; if not, add a hint to the error.

    `renewed`: the call was sent again already.
    """
    context = call.context
    auth: Any = context.auth or call.options.auth  # made, if the call was signed
    again = error.status_code in (401, 403) and not renewed and call.options.retry_sent and call.request.spec.security
    if again and hasattr(auth, "renew") and auth.renew(call, error):
        return True
    hint = auth.explain(call, error) if hasattr(auth, "explain") else None
    if hint is None and context.service.credential_hint:
        hint = resolve(context.service.credential_hint)(call.options.api_base, call.keys, error.status_code)
    if hint is not None:
        error.hint = hint
        redact(error, call.secrets())
    return False
