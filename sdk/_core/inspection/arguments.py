"""The arguments of an operation, with what its docstring says about them."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ..operation.facts import builder_of, spec_of
from .annotation import Kind, kind_of
from .params import alias_of


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
    build, deprecated = builder_of(operation), spec_of(operation).deprecated_arguments
    code, defaults = build.__code__, build.__kwdefaults__ or {}
    count, package = code.co_argcount, build.__module__.partition(".api.")[0]
    described = _described(operation.__doc__ or "")
    return [
        Argument(
            name=name,
            kind=kind_of(build.__annotations__[name], lambda inner: alias_of(package, inner)),
            required=name not in defaults,
            positional=number < count,
            help=described.get(name, ""),
            deprecated=name in deprecated,
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
