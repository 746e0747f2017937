"""The stubs of the packages of types: each name is a reply of the face, a dict of arguments, or anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import sdk
from sdk.compat.openai.modules import names_of

from .replies import PARSED, Replies

#: The packages that have a stub.
PACKAGES = ("", "audio", "beta", "beta.threads", "chat", "responses", "shared")
_PARAMS = frozenset(
    alias.asname or alias.name
    for node in ast.parse((Path(sdk.__file__).parent / "params" / "__init__.pyi").read_text(encoding="utf-8")).body
    if isinstance(node, ast.ImportFrom)
    for alias in node.names
)
_PLAIN = {'"': "str", "[": "list[Any]"}


def text(path: str, replies: Replies) -> str:
    """Return the stub of a package."""
    up = "." * (path.count(".") + 1 + bool(path))
    groups: dict[str, list[str]] = {"_r": [], "_m": [], "_p": []}
    lines = []
    left_out = {"": ("AllModels",), "beta": ("Agent", "Beta")}.get(path, ())
    for name in sorted(one for one in names_of(path) if not one.startswith(left_out)):
        mark, other = _what(path, name)
        module = ""
        if mark == "=":
            module = "_r" if name in PARSED or replies.has(other) else "_m"
            other = name if name in PARSED else other
        elif mark in ":{?" and (param := _param(name)):
            module, other = "_p", param
        if module and other == name:
            groups[module].append(f"{name} as {name}")
        else:  # an import under another name is no export of a stub
            lines.append(f"{name} = {module}.{other}" if module else f"{name} = {_PLAIN.get(mark, 'Any')}")
    if not path:
        lines.append("AllModels = str")
    where = {"_r": f"{up}_replies", "_m": "sdk.models", "_p": "sdk.params"}
    imports = [f"from {where[module]} import {', '.join(names)}" for module, names in groups.items() if names]
    imports += [f"from . import {name} as {name}" for name in _inner(path)]
    modules = f"from {up} import _replies as _r\nfrom sdk import models as _m\nfrom sdk import params as _p"
    return "\n".join(["from typing import Any", "", modules, *imports, *lines, ""])


def _inner(path: str) -> Iterator[str]:
    for one in PACKAGES:
        parent, _, name = one.rpartition(".")
        if one and parent == path:
            yield name


def _what(path: str, name: str) -> tuple[str, str]:
    entry = names_of(path)[name]
    mark, more = entry[0], entry[1:]
    if mark == "@":
        where, _, other = more.partition(":")
        return _what(where, other or name)
    return mark, (more or name) if mark == "=" else ""


def _param(name: str) -> str | None:
    """Return our name for a dict of arguments."""
    stem = name.removesuffix("Param")
    names = [name, f"{name}Dict", f"{stem}ParamDict", name.replace("ChatCompletion", "ChatCompletionRequest", 1)]
    return next((one for one in names if one in _PARAMS), None)
