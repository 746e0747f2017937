"""Replace a `tool_choice` that forces a call, which only the first request of a run has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.model import ApiModel

_KEYS = ("tool_choice", "function_call")
_FREE = ("auto", "none")


def unforced(params: Mapping[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    """Return the overrides of a turn so that no choice forces a call; `params` are the arguments of the session."""
    given = {**params, **overrides}
    changed = _without_force(given)
    extra = given.get("extra_body")
    if isinstance(extra, Mapping) and (inner := _without_force(extra)):
        changed["extra_body"] = {**extra, **inner}
    return {**overrides, **changed} if changed else overrides


def _without_force(given: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: _free(given[key]) for key in _KEYS if given.get(key) is not None}
    return {key: choice for key, choice in found.items() if choice is not None}


def _free(choice: Any) -> Any:
    """Return a choice that does not force a call, None if the choice already does not."""
    if isinstance(choice, ApiModel):
        choice = choice.to_dict()
    if isinstance(choice, str):
        return None if choice in _FREE else "auto"
    if not isinstance(choice, Mapping) or choice.get("type") in _FREE:
        return None
    if choice.get("type") != "allowed_tools":
        return "auto"
    # The list of allowed tools stays; chat has it one level deeper than responses.
    inner = choice.get("allowed_tools")
    if isinstance(inner, Mapping):
        return None if inner.get("mode") in (None, *_FREE) else {**choice, "allowed_tools": {**inner, "mode": "auto"}}
    return None if choice.get("mode") in (None, *_FREE) else {**choice, "mode": "auto"}
