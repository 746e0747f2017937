"""Old names of arguments, and what the API deprecates. Loaded with the first operation that has any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..runtime.warnings import deprecated

if TYPE_CHECKING:
    from . import Operation


def accept_old_names(operation: Operation[..., Any], given: dict[str, Any]) -> None:
    """Accept arguments under their old names."""
    for old, new in (operation._spec.old_names or {}).items():
        if old in given and new not in given:
            deprecated(f"{operation.name}: the argument {old!r} is called {new!r} now")
            given[new] = given.pop(old)


def warn_deprecated(operation: Operation[..., Any], given: Mapping[str, Any]) -> None:
    """Warn about an operation or an argument that is deprecated."""
    spec = operation._spec
    if spec.replaced_by:
        deprecated(f"{operation.name} is called {spec.replaced_by} now")
    elif spec.deprecated:
        deprecated(f"{operation.name} is deprecated by the API")
    for name in given:
        if name in spec.deprecated_arguments:
            deprecated(f"{operation.name}: the argument {name!r} is deprecated")
