"""The parts of a module: its statements at the top, what they name, and what they lead to.

An import is a part for each of its names, and so is a row of a table of lazy imports. A part that only binds names is
optional: a package in which nothing mentions its names does without it. Every other part belongs to its module.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from .source import Module

#: Decorators and functions without effects beyond the name that they make.
_PURE = {
    *("cache", "lru_cache", "overload", "contextmanager", "frozen", "define", "dataclass", "dataclass_transform"),
    *("lazy_function", "TypeVar", "ParamSpec", "frozenset", "compile", "fromkeys"),
}
#: The name of a module in a string of a lazy import, or of an object in it.
_RELATIVE = re.compile(r"\.+[A-Za-z_][\w.]*(?::\w+)?$")
_WORD = re.compile(r"[A-Za-z_]\w*")


class Part(NamedTuple):
    """A statement, or one name of it: `names` is what it binds, empty if it belongs to its module."""

    node: ast.stmt
    names: frozenset[str]
    #: The identifiers that it mentions, those in strings included.
    words: frozenset[str]
    #: Dotted names below the package, each of a module, and a name of that module; "" for all that is mentioned.
    leads: frozenset[tuple[str, str]]
    #: Of a row in a table: the module that it names, as it is written.
    row: str = ""


@cache
def tree_of(module: Module) -> ast.Module:
    """Return the syntax tree of a module, the nodes of its parts."""
    return ast.parse(module.text)


@cache
def parts_of(module: Module) -> list[Part]:
    """Return the parts of a module, in order."""
    return list(_parts(module, tree_of(module).body, frozenset()))


def _parts(module: Module, body: Iterable[ast.stmt], around: frozenset[str]) -> Iterator[Part]:
    for node in body:
        if isinstance(node, ast.If) and is_for_checkers(node):
            yield from _parts(module, (*node.body, *node.orelse), around | {"TYPE_CHECKING"})
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imported(module, node, around)
        else:
            table = _table(node, _constants(module)) if around else {}
            for name, target in table.items():
                yield Part(node, frozenset({name}), around, _leads(_below(module.name, target), name), target)
            inner = list(ast.walk(node))
            words = around | (_words(inner) & {"attributes"} if table else _words(inner))
            leads = frozenset() if table else frozenset(_mentioned(module, inner, words))
            yield Part(node, _bound(node), words, leads)


def is_re_export(part: Part) -> bool:
    """Return whether a part is `from x import y as y`, or a row of a table."""
    names = part.node.names if isinstance(part.node, ast.ImportFrom) else ()
    return bool(part.row) or any(alias.name == alias.asname and alias.name in part.names for alias in names)


def is_for_checkers(node: ast.If) -> bool:
    """Return whether a statement is `if TYPE_CHECKING:`."""
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _imported(module: Module, node: ast.Import | ast.ImportFrom, around: frozenset[str]) -> Iterator[Part]:
    for alias in node.names:
        name = alias.asname or alias.name.partition(".")[0]
        origin = _origin(module, node)
        leads = frozenset[tuple[str, str]]() if origin is None else _leads(origin, alias.name)
        for_its_effect = isinstance(node, ast.Import) and _counts(module)[name] == 1
        stays = for_its_effect or (isinstance(node, ast.ImportFrom) and node.module == "__future__")
        yield Part(node, frozenset() if stays else frozenset({name}), around, leads)


def _origin(module: Module, node: ast.Import | ast.ImportFrom) -> str | None:
    """Return the dotted name of what an import of the package names, None for one of another package."""
    if isinstance(node, ast.Import) or not node.level:
        return None
    return _below(module.package, "." * node.level + (node.module or ""))


def _leads(origin: str, name: str) -> frozenset[tuple[str, str]]:
    """A name of a module, or a module itself."""
    return frozenset({(origin, name), (f"{origin}.{name}".lstrip("."), "")})


def _mentioned(module: Module, nodes: list[ast.AST], words: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield what the imports inside a statement name, and its strings, with which lazy imports say what they load."""
    for inner in nodes:
        if isinstance(inner, ast.ImportFrom) and (origin := _origin(module, inner)) is not None:
            for alias in inner.names:
                yield from _leads(origin, alias.name)
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and _RELATIVE.match(inner.value):
            target = _below(module.package, inner.value.partition(":")[0])
            yield from ((target, word) for word in (words if "lazy_function" in words else ("",)))


def _bound(node: ast.stmt) -> frozenset[str]:
    """Return the names of a statement that does nothing else than to bind them."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        names, calls = [node.name], list(node.decorator_list)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [target.id if isinstance(target, ast.Name) else "__" for target in targets]
        calls = [inner for inner in ast.walk(node.value) if isinstance(inner, ast.Call)]
    else:
        return frozenset()
    pure = all(_called(each) in _PURE for each in calls)
    return frozenset(names) if pure and not any(name.startswith("__") for name in names) else frozenset()


def _called(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _words(nodes: list[ast.AST]) -> frozenset[str]:
    """Return the identifiers in the nodes of a statement. A docstring names nothing."""
    found: set[str] = set()
    texts = {inner.value for inner in nodes if isinstance(inner, ast.Expr)}
    for inner in nodes:
        if isinstance(inner, ast.Name):
            found.add(inner.id)
        elif isinstance(inner, ast.Attribute):
            found.add(inner.attr)
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and inner not in texts:
            found.update(_WORD.findall(inner.value))
    return frozenset(found)


@cache
def _counts(module: Module) -> Counter[str]:
    return Counter(_WORD.findall(module.text))


@cache
def _constants(module: Module) -> dict[str, ast.expr]:
    """Return the values of the names of a module, of which its tables are made."""
    found = {}
    for node in ast.walk(tree_of(module)) if "attributes" in _counts(module) else ():
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
    return found


def _table(node: ast.stmt, names: Mapping[str, ast.expr]) -> dict[str, str]:
    """Return the rows of `__getattr__ = attributes(__name__, {...})`, or of `_LATER = {...}` that goes into it."""
    if not isinstance(node, ast.Assign):
        return {}
    value = node.value
    if isinstance(value, ast.Call) and _called(value) == "attributes":
        value = value.args[1]
        if isinstance(value, ast.Name):
            return {}
    rows = dict(_rows(value, names))
    return rows if all(target.startswith(".") for target in rows.values()) else {}


def _rows(node: ast.expr | None, names: Mapping[str, ast.expr]) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Name(name):
            yield from _rows(names.get(name), names)
        case ast.Dict(keys, values):
            for key, value in zip(keys, values, strict=True):
                match key, value:
                    case ast.Constant(str(name)), ast.Constant(str(target)):
                        yield name, target
                    case None, _:
                        yield from _rows(value, names)
        case ast.Call(ast.Attribute(ast.Name("dict"), "fromkeys"), [several, ast.Constant(str(target))]):
            found = names.get(several.id) if isinstance(several, ast.Name) else several
            for each in found.elts if isinstance(found, ast.Tuple) else ():
                if isinstance(each, ast.Constant):
                    yield str(each.value), target


def _below(package: str, name: str) -> str:
    """Return the dotted name below the package of what a module of `package` names with leading dots."""
    bare = name.lstrip(".")
    above = package.split(".") if package else []
    up = len(name) - len(bare) - 1
    return ".".join([*above[: len(above) - up], *([bare] if bare else [])])
