"""Print facts of the official package's public surface as JSON: its types by module, and what its methods return.

It runs in an interpreter that can import that package: `face_tables.py` starts it.
"""

from __future__ import annotations

import inspect
import json
import pkgutil
import sys
import types
import typing
from importlib import import_module
from typing import Any, get_args, get_origin

from typing_extensions import is_typeddict


def expression(kind: Any) -> Any:
    """Return a type as JSON: the name of a class, or a list of its kind and its parts."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is typing.Annotated:
        return expression(parts[0])
    if origin in (typing.Union, types.UnionType):
        return ["union", *map(expression, parts)]
    if origin is typing.Literal:
        return ["literal", *map(str, parts)]
    if isinstance(origin, type) and issubclass(origin, list | tuple):
        return ["list", *map(expression, parts[:1])]
    if isinstance(origin, type) and issubclass(origin, dict):
        return ["dict", expression(parts[1])]
    if origin is not None and getattr(origin, "__module__", "").startswith("collections"):
        return ["list", *map(expression, parts[-1:])]
    generic = getattr(kind, "__pydantic_generic_metadata__", {})
    if isinstance(kind, type):
        kind = generic.get("origin") or kind
        return f"{kind.__module__}:{kind.__qualname__.partition('[')[0]}"
    return "any"


def _kind(value: Any) -> Any:
    if isinstance(value, type) and not get_origin(value):
        if hasattr(value, "model_fields"):
            fields = {name: expression(field.annotation) for name, field in value.model_fields.items()}
            return {"kind": "model", "fields": fields, "bases": [b.__name__ for b in value.__mro__[1:]]}
        return {"kind": "params" if is_typeddict(value) else "class"}
    return {"kind": "alias", "is": expression(value)}


def _origin(value: Any) -> str:
    """Return where a name of a package is from, with its name there if that is a class; "" for an alias of a type."""
    if isinstance(value, type) and not get_origin(value):
        return f"{value.__module__}:{value.__name__}"
    return ""


def modules() -> dict[str, Any]:
    """Return the public names of each module below `types`, by the module that defines them."""
    openai: Any = import_module("openai")
    found: dict[str, Any] = {}
    top: Any = types.SimpleNamespace(name="openai.types", ispkg=True)
    for info in (top, *pkgutil.walk_packages(openai.types.__path__, "openai.types.")):
        module = import_module(info.name)
        exported, names = getattr(module, "__all__", ()), dict[str, Any]()
        for name, value in vars(module).items():
            if name.startswith("_") or inspect.ismodule(value) or name in vars(typing) or not name[0].isupper():
                continue
            if info.ispkg:
                names[name] = _origin(value)
            elif isinstance(value, type) and not get_origin(value) and value.__module__ != info.name:
                if value.__module__.startswith("openai.types") and (name != value.__name__ or name in exported):
                    names[name] = {"kind": "other", "is": _origin(value)}
            elif getattr(value, "__module__", info.name) in (info.name, "typing") or name in exported:
                names[name] = _kind(value)
        found[info.name] = {"package": info.ispkg, "names": names}
    return found


def methods(names: list[str]) -> dict[str, Any]:
    """Return the type of the reply of each method, and the names of its parameters."""
    openai: Any = import_module("openai")
    client = openai.OpenAI(api_key="k", admin_api_key="k")
    found: dict[str, Any] = {}
    for name in names:
        method: Any = client
        try:
            for part in name.split("."):
                method = getattr(method, part)
        except AttributeError:
            continue
        hints = typing.get_type_hints(inspect.unwrap(method))
        returns = hints.get("return")
        generic = getattr(returns, "__pydantic_generic_metadata__", {"origin": None, "args": ()})
        page, parts = getattr(generic["origin"], "__name__", ""), generic["args"]
        entry: dict[str, Any] = {"parameters": list(inspect.signature(method).parameters)}
        entry["deprecated"] = hasattr(method, "__deprecated__")
        if page.endswith("Page"):
            entry |= {"page": page, "item": expression(parts[0])}
        else:
            entry["returns"] = expression(returns)
        found[name] = entry
    return found


if __name__ == "__main__":
    json.dump({"modules": modules(), "methods": methods(json.load(sys.stdin))}, sys.stdout)
