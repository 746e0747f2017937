"""Modules that are data: those of types and of resources, and the private ones that programs import names from.

`types.tsv` has a line for each module of types: `types.chat.ChatCompletion`. A name there ends in a mark that says what
it is:

    =        a model of the SDK; its name follows, if it is another one
    !        a model that the API description does not have: any object fits it
    :        a dict of arguments
    " [ {    a str, a list, a dict of any kind
    @        the module that it is from
    ?        something else

A `*` before a name says that the package exports it, too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Annotated, Any, Union

from .finder import ROOT
from .table import table

TYPES, RESOURCES = f"{ROOT}.types", f"{ROOT}.resources"
_MARKS = '=!:"[{?@'


@cache
def places() -> dict[str, dict[str, tuple[str, str]]]:
    """Return the modules that programs import names from: path → name → the module here, and the name there."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for line in table("places.tsv"):
        path, module, names = line.split("\t")
        pairs = (one.partition("=") for one in names.split(" "))
        found.setdefault(path, {}).update({name: (module, other or name) for name, _, other in pairs})
    return found


@cache
def _lines() -> dict[str, dict[str, str]]:
    """Return the table: path of a module → name → what it is, with its mark."""
    found: dict[str, dict[str, str]] = {"": {}}
    for line in table("types.tsv"):
        path, _, names = line.partition("\t")
        path = "" if path == "." else path
        entries = found.setdefault(path, {})
        parent = found.setdefault(path.rpartition(".")[0], {})
        for entry in names.split(" ") if names else ():
            name = entry.lstrip("*").partition("@")[0].rstrip(_MARKS).partition("=")[0]
            entries[name] = entry.lstrip("*")[len(name) :]
            if entry[0] == "*":
                parent[name] = f"@{path}"
    return found


def names_of(path: str) -> dict[str, str]:
    """Return the names of a module of types. Raises: KeyError."""
    return _lines()[path]


@cache
def _type_at(path: str, name: str) -> Any:
    entry = names_of(path)[name]
    mark, more = entry[0], entry[1:]
    if mark == "@":
        where, _, other = more.partition(":")
        return _type_at(where, other or name)
    if mark == "=":
        return _of_model(more or name)
    if mark == "!":
        return _unlisted(path, name)
    if mark == ":":
        return _arguments(path, name)
    return {'"': str, "[": list[Any], "{": dict[str, Any]}.get(mark, Any)


def _of_model(name: str) -> Any:
    """Return a model; of a union, the union of its classes, by which pydantic reads each as the right one."""
    from . import replies

    found = getattr(replies, name)
    if isinstance(found, type):
        return found
    members = list(found.members()) if hasattr(found, "members") else []
    return Annotated[Union[tuple(members)], found] if members else Any  # noqa: UP007 - of a tuple


def _unlisted(path: str, name: str) -> Any:
    from .base_model import BaseModel
    from .replies import FAMILY

    found = FAMILY.member(FAMILY.model("Unknown"), BaseModel)
    found.__name__ = found.__qualname__ = name
    found.__module__ = f"{TYPES}.{path}"
    return found


def _arguments(path: str, name: str) -> Any:
    from sdk import params

    own = params.__dict__.get(name) or _param(params, name)
    keys = dict.fromkeys(getattr(own, "__annotations__", ()), Any)
    try:  # pydantic reads no other one on older interpreters
        from typing_extensions import TypedDict
    except ImportError:
        from typing import TypedDict
    found = TypedDict(name, keys, total=False)  # type: ignore[misc]  # made at run time
    found.__module__ = f"{TYPES}.{path}"
    found.__pydantic_config__ = {"extra": "allow"}  # type: ignore[attr-defined]  # for pydantic
    return found


def _param(params: Any, name: str) -> Any:
    try:
        return getattr(params, name)
    except AttributeError:
        return None


def type_named(module: str, path: str, name: str) -> Any:
    """Return a name of a module of types. Raises: AttributeError."""
    if not name.startswith("__"):
        if (path, name) == ("", "AllModels"):  # not a type of one module
            return str
        if name in names_of(path):
            return _type_at(path, name)
        if (f"{path}.{name}" if path else name) in _lines():
            return import_module(f"{TYPES}.{path}.{name}" if path else f"{TYPES}.{name}")
    raise AttributeError(f"module {module!r} has no attribute {name!r}")


def _resource_named(module: str, path: str, name: str) -> Any:
    """Return the class of a resource by the module that has it there: that of the resource, or of one around it."""
    from .resource import class_name, resource_class
    from .table import children

    wanted = name.removeprefix("Async")
    for end in ("WithStreamingResponse", "WithRawResponse"):
        wanted = wanted.removesuffix(end)
    inner = [f"{path}.{child}" if path else child for child in children().get(path, ())]
    around = [path, path.rpartition(".")[0]] if path else []
    for candidate in (*around, *inner):
        if candidate in children() and class_name(candidate) == wanted:
            return resource_class(candidate, asynchronous=name.startswith("Async"))
    if name in children().get(path, ()) or name == path.rpartition(".")[2]:
        return import_module(f"{module}.{name}")
    raise AttributeError(f"module {module!r} has no attribute {name!r}")


def _is_resource(path: str) -> bool:
    from .table import children

    known = children()
    parent, _, last = path.rpartition(".")
    return path in known or (parent in known and parent.rpartition(".")[2] == last)


def _place(path: str, name: str) -> Any:
    where = places()[path].get(name)
    if where is None:
        if f"{path}.{name}" in places():
            return import_module(f"{ROOT}.{path}.{name}")
        raise AttributeError(f"module '{ROOT}.{path}' has no attribute {name!r}")
    return getattr(import_module(f"{ROOT}.{where[0]}"), where[1])


def reader(name: str) -> Callable[[str], Any] | None:
    """Return what reads a name of a module, None if there is no such module."""
    if name == TYPES or name.startswith(f"{TYPES}."):
        path = name[len(TYPES) + 1 :]
        return (lambda wanted: type_named(name, path, wanted)) if path in _lines() else None
    if name == RESOURCES or name.startswith(f"{RESOURCES}."):
        path = name[len(RESOURCES) + 1 :]
        return (lambda wanted: _resource_named(name, path, wanted)) if _is_resource(path) else None
    path = name[len(ROOT) + 1 :]
    return (lambda wanted: _place(path, wanted)) if path in places() else None
