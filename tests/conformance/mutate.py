"""Break JSON bodies as odd servers do: keys left out, nulls, other types, values and variants nobody knows."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

#: Where, counted over all places of the body; how; and with what.
Change = tuple[int, str, Any]

OTHERS: tuple[Any, ...] = (
    None, True, 0, -1, 1.0, 2.5, 2**63, "", "never seen", "2026-01-31T12:00:00Z", [], [None], [[]], {},
    {"type": "never_seen"}, {"type": None}, {"type": ["text"]}, {"a": [{"b": 1}]},
)  # fmt: skip

CHANGES = st.lists(
    st.tuples(
        st.integers(0, 10_000), st.sampled_from(["remove", "null", "replace", "unknown"]), st.sampled_from(OTHERS)
    ),
    min_size=1,
    max_size=4,
)


def mutate(body: Any, changes: list[Change]) -> Any:
    """Return a changed copy of a body; its top level stays what it is."""
    out = copy.deepcopy(body)
    for number, how, other in changes:
        places = list(_places(out))
        if not places:
            return out
        holder, key = places[number * 7919 % len(places)]  # small numbers come more often
        match how:
            case "remove":
                del holder[key]
            case "null":
                holder[key] = None
            case "replace":
                holder[key] = copy.deepcopy(other)
            case "unknown" if isinstance(holder[key], dict):
                holder[key] = {**holder[key], "type": "never_seen", "role": "nobody", "extra": [1]}
            case "unknown":
                holder[key] = f"{holder[key]}?"
    return out


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield value, key
        yield from _places(inner)
