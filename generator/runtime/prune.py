"""Write a module without the parts that a package does not need, in the format of the source."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Set

from .parts import Part, is_for_checkers, parts_of, tree_of
from .source import Module

_WIDTH = 120
#: A line that goes; the empty lines around it become one group.
_GONE = "\0"
#: The first line, and the last one, of what is replaced by lines.
_Edit = tuple[int, int, list[str]]


def pruned(module: Module, kept: Set[Part], rows: Collection[int] = ()) -> str:
    """Return the text of a module with the parts that are `kept`; the lines of all others go, and those in `rows`."""
    lines = module.text.splitlines()
    for row in rows:
        lines[row - 1] = _GONE
    parts: dict[ast.stmt, list[Part]] = defaultdict(list)
    for part in parts_of(module):
        parts[part.node].append(part)
    for first, last, text in reversed(list(_edits(tree_of(module).body, parts, kept, lines))):
        lines[first - 1 : last] = text or [_GONE]
    return "\n".join(_joined(lines)) + "\n"


def _edits(
    body: Iterable[ast.stmt], parts: dict[ast.stmt, list[Part]], kept: Set[Part], lines: list[str]
) -> Iterator[_Edit]:
    for node in body:
        if isinstance(node, ast.If) and is_for_checkers(node):
            first, second = (any(_stays(parts[one], kept) for one in block) for block in (node.body, node.orelse))
            if not first and not second:
                yield _lines(node)
                continue
            if node.orelse:
                above = max(one.end_lineno or 0 for one in node.body)
                other = next(row for row in range(above + 1, node.orelse[0].lineno) if lines[row - 1][:5] == "else:")
            if not first:
                yield node.lineno, other, ["if not TYPE_CHECKING:"]
            else:
                yield from _edits(node.body, parts, kept, lines)
            if not second and node.orelse:
                yield other, node.end_lineno or other, []
            else:
                yield from _edits(node.orelse, parts, kept, lines)
        elif not _stays(parts[node], kept):
            yield _lines(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            aliases = [alias for alias, part in zip(node.names, parts[node], strict=True) if part in kept]
            if len(aliases) < len(node.names):
                yield _lines(node, _import(node, aliases))
        elif rows := [part for part in parts[node] if part.row]:
            yield _lines(node, _table(node, [part for part in rows if part in kept]))


def _stays(parts: list[Part], kept: Set[Part]) -> bool:
    """Return whether a statement stays: one of its names does, or it belongs to its module; a table if it has rows."""
    if any(part.row for part in parts):
        return parts[-1] in kept and any(part in kept for part in parts[:-1])
    return any(part in kept for part in parts)


def _lines(node: ast.stmt, text: Iterable[str] = ()) -> _Edit:
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    return first, node.end_lineno or first, list(text)


def _import(node: ast.Import | ast.ImportFrom, aliases: list[ast.alias]) -> list[str]:
    """Write an import with fewer names."""
    names, indent = [ast.unparse(alias) for alias in aliases], " " * node.col_offset
    if isinstance(node, ast.Import):
        return [f"{indent}import {', '.join(names)}"]
    start = f"{indent}from {'.' * node.level}{node.module or ''} import "
    if len(line := f"{start}{', '.join(names)}") <= _WIDTH:
        return [line]
    return [f"{start}(", *(f"{indent}    {name}," for name in names), f"{indent})"]


def _table(node: ast.stmt, rows: list[Part]) -> list[str]:
    """Write the statement of a table of lazy imports, with a row for each module."""
    assert isinstance(node, ast.Assign)
    names: dict[str, list[str]] = defaultdict(list)
    for part in rows:
        names[part.row] += [f'"{name}"' for name in part.names]
    items = [item for target, several in names.items() for item in _items(target, several)]
    target, calls = f"{' ' * node.col_offset}{ast.unparse(node.targets[0])} = ", ast.unparse(node.value)[:10]
    start, end = ("attributes(__name__, ", ")") if calls == "attributes" else ("", "")
    value = items[0][2:] if len(items) == 1 and items[0][0] == "*" else f"{{{', '.join(items)}}}"
    if len(line := f"{target}{start}{value}{end}") <= _WIDTH:
        return [line]
    found = ["{", *(f"    {item}," for item in items), "}"]
    if start:
        found = ["attributes(", *(f"    {line}" for line in ["__name__,", *found[:-1], "},"]), ")"]
    return [f"{target}{found[0]}", *(f"{' ' * node.col_offset}{line}" for line in found[1:])]


def _items(target: str, names: list[str]) -> list[str]:
    """Return the rows of the names that one module has."""
    together = f'**dict.fromkeys(({", ".join(names)}), "{target}")'
    if len(names) > 1 and len(together) < _WIDTH - 13:
        return [together]
    return [f'{name}: "{target}"' for name in names]


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Yield what is left. Of the groups of empty lines around lines that go, the longest stays; none within a block."""
    empty, most, gone, last = 0, 0, False, ""
    for line in lines:
        if line == _GONE:
            empty, most, gone = 0, max(most, empty), True
        elif not line:
            empty += 1
        else:
            within = last.endswith(":") or line.strip() == "else:" or not last
            yield from [""] * (0 if gone and within else max(most, empty))
            yield line
            empty, most, gone, last = 0, 0, False, line
