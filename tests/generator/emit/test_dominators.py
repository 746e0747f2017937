"""Nodes that only one node leads to are in its group."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.emit.dominators import grouped


def test_parts_stand_with_the_only_node_that_leads_to_them() -> None:
    """Parts come before what holds them; what two groups hold is a group of its own."""
    holds = {"a": ["b", "c"], "b": ["d"], "c": ["d", "e"], "d": [], "e": ["f"], "f": []}
    assert grouped(["a", "f"], holds, 9) == {"a": ["d", "b", "e", "c", "a"], "f": ["f"]}


def test_a_circle_stays_together_although_two_nodes_of_a_group_lead_into_it() -> None:
    """Neither b nor c has one holder, and yet every path to them leads through a."""
    assert grouped(["a"], {"a": ["b", "c"], "b": ["c"], "c": ["b"]}, 9) == {"a": ["c", "b", "a"]}


def test_a_group_that_is_too_large_is_divided() -> None:
    """Small parts stay; those that no longer fit are groups of their own."""
    holds = {"a": ["b", "x"], "b": ["c", "d"], "c": [], "d": [], "x": []}
    assert grouped(["a"], holds, 3) == {"a": ["x", "a"], "b": ["c", "d", "b"]}
    assert grouped(["a"], holds, 1) == {name: [name] for name in "abcdx"}


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefgh"), max_size=3)), st.integers(1, 9)
)
def test_groups_agree_with_the_definition(edges: dict[str, list[str]], most: int) -> None:
    """Each reached node is in one group of at most `most`, and without the group's first node no path leads to it."""
    holds = {name: edges.get(name, []) for name in "abcdefgh"}

    def reached(without: str | None) -> set[str]:
        found: set[str] = set()
        waiting = [name for name in "ab" if name != without]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += [other for other in holds[name] if other != without]
        return found

    groups = grouped("ab", holds, most)
    assert sorted(name for group in groups.values() for name in group) == sorted(reached(None))
    for first, group in groups.items():
        assert len(group) <= most
        assert not set(group) & reached(first)
