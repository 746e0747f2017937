"""The public surface as a committed file, so that no name disappears unnoticed: a line for each operation and model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from .surface import Slot, Surface

FILE = "spec/surface.txt"
_HEADER = "# Public names: operations with their arguments, models with their fields. Accept a change: make surface\n"

#: What is before a header that an operation always sends.
_SENDS = " sends "


def text(surface: Surface) -> str:
    """Return the surface as text: sorted, required arguments marked with a star, headers behind the arguments."""
    lines = [
        f"{name}({_slots(o.arguments, starred=True)})" + "".join(f"{_SENDS}{k}: {v}" for k, v in o.headers.items())
        for name, o in sorted(surface.operations.items())
    ]
    lines += [
        name if model.fields is None else f"{name}: {_slots(model.fields, starred=False)}".rstrip()
        for name, model in sorted(surface.models.items())
    ]
    return _HEADER + "\n".join(lines) + "\n"


def _slots(slots: Mapping[str, Slot], *, starred: bool) -> str:
    return ", ".join(f"{name}*" if starred and slot.required else name for name, slot in sorted(slots.items()))


@frozen
class Drift:
    """Removed and added names, each as `owner` or `owner.name`, and arguments that are required now."""

    removed: tuple[str, ...]
    added: tuple[str, ...]
    required: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.removed or self.added or self.required)

    def __str__(self) -> str:
        lines = [f"gone      {name}" for name in self.removed]
        lines += [f"required  {name}" for name in self.required]
        shown = 20
        lines += [f"new       {name}" for name in self.added[:shown]]
        lines += [f"... and {len(self.added) - shown:,} more new names"] if len(self.added) > shown else []
        return "\n".join(lines)


def compare(before: str, after: str) -> Drift:
    """Return the difference of two surfaces in this form."""
    old, new = _names(before.splitlines()), _names(after.splitlines())
    required = [n for n, star in new.items() if star and old.get(n) is False]
    return Drift(tuple(sorted(old.keys() - new.keys())), tuple(sorted(new.keys() - old.keys())), tuple(required))


def _names(lines: Iterable[str]) -> dict[str, bool]:
    """Return every name, and whether it is required."""
    found: dict[str, bool] = {}
    for line in lines:
        if not line or line.startswith("#"):
            continue
        owner, bracket, inner = line.partition("(")
        inner, *headers = inner.split(_SENDS)
        if not bracket:
            owner, _, inner = line.partition(":")
        found |= dict.fromkeys([owner, *(f"{owner}{_SENDS}{header}" for header in headers)], False)
        for name in filter(None, inner.strip(" )").split(", ")):
            found[f"{owner}.{name.rstrip('*')}"] = name.endswith("*")
    return found
