"""What a package needs of the runtime: the modules that its generated code leads to, and the names in them.

An import counts wherever it is: at the top, in a function, for type checkers. So does a string that begins with a dot,
with which lazy imports say what they load. But an import at the top counts only if its module mentions the name, or if
another module asks for it there: a re-export that nothing uses brings no module along.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from functools import cache

from .parts import Part, parts_of
from .source import Module, modules

#: Names that a package makes public only if a module of it mentions them: nothing raises the others.
_IF_USED = "Error"


class Reach:
    """What the roots lead to; a root is the dotted name of a module, all of which counts, or of a name in a module."""

    def __init__(self, roots: Iterable[str]) -> None:
        self._kept: dict[str, set[Part]] = {}
        self._waiting: list[tuple[str, str]] = []
        for root in roots:
            module, _, name = root.rpartition(".")
            if root in modules():
                self._waiting += [(root, ""), *((root, name) for name in bound(root))]
            else:
                self._waiting.append((module, name))
        while self._waiting:
            self._need(*self._waiting.pop())

    @property
    def modules(self) -> list[Module]:
        """The modules that are needed, with the folders around them, sorted."""
        return [module for name, module in sorted(modules().items()) if name in self._kept]

    def parts(self, module: Module) -> Set[Part]:
        """Return the parts of a module that are needed. A public module re-exports what there is."""
        if module.name in self._kept:
            return self._kept[module.name]
        every = parts_of(module)
        lost = [part for part in every if part.leads and not any(self._has(*lead) for lead in part.leads)]
        gone = {name for part in lost for name in part.names}
        return {part for part in every if part not in lost and part.names.isdisjoint(gone)}

    def _has(self, module: str, name: str) -> bool:
        return any(name in (part.names or {""}) for part in self._kept.get(module, ()))

    def _need(self, module: str, name: str) -> None:
        """Keep the parts that bind a name of a module; without a name, those that belong to the module."""
        if module not in modules():
            return
        if module not in self._kept:
            self._kept[module] = set()
            above = module.rpartition(".")[0]
            self._waiting += [(above, ""), (module, ""), *((module, one) for one in _published().get(module, ()))]
        kept, words = self._kept[module], _words(module)
        for part in bound(module).get(name, ()):
            if part in kept:
                continue
            kept.add(part)
            self._waiting += [(module, word) for word in part.words if word and word in bound(module)]
            for home, one in part.leads:
                if home in modules():
                    self._waiting += [(home, one)] if one else [(home, ""), *((home, word) for word in words)]


@cache
def bound(module: str) -> Mapping[str, list[Part]]:
    """Return the parts of a module by the names that they bind; by "" those that belong to the module."""
    found: dict[str, list[Part]] = defaultdict(list)
    for part in parts_of(modules()[module]):
        for name in part.names or ("",):
            found[name].append(part)
    return dict(found)


@cache
def _words(module: str) -> frozenset[str]:
    return frozenset[str]().union(*(part.words for part in parts_of(modules()[module])))


@cache
def _published() -> Mapping[str, set[str]]:
    """Return which names of each private module the public modules re-export."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in modules().values():
        for part in () if "/" in module.path else parts_of(module):
            for home, name in part.leads if part.names else ():
                if not name.endswith(_IF_USED):
                    found[home].add(name)
    return found
