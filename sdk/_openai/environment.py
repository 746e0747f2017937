"""Environment variables that only this API has."""

from __future__ import annotations

from .._core.auth.keys import check_key
from .._core.errors import ConfigError
from .._core.errors.redact import Redacted
from .._core.options.environment import read
from .service import OPENAI


def default_model() -> str | None:
    """Return OPENAI_MODEL, or None."""
    model = read(OPENAI, "MODEL")
    if model and (model != model.strip() or not model.isprintable()):
        raise ConfigError("OPENAI_MODEL begins or ends with white space, or contains a control character")
    return model


def webhook_secret() -> str | None:
    """Return OPENAI_WEBHOOK_SECRET, or None."""
    secret = Redacted(read(OPENAI, "WEBHOOK_SECRET") or "")
    return check_key(secret, "OPENAI_WEBHOOK_SECRET") if secret else None
