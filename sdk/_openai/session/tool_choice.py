"""A `tool_choice` that forces a call: it is for the first request of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.model import ApiModel

_KEYS = ("tool_choice", "function_call")
_FREE = ("auto", "none")


def unforced(params: Mapping[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    """Return a turn's own arguments, in which no choice forces a call; `params` are those of the session."""
    given = {**params, **overrides}
    changed = _eased(given)
    extra = given.get("extra_body")
    if isinstance(extra, Mapping) and (inner := _eased(extra)):
        changed["extra_body"] = {**extra, **inner}
    return {**overrides, **changed} if changed else overrides


def _eased(given: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: _free(given[key]) for key in _KEYS if given.get(key) is not None}
    return {key: choice for key, choice in found.items() if choice is not None}


def _free(choice: Any) -> Any:
    """Return a choice that leaves it to the model, and None for one that does already."""
    if isinstance(choice, ApiModel):
        choice = choice.to_dict()
    if isinstance(choice, str):
        return None if choice in _FREE else "auto"
    if not isinstance(choice, Mapping) or choice.get("type") in _FREE:
        return None
    if choice.get("type") != "allowed_tools":
        return "auto"
    # Which tools are allowed stays: in chat the list is one level deeper than in responses.
    inner = choice.get("allowed_tools")
    if isinstance(inner, Mapping):
        return None if inner.get("mode") in (None, *_FREE) else {**choice, "allowed_tools": {**inner, "mode": "auto"}}
    return None if choice.get("mode") in (None, *_FREE) else {**choice, "mode": "auto"}
