"""The arguments of an operation, with what its docstring says about them."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from .annotation import Kind, kind_of


class Argument(NamedTuple):
    """One argument of an operation; one of the path is positional."""

    name: str
    kind: Kind
    required: bool
    positional: bool
    help: str
    deprecated: bool


def arguments_of(operation: Any) -> list[Argument]:
    """Return the arguments of an operation in the order of its signature."""
    build = operation._build
    code, defaults = build.__code__, build.__kwdefaults__ or {}
    count, package = code.co_argcount, build.__module__.partition(".api.")[0]
    described = _described(operation.__doc__ or "")
    return [
        Argument(
            name=name,
            kind=kind_of(build.__annotations__[name], lambda inner: _alias(package, inner)),
            required=name not in defaults,
            positional=number < count,
            help=described.get(name, ""),
            deprecated=name in operation._spec.deprecated_arguments,
        )
        for number, name in enumerate(code.co_varnames[: count + code.co_kwonlyargcount])
    ]


def summary_of(operation: Any) -> str:
    """Return what an operation does, in one paragraph, and the line of its method and path."""
    return re.split(r"\n\s*Args:\n", operation.__doc__ or "")[0].strip()


def first_line(operation: Any) -> str:
    """Return what an operation does, on one line."""
    return " ".join(summary_of(operation).partition("\n\n")[0].split())


def _described(doc: str) -> dict[str, str]:
    """Return the text of each argument, from the section Args of a docstring."""
    section = re.split(r"\n\s*Args:\n", doc)
    if len(section) < 2:
        return {}
    found: dict[str, str] = {}
    name = ""
    for line in section[1].splitlines():
        start = re.match(r" {8}(\w+): (.*)", line)
        if start:
            name, found[start[1]] = start[1], start[2]
        elif name and line.strip():
            joined = found[name]
            found[name] = joined + line.strip() if joined.endswith("-") else f"{joined} {line.strip()}"
    return found


@cache
def _alias(package: str, name: str) -> str | None:
    """Return the text of the type that a name of `params` stands for; None if it is a class, or unknown.

    The names are for type checkers, and are Any when a program runs; so the text of their small modules is read. An
    enum of the models stands for its values.
    """
    source = _source(f"{package}.params", name)
    if source is None:
        source = _source(f"{package}.models", name) or ""
        _, found, rest = source.partition(f"class {name}(Open")
        values = re.findall(r"^    \w+ = (.+)$", rest, re.MULTILINE)
        return f"Literal[{', '.join(values)}]" if found and values else None
    _, found, rest = source.partition(f"    {name}: TypeAlias = ")
    return "(" + rest.partition("\nelse:")[0] + ")" if found else None


def _source(package: str, name: str) -> str | None:
    """Return the text of the module of a name in a generated folder, None for a name that is not there."""
    index: str = import_module(f"{package}._index").MODULES
    at = index.find(f"\n{name} .")
    if at < 0:
        return None
    module = index[at + len(name) + 3 : index.index("\n", at + 1)]
    folder = import_module(package).__path__[0]
    return Path(folder, f"{module}.py").read_text(encoding="utf-8")
