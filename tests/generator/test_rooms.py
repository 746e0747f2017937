"""The folders of the generator are its stages: each imports earlier ones alone, for type checkers, too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter

import pytest

from .conftest import ROOT

#: The folders and modules of the generator, from the ground up; those of one floor do not know each other.
FLOORS = (
    {"_version", "errors", "hatch_build", "policy", "progress"},
    {"document", "metadata"},
    {"normalise"},
    {"ir"},
    {"describe", "emit"},
    {"compare", "publish", "runtime"},
    {"render"},
    {"config", "pipeline"},
    {"lint"},
    {"commands"},
    {"__main__"},
)
_HOME = ROOT / "generator"
_MODULES = {path.relative_to(_HOME).with_suffix("").parts: path for path in _HOME.rglob("*.py")}


def _imports(module: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give what a module imports of the generator, as paths below it: at its top, in functions, for type checkers."""
    for node in ast.walk(ast.parse(_MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = ("generator", *module[:-1])[: len(module) + 1 - node.level] if node.level else ()
            whole = (*base, *(node.module.split(".") if node.module else ()))
            if whole[:1] == ("generator",):
                yield from ((*whole[1:], alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (tuple(one.name.split(".")[1:]) for one in node.names if one.name.startswith("generator"))


def _floor(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def _rooms() -> list[str]:
    return sorted({module[0] for module in _MODULES} - {"__init__"})


def test_every_room_has_a_floor() -> None:
    """The table of floors names every folder and module of the generator, and nothing else."""
    assert _rooms() == sorted(set[str]().union(*FLOORS))


@pytest.mark.parametrize("room", _rooms())
def test_a_room_imports_rooms_of_lower_floors_only(room: str) -> None:
    """No stage knows a later one, so that there is no circle among them."""
    wrong = {
        (".".join(module), ".".join(target))
        for module in _MODULES
        if module[0] == room
        for target in _imports(module)
        if target[0] != room and _floor(target[0]) >= _floor(room)
    }
    assert wrong == set()


def test_a_room_is_more_than_two_files() -> None:
    """A folder of one or two modules would hide them."""
    sizes = {room: len(list((_HOME / room).glob("*.py"))) for room in _rooms() if (_HOME / room).is_dir()}
    assert {room: size for room, size in sizes.items() if size < 3} == {}


def test_the_modules_form_no_circle() -> None:
    """Inside a folder, too, a module imports only what does not lead back to it."""

    def found(target: tuple[str, ...]) -> tuple[str, ...]:
        names = (target, (*target, "__init__"), target[:-1], (*target[:-1], "__init__"))
        return next(name for name in names if name in _MODULES)

    order = TopologicalSorter({module: {found(target) for target in _imports(module)} for module in _MODULES})
    assert {*order.static_order()} == _MODULES.keys()  # CycleError otherwise
