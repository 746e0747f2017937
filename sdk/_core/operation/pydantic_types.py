"""Recognise the types that pydantic describes and decodes by their attributes, without importing pydantic."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints, is_typeddict

Schema = dict[str, Any]

_ROOTS = frozenset({"pydantic", "pydantic_core"})
_HOOKS = ("__pydantic_core_schema__", "__get_pydantic_core_schema__")


class Adapter(NamedTuple):
    """The functions of pydantic that describe a type, `describe(ref_template=...)`, and decode JSON."""

    describe: Callable[..., Schema]
    read: Callable[[str], Any]


def adapter_of(kind: Any) -> Adapter | None:
    """Return the adapter of a type that contains a model, a `Field` or a validator of pydantic, else None.

    Raises the errors of pydantic for a type that it does not support.
    """
    if hasattr(kind, "model_json_schema") and hasattr(kind, "model_validate_json"):
        return Adapter(kind.model_json_schema, kind.model_validate_json)
    pydantic = sys.modules.get("pydantic")  # imported with the parts of the type
    if pydantic is None or not _needs_pydantic(kind, set()):
        return None
    adapter = pydantic.TypeAdapter(kind)
    return Adapter(adapter.json_schema, adapter.validate_json)


def _needs_pydantic(kind: Any, seen: set[int]) -> bool:
    if id(kind) in seen:
        return False
    seen.add(id(kind))
    if get_origin(kind) is Annotated:
        known = (type(note).__module__.partition(".")[0] in _ROOTS or _has_hook(note) for note in kind.__metadata__)
        return any(known) or _needs_pydantic(kind.__origin__, seen)
    if args := get_args(kind):
        return any(_needs_pydantic(arg, seen) for arg in args)
    if not isinstance(kind, type):
        return False
    return _has_hook(kind) or any(_needs_pydantic(hint, seen) for hint in _hints(kind))


def _has_hook(value: object) -> bool:
    return any(hasattr(value, hook) for hook in _HOOKS)


def _hints(kind: type) -> list[Any]:
    """Return the types of the fields of a class that both pydantic and msgspec support."""
    if not (dataclasses.is_dataclass(kind) or is_typeddict(kind) or hasattr(kind, "_fields")):
        return []
    try:
        return list(get_type_hints(kind, include_extras=True).values())
    except (NameError, TypeError):
        return []


def is_field(value: object) -> bool:
    """Return whether a value comes from `pydantic.Field()`."""
    return type(value).__name__ == "FieldInfo" and type(value).__module__.partition(".")[0] in _ROOTS


class Problem(NamedTuple):
    """The first problem of a value: its code, a message that may contain the value, and its path."""

    code: str
    message: str
    path: str


def problem_of(error: Exception) -> Problem | None:
    """Return the first problem of a validation error, None for another error."""
    errors = getattr(error, "errors", None)
    if not callable(errors):
        return None
    found: Any = errors()
    first = found[0]
    path = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in first.get("loc", ()))
    return Problem(first.get("type", "does not fit"), first.get("msg", "does not fit"), path)
