"""Choose a model for each step: servers differ in what they call theirs."""

from __future__ import annotations

import os
from collections.abc import Sequence

# The name to ask for where nothing better is known, and what such models have in their names elsewhere.
_USUAL = {
    "chat": ("gpt-4o-mini", ()),
    "embedding": ("text-embedding-3-small", ("embed", "bge", "e5-", "minilm")),
    "image": ("gpt-image-1", ("image", "dall-e", "diffusion", "flux")),
    "speech": ("gpt-4o-mini-tts", ("tts", "kokoro", "speech")),
    "transcription": ("whisper-1", ("whisper", "transcribe")),
}
# What none of them is for: these cannot chat either.
_OTHER = ("moderation", "rerank", "realtime", "audio", "instruct", "davinci", "babbage", "sora")


def pick(task: str, models: Sequence[str]) -> str:
    """Return the model for a task: OPENAI_MODEL for chats, else the usual one if listed, else one that looks right.

    Where none looks right, the usual one: the server then says itself that it does not have it.
    """
    usual, signs = _USUAL[task]
    if task == "chat" and os.environ.get("OPENAI_MODEL"):
        return os.environ["OPENAI_MODEL"]
    if usual in models:
        return usual
    if task == "chat":
        others = (*(sign for _, found in _USUAL.values() for sign in found), *_OTHER)
        fitting = [model for model in models if not _has(model, others)] or list(models)
    else:
        fitting = [model for model in models if _has(model, signs)]
    return fitting[0] if fitting else usual


def _has(model: str, signs: Sequence[str]) -> bool:
    return any(sign in model.lower() for sign in signs)
