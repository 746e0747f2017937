"""Which modules of the runtime a package needs: those that its generated code leads to, by imports and by name."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache

from .source import Module, modules


def needed(roots: Iterable[str]) -> list[Module]:
    """Return the modules that the named ones lead to, themselves and the folders around them included, sorted.

    An import counts wherever it stands: at the top, in a function, for type checkers. So does the name of a module in a
    string that begins with a dot, with which lazy imports name what they load.
    """
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in found or name not in modules():
            continue
        found.add(name)
        waiting += [*_folders(name), *_leads_to(name)]
    return [module for name, module in sorted(modules().items()) if name in found]


def _folders(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]


@cache
def _leads_to(name: str) -> frozenset[str]:
    return frozenset(target for target in mentioned(modules()[name]) if target in modules())


def mentioned(module: Module) -> Iterator[str]:
    """Yield the dotted names below the package that a module mentions relatively, whether they are modules or not."""
    for node in ast.walk(ast.parse(module.text)):
        if isinstance(node, ast.ImportFrom) and node.level:
            origin = absolute(module, "." * node.level + (node.module or ""))
            yield origin
            yield from (f"{origin}.{alias.name}".lstrip(".") for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("."):
            yield absolute(module, node.value.partition(":")[0])


def absolute(module: Module, name: str) -> str:
    """Return the dotted name below the package of a module that `module` names with leading dots."""
    bare = name.lstrip(".")
    above = module.package.split(".") if module.package else []
    up = len(name) - len(bare) - 1
    return ".".join([*above[: len(above) - up], *([bare] if bare else [])])
