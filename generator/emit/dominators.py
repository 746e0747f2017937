"""Group the nodes of a graph by dominators: what only one node leads to stands with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

#: Where every path begins; no name is empty.
_START = ""


def grouped(roots: Iterable[str], holds: Mapping[str, Sequence[str]], most: int) -> dict[str, list[str]]:
    """Return groups by their first node: a node, and those that every path from the roots reaches through it.

    `holds` names what each node points to. A group lists a node after what it points to, but in circles.
    A group of more than `most` nodes is divided: the parts of a node that no longer fit are groups of their own.
    """
    after = {_START: sorted(set(roots)), **{node: sorted(set(found)) for node, found in holds.items()}}
    order = _postorder(after)
    below: dict[str, list[str]] = defaultdict(list)
    for node, dominator in _immediate(after, order).items():
        below[dominator].append(node)
    groups: dict[str, list[str]] = {}
    for node in order[:-1]:
        group: list[str] = []
        for part in sorted(below[node], key=lambda name: (len(groups[name]), name)):
            if len(group) + len(groups[part]) < most:
                group += groups.pop(part)
        groups[node] = [*group, node]
    place = {node: n for n, node in enumerate(order)}
    return {first: sorted(group, key=place.__getitem__) for first, group in sorted(groups.items())}


def _postorder(after: Mapping[str, Sequence[str]]) -> list[str]:
    """List the nodes that the start reaches, each after those that it points to, but in circles."""
    order: list[str] = []
    seen = {_START}
    stack = [(_START, iter(after[_START]))]
    while stack:
        node, rest = stack[-1]
        for other in rest:
            if other not in seen:
                seen.add(other)
                stack.append((other, iter(after[other])))
                break
        else:
            order.append(node)
            stack.pop()
    return order


def _immediate(after: Mapping[str, Sequence[str]], order: Sequence[str]) -> dict[str, str]:
    """Return the immediate dominator of each node but the start, by the method of Cooper, Harvey and Kennedy."""
    place = {node: n for n, node in enumerate(order)}
    before: dict[str, list[str]] = defaultdict(list)
    for node in order:
        for other in after[node]:
            before[other].append(node)
    found = {_START: _START}
    changed = True
    while changed:
        changed = False
        for node in reversed(order[:-1]):
            first, *others = (other for other in before[node] if other in found)
            for other in others:
                first = _common(first, other, found, place)
            if found.get(node) != first:
                found[node] = first
                changed = True
    del found[_START]
    return found


def _common(one: str, other: str, found: Mapping[str, str], place: Mapping[str, int]) -> str:
    """Return the nearest node that dominates two others."""
    while one != other:
        if place[one] < place[other]:
            one = found[one]
        else:
            other = found[other]
    return one
