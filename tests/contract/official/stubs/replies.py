"""The stub of replies: each model once more, with the reading surface of the official package before it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import attrs

from sdk import models
from sdk.models import _index

#: Resources whose replies have that surface below the top, too: for all, the stubs would be twice as large.
DEEP = ("chat.completions", "completions", "embeddings", "responses")
KNOWN = frozenset(line.partition(" ")[0] for line in _index.MODULES.splitlines() if line)
_HEAD = """\
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from sdk import models as _m

from ..base_model import BaseModel as _B

_T = TypeVar("_T")

"""
#: What `parse` returns.
_PARSED = """
class ParsedFunction(ChatCompletionMessageToolCallFunction):
    parsed_arguments: Any

class ParsedFunctionToolCall(ChatCompletionMessageToolCall):
    function: ParsedFunction

class ParsedChatCompletionMessage(ChatCompletionMessage, Generic[_T]):
    parsed: _T | None
    tool_calls: list[ParsedFunctionToolCall] | None

class ParsedChoice(ChatCompletionChoice, Generic[_T]):
    message: ParsedChatCompletionMessage[_T]

class ParsedChatCompletion(ChatCompletion, Generic[_T]):
    choices: list[ParsedChoice[_T]]

class ParsedResponse(Response, Generic[_T]):
    output_parsed: _T | None
"""
PARSED = frozenset(re.findall(r"class (\w+)", _PARSED))


def names_in(annotation: ast.expr | str) -> Iterator[str]:
    """Yield the models that an annotation names."""
    tree = ast.parse(annotation, mode="eval") if isinstance(annotation, str) else annotation
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in KNOWN:
            yield node.id


class Replies:
    """The models that replies lead to. All are added before any is shown."""

    def __init__(self) -> None:
        self._flat: dict[str, bool] = {}

    def add(self, annotation: ast.expr | str | None, *, flat: bool) -> None:
        """Add the models of an annotation; `flat` adds nothing of what lies inside them."""
        for name in names_in(annotation) if annotation is not None else ():
            if self._flat.get(name, True) > flat or name not in self._flat:
                self._flat[name] = flat
                for inner in self._inside(name, flat=flat):
                    self.add(inner, flat=flat)

    def _inside(self, name: str, *, flat: bool) -> list[str]:
        """Return the annotations inside a model; of a class those of its fields."""
        model: Any = getattr(models, name)
        if isinstance(model, type) and hasattr(model, "__attrs_attrs__"):
            return [model.__name__] if model.__name__ != name else [] if flat else [*_fields(model).values()]
        if hasattr(model, "members"):
            return [one.__name__ for one in model.members()]
        annotation = getattr(model, "_annotation", None)
        return [] if annotation is None else [str(annotation)]

    @cache  # noqa: B019 - of one process
    def has(self, name: str) -> bool:
        """Return whether a name is in this stub: a class, or what leads to one."""
        if name not in self._flat:
            return False
        model: Any = getattr(models, name)
        if isinstance(model, type) or hasattr(model, "members"):
            return True
        return self._holds(getattr(model, "_annotation", ""))

    def _holds(self, annotation: str) -> bool:
        return any(self.has(name) for name in names_in(annotation or "None"))

    def shown(self, annotation: ast.expr | str, prefix: str = "") -> str:
        """Return an annotation with the names of this stub, others with those of `sdk.models`."""
        replies = self

        class Renamed(ast.NodeTransformer):
            def visit_Name(self, node: ast.Name) -> ast.Name:
                if node.id not in KNOWN:
                    return node
                return ast.Name(prefix + node.id if replies.has(node.id) else f"_m.{node.id}")

        text = annotation if isinstance(annotation, str) else ast.unparse(annotation)
        return ast.unparse(Renamed().visit(ast.parse(text, mode="eval")))

    def text(self) -> str:
        """Return the stub."""
        classes, aliases = [], []
        for name in sorted(filter(self.has, self._flat)):
            model: Any = getattr(models, name)
            if not isinstance(model, type):
                inner = " | ".join(self._inside(name, flat=False))
                aliases.append(f"{name} = {self.shown(inner)}")
            elif model.__name__ != name:
                aliases.append(f"{name} = {model.__name__}")
            else:
                fields = {} if self._flat[name] else _fields(model)
                lines = [f"    {field}: {self.shown(of)}" for field, of in fields.items() if self._holds(of)]
                classes.append("\n".join([f"class {name}(_B, _m.{name}):" + " ..." * (not lines), *lines]))
        return "\n".join([_HEAD, *classes, *aliases, _PARSED])


def _fields(model: Any) -> dict[str, str]:
    return {one.name: str(one.type) for one in attrs.fields(model) if one.name != "_wire"}
