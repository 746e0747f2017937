"""Write a type as a Python annotation, for replies (models) and for requests (params)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from attrs import define, field

from ..ir import AnyType, Array, Binary, Enum, Map, ObjectType, Ref, Scalar, Type, Union
from ..ir.decoding import is_class
from ..ir.unions import Resolve

SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


@define
class TypeWriter:
    """Write annotations, and note which names they need.

    For replies enums are open and arrays are lists; for requests enums are closed, arrays are any Sequence, and an
    object is a TypedDict or the model of that name. `shadowed` are the names of the scope that hide builtins there.
    """

    resolve: Resolve
    nullable: frozenset[str]
    names: Mapping[str, str] = field(factory=dict)  # class or alias → its request side
    request: bool = False
    typed: bool = False  # see Api
    shadowed: frozenset[str] = frozenset()
    accepts: dict[str, tuple[str, ...]] = field(factory=dict)
    models: set[str] = field(factory=set)
    params: set[str] = field(factory=set)
    typing: set[str] = field(factory=set)
    abc: set[str] = field(factory=set)
    imports: set[str] = field(factory=set)

    def write(self, type_: Type, *, optional: bool = False) -> str:
        """Return the annotation; `optional` adds `None`."""
        parts = list(dict.fromkeys(self._parts(type_)))
        if optional:
            parts.append("None")
        if "Any" in parts:
            return "Any"
        nones = [p for p in parts if p == "None"]
        return " | ".join([p for p in parts if p != "None"] + nones[:1])

    def _parts(self, type_: Type) -> Iterable[str]:
        match type_:
            case AnyType():
                self.typing.add("Any")
                return ["Any"]
            case Scalar():
                return [self._scalar(type_)]
            case Enum(values):
                return self._enum(values)
            case Binary():
                if self.request:
                    self.imports.add("from sdk._core.files import FileInput")
                    return ["FileInput"]
                return [self.builtin("bytes")]
            case Array(item, unique):
                written = self.write(item)
                array = self._generic("list", "Sequence", written)
                if not (self.request and unique and isinstance(self.resolve(item), Scalar | Enum)):
                    return [array]
                self.imports.add("from collections.abc import Set as AbstractSet")
                return [array, f"AbstractSet[{written}]"]
            case Map(value):
                return [self._generic("dict", "Mapping", f"{self.builtin('str')}, {self.write(value)}")]
            case Ref(name):
                return self._reference(name)
            case Union(members):
                return [part for member in members for part in self._parts(member)]
            case _:
                assert_never(type_)

    def _scalar(self, type_: Scalar) -> str:
        if type_.kind == "string" and type_.format in ("date-time", "date"):
            date = self._date("datetime" if type_.format == "date-time" else "date")
            return date if self.typed and not self.request else f"{date} | {self.builtin('str')}"
        if type_.kind == "string" and type_.format == "uuid" and self.typed:
            self.imports.add("from uuid import UUID")
            return f"UUID | {self.builtin('str')}" if self.request else "UUID"
        if type_.kind == "null":
            return "None"
        return self.builtin(SCALARS[type_.kind])

    def _enum(self, values: tuple[object, ...]) -> list[str]:
        floats = [self.builtin("float")] if any(isinstance(v, float) for v in values) else []  # no Literal takes them
        rest = [v for v in values if not isinstance(v, float)]
        if not rest:
            return floats
        self.typing.add("Literal")
        literal = f"Literal[{', '.join(literal_value(v) for v in rest)}]"
        if self.request or len(values) == 1:
            return [literal, *floats]
        kinds = {bool: "bool", int: "int"}
        return [literal, *dict.fromkeys([*(self.builtin(kinds.get(type(v), "str")) for v in rest), *floats])]

    def _generic(self, builtin: str, abstract: str, inner: str) -> str:
        if self.request:
            self.abc.add(abstract)
            return f"{abstract}[{inner}]"
        return f"{self.builtin(builtin)}[{inner}]"

    def _reference(self, name: str) -> list[str]:
        none = ["None"] if name in self.nullable else []
        if not self.request:
            self.models.add(name)
            return [name, *none]
        self.params.add(self.names[name])
        target = self.resolve(Ref(name))
        models = [*([target.name] if isinstance(target, ObjectType) else []), *self.accepts.get(name, ())]
        models += [name] if self.typed and is_class(target) else []
        self.models.update(models)
        return [self.names[name], *models, *none]

    def _date(self, name: str) -> str:
        if name in self.shadowed:
            self.imports.add("import datetime as dt")
            return f"dt.{name}"
        self.imports.add(f"from datetime import {name}")
        return name

    def builtin(self, name: str) -> str:
        """Return the name of a builtin, in full where the scope has something else of that name."""
        if name in self.shadowed:
            self.imports.add("import builtins")
            return f"builtins.{name}"
        return name


def literal_value(value: object) -> str:
    """Write a JSON value as a Python literal with double quotes."""
    if isinstance(value, str):
        text = repr(value)
        return f'"{text[1:-1]}"' if text.startswith("'") and '"' not in text else text
    return repr(value)
