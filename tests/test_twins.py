"""Sync and async twins differ only in `await`: found by their names, compared line by line."""

import ast
import difflib
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

_SDK = Path(__file__).parents[1] / "sdk"
_GENERATED = ("api", "models", "params")
#: The local server speaks ASGI, which has no blocking side: its coroutines need no twin.
_SERVER = _SDK / "testing"
#: What differs besides `await`, and why.
_KNOWN = tomllib.loads(Path(__file__).with_name("twins.toml").read_text(encoding="utf-8"))
#: Coroutines of libraries, and what their blocking twins are called.
_LIBRARIES = {"StopAsyncIteration": "StopIteration", "aclose": "close", "aiter": "iter", "aiter_raw": "iter_raw",
              "anext": "next", "handle_async_request": "handle_request"}  # fmt: skip

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Scope(NamedTuple):
    """A module or a class, and the functions in it."""

    module: Path
    node: ast.Module | ast.ClassDef

    @property
    def name(self) -> str:
        """The name of the class; '' for a module."""
        return self.node.name if isinstance(self.node, ast.ClassDef) else ""

    @property
    def functions(self) -> dict[str, Function]:
        """The functions by name."""
        return {one.name: one for one in self.node.body if isinstance(one, Function)}

    @property
    def attributes(self) -> set[str]:
        """The names of the functions, and the other names that they have."""
        assigned = [one.targets[0] for one in self.node.body if isinstance(one, ast.Assign)]
        return {*self.functions, *(one.id for one in assigned if isinstance(one, ast.Name))}


class Twins(NamedTuple):
    """A function for coroutines, and its twin for blocking callers."""

    name: str
    coroutine: Function
    blocking: ast.FunctionDef


def _blocking_names(name: str) -> Iterator[str]:
    """Yield what the blocking twin of a function, class or module may be called."""
    if match := re.fullmatch(r"__a(\w+__)", name):
        yield f"__{match[1]}"
    elif match := re.fullmatch(r"(_?)(?:async|asyncio)(?:_(\w+))?", name):
        yield f"{match[1]}sync_{match[2]}" if match[2] else f"{match[1]}sync"
        yield f"{match[1]}{match[2]}"
    elif match := re.fullmatch(r"(_?)(?:Async|a)(\w+)", name):
        yield f"{match[1]}{match[2]}"


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a module or a statement and the statements in it, but no expressions: those are most of the nodes."""
    yield node
    for field in ("body", "orelse", "handlers", "finalbody", "cases"):
        for child in getattr(node, field, ()):
            yield from _statements(child)


@cache
def _scopes() -> tuple[Scope, ...]:
    return tuple(
        Scope(path, node)
        for path in sorted(_SDK.rglob("*.py"))
        if path.relative_to(_SDK).parts[0] not in _GENERATED
        for node in _statements(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef)
    )


def _opposite(scope: Scope) -> list[Scope]:
    """Return where twins may have the same name: the twin of a class, that of a module, and the classes in it."""
    modules = {scope.module, *map(scope.module.with_stem, _blocking_names(scope.module.stem))}
    names = {scope.name, *_blocking_names(scope.name)}
    return [one for one in _scopes() if one is not scope and one.module in modules and one.name in names]


def _find() -> Iterator[Twins | tuple[Scope, str]]:
    """Yield all twins, and the coroutines that have none: by scope and name."""
    for scope in _scopes():
        opposite = _opposite(scope)
        for name, function in scope.functions.items():
            found = [scope.functions.get(twin) for twin in _blocking_names(name)]
            found += [one.functions.get(twin) for one in opposite for twin in (name, *_blocking_names(name))]
            label = f"{scope.name or scope.module.stem}.{name}"
            for blocking in found:
                if isinstance(blocking, ast.FunctionDef):
                    yield Twins(label, function, blocking)
                    break
            else:
                if isinstance(function, ast.AsyncFunctionDef) and _SERVER not in scope.module.parents:
                    yield scope, label


_FOUND = list(_find())
_TWINS = [one for one in _FOUND if isinstance(one, Twins)]
_ALONE = [one for one in _FOUND if not isinstance(one, Twins)]
_RENAMED = {**_LIBRARIES, **{one.coroutine.name: one.blocking.name for one in _TWINS}}


def _blocking_word(match: re.Match[str]) -> str:
    word = match[0]
    return "" if word in ("async ", "await ") else _RENAMED.get(word) or re.sub(r"^(_?)Async", r"\1", word)


def _as_blocking(code: str) -> str:
    """Return what blocking callers would write; the module asyncio stays what it is."""
    return re.sub(r"\basync |\bawait |\bimport asyncio\b|\basyncio\.|\w+", _blocking_word, code)


def _lines(code: str) -> list[str]:
    """Return the lines of a function as `ast` lays it out, without its docstring."""
    function = ast.parse(code).body[0]
    assert isinstance(function, ast.FunctionDef)
    if ast.get_docstring(function) is not None:
        del function.body[0]
    return ast.unparse(function).splitlines()


def _differences(twins: Twins) -> list[str]:
    """Return the lines that only one of two twins has, without their indentation."""
    blocking, coroutine = ast.unparse(twins.blocking), _as_blocking(ast.unparse(twins.coroutine))
    changes = list(difflib.unified_diff(_lines(blocking), _lines(coroutine), n=0, lineterm=""))
    return [line[0] + line[1:].strip() for line in changes[2:] if line[0] in "+-"]


@pytest.mark.parametrize("twins", [pytest.param(one, id=one.name) for one in _TWINS if one.name not in _KNOWN["apart"]])
def test_twins_differ_only_in_await(twins: Twins) -> None:
    """A coroutine is its blocking twin with `await`, but for the lines of twins.toml."""
    known = _KNOWN["differ"].get(twins.name, {"lines": ""})
    assert _differences(twins) == known["lines"].splitlines()


def test_every_coroutine_has_a_twin() -> None:
    """What coroutines can do, blocking callers can do too, by the name that the rule gives it."""
    assert {label for scope, label in _ALONE if not {scope.name, label} & _KNOWN["alone"].keys()} == set()


def test_every_method_of_a_blocking_class_has_a_twin() -> None:
    """What a class offers blocking callers, its twin offers coroutines."""
    lacking = [
        f"{scope.name}.{name}"
        for scope in _scopes()
        for other in _opposite(scope)
        if other.name in _blocking_names(scope.name)
        for name in other.functions
        if name.strip("_") == name and not any(name in (one, *_blocking_names(one)) for one in scope.attributes)
    ]
    assert lacking == []


def test_no_entry_has_outlived_its_reason() -> None:
    """What twins.toml lists is there, and differs."""
    needed = {name for scope, label in _ALONE for name in (scope.name, label)}
    differing = {one.name for one in _TWINS if _differences(one)}
    assert _KNOWN["alone"].keys() - needed == set()
    assert (_KNOWN["apart"].keys() | _KNOWN["differ"].keys()) - differing == set()


def test_a_changed_twin_is_told_apart() -> None:
    """Names and `await` apart, every statement counts."""
    blocking, coroutine = (
        ast.parse(code).body[0]
        for code in (
            'def close(self):\n    """Close."""\n    self.response.close()\n    self._release()',
            'async def aclose(self):\n    """See `close`."""\n    await self.response.aclose()\n    self._forget()',
        )
    )
    assert isinstance(blocking, ast.FunctionDef)
    assert isinstance(coroutine, ast.AsyncFunctionDef)
    assert _differences(Twins("Stream.aclose", coroutine, blocking)) == ["-self._release()", "+self._forget()"]
