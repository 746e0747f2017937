"""The source of the runtime: the handwritten modules of the SDK, read as text; the generator imports none of them."""

from __future__ import annotations

from collections.abc import Mapping
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
    paths += sorted(path for path in home.glob("*.py") if not path.name.startswith("_"))
    found = [Module(path.relative_to(home).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
    return {module.name: module for module in found}


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
