"""Names that two operations of a document would share: in a package of its own, the operationId decides."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from attrs import evolve

from . import names
from .ir import Operation


def by_id(built: Operation, raw: Mapping[str, Any], taken: Collection[str], notes: list[str]) -> Operation:
    """Return an operation under its operationId, because the name by the rules is taken; note that."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", str(raw.get("operationId") or built.method)).lower()
    verb = base = names.attribute(words, names.RESERVED)
    start = f"{built.resource}." if built.resource else ""
    number = 2
    while start + verb in taken:
        verb, number = f"{base}_{number}", number + 1
    notes.append(f"named by its operationId: {built.method} {built.path} is {start}{verb}, not {built.name}")
    return evolve(built, name=start + verb)


def part_from_resources(found: dict[str, Operation], paths: Mapping[str, Any], notes: list[str]) -> None:
    """Rename the operations that have the name of a resource."""
    parts = [operation.resource.split(".") for operation in found.values()]
    resources = {".".join(words[:n]) for words in parts for n in range(1, len(words) + 1)}
    for name in [name for name in found if name in resources]:
        operation = found.pop(name)
        path = operation.pointer.split("/")[2].replace("~1", "/").replace("~0", "~")
        renamed = by_id(operation, paths[path][operation.method.lower()], found.keys() | resources, notes)
        found[renamed.name] = renamed
