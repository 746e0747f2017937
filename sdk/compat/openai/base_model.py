"""The base of all replies: the reading surface of the official package over the fields of our models."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Mapping
from types import GenericAlias
from typing import TYPE_CHECKING, Any, Self

import attrs

if TYPE_CHECKING:
    from sdk.models import ApiModel as _Model  # type: ignore[attr-defined, unused-ignore]  # loaded by name
else:
    _Model = object

_MISSING = object()


#: What `reply.__class__` is; see `installing`.
shown_class: Callable[[Any], type] = type


class FieldInfo:
    """What is known of a field: its annotation, as a str, and its default."""

    def __init__(self, annotation: Any, default: Any) -> None:
        self.annotation, self.default, self.alias, self.description = annotation, default, None, None

    def is_required(self) -> bool:
        """Return whether the API says that every reply has it."""
        return self.default is attrs.NOTHING

    def __repr__(self) -> str:
        return f"FieldInfo(annotation={self.annotation}, required={self.is_required()})"


class _Fields:
    """The fields of a class by name."""

    def __get__(self, model: object, cls: Any) -> builtins.dict[str, FieldInfo]:
        return {one.name: FieldInfo(one.type, one.default) for one in attrs.fields(cls) if one.name != "_wire"}


class BaseModel(_Model):
    """A reply, or a part of one. Its fields are attributes, and so are keys that the API description does not have.

    Reading is lenient: a field that a server leaves out is None, and no value raises.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        _own: builtins.dict[str, Any]
        _request_id: str | None
        _call: Any

    def __init__(self, **values: Any) -> None:
        """Build a model from values, or from the JSON of what lies inside."""
        _fill(self, values)

    if not TYPE_CHECKING:

        @property
        def __class__(self) -> type:
            return shown_class(self)

        def __reduce_ex__(self, protocol: int) -> Any:  # else, pickle compares the class with what is shown
            return _empty, (type(self),), self.__getstate__()

        def __getattr__(self, name: str) -> Any:
            return None if name == "_request_id" else super().__getattr__(name)

        @classmethod
        def __class_getitem__(cls, item: Any) -> Any:
            """Return the class of replies with an answer of a type, for annotations."""
            return GenericAlias(cls, item if isinstance(item, tuple) else (item,))

    def to_dict(
        self,
        *,
        mode: str = "python",
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool = True,
    ) -> dict[str, Any]:
        """Return the JSON object, by default as it came."""
        if use_api_names and exclude_unset and not exclude_defaults and not exclude_none:
            found: dict[str, Any] = super().to_dict()
            return found
        return self.model_dump(
            mode=mode, by_alias=use_api_names, exclude_unset=exclude_unset, exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
        )  # fmt: skip

    def to_json(self, *, indent: int | None = 2, **options: Any) -> str:
        """Return `to_dict(...)` as JSON."""
        return _text(self.to_dict(**{"mode": "json", **options}), indent)

    def model_dump(
        self,
        *,
        mode: str = "python",
        include: Any = None,
        exclude: Any = None,
        by_alias: bool | None = None,
        exclude_unset: bool = False,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        **_: Any,
    ) -> dict[str, Any]:
        """Return the fields by name, None where a reply has none, and then the keys that are not fields."""
        options = {
            "mode": mode, "by_alias": by_alias, "exclude_unset": exclude_unset, "exclude_defaults": exclude_defaults,
            "exclude_none": exclude_none,
        }  # fmt: skip
        found: dict[str, Any] = {}
        wire, renamed = self._wire, self._renamed
        for attribute in attrs.fields(type(self)):
            name = attribute.name
            if name == "_wire" or (include is not None and name not in include) or _excluded(exclude, name):
                continue
            value, key = getattr(self, name), renamed.get(name, name)
            if value is None and (exclude_none or (exclude_unset and key not in wire)):
                continue
            if exclude_defaults and value == attribute.default:
                continue
            inner = exclude.get(name) if isinstance(exclude, Mapping) else None
            kept = include.get(name) if isinstance(include, Mapping) else None
            found[key if by_alias else name] = _dumped(value, options, kept, inner)
        own = {key: value for key, value in self._own.items() if key[0] != "_"}
        for key, value in {**self.additional_properties, **own}.items():
            left_out = _excluded(exclude, key) or (include is not None and key not in include)
            if not (left_out or (exclude_none and value is None)):
                found[key] = _dumped(value, options, None, None)
        return found

    def model_dump_json(self, *, indent: int | None = None, **options: Any) -> str:
        """Return `model_dump(...)` as JSON."""
        return _text(self.model_dump(**{**options, "mode": "json"}), indent)

    def dict(self, **options: Any) -> builtins.dict[str, Any]:
        """Return `model_dump(...)`."""
        return self.model_dump(**options)

    def json(self, *, indent: int | None = None, **options: Any) -> str:
        """Return `model_dump_json(...)`."""
        return self.model_dump_json(indent=indent, **options)

    @classmethod
    def model_validate(cls, value: Any, **_: Any) -> Self:
        """Read a JSON object, or return a model of this class as it is. Raises: TypeError for anything else."""
        if isinstance(value, cls):
            return value
        return cls.from_dict(value.to_dict() if hasattr(value, "to_dict") else dict(value))

    @classmethod
    def model_validate_json(cls, text: str | bytes, **_: Any) -> Self:
        """Read JSON."""
        import json

        return cls.model_validate(json.loads(text))

    @classmethod
    def model_construct(cls, _fields_set: Any = None, **values: Any) -> Self:
        """Build a model from values."""
        return cls(**values)

    construct = model_construct
    parse_obj = model_validate

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some values changed."""
        from copy import copy, deepcopy

        other = deepcopy(self) if deep else copy(self)
        for name, value in (update or {}).items():
            setattr(other, name, value)
        return other

    def copy(self, **options: Any) -> Self:
        """Return `model_copy(...)`."""
        return self.model_copy(**options)

    @property
    def model_extra(self) -> builtins.dict[str, Any]:
        """The keys that are not fields."""
        return self.additional_properties

    @property
    def model_fields_set(self) -> set[str]:
        """The names of the fields that the reply has."""
        wire, renamed = self._wire, self._renamed
        names = [one.name for one in attrs.fields(type(self)) if one.name != "_wire"]
        return {name for name in names if renamed.get(name, name) in wire or getattr(self, name) is not None}

    if not TYPE_CHECKING:
        model_fields = __fields__ = _Fields()

    @classmethod
    def model_json_schema(cls, **_: Any) -> builtins.dict[str, Any]:
        """Return the JSON schema, which pydantic writes."""
        from pydantic import TypeAdapter

        return TypeAdapter(cls).json_schema()

    @classmethod
    def model_rebuild(cls, **_: Any) -> None:
        """Do nothing: there is nothing to build."""

    def __iter__(self) -> Iterator[Any]:
        """Yield the fields as pairs of name and value."""
        for attribute in attrs.fields(type(self)):
            if attribute.name != "_wire":
                yield attribute.name, getattr(self, attribute.name)
        yield from self.additional_properties.items()


def _empty(cls: Any) -> Any:
    """Return a model without values, for a copy or a pickle to fill."""
    return cls.__new__(cls)


def _excluded(exclude: Any, name: str) -> bool:
    if not exclude or name not in exclude:
        return False
    return not isinstance(exclude, Mapping) or exclude[name] in (True, ...)


def _dumped(value: Any, options: dict[str, Any], include: Any, exclude: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(include=include, exclude=exclude, **options)
    if isinstance(value, list | tuple):
        inner = exclude.get("__all__") if isinstance(exclude, Mapping) else None
        kept = include.get("__all__") if isinstance(include, Mapping) else None
        return [_dumped(one, options, kept, inner) for one in value]
    if isinstance(value, Mapping):
        return {key: _dumped(one, options, None, None) for key, one in value.items()}
    if hasattr(value, "model_dump"):
        return value.model_dump(mode=options["mode"])
    return value.isoformat() if options["mode"] == "json" and hasattr(value, "isoformat") else value


def _text(value: Any, indent: int | None) -> str:
    import json

    separators = (",", ":") if indent is None else None
    return json.dumps(value, indent=indent, ensure_ascii=False, separators=separators)


def _plain(value: Any) -> Any:
    """Return a value as JSON."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return {key: _plain(one) for key, one in value.items()} if isinstance(value, Mapping) else value


def _holds_models(value: Any) -> bool:
    return hasattr(value, "to_dict") or (isinstance(value, list | tuple) and any(map(_holds_models, value)))


def _fill(model: Any, values: dict[str, Any]) -> None:
    """Read values into a model; those that are models already stay the same objects."""
    cls, renamed = type(model), type(model)._renamed
    names = {one.name: one.default for one in attrs.fields(cls) if one.name != "_wire"}
    constants = {name: value for name, value in names.items() if value not in (None, attrs.NOTHING)}
    wire = {renamed.get(name, name): _plain(value) for name, value in {**constants, **values}.items()}
    read = cls.from_dict(wire)
    model._wire = read._wire
    for name in names:
        value = values.get(name)
        kept = (
            value
            if name in values and (_holds_models(value) or hasattr(value, "model_dump"))
            else getattr(read, name, None)
        )
        if kept is not None or name in values or name not in cls._clearable:
            object.__setattr__(model, name, list(kept) if isinstance(kept, tuple) else kept)
