"""The base class of every generated model: no data of a reply is lost, and no reply makes a model raise.

A model keeps a reference to the dict that it was read from and never changes it. `to_dict` copies that dict and
applies the changes made since, so unknown keys, explicit nulls and unexpected values stay as they were received.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, Never, Self, TypeVar, dataclass_transform

import attrs
from attrs import field, fields

from .decoder import Reader, check_object, decoder
from .values import floats, json_text, to_date, to_datetime

Wire = dict[str, Any]
C = TypeVar("C", bound=type)


@dataclass_transform(kw_only_default=True, eq_default=False, field_specifiers=(field,))
def define(cls: C) -> C:
    """Define the class of a model: attrs with slots. All models inherit their `__eq__` and `__repr__`."""
    types = cls.__annotations__
    if "Any" in types.values():  # any value may be null: the generated class does not list it
        free = [name for name, type_ in types.items() if type_ == "Any" and cls.__dict__.get(name, types) is None]
        cls._clearable = (*cls.__dict__.get("_clearable", ()), *free)  # type: ignore[attr-defined]
    model: C = attrs.define(cls, eq=False, repr=False, kw_only=True, getstate_setstate=False)
    return model


class _FromDict:
    """The descriptor of `from_dict`: it returns the decoder of the class."""

    def __get__(self, model: object, cls: type) -> Reader:
        return decoder(cls)


class _Built(dict[str, Any]):
    """The extra keys of a model built by hand. The type marks that the model was not read from a reply."""


class _Hooks:
    """What `vars`, json, pydantic and FastAPI ask of a model, and the slot for keys that are not fields.

    `_source` is a weak reference to the client of a reply, which only replies that can be waited for have: `==`,
    `to_dict`, copies and pickles leave it out.
    """

    __slots__ = ("_source",)

    if not TYPE_CHECKING:  # attrs would drop it from a class of its own

        @property
        def __dict__(self) -> Wire:
            """The JSON object, for `vars`, and for encoders that know nothing else of an object."""
            return self.to_dict()

    @property
    def __pydantic_serializer__(self) -> Any:
        """What writes this model where pydantic knows nothing of its type."""
        from .pydantic import serializer_of

        model: Any = type(self)
        return serializer_of(model)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from .pydantic import core_schema_of

        return core_schema_of(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        from .pydantic import json_schema_of

        return json_schema_of(cls, handler)


@define
class ApiModel(_Hooks):
    """The base of all models. Build one with keyword arguments, or read one with `from_dict`."""

    _wire: Wire = field(factory=dict, alias="additional_properties")

    #: Attributes whose JSON key differs: attribute → key.
    _renamed: ClassVar[dict[str, str]] = {}
    #: Nullable attributes that only requests have: a model built by hand sends None as null, it does not omit it.
    _nullable: ClassVar[tuple[str, ...]] = ()
    #: Optional nullable attributes: None is sent as null if it was given or assigned. Without a value they are unset.
    _clearable: ClassVar[tuple[str, ...]] = ()
    #: Renamed attributes: old name → new name.
    _former: ClassVar[dict[str, str]] = {}
    #: Unions of objects without a name, by their place; see `decoder`.
    _unions: ClassVar[dict[str, Any]] = {}
    #: Attributes that decoders read as a type other than the annotated one; see `decoder`.
    _read_as: ClassVar[dict[str, str]] = {}
    #: The package whose models decoders read inside this one; "": that of the class. See `Family`.
    _family: ClassVar[str] = ""
    #: Attributes whose numbers may arrive packed in a str: unpacked with the first access, then kept.
    _packed: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        # attrs creates the class a second time for its slots; only then it has its own __init__.
        if "__init__" in cls.__dict__:
            if cls._clearable:
                cls.__init__ = _unset_omitted(cls._clearable, cls.__init__)  # type: ignore[method-assign]
            if cls._former:
                cls.__init__ = _accept_old_names(cls._former, cls.__init__)  # type: ignore[method-assign]

    def __attrs_post_init__(self) -> None:
        # Not a converter: a single converter makes attrs generate a slow __setattr__ for all fields.
        self._wire = _Built(self._wire)

    if TYPE_CHECKING:
        __attrs_attrs__: ClassVar[Any]  # type checkers see a dataclass; this makes them accept it in attrs' functions

        @classmethod
        def from_dict(cls, wire: Wire) -> Self:
            """Read a model from decoded JSON. Missing keys and nulls both read as None; no value raises.

            Raises: TypeError for what is not a dict.
            """

    else:
        from_dict = _FromDict()

    def to_dict(self) -> Wire:
        """Return the JSON object: the one read, with your changes, or the one built, without what was omitted.

        Raises: ValueError for a value that was assigned and is nested too deeply, or holds itself.
        """
        wire = self._wire
        built = type(wire) is _Built
        try:
            out = {key: _copy(value) for key, value in wire.items()}
        except RecursionError:  # a reply with hundreds of levels
            out = _copy_deep(wire)
        for attr, key, null in _layout(type(self)):
            value = getattr(self, attr)
            if value is None:
                if out.get(key) is not None:
                    out[key] = None
                    if null == _NEVER:
                        del out[key]
                elif (built and null == _ALWAYS) or (null == _IF_GIVEN and _is_set(self, attr)):
                    out[key] = None
            elif value is not wire.get(key):
                try:
                    out[key] = _encode(value, wire.get(key))
                except RecursionError:
                    name = f"{type(self).__name__}.{attr}"
                    raise ValueError(f"{name} is nested too deeply, or holds itself") from None
        return out

    def to_json(self, *, indent: int | None = None) -> str:
        """Return `to_dict()` as JSON, on one line, or indented by that many spaces.

        Raises: TypeError for a value that is not JSON, ValueError for one that is nested too deeply, or holds itself.
        """
        return json_text(self.to_dict(), indent)

    @property
    def additional_properties(self) -> Wire:
        """The keys that the schema does not have, with their values, as a new dict."""
        known = {key for _, key, _ in _layout(type(self))}
        return {key: value for key, value in self._wire.items() if key not in known}

    if not TYPE_CHECKING:  # a type checker must still refuse a misspelt attribute, and a reply without a state
        #: What a reply with a state says about waiting for its end; see `waiting`.
        _wait = None

        def __getattr__(self, name: str) -> Any:
            """Return the value of an unknown key of the reply, such as a vendor's extension."""
            if not name.startswith("_"):
                if name in self._clearable:  # unset: omitted, or missing in the reply
                    return None
                if name in self._former:
                    return getattr(self, _renamed(type(self), name))
                wire = self._wire
                if name in self._packed and name in wire:
                    value = floats(wire[name])
                    setattr(self, name, value)
                    return value
                if name in wire:
                    return wire[name]
            from ..suggestions import missing_field

            raise missing_field(self, name)

        def __getitem__(self, key: object) -> Never:
            """Raise TypeError: a model is no dict, and no list of items. `for` calls this, too."""
            from ..suggestions import no_item

            raise no_item(self, key)

    def __getstate__(self) -> dict[str, Any]:
        """Return the attributes for a copy, without those that are unset."""
        return {a.name: getattr(self, a.name) for a in fields(type(self)) if _is_set(self, a.name)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        same = all(getattr(self, attr) == getattr(other, attr) for attr, _, _ in _layout(type(self)))
        return same and self.additional_properties == other.additional_properties

    __hash__ = None  # type: ignore[assignment]  # mutable, so not hashable

    def __repr__(self) -> str:
        from .display import lines

        return "\n".join(lines(self))

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        """Yield the fields for rich."""
        from .display import rich_fields

        return rich_fields(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print the model with the pretty printer of IPython, which indents it within what contains it."""
        from .display import lines

        for number, line in enumerate(lines(self, printer.max_width)):
            if number:
                printer.break_()
            printer.text(line)


def _renamed(cls: type[ApiModel], old: str) -> str:
    """Return the new name of an attribute, and warn about the use of the old one."""
    new = cls._former[old]
    warnings.warn(f"{cls.__name__}.{old} is called {new} now", DeprecationWarning, stacklevel=3)
    return new


def _accept_old_names(former: dict[str, str], init: Callable[..., None]) -> Callable[..., None]:
    """Return an __init__ that also accepts the old names of attributes."""

    @wraps(init)
    def renaming_init(self: ApiModel, **given: Any) -> None:
        for old in former.keys() & given.keys():
            given[_renamed(type(self), old)] = given.pop(old)
        init(self, **given)

    return renaming_init


def _unset_omitted(clearable: tuple[str, ...], init: Callable[..., None]) -> Callable[..., None]:
    """Return an __init__ that leaves omitted attributes unset, which distinguishes them from a given None."""

    @wraps(init)
    def unsetting_init(self: ApiModel, **given: Any) -> None:
        init(self, **given)
        for name in clearable:
            if name not in given:
                delattr(self, name)

    return unsetting_init


def _is_set(model: ApiModel, attr: str) -> bool:
    """Return whether an attribute has a value, be it None."""
    try:
        object.__getattribute__(model, attr)
    except AttributeError:
        return False
    return True


@define
class Unknown(ApiModel):
    """An object of a union that matches no class of the pinned document: a newer type, or a vendor's own.

    Its keys are attributes; `to_dict()` and `additional_properties` are the raw object.
    """

    @classmethod
    def from_dict(cls, wire: Wire) -> Self:
        """Keep the object as it is."""
        check_object(cls.__name__, wire)
        self = cls.__new__(cls)
        self._wire = wire
        return self


#: When None is null in the JSON of a model: never, if it was given or assigned, or always if built by hand.
_NEVER, _IF_GIVEN, _ALWAYS = range(3)
_layouts: dict[type, tuple[tuple[str, str, int], ...]] = {}


def _layout(cls: type[ApiModel]) -> tuple[tuple[str, str, int], ...]:
    """Return (attribute, JSON key, when None is null) of each field, in the document's order."""
    found = _layouts.get(cls)
    if found is None:
        renamed: dict[str, Any] = cls._renamed
        found = _layouts[cls] = tuple(
            (a.name, renamed.get(a.name, a.name), _null_of(cls, a)) for a in fields(cls) if a.name != "_wire"
        )
    return found


def _null_of(cls: type[ApiModel], attribute: attrs.Attribute[Any]) -> int:
    if _may_be_null(attribute) or attribute.name in cls._nullable:
        return _ALWAYS
    return _IF_GIVEN if attribute.name in cls._clearable else _NEVER


def _may_be_null(attribute: attrs.Attribute[Any]) -> bool:
    """Return whether a field is required and nullable: a model built by hand sends its None as null."""
    annotation = str(attribute.type)
    return attribute.default is attrs.NOTHING and (annotation == "Any" or annotation.endswith("| None"))


def changed_values(model: ApiModel) -> dict[str, Any]:
    """Return the values of a model by JSON key, without those that are sent as they were received."""
    wire = model._wire
    values = {key: getattr(model, attr) for attr, key, _ in _layout(type(model))}
    return {
        key: value
        for key, value in values.items()
        if value is not None and not (key in wire and _encode(value, wire[key]) == wire[key])
    }


def _encode(value: Any, wire: Any) -> Any:
    """Return a field's value as JSON. `wire` is the JSON it was read from, which is kept if the value is the same."""
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
    if hasattr(value, "urn"):  # a UUID
        return wire if isinstance(wire, str) and wire.lower() == str(value) else str(value)
    return getattr(value, "_value_", value)  # of an enum


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _copy(v) for k, v in value.items()}
    return [_copy(v) for v in value] if isinstance(value, list) else value


#: More levels than any JSON has that a parser reads.
_DEEPEST = 100_000


def _copy_deep(wire: Wire) -> Wire:
    """Copy as `_copy` does, without recursion. Raises ValueError for a value that holds itself."""
    out: Wire = {}
    pending: list[tuple[Any, Any, int]] = [(wire, out, 0)]
    while pending:
        old, new, depth = pending.pop()
        if depth > _DEEPEST:  # the newest is copied first, so that a cycle gets here soon
            raise ValueError("the object that the model was read from holds itself")
        for key, value in old.items() if isinstance(old, dict) else enumerate(old):
            copy: Any = {} if isinstance(value, dict) else [None] * len(value) if isinstance(value, list) else value
            new[key] = copy
            if isinstance(value, dict | list):
                pending.append((value, copy, depth + 1))
    return out


def required(cls: type[ApiModel]) -> set[str]:
    """Return the keys that the document requires."""
    renamed: dict[str, Any] = cls._renamed
    # The default of an optional field is None; a required field has no default, or its only allowed value.
    return {renamed.get(a.name, a.name) for a in fields(cls) if a.default is not None and a.name != "_wire"}
