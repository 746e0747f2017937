"""Compare the limits and defaults of a value: a tighter limit rejects values that callers send today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_LEAST = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems"})
_MOST = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})


def changes(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, bool, str]]:
    """Yield the change of each limit, whether the limit is tighter, and the limit with both values."""
    for keyword in dict.fromkeys((*was, *now)):
        old, new = was.get(keyword), now.get(keyword)
        if repr(old) == repr(new):
            continue
        detail = f"{keyword} {_shown(old)} → {_shown(new)}"
        if keyword == "default":
            yield "has another default", False, f"{_shown(old)} → {_shown(new)}"
        elif new is None or (old is not None and _wider(keyword, old, new)):
            yield "limit loosened", False, detail
        else:
            yield "limit tightened", True, detail


def _wider(keyword: str, old: Any, new: Any) -> bool:
    return bool(new < old if keyword in _LEAST else new > old if keyword in _MOST else False)


def _shown(value: Any) -> str:
    return "none" if value is None else repr(value)
