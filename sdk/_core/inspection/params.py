"""What the names of `params` stand for, read from the text of their modules.

The names are for type checkers, and most are Any when a program runs.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from importlib import import_module


@cache
def source_of(package: str, name: str, folder: str = "params") -> str | None:
    """Return the text of the module that has a name of `params`, or of another folder; None for an unknown one."""
    # As text: importing the index of a folder would import the folder.
    root = f"{import_module(package).__path__[0]}/{folder}"
    index = _text(f"{root}/_index.py")
    at = index.find(f"\n{name} .")
    return None if at < 0 else _text(f"{root}/{index[at + len(name) + 3 : index.index(chr(10), at + 1)]}.py")


@cache
def _text(path: str) -> str:
    with open(path, "rb") as file:  # noqa: PTH123  # to import pathlib takes longer than all else here
        return file.read().decode()


@cache
def alias_of(package: str, name: str) -> str | None:
    """Return the text of the type that a name stands for; None if it is a class, or unknown.

    An enum of the models stands for its values.
    """
    source = source_of(package, name)
    if source is None:
        return _values_of(source_of(package, name, "models") or "", name)
    _, found, rest = source.partition(f"    {name}: TypeAlias = ")
    # Within quotes where it names what follows in the module.
    return "(" + rest.partition("\nelse:")[0].strip("\"'") + ")" if found else None


def _values_of(source: str, name: str) -> str | None:
    _, found, body = source.partition(f"class {name}(Open")
    lines = [line.partition(" = ") for line in body.splitlines() if line[:4] == "    " and line[4:5].isalpha()]
    values = [value for key, equals, value in lines if equals and key.strip().isidentifier()]
    return f"Literal[{', '.join(values)}]" if found and values else None


@cache
def fields_of(package: str, name: str) -> Mapping[str, str]:
    """Return the annotations of the keys of a TypedDict; {} if the name stands for something else."""
    source = source_of(package, name) or ""
    # Its block alone: a module holds many, and to parse all takes longer than the help that asks.
    start = next((at for head in _HEADS if (at := source.find(head.format(name))) >= 0), None)
    if start is None:
        return {}
    end = source.find("\n\n\n", start)
    match ast.parse(source[start : end if end >= 0 else None]).body[0]:
        case ast.ClassDef(body=body):
            pairs = [(one.target, one.annotation) for one in body if isinstance(one, ast.AnnAssign)]
            return {target.id: ast.unparse(kind) for target, kind in pairs if isinstance(target, ast.Name)}
        case ast.Assign(value=ast.Call(args=[_, ast.Dict() as members])):
            # A key that is not a Python name needs this spelling; the types are in quotes.
            return {key: kind for key, kind in ast.literal_eval(members).items() if isinstance(key, str)}
    return {}


#: How a TypedDict begins.
_HEADS = ("\nclass {}(TypedDict", "\n{} = TypedDict(")
