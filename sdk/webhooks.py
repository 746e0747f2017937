"""Webhooks: verify that a request comes from the API, and read its event.

    event = sdk.webhooks.unwrap(request_body, request_headers)      # the secret: OPENAI_WEBHOOK_SECRET
    if event.type == "response.completed": ...

The body must be the bytes as received: JSON that was decoded and encoded again has another signature. Source:
Standard Webhooks 1.0.0 (symmetric signatures, `v1`).
"""

from __future__ import annotations

from ._openai.webhooks import Headers as Headers
from ._openai.webhooks import Seen as Seen
from ._openai.webhooks import UnknownEvent as UnknownEvent
from ._openai.webhooks import unwrap as unwrap
from ._openai.webhooks import verify as verify
