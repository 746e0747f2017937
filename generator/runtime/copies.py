"""The copies that go into a package: rooms of the runtime, and the public modules that re-export what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..emit.header import MARKER
from .parts import is_re_export, parts_of
from .prune import pruned
from .reach import Reach, bound
from .shorten import shortened
from .source import ROOMS, Module, licence, modules

#: Folder, relative to the package -> file, relative to the folder -> text.
Copies = dict[str, dict[str, str]]
#: Short, since every copy has it. What is said of all copies is in the `__init__` of the runtime.
_FIRST = f"{MARKER} copying.\n"
_ABOUT = '"""The runtime {version}: a copy that the generator keeps up to date. Do not edit; see LICENSE."""\n'
_WORD = re.compile(r"[A-Za-z_]\w*")
#: The row about a name in the docstring of a public module.
_ROW = re.compile(r"[ │├└]{4,}(\w+)(?: |$)")


def rooms(reach: Reach, version: str) -> Copies:
    """Return the rooms with the modules that are needed, each file with its first line, and the licence.

    `version` is that of the runtime.
    """
    found: Copies = {}
    for module in reach.modules:
        room, _, name = module.path.partition("/")
        if name:  # no public module
            found.setdefault(room, {})[name] = f"{_FIRST}{shortened(pruned(module, reach.parts(module)))}"
    found.setdefault("_core", {}).update({"LICENSE": licence(), "__init__.py": _FIRST + _ABOUT.format(version=version)})
    return found


def public(reach: Reach) -> dict[str, str]:
    """Return the public modules of a package: what they re-export is what is copied. So are the rows in docstrings."""
    found = {}
    for module in modules().values():
        if "/" in module.path:
            continue
        kept = reach.parts(module)
        every = {name: part in kept for part in parts_of(module) if is_re_export(part) for name in part.names}
        if any(every.values()):
            lines = enumerate(module.text.splitlines(), 1)
            rows = [number for number, line in lines if (row := _ROW.match(line)) and not every.get(row[1], True)]
            found[module.path] = f"{_FIRST}{pruned(module, kept, rows)}"
    return found


def roots_in(texts: Iterable[str], package: str) -> set[str]:
    """Return what generated code names of the runtime, by import or in a string."""
    folders = "|".join(room.replace("/", r"\.") for room in ROOMS)
    named = re.compile(rf"\b{package}\.((?:{folders})(?:\.\w+)*)")
    return {root for text in texts for name in set(named.findall(text)) for root in _roots(name, text)}


def roots_below(files: Mapping[str, str], folder: str) -> set[str]:
    """Return what the modules of a generated folder name of the runtime by relative imports."""
    found = set()
    for name, text in files.items():
        for part in parts_of(Module(f"{folder}/{name}", text)):
            found |= {root for home, _ in part.leads if "." in home for root in _roots(home, text)}
    return found


def _roots(name: str, text: str) -> set[str]:
    """Return the names that a text mentions of the module that a dotted name begins with; the module if it names none.

    A text has the names of a module in its imports, in strings, and in the rows of an index.
    """
    module = name
    while module and module not in modules():
        module = module.rpartition(".")[0]
    if not module:
        return set()
    return {f"{module}.{word}" for word in _WORD.findall(text) if word in bound(module)} or {module}
