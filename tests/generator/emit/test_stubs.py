"""The stubs of operations: the same arguments as the functions, and a type for each form of the classes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

import pytest

from generator.emit.stubs import KINDS
from sdk import operation as runtime

from ...generator.mini import trees_of
from ..conftest import ROOT

_API = ROOT / "sdk/api"
_STUBS = sorted(path for path in _API.rglob("*.pyi") if path.name != "_resources.pyi")
#: What a form takes before the arguments of the operation.
_FIRST = {"kind", "kind_", "path", "path_"}


def _forms(cls: type) -> set[str]:
    """Return the forms that a class has: its public methods, without those about an operation itself."""
    return {name for name in dir(cls) if name[0] != "_" and callable(getattr(cls, name))} - {"bind", "unwarned"}


@pytest.mark.parametrize("decorator", KINDS)
def test_a_stub_has_the_forms_of_its_class(decorator: str) -> None:
    """Each form of a class has a type in stubs, but for those that only raise."""
    base, _, forms, saved, parsed = KINDS[decorator]
    cls = getattr(runtime, base)
    only_raise = {
        n for n, v in vars(cls).items() if isinstance(v, FunctionType) and "NoReturn" in str(v.__annotations__)
    }
    assert {*forms, *saved, *parsed} == _forms(cls) - only_raise


def _functions(path: Path) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}


def _calls(path: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Give each Protocol of a stub with its `__call__`."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef):
            yield from ((node.name, inner) for inner in node.body if isinstance(inner, ast.FunctionDef))


def _arguments(function: ast.FunctionDef) -> tuple[list[str], list[str], list[str]]:
    """Return the arguments as source, without what a form adds to them, and without `self`."""
    given = function.args
    positional = [ast.unparse(a) for a in given.posonlyargs + given.args if a.arg not in {"self", *_FIRST}]
    defaults = [ast.unparse(d) if d else "" for d in (*given.defaults, *given.kw_defaults)]
    return positional, [ast.unparse(a) for a in given.kwonlyargs], [*defaults, ast.unparse(given.kwarg or ast.arg(""))]


def _words(docstring: str | None) -> list[str]:
    return (docstring or "").split()


@pytest.mark.parametrize("stub", _STUBS, ids=lambda path: str(path.relative_to(_API)))
def test_a_stub_says_what_the_module_does(stub: Path) -> None:
    """Every `__call__` has arguments and words of the function, and every function has a Protocol and an operation."""
    functions, source = _functions(stub.with_suffix(".py")), stub.read_text()
    by_arguments = {str(_arguments(f)): f for f in functions.values()}
    assert set(re.findall(r"^(\w+): _\w+$", source, re.MULTILINE)) == set(functions)
    called = list(_calls(stub))
    for name, call in called:
        function = by_arguments.get(str(_arguments(call)))
        assert function is not None, f"{name} has the arguments of no function"
    documented = [_words(ast.get_docstring(call)) for _, call in called]
    for function in functions.values():
        assert _words(ast.get_docstring(function)) in documented


_PATHS = """
/a/{path}: {get: {x-sdk-name: a.path_like, parameters: [{name: path, in: path, required: true, schema: {type: string}}],
  responses: {'200': {content: {audio/wav: {schema: {type: string, format: binary}}}}}}}
/a/stream: {get: {x-sdk-name: a.stream, responses: {'200': {content: {application/json: {schema: {}}}}}}}
/a/x: {get: {x-sdk-name: a.x, responses: {'200': {content: {application/json: {schema: {}}}}}}}
/a/y: {get: {x-sdk-name: a.x_operation, responses: {'200': {content: {application/json: {schema: {}}}}}}}
"""


def test_names_of_a_stub_do_not_collide() -> None:
    """Verbs named like what a stub imports or defines, and an argument called path, get names of their own."""
    stub = trees_of("{}", _PATHS)["sdk/api"]["a.pyi"]
    classes = re.findall(r"^class (\w+)\(", stub, re.MULTILINE)
    assert len(classes) == len(set(classes)) == 9
    assert {"_Stream_", "_PathLike_", "_XOperation", "_XOperation_"} <= set(classes)
    assert "path_: str | _PathLike[str], /, path: str," in stub


def test_a_docstring_has_the_order_of_the_signature() -> None:
    """Arguments are described in the order in which they stand: required ones first."""
    doc = ast.get_docstring(_functions(_API / "chat/__init__.py")["create"]) or ""
    assert re.findall(r"^    (\w+): ", doc, re.MULTILINE)[:3] == ["messages", "model", "metadata"]
    for path in _STUBS:
        for function in _functions(path.with_suffix(".py")).values():
            reported = re.findall(r"^    (\w+): ", ast.get_docstring(function) or "", re.MULTILINE)
            order = [a.arg for a in (*function.args.args, *function.args.kwonlyargs) if a.arg in reported]
            assert reported == order, function.name


def test_the_words_of_an_argument_stand_on_one_line() -> None:
    """Editors show the first line of an argument's text alone."""
    wrapped = ast.get_docstring(_functions(_API / "chat/__init__.py")["create"]) or ""
    (words,) = re.findall(r"    temperature: (.*?)\n    \w+: ", wrapped, re.DOTALL)
    assert "\n" in words
    line = f"temperature: {' '.join(words.split())}\n"
    assert (_API / "chat/__init__.pyi").read_text().count(line) > 1
