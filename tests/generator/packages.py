"""Packages of their own, from documents of a few lines."""

from __future__ import annotations

import importlib
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.commands import main

from .shared_runtime import share

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
OK = "responses: {'200': {description: ok}}"


class Packages:
    """Generate packages into a folder, and import them; `told` and `err` hold what the last one printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.names: list[str] = []
        self.reported: list[str] = []
        self.err = ""

    def __call__(self, text: str, *more: str, head: str = HEAD, overlay: str = "", code: int = 0) -> Any:
        """Generate a package from `head` and YAML, with the actions of an overlay; import it if that goes well."""
        package = f"p{len(self.names)}_{abs(hash(self.folder)) % 10**8}"
        self.names.append(package)
        spec, corrections = self.folder / "d.yaml", self.folder / "o.yaml"
        spec.write_text(head + textwrap.dedent(text), encoding="utf-8")
        if overlay:
            actions = textwrap.indent(textwrap.dedent(overlay).strip("\n"), "  ")
            corrections.write_text(f"overlay: 1.0.0\ninfo: {{title: o, version: '1'}}\nactions:\n{actions}\n")
            more = (*more, "--overlay", str(corrections))
        self.out = self.folder / f"out-{package}"
        if "--naming" not in more:
            more = (*more, "--naming", "paths")  # most documents here have no operationIds
        found = main(["generate", "--spec", str(spec), "--package", package, "--out", str(self.out), *more])
        printed = self._capsys.readouterr()
        self.reported, self.err = printed.out.splitlines()[:-1], printed.err
        assert found == code, self.err
        if code:
            assert not self.out.exists()
            return None
        sys.path.insert(0, str(self.out))
        made = self.imported(package)
        for part in ("models", "params", "api"):
            inside = importlib.import_module(f"{package}.{part}")
            assert all(getattr(inside, name) is not None for name in dir(inside))
        return made

    def imported(self, package: str) -> Any:
        """Import a package that was generated, with the runtime of this checkout."""
        importlib.invalidate_caches()
        share(package)
        return importlib.import_module(package)

    def forget(self, made: Any) -> None:
        """Forget a package, so that it is imported again."""
        for name in [n for n in sys.modules if n.partition(".")[0] == made.__name__]:
            del sys.modules[name]

    def close(self) -> None:
        """Forget what was imported."""
        sys.path[:] = [path for path in sys.path if not path.startswith(str(self.folder))]
        for name in [n for n in sys.modules if n.partition(".")[0] in self.names]:
            del sys.modules[name]


def packages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Packages]:
    """Give a maker of packages in an empty folder."""
    made = Packages(tmp_path, capsys)
    yield made
    made.close()
