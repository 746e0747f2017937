"""Tiny documents, and the tiny packages that the generator makes of them."""

from __future__ import annotations

import contextlib
import importlib
import io
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from generator.ir import Api
from generator.progress import Progress
from generator.publish.folders import Trees
from generator.render import build_api, emit, selected


def quiet() -> Progress:
    """Give a progress that nobody sees."""
    return Progress(Console(file=io.StringIO()))


def document(schemas: str = "{}", paths: str = "{}", more: str = "{}") -> dict[str, Any]:
    """Make a document out of YAML for its component schemas, its paths and what else it has."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Zoo", "version": "1"},
        "paths": yaml.safe_load(paths),
        "components": {"schemas": yaml.safe_load(schemas)},
        **yaml.safe_load(more),
    }


def api_of(schemas: str = "{}", paths: str = "{}", more: str = "{}") -> Api:
    """Build the intermediate representation of a document."""
    return build_api(document(schemas, paths, more), quiet())


def trees_of(schemas: str = "{}", paths: str = "{}", *, include: Collection[str] | None = None) -> Trees:
    """Render a document."""
    data = document(schemas, paths)
    return emit(data, selected(build_api(data, quiet()), include), quiet())


def write_package(folder: Path, trees: Trees, name: str = "mini") -> None:
    """Write rendered folders as a package of their own: sdk/models becomes mini/models."""
    for tree, files in trees.items():
        for file, text in files.items():
            path = folder / name / tree.removeprefix("sdk/") / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    (folder / name / "__init__.py").touch()


@contextlib.contextmanager
def imported(folder: Path, schemas: str = "{}", paths: str = "{}", name: str = "mini") -> Iterator[Any]:
    """Render a document, and import the package that it makes; two at a time need two names."""
    write_package(folder, trees_of(schemas, paths), name)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        for part in ("models", "params", "api"):
            importlib.import_module(f"{name}.{part}")
        yield sys.modules[name]
    finally:
        sys.path.remove(str(folder))
        for module in [n for n in sys.modules if n == name or n.startswith(f"{name}.")]:
            del sys.modules[module]
