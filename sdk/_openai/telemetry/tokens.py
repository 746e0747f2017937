"""The tokens of a call, by what its reply says: in all, by modality, cached, of reasoning."""

from __future__ import annotations

from typing import Any

from ..._core.telemetry.convention import Instruments
from ..usage import Usage
from . import names
from .operations import Kind

Attributes = dict[str, Any]
#: The modality of tokens of which the server does not say it.
_UNKNOWN = "unknown"
_MODALITIES = ("text", "image", "audio")
_INPUTS = {
    "text": names.USAGE_TEXT_INPUT_TOKENS,
    "image": names.USAGE_IMAGE_INPUT_TOKENS,
    "audio": names.USAGE_AUDIO_INPUT_TOKENS,
}
_OUTPUTS = {
    "text": names.USAGE_TEXT_OUTPUT_TOKENS,
    "image": names.USAGE_IMAGE_OUTPUT_TOKENS,
    "audio": names.USAGE_AUDIO_OUTPUT_TOKENS,
}


def usage_attributes(kind: Kind, used: Usage | None, raw: Any) -> Attributes:
    """Return the attributes of a span; `raw` is the `usage` of the reply."""
    if used is None or not kind.tokens:
        return {}
    found: Attributes = {names.USAGE_INPUT_TOKENS: used.input_tokens}
    if len(kind.tokens) == 1:
        return found
    found[names.USAGE_OUTPUT_TOKENS] = used.output_tokens
    if used.cached_tokens:
        found[names.USAGE_CACHE_READ_INPUT_TOKENS] = used.cached_tokens
    if used.reasoning_tokens:
        found[names.USAGE_REASONING_OUTPUT_TOKENS] = used.reasoning_tokens
    for table, names_of in (
        (_details(raw, "prompt", "input"), _INPUTS),
        (_details(raw, "completion", "output"), _OUTPUTS),
    ):
        found |= {names_of[modality]: count for modality, count in table.items()}
    return found


def record_tokens(
    instruments: Instruments, kind: Kind, used: Usage | None, raw: Any, attributes: Attributes, error: Attributes
) -> None:
    """Record the tokens of a call, none if the reply says nothing; `error` is what only the histograms have."""
    totals = (0, 0) if used is None else (used.input_tokens, used.output_tokens)
    if used is not None or kind.counts:
        for metric, total in zip(kind.tokens, totals, strict=False):
            instruments.record(metric, total, {**attributes, **error})
    if not kind.counts:
        return
    for metric, total, table in (
        (names.INPUT_TOKENS, totals[0], _details(raw, "prompt", "input")),
        (names.OUTPUT_TOKENS, totals[1], _details(raw, "completion", "output")),
    ):
        rest = total - sum(table.values())
        if rest > 0 or not table:
            table = {**table, _UNKNOWN: max(rest, 0)}
        for modality, count in table.items():
            instruments.record(metric, count, {**attributes, names.TOKEN_MODALITY: modality})
    if used is not None:
        for metric, total in (
            (names.CACHE_READ_INPUT_TOKENS, used.cached_tokens),
            (names.REASONING_OUTPUT_TOKENS, used.reasoning_tokens),
        ):
            if total:
                instruments.record(metric, total, {**attributes, names.TOKEN_MODALITY: _UNKNOWN})


def _details(raw: Any, *sides: str) -> dict[str, int]:
    """Return the tokens of one side by modality, as far as the server says them."""
    if not isinstance(raw, dict):
        return {}
    for side in sides:
        details = raw.get(f"{side}_tokens_details") or raw.get(f"{side}_token_details")
        if isinstance(details, dict):
            counts = {modality: details.get(f"{modality}_tokens") for modality in _MODALITIES}
            return {modality: count for modality, count in counts.items() if isinstance(count, int) and count > 0}
    return {}
