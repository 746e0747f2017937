"""A page for each public module, which mkdocstrings fills in."""

from __future__ import annotations

import ast
from pathlib import Path

import sdk

_FOLDER = Path(sdk.__file__).parent
#: Folders of generated code, which have pages of their own.
_GENERATED = frozenset({"api", "models", "params"})


def pages() -> dict[str, str]:
    """Return the pages by path."""
    return {f"reference/modules/{name}.md": _page(name, path) for name, path in _public().items()}


def _page(name: str, path: Path) -> str:
    members = "".join(f"        - {member}\n" for member in _members(path))
    # Without a list, mkdocstrings leaves out what a module only re-exports.
    options = f"    options:\n      members:\n{members}" if members else ""
    return f"# {name}\n\n::: {name}\n{options}"


def _public() -> dict[str, Path]:
    found = {"sdk": _FOLDER / "__init__.py"}
    for path in sorted(_FOLDER.iterdir()):
        source = path / "__init__.py" if path.is_dir() else path
        if source.suffix == ".py" and source.exists() and not path.name.startswith("_") and path.stem not in _GENERATED:
            found[f"sdk.{path.stem}"] = source
    return found


def _members(path: Path) -> list[str]:
    """Return the names that a module offers: what it defines, and what it imports under the same name on purpose."""
    found = {name for statement in ast.parse(path.read_text(encoding="utf-8")).body for name in _names(statement)}
    modules = {public.removeprefix("sdk.") for public in _public()} | _GENERATED
    return sorted(name for name in found if not name.startswith("_") and name not in modules)


def _names(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.If(body=body):
            return {name for inner in body for name in _names(inner)}
        case ast.ImportFrom(names=names):
            return {alias.name for alias in names if alias.asname == alias.name}
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return {name}
    return set()
