"""What the names of `params` stand for, read from the text of their small modules.

The names are for type checkers, and most are Any when a program runs.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from importlib import import_module


@cache
def source_of(package: str, name: str) -> str | None:
    """Return the text of the module that has a name of `params`; None for an unknown one."""
    index: str = import_module(f"{package}.params._index").MODULES
    at = index.find(f"\n{name} ")
    if at < 0:
        return None
    module = index[at + len(name) + 3 : index.index("\n", at + 1)]
    with open(f"{import_module(f'{package}.params').__path__[0]}/{module}.py", "rb") as file:  # noqa: PTH123  # to import pathlib takes longer than all else here
        return file.read().decode()


@cache
def alias_of(package: str, name: str) -> str | None:
    """Return the text of the type that a name stands for; None if it is a class, or unknown."""
    _, found, rest = (source_of(package, name) or "").partition(f"    {name}: TypeAlias = ")
    return "(" + rest.partition("\nelse:")[0] + ")" if found else None


@cache
def fields_of(package: str, name: str) -> Mapping[str, str]:
    """Return the annotations of the keys of a TypedDict; {} if the name stands for something else."""
    for node in ast.parse(source_of(package, name) or "").body:
        match node:
            case ast.ClassDef(name=found, body=body) if found == name:
                pairs = [(one.target, one.annotation) for one in body if isinstance(one, ast.AnnAssign)]
                return {target.id: ast.unparse(kind) for target, kind in pairs if isinstance(target, ast.Name)}
            case ast.Assign(targets=[ast.Name(id=found)], value=ast.Call(args=[_, ast.Dict() as members])) if (
                found == name
            ):
                # A key that is no Python name needs this spelling; the types stand in quotes.
                return {key: kind for key, kind in ast.literal_eval(members).items() if isinstance(key, str)}
    return {}
