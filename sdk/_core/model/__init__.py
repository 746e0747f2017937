"""What every generated model stands on: nothing lost from the wire, nothing raised over an odd reply.

A model keeps a reference to the dict that it was read from and never changes it. `to_dict` copies that dict and lays
over it what has been changed since, so unknown keys, explicit nulls and odd values come back out as they came in.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from attrs import define, field, fields

from .values import floats
from .values import text_at as text_at
from .values import to_date as to_date
from .values import to_datetime as to_datetime

Wire = dict[str, Any]


class _Built(dict[str, Any]):
    """The extra keys of a model built by hand; its type tells that no reply stands behind the model."""


@define(eq=False, repr=False, kw_only=True)
class ApiModel:
    """The base of all models. Build one with keyword arguments, or read one with `from_dict`."""

    _wire: Wire = field(factory=dict, alias="additional_properties")

    #: Attributes whose JSON key is another one.
    _renamed: ClassVar[dict[str, str]] = {}
    #: Attributes that are required and may be null: a model built by hand sends null for None, not nothing.
    _nullable: ClassVar[frozenset[str]] = frozenset()
    #: Names that attributes had, and what they are called now.
    _former: ClassVar[dict[str, str]] = {}
    #: Attributes whose numbers may come packed in a text: read when they are asked for, and kept then.
    _packed: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        # attrs makes the class anew for its slots; the second time it has its own __init__.
        if cls._former and "__init__" in cls.__dict__:
            cls.__init__ = _taking(cls._former, cls.__init__)  # type: ignore[method-assign]

    def __attrs_post_init__(self) -> None:
        # Not a converter: for one field with a converter, attrs gives the class a slow __setattr__ for all of them.
        self._wire = _Built(self._wire)

    @classmethod
    def from_dict(cls, wire: Wire) -> Self:
        """Read a model from decoded JSON. Missing keys and nulls both read as None; nothing raises."""
        raise TypeError(f"{cls.__name__} is not a generated model")

    def to_dict(self) -> Wire:
        """Return the JSON object: the one it was read from, with your changes; or what was built, without Nones."""
        wire = self._wire
        built = type(wire) is _Built
        try:
            out = {key: _copy(value) for key, value in wire.items()}
        except RecursionError:  # a reply of some hundred levels
            out = _copy_deep(wire)
        for attr, key, may_be_null in _layout(type(self)):
            value = getattr(self, attr)
            if value is None:
                if out.get(key) is not None or (built and may_be_null):
                    out[key] = None
                    if not may_be_null:
                        del out[key]
            elif value is not wire.get(key):
                out[key] = _encode(value, wire.get(key))
        return out

    @property
    def additional_properties(self) -> Wire:
        """The keys that the schema does not name, with their values, as a new dict."""
        known = {key for _, key, _ in _layout(type(self))}
        return {key: value for key, value in self._wire.items() if key not in known}

    if not TYPE_CHECKING:  # a type checker must still refuse a misspelt attribute

        def __getattr__(self, name: str) -> Any:
            """Return an unknown key of the reply, such as a vendor's extension, as an attribute."""
            if not name.startswith("_"):
                if name in self._former:
                    return getattr(self, _renamed(type(self), name))
                wire = self._wire
                if name in self._packed and name in wire:
                    value = floats(wire[name])
                    setattr(self, name, value)
                    return value
                if name in wire:
                    return wire[name]
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        same = all(getattr(self, attr) == getattr(other, attr) for attr, _, _ in _layout(type(self)))
        return same and self.additional_properties == other.additional_properties

    __hash__ = None  # type: ignore[assignment]  # mutable, so unhashable, as a list is

    def __repr__(self) -> str:
        shown = [
            f"{attr}={value!r}" for attr, _, _ in _layout(type(self)) if (value := getattr(self, attr)) is not None
        ]
        extra = self.additional_properties
        if extra:
            shown.append(f"additional_properties={extra!r}")
        return f"{type(self).__name__}({', '.join(shown)})"


def _renamed(cls: type[ApiModel], old: str) -> str:
    """Return the name that an attribute has now, and warn whoever used the old one."""
    new = cls._former[old]
    warnings.warn(f"{cls.__name__}.{old} is called {new} now", DeprecationWarning, stacklevel=3)
    return new


def _taking(former: dict[str, str], init: Callable[..., None]) -> Callable[..., None]:
    """Return an __init__ that takes old names, too."""

    @wraps(init)
    def made(self: ApiModel, **given: Any) -> None:
        for old in former.keys() & given.keys():
            given[_renamed(type(self), old)] = given.pop(old)
        init(self, **given)

    return made


@define(eq=False, repr=False, kw_only=True)
class Unknown(ApiModel):
    """An object of a union that the pinned document does not know (yet): a newer type, or a vendor's own.

    Its keys are attributes; `to_dict()` and `additional_properties` are the raw object.
    """

    @classmethod
    def from_dict(cls, wire: Wire) -> Self:
        """Keep the object as it is."""
        self = cls.__new__(cls)
        self._wire = wire
        return self


_layouts: dict[type, tuple[tuple[str, str, bool], ...]] = {}


def _layout(cls: type[ApiModel]) -> tuple[tuple[str, str, bool], ...]:
    """Return (attribute, JSON key, required and nullable) of each field, in the document's order."""
    found = _layouts.get(cls)
    if found is None:
        renamed, nullable = cls._renamed, cls._nullable
        names = [a.name for a in fields(cls) if a.name != "_wire"]
        found = _layouts[cls] = tuple((name, renamed.get(name, name), name in nullable) for name in names)
    return found


def _encode(value: Any, wire: Any) -> Any:
    """Return a field's value as JSON; `wire` is what stood there, kept where it still means the same."""
    if isinstance(value, ApiModel):
        return value.to_dict()
    if isinstance(value, list | tuple):
        old = wire if isinstance(wire, list) else ()
        return [_encode(v, old[i] if i < len(old) else None) for i, v in enumerate(value)]
    if isinstance(value, dict):
        old_map = wire if isinstance(wire, dict) else {}
        return {k: _encode(v, old_map.get(k)) for k, v in value.items()}
    if hasattr(value, "isoformat"):
        same = isinstance(wire, str) and (to_datetime(wire) == value or to_date(wire) == value)
        return wire if same else value.isoformat()
    return value


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _copy(v) for k, v in value.items()}
    return [_copy(v) for v in value] if isinstance(value, list) else value


def _copy_deep(wire: Wire) -> Wire:
    """Do as `_copy` without calling itself."""
    out: Wire = {}
    left: list[tuple[Any, Any]] = [(wire, out)]
    while left:
        old, new = left.pop()
        for key, value in old.items() if isinstance(old, dict) else enumerate(old):
            kept: Any = {} if isinstance(value, dict) else [None] * len(value) if isinstance(value, list) else value
            new[key] = kept
            if isinstance(value, dict | list):
                left.append((value, kept))
    return out


class Decoder(Protocol):
    """What can read a JSON object: a model class, a union, or one that is not loaded yet."""

    def from_dict(self, wire: Wire, /) -> Any: ...


class Lazy:
    """A model that is imported when the first object of it comes, and then takes this placeholder's place."""

    __slots__ = ("_module", "_name", "_scope")

    def __init__(self, scope: dict[str, Any], module: str, name: str) -> None:
        self._scope, self._module, self._name = scope, module, name

    def load(self) -> Any:
        found = getattr(import_module(self._module, self._scope["__package__"]), self._name)
        self._scope[f"_{self._name}"] = found
        return found

    def from_dict(self, wire: Wire) -> Any:
        return self.load().from_dict(wire)

    def decode(self, value: Any) -> Any:
        return self.load().decode(value)


def lazy(scope: dict[str, Any], module: str, name: str) -> Any:
    """Return a placeholder for `name` of `module`; it puts the real one into `scope` as `_name` when first used."""
    return Lazy(scope, module, name)


class Union:
    """A union of objects told apart by the value of one key, the tag.

    An unknown value gives the class `rest`, else `Unknown`. Where the tag is missing, which some servers do, the
    member with the fewest required keys missing is taken, then the one with the most of them there, then the first in
    declared order.
    """

    __slots__ = ("_cases", "_rest", "_tag")

    def __init__(self, tag: str, cases: dict[str, Any], rest: Any = None) -> None:
        self._tag, self._cases, self._rest = tag, cases, Unknown if rest is None else rest

    def from_dict(self, wire: Wire) -> Any:
        value = wire.get(self._tag)
        if value.__class__ is not str:
            return self._untagged(wire) if value is None else self._rest.from_dict(wire)
        found = self._cases.get(value)
        if found is None:
            return self._rest.from_dict(wire)
        if found.__class__ is Lazy:
            found = self._cases[value] = found.load()
        return found.from_dict(wire)

    def _untagged(self, wire: Wire) -> Any:
        best = min(self.members(), key=lambda cls: _lacks(cls, wire), default=Unknown)
        missing, there = _lacks(best, wire)
        return best.from_dict(wire) if not missing or there else self._rest.from_dict(wire)

    def members(self) -> Iterable[type[ApiModel]]:
        """Return the classes of the union, loaded, each once, in declared order."""
        return dict.fromkeys(cls for case in self._cases.values() for cls in members_of(case))

    def __repr__(self) -> str:
        return f"<union by {self._tag!r} of {len(self._cases)} cases>"


class Shape:
    """How an object of one class looks from outside; see `Best`."""

    __slots__ = ("kinds", "model", "only", "required", "values")

    def __init__(
        self,
        model: Any,
        required: tuple[str, ...],
        values: dict[str, tuple[str, ...]],
        kinds: dict[str, str],
        only: tuple[str, ...] | None = None,
    ) -> None:
        self.model, self.required, self.values, self.kinds, self.only = model, required, values, kinds, only

    def misfit(self, wire: Wire) -> tuple[int, int]:
        """Return (contradictions, minus the required keys that are there): the smaller the better it fits."""
        there = sum(key in wire for key in self.required)
        wrong = len(self.required) - there
        for key, allowed in self.values.items():
            wrong += key in wire and isinstance(wire[key], str) and wire[key] not in allowed
        for key, kinds in self.kinds.items():
            wrong += key in wire and _kind(wire[key]) not in kinds
        if self.only is not None:
            wrong += sum(key not in self.only for key in wire)
        return wrong, -there


class Best:
    """A union of objects that no tag tells apart: the best fitting one, by required keys, values and JSON kinds."""

    __slots__ = ("_shapes",)

    def __init__(self, *shapes: Shape) -> None:
        self._shapes = shapes

    def from_dict(self, wire: Wire) -> Any:
        best = min(self._shapes, key=lambda shape: shape.misfit(wire))
        if best.model.__class__ is Lazy:
            best.model = best.model.load()
        return best.model.from_dict(wire)

    def members(self) -> Iterable[type[ApiModel]]:
        """Return the classes of the union, loaded, in declared order."""
        return [cls for shape in self._shapes for cls in members_of(shape.model)]


class Alias:
    """A named type that is not an object alone, such as a text or a list of parts."""

    __slots__ = ("decode",)

    def __init__(self, decode: Callable[[Any], Any]) -> None:
        self.decode = decode

    def from_dict(self, wire: Wire) -> Any:
        return self.decode(wire)


def members_of(case: Any) -> list[type[ApiModel]]:
    """Return the classes behind one case of a union."""
    if isinstance(case, Lazy):
        case = case.load()
    return list(case.members()) if isinstance(case, Union | Best) else [case]


def _lacks(cls: type[ApiModel], wire: Wire) -> tuple[int, int]:
    """Return how many required keys are missing, and minus how many are there."""
    keys = required(cls)
    there = sum(key in wire for key in keys)
    return len(keys) - there, -there


def required(cls: type[ApiModel]) -> set[str]:
    """Return the keys that the document requires."""
    renamed = cls._renamed
    # An optional field is None when left out; a required one has no default, or the only value that it can have.
    return {renamed.get(a.name, a.name) for a in fields(cls) if a.default is not None and a.name != "_wire"}


def _kind(value: Any) -> str:
    if value is None:
        return "0"
    if isinstance(value, bool):
        return "b"
    return {str: "s", int: "n", float: "n", list: "a", dict: "o"}.get(type(value), "?")
