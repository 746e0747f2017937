"""What the stubs of `sdk.api` say of an operation: its protocol, its arguments, and what it returns."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

import sdk

_API = Path(sdk.__file__).parent / "api"
#: What a name is in a stub of `sdk.api`, by the module that it is imported from.
MODELS, PARAMS = "models", "params"


class Argument(NamedTuple):
    """An argument: its type without `Unset`, and whether it must be given."""

    name: str
    annotation: ast.expr
    required: bool


class Operation(NamedTuple):
    """An operation: where its protocol is, its arguments, and the types of replies, of chunks and of items."""

    module: str
    protocol: str
    path: tuple[str, ...]
    arguments: tuple[Argument, ...]
    reply: ast.expr | None
    chunk: ast.expr | None
    item: ast.expr | None
    origins: dict[str, str]


class _Stub(NamedTuple):
    classes: dict[str, ast.ClassDef]
    operations: dict[str, str]
    origins: dict[str, str]


@cache
def _stub(module: str) -> _Stub:
    path = _API.joinpath(*module.split("."))
    file = path / "__init__.pyi" if path.is_dir() else path.with_suffix(".pyi")
    tree = ast.parse(file.read_text(encoding="utf-8"))
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    operations: dict[str, str] = {}
    origins: dict[str, str] = {}
    for node in tree.body:
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and isinstance(node.annotation, ast.Name)
        ):
            operations[node.target.id] = node.annotation.id
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-1] in (MODELS, PARAMS):
            origins |= {alias.asname or alias.name: str(node.module).split(".")[-1] for alias in node.names}
    return _Stub(classes, operations, origins)


def operation(name: str) -> Operation:
    """Return what is known of an operation, such as `chat.create`."""
    module, _, verb = name.rpartition(".")
    stub = _stub(module)
    forms = {
        node.target.id: node.annotation
        for node in stub.classes[stub.operations[verb]].body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    form = forms.get("sync") or forms["stream"]
    assert isinstance(form, ast.Subscript)
    protocol = ast.unparse(form.value)
    call = next(node for node in stub.classes[protocol].body if isinstance(node, ast.FunctionDef))
    return Operation(
        module,
        protocol,
        tuple(one.arg for one in call.args.args[1:]),
        tuple(
            Argument(one.arg, _without_unset(one.annotation), default is None)
            for one, default in zip(call.args.kwonlyargs, call.args.kw_defaults, strict=True)
            if one.annotation is not None
        ),
        form.slice if "sync" in forms else None,
        _inner(forms.get("stream")),
        _inner(forms.get("iter")),
        stub.origins,
    )


def _inner(form: ast.expr | None) -> ast.expr | None:
    """Return the first X of `_Protocol[_Stream[X, ...]]`, or of `_Protocol[_Iterator[X]]`."""
    if form is None:
        return None
    assert isinstance(form, ast.Subscript)
    assert isinstance(form.slice, ast.Subscript)
    inner = form.slice.slice
    return inner.elts[0] if isinstance(inner, ast.Tuple) else inner


def _without_unset(annotation: ast.expr) -> ast.expr:
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.right, ast.Name) and annotation.right.id == "Unset":
        return annotation.left
    return annotation
