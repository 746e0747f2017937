"""JSON schemas of models, made from their annotations, as decoders are: for tools that show or check a model's shape.

Source: JSON Schema draft 2020-12.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from .base import ApiModel, required
from .decoder import declared_fields, load

Schema = dict[str, Any]
#: Return the schema that refers to a model.
Refer = Callable[[type[ApiModel]], Schema]

_TYPES = {str: "string", bytes: "string", bool: "boolean", int: "integer", float: "number", NoneType: "null"}
_KINDS = {"str": "string", "bytes": "string", "bool": "boolean", "int": "integer", "float": "number"}


def json_schema(model: Any, refer: Refer) -> Schema:
    """Return the JSON schema of a model, a union or an alias; `refer` gives those of the models inside.

    Unknown keys are allowed, as `from_dict` keeps them. An enum also has the type of its values, since it is open.
    """
    if not isinstance(model, type):
        return _Names(model._package, refer).of(model).written()
    cls: type[ApiModel] = model
    properties = {}
    for attr, annotation, owner in declared_fields(cls):
        names = _Names(owner.__module__.rpartition(".")[0], refer)
        annotation = owner.__dict__.get("_read_as", {}).get(attr, annotation)
        properties[cls._renamed.get(attr, attr)] = names.schema(annotation)
    needed = required(cls)
    return {
        "title": cls.__name__,
        "type": "object",
        "properties": properties,
        "required": [key for key in properties if key in needed],
        "additionalProperties": True,
    }


class _Shape:
    """The alternatives of a type, each a schema; `|` joins them."""

    def __init__(self, *alternatives: Schema) -> None:
        self.alternatives = alternatives

    def __or__(self, other: _Shape | None) -> _Shape:
        return _Shape(*self.alternatives, *(_NULL if other is None else other).alternatives)

    def __ror__(self, other: None) -> _Shape:
        return _Shape(*_NULL.alternatives, *self.alternatives)

    def written(self) -> Schema:
        """Return one schema; alternatives that allow any value are the schema without limits."""
        if {} in self.alternatives:
            return {}
        distinct = [one for at, one in enumerate(self.alternatives) if one not in self.alternatives[:at]]
        return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}


_NULL = _Shape({"type": "null"})


class _List:
    def __getitem__(self, item: _Shape) -> _Shape:
        return _Shape({"type": "array", "items": item.written()})


class _Dict:
    def __getitem__(self, pair: tuple[_Shape, _Shape | None]) -> _Shape:
        return _Shape({"type": "object", "additionalProperties": (pair[1] or _NULL).written()})


class _Literals:
    def __getitem__(self, values: Any) -> _Shape:
        return _of_values(values if isinstance(values, tuple) else (values,))


class _Builtins:
    """The names in annotations: also as `builtins.list` and `dt.date`, if a field has the short name."""

    list, dict, Literal = _List(), _Dict(), _Literals()
    Any = _Shape({})
    datetime, date = _Shape({"type": "string", "format": "date-time"}), _Shape({"type": "string", "format": "date"})
    UUID = _Shape({"type": "string", "format": "uuid"})


for _name, _kind in _KINDS.items():
    setattr(_Builtins, _name, _Shape({"type": _kind}))


class _Names(dict[str, Any]):
    """The names in the annotations of one package of models."""

    def __init__(self, package: str, refer: Refer) -> None:
        super().__init__({name: value for name, value in vars(_Builtins).items() if name[0] != "_"})
        self["builtins"] = self["dt"] = _Builtins
        self._package, self._refer = package, refer

    def __missing__(self, name: str) -> _Shape:
        self[name] = _Shape({})  # an alias that contains itself is any value there
        self[name] = found = self.of(load(self._package, name))
        return found

    def schema(self, annotation: Any) -> Schema:
        """Return the schema of an annotation."""
        shape = eval(annotation, {"__builtins__": {}}, self) if isinstance(annotation, str) else self.of(annotation)
        return (shape or _NULL).written()

    def union(self, members: Iterable[type[ApiModel]]) -> _Shape:
        """Return the alternatives of a union."""
        return _Shape(*map(self._refer, members))

    def evaluated(self, annotation: str) -> _Shape:
        """Return the alternatives of an alias."""
        found: _Shape = eval(annotation, {"__builtins__": {}}, self)
        return found

    def of(self, model: Any) -> _Shape:
        """Return the alternatives of a named type."""
        if hasattr(type(model), "shape"):  # a union or an alias
            shape: _Shape = model.shape(self)
            return shape
        if isinstance(model, type) and issubclass(model, ApiModel):
            return _Shape(self._refer(model))
        if isinstance(model, type) and issubclass(model, Enum):
            return _of_values(tuple(member.value for member in model))
        return _of_type(model)


def _of_type(kind: Any) -> _Shape:
    """Return the alternatives of a type of `typing`; a type without a schema is any value."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _of_values(inner)
    if origin in (Union, UnionType):
        return _Shape(*(one for member in inner for one in _of_type(member).alternatives))
    if origin is list:
        return _Shape({"type": "array", "items": _of_type(inner[0]).written()})
    if origin is dict:
        return _Shape({"type": "object", "additionalProperties": _of_type(inner[1]).written()})
    return _Shape({"type": _TYPES[kind]} if kind in _TYPES else {})


def _of_values(values: tuple[Any, ...]) -> _Shape:
    kinds = {_TYPES[type(value)] for value in values}
    return _Shape({"enum": list(values), **({"type": kinds.pop()} if len(kinds) == 1 else {})})
