"""The copies that go into a package: rooms of the runtime, and the public modules that re-export what is in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from ..emit.header import MARKER
from .reach import mentioned, needed
from .shorten import shortened
from .source import ROOMS, Module, licence, modules

#: Folder, relative to the package -> file, relative to the folder -> text.
Copies = dict[str, dict[str, str]]
#: Short, since every copy has it. What is said of all copies is in the `__init__` of the runtime.
_FIRST = f"{MARKER} copying. Do not edit.\n"
_ABOUT = '"""The runtime {version}: a copy that the generator keeps up to date. Its licence is in LICENSE."""\n'
_MODULE = re.compile(r"\.\.?(_\w+(?:\.\w+)+)")
#: A name that a line re-exports: of an import, or the key of a lazy one.
_NAMED = re.compile(r" import (\w+) as \1$|\"(\w+)\"")
_EXPORTED = re.compile(r" import (\w+) as \1$", re.MULTILINE)


def rooms(roots: Iterable[str], version: str) -> Copies:
    """Return the rooms with the modules that the named ones need, each file with its first line, and the licence.

    `version` is that of the runtime.
    """
    found: Copies = {}
    for module in needed(roots):
        room, _, name = module.path.partition("/")
        if name:  # no public module
            found.setdefault(room, {})[name] = f"{_FIRST}{shortened(module.text)}"
    found.setdefault("_core", {}).update({"LICENSE": licence(), "__init__.py": _FIRST + _ABOUT.format(version=version)})
    return found


def roots_in(texts: Iterable[str], package: str) -> set[str]:
    """Return the modules of the runtime that generated code names, by import or in a string."""
    folders = "|".join(room.replace("/", r"\.") for room in ROOMS)
    named = re.compile(rf"\b{package}\.((?:{folders})(?:\.\w+)*)")
    return {found for text in texts for name in named.findall(text) if (found := _longest(name))}


def roots_below(files: Mapping[str, str], folder: str) -> set[str]:
    """Return the modules of the runtime that the modules of a generated folder import by relative names."""
    found = set()
    for name, text in files.items():
        module = Module(f"{folder}/{name}", text)
        found |= {one for target in mentioned(module) if (one := _longest(target)) and "." in one}
    return found


def _longest(name: str) -> str:
    """Return the module that a dotted name begins with; the rest of it is a name inside that module."""
    while name and name not in modules():
        name = name.rpartition(".")[0]
    return name


def public(copies: Copies) -> dict[str, str]:
    """Return the public modules of a package: what they re-export is what was copied."""
    copied = {Module(f"{room}/{name}", "").name: text for room, files in copies.items() for name, text in files.items()}
    found = {}
    for module in modules().values():
        if "/" in module.path:
            continue
        text = _reexports(module, copied)
        if text:
            found[module.path] = f"{_FIRST}{text}"
    return found


def _reexports(module: Module, copied: Mapping[str, str]) -> str:
    """Return the text of a public module, "" if nothing that it re-exports was copied.

    A line goes that names a module which was not copied, or an error that no module raises; so does the row about it in
    the docstring.
    """
    lines = [_plain(line, module, copied) for line in module.text.splitlines()]
    lost = [line for line in lines if _is_missing(line, copied)]
    gone = {name for line in lost for pair in _NAMED.findall(line) for name in pair if name}
    if module.name == "errors":
        gone |= {name for name in _EXPORTED.findall(module.text) if not _is_used(name, copied)}
    kept_names = {
        name
        for line in lines
        if not _is_missing(line, copied)
        for name in _EXPORTED.findall(line.strip())
        if name not in gone or module.name != "errors"
    }
    gone -= kept_names
    kept = [line for line in lines if not _is_missing(line, copied) and not _is_about(line, gone)]
    return "\n".join(kept) + "\n" if kept_names else ""


def _plain(line: str, module: Module, copied: Mapping[str, str]) -> str:
    """Return a line that re-exports a class from a copied module, where it names one below it that was not copied."""
    name = _EXPORTED.search(line)
    if name is None or not _is_missing(line, copied):
        return line
    own = re.compile(rf'^class {name[1]}\b.*^expose\(globals\(\), "{module.name}"', re.MULTILINE | re.DOTALL)
    home = next((other for other, text in copied.items() if own.search(text)), None)
    return line if home is None else re.sub(r"(?<=from )\S+", f".{home}", line)


def _is_missing(line: str, copied: Mapping[str, str]) -> bool:
    """Return whether a line names a private module that was not copied."""
    return any(_longest(name) not in copied for name in _MODULE.findall(line))


def _is_about(line: str, gone: set[str]) -> bool:
    """Return whether a line is the import of a name that is gone, or the row about it in a docstring."""
    row = re.match(r"[ │├└]{4,}(\w+)(?: |$)", line)
    exported = _EXPORTED.search(line)
    return bool((row and row[1] in gone) or (exported and exported[1] in gone))


def _is_used(name: str, copied: Mapping[str, str]) -> bool:
    """Return whether a module raises an error, catches it, or has a class below it."""
    return sum(_mentions(text)[name] for text in copied.values()) > 1


@cache
def _mentions(text: str) -> Counter[str]:
    """Return how often the text of a module mentions each name that begins as names of classes and functions do."""
    return Counter(re.findall(r"\b[A-Za-z_]\w*\b", text))
