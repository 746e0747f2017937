"""Names that two things of a document would share. In a package of its own a rule decides, and a note tells of it.

Operations fall back to their operationId. Of classes, modules, properties and arguments the one that is called so
already, else the first, keeps the name; another one gets its signs in words, the place that it stands in, or a number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from attrs import evolve

from ..errors import GeneratorError
from ..normalise.components import numbered
from . import Operation, Param, names


def arguments(
    params: Sequence[Param], options: Collection[str], operation: str, pointer: str, notes: list[str] | None
) -> list[Param]:
    """Return the parameters of an operation under names that no two of them have, nor an option of every call.

    Without `notes` the names stay. Raises: GeneratorError for one that is taken, then.
    """
    found: dict[str, Param] = {}
    by_place = Counter((param.location, param.attr) for param in params)
    for param in params:
        name = param.attr
        if notes is not None:
            name = names.spelt(param.key, name) if by_place[param.location, name] > 1 else name
            name = f"{name}_" if name in options else name
            name = f"{name.rstrip('_')}_{param.location}" if name in found else name
            name = numbered(name, found.keys() | set(options), "_")
        if notes is not None and name != param.attr:
            notes.append(f"renamed: the argument {param.key!r} ({param.location}) of {operation} is {name}")
        for taken, problem in (
            (options, f"the parameter {param.key!r} of {operation} has the name of a request option"),
            (found, f"{operation} would have two arguments called {name}"),
        ):
            if name in taken:
                raise GeneratorError(
                    problem, pointer=pointer, hint="give it another name with x-sdk-name in spec/overlay.yaml"
                )
        found[name] = evolve(param, attr=name)
    return list(found.values())


def by_id(built: Operation, raw: Mapping[str, Any], taken: Collection[str], notes: list[str]) -> Operation:
    """Return an operation under its operationId, because the name by the rules is taken; note that."""
    said = names.without_path(str(raw.get("operationId") or ""), built.path, built.method) or built.method
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", said).lower()
    start = f"{built.resource}." if built.resource else ""
    name = numbered(start + names.attribute(words, names.RESOURCE_RESERVED), taken, "_")
    notes.append(f"named by its operationId: {built.method} {built.path} is {name}, not {built.name}")
    return evolve(built, name=name)


def part_from_resources(found: dict[str, Operation], paths: Mapping[str, Any], notes: list[str]) -> None:
    """Rename the operations that have the name of a resource."""
    parts = [operation.resource.split(".") for operation in found.values()]
    resources = {".".join(words[:n]) for words in parts for n in range(1, len(words) + 1)}
    for name in [name for name in found if name in resources]:
        operation = found.pop(name)
        path = operation.pointer.split("/")[2].replace("~1", "/").replace("~0", "~")
        renamed = by_id(operation, paths[path][operation.method.lower()], found.keys() | resources, notes)
        found[renamed.name] = renamed
