"""Names that two things of a document would share. A rule decides if the policy allows it, and the report has a note.

Operations fall back to their operationId. Of classes, modules, properties and arguments the one that has the name
without a rule, else the first, keeps it; another one gets its signs in words, its location, or a number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from attrs import evolve, frozen

from ..errors import GeneratorError
from ..normalise.components import numbered
from ..policy import Policy
from . import Operation, Param, names
from .source import OperationSource

_HINT = "give it another name with x-sdk-name in spec/overlay.yaml"


@frozen(eq=False)
class Built:
    """An operation, and what it was built from."""

    operation: Operation
    source: OperationSource


def arguments(
    params: Sequence[Param], options: Collection[str], operation: str, pointer: str, policy: Policy
) -> tuple[list[Param], list[str]]:
    """Return the parameters of an operation under names that no two of them have, nor an option of every call.

    The second list are the notes. Raises: GeneratorError for a name that is taken, by the policy.
    """
    found: dict[str, Param] = {}
    notes: list[str] = []
    by_place = Counter((param.location, param.attr) for param in params)
    exact_first = sorted(params, key=lambda param: policy.resolves_names and param.attr != param.key)
    for param in exact_first:
        name = param.attr
        if policy.resolves_names:
            name = names.with_signs(param.key, name) if by_place[param.location, name] > 1 else name
            name = f"{name}_" if name in options else name
            name = f"{name.rstrip('_')}_{param.location}" if name in found else name
            name = numbered(name, found.keys() | set(options), "_")
        if name != param.attr:
            notes.append(f"renamed: the argument {param.key!r} ({param.location}) of {operation} is {name}")
        if name in options:
            problem = f"the parameter {param.key!r} of {operation} has the name of a request option"
            raise GeneratorError(problem, pointer=pointer, hint=_HINT)
        if name in found:
            raise GeneratorError(f"{operation} would have two arguments called {name}", pointer=pointer, hint=_HINT)
        found[name] = evolve(param, attr=name)
    order = {(param.location, param.key): index for index, param in enumerate(params)}
    return sorted(found.values(), key=lambda param: order[param.location, param.key]), notes


def distinct(built: Iterable[Built], policy: Policy) -> tuple[dict[str, Built], list[str]]:
    """Return operations by names that no two of them have, and the notes.

    Raises: GeneratorError for two operations of one name, by the policy.
    """
    found: dict[str, Built] = {}
    notes: list[str] = []
    for one in built:
        name = one.operation.name
        other = found.pop(name, None)
        if other is None:
            found[name] = one
            continue
        if not policy.resolves_names:
            raise GeneratorError(
                f"two operations would both be called {name}: this one and {other.operation.pointer}",
                pointer=one.operation.pointer,
                hint="give one of them another name with x-sdk-name in spec/overlay.yaml",
            )
        keeps, yields = (one, other) if _comes_first(one, other) else (other, one)
        renamed = _by_id(yields, {*found, name})
        notes.append(_note(yields, renamed))
        found |= {name: keeps, renamed.operation.name: renamed}
    return found, notes


def _comes_first(one: Built, other: Built) -> bool:
    """Return whether an operation takes a name from another: `delete` on an item keeps the short name.

    The operation on all items gets the longer one, so that it is not called by mistake.
    """
    if "x-sdk-name" in other.source.raw or not names.is_item(one.operation.path):
        return False
    below = one.operation.path.startswith(f"{other.operation.path.rstrip('/')}/") and one.operation.method != "GET"
    return below or not names.is_item(other.operation.path)


def with_former_names(found: Mapping[str, Built]) -> dict[str, Built]:
    """Return operations with deprecated ones under their former names. Raises: GeneratorError for a taken name."""
    every = dict(found)
    for one in found.values():
        for former in one.source.raw.get("x-sdk-former-names", ()):
            if former in every or "." not in former:
                raise GeneratorError(
                    f"x-sdk-former-names holds {former!r}, which is taken, or no resource and verb",
                    pointer=f"{one.operation.pointer}/x-sdk-former-names", hint="write the dotted name that it had",
                )  # fmt: skip
            deprecated = evolve(one.operation, name=former, replaced_by=one.operation.name, deprecated=True)
            every[former] = evolve(one, operation=deprecated)
    return every


def apart_from_resources(found: Mapping[str, Built]) -> tuple[dict[str, Built], list[str]]:
    """Return operations of which none has the name of a resource, and the notes."""
    parts = [one.operation.resource.split(".") for one in found.values()]
    resources = {".".join(words[:n]) for words in parts for n in range(1, len(words) + 1)}
    apart = dict(found)
    notes: list[str] = []
    for name in [name for name in found if name in resources]:
        one = apart.pop(name)
        renamed = _by_id(one, apart.keys() | resources)
        notes.append(_note(one, renamed))
        apart[renamed.operation.name] = renamed
    return apart, notes


def _by_id(one: Built, taken: Collection[str]) -> Built:
    """Return an operation under its operationId, because the name by the rules is taken."""
    operation, source = one.operation, one.source
    id_ = str(source.raw.get("operationId") or "")
    own = names.without_path(id_, operation.path, operation.method) or operation.method
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", own).lower()
    start = f"{operation.resource}." if operation.resource else ""
    name = numbered(start + names.attribute(words, names.RESOURCE_RESERVED), taken, "_")
    return evolve(one, operation=evolve(operation, name=name))


def _note(one: Built, renamed: Built) -> str:
    operation = one.operation
    new = renamed.operation.name
    what = "operationId" if one.source.raw.get("operationId") else "method"
    return f"named by its {what}: {operation.method} {operation.path} is {new}, not {operation.name}"
