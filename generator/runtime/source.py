"""The source of the runtime: the handwritten modules of the SDK, read as text; the generator imports none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from ..errors import GeneratorError

_HERE = Path(__file__).parent
#: Where the modules lie: inside an installed generator, else beside the generator in its checkout.
_PLACES = (_HERE / "_sdk", _HERE.parents[1] / "sdk")
_LICENCES = (_HERE / "_sdk" / "LICENSE", _HERE.parents[1] / "LICENSE")
#: The folders that a package may need: they know no API. Public modules lie beside them.
ROOMS = ("_core", "_cli", "testing/description", "testing/server")


class Module:
    """A module of the runtime: its path below the package, such as `_core/lazy.py`, and its text."""

    __slots__ = ("path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text

    @property
    def name(self) -> str:
        """The dotted name below the package; that of a folder is its `__init__`."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def package(self) -> str:
        """The dotted name that relative imports start from, "" for the package itself."""
        return self.name if self.path.endswith("__init__.py") else self.name.rpartition(".")[0]


@cache
def modules() -> Mapping[str, Module]:
    """Return every module that may be copied, by dotted name: those of the rooms, and public ones.

    Raises: GeneratorError if the source of the runtime is not there.
    """
    home = _first(_PLACES, "_core")
    paths = sorted(path for room in ROOMS for path in (home / room).rglob("*.py"))
    rooms = [Module(path.relative_to(home).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
    exposed = {key: module for module in rooms for key in _exposed(module)}
    public = [_public(path, exposed) for path in sorted(home.glob("*.py")) if not path.name.startswith("_")]
    return {module.name: module for module in [*rooms, *public]}


def _public(path: Path, exposed: Mapping[tuple[str, str], Module]) -> Module:
    """Return a public module. In place of a class for one API it re-exports the class of a room with the same name."""

    def plain(line: re.Match[str]) -> str:
        home = None if line[1] in ROOMS else exposed.get((path.stem, line[2]))
        return line[0] if home is None else f"from .{home.name} import {line[2]} as {line[2]}"

    text = path.read_text(encoding="utf-8")
    return Module(path.name, re.sub(r"^from \.(_\w+)\S* import (\w+) as \2$", plain, text, flags=re.MULTILINE))


def _exposed(module: Module) -> Iterator[tuple[str, str]]:
    """Yield the public modules of the classes of a module, each with the name of the class."""
    if found := re.search(r'^expose\(globals\(\), "(\w+)"', module.text, re.MULTILINE):
        yield from ((found[1], name) for name in re.findall(r"^class (\w+)", module.text, re.MULTILINE))


@cache
def licence() -> str:
    """Return the licence of the runtime, which goes with every copy."""
    return next(path for path in _LICENCES if path.is_file()).read_text(encoding="utf-8")


def _first(places: tuple[Path, ...], inside: str) -> Path:
    for place in places:
        if (place / inside).is_dir():
            return place
    raise GeneratorError(
        "the source of the runtime is missing", file=places[0],
        hint="install the generator again, or run it from a complete checkout",
    )  # fmt: skip
