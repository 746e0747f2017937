"""Choose a model for each step, because servers have different names for models."""

from __future__ import annotations

import os
from collections.abc import Sequence

# The default name for each task, and parts of names that such models have on other servers.
_DEFAULTS = {
    "chat": ("gpt-4o-mini", ()),
    "embedding": ("text-embedding-3-small", ("embed", "bge", "e5-", "minilm")),
    "image": ("gpt-image-1", ("image", "dall-e", "diffusion", "flux")),
    "speech": ("gpt-4o-mini-tts", ("tts", "kokoro", "speech")),
    "transcription": ("whisper-1", ("whisper", "transcribe")),
}
# Parts of names of models that cannot chat, and that no task uses.
_OTHER = ("moderation", "rerank", "realtime", "audio", "instruct", "davinci", "babbage", "sora")


def pick(task: str, models: Sequence[str]) -> str:
    """Return the model for a task: OPENAI_MODEL for chats, else the default if listed, else one that matches.

    If no name matches, return the default: the server then reports that it does not have it.
    """
    default, parts = _DEFAULTS[task]
    if task == "chat" and os.environ.get("OPENAI_MODEL"):
        return os.environ["OPENAI_MODEL"]
    if default in models:
        return default
    if task == "chat":
        others = (*(part for _, found in _DEFAULTS.values() for part in found), *_OTHER)
        candidates = [model for model in models if not _has(model, others)] or list(models)
    else:
        candidates = [model for model in models if _has(model, parts)]
    return candidates[0] if candidates else default


def _has(model: str, parts: Sequence[str]) -> bool:
    return any(part in model.lower() for part in parts)
