"""The parameters of a function as the model is told of them, and the model's arguments as the function takes them."""

from __future__ import annotations

import functools
import inspect
import json
from collections import abc
from collections.abc import Callable, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from ..._core.errors import ToolError
from ..._core.operation.json_schema import decode, is_json, portable
from ..._core.operation.pydantic_types import Adapter, adapter_of, is_field, problem_of

Schema = dict[str, Any]

#: What annotated-types calls the limits that msgspec.Meta knows.
_LIMITS = ("ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length")
#: Stands where pydantic's schema will be; an empty one would be an error.
_PLACEHOLDER = {"x-pydantic": True}
_COLLECTIONS = (
    *(list, set, frozenset, dict, tuple),
    *(abc.Sequence, abc.MutableSequence, abc.Collection, abc.Set, abc.MutableSet, abc.Mapping, abc.MutableMapping),
)


class _Parameter(NamedTuple):
    """A parameter: its type, what is said of it, and its default, () for none."""

    kind: Any
    said: str | None
    default: tuple[Any, ...]


class _ByPydantic:
    """An argument that pydantic has read. Each parameter has a subclass of its own."""

    __slots__ = ("value",)
    adapter: Adapter

    def __init__(self, value: Any) -> None:
        self.value = value


class Signature:
    """The parameters of a function; `schema` describes them. msgspec describes and reads them, or pydantic its own."""

    def __init__(self, tool: str, function: Callable[..., Any], about: Mapping[str, str]) -> None:
        """Read a function's signature; `about` has what the docstring says of each parameter.

        Raises: ToolError for a parameter that cannot be described.
        """
        import msgspec

        self._by_pydantic: dict[str, type[_ByPydantic]] = {}
        fields = []
        for name, parameter in _parameters(tool, function, about).items():
            adapter = _adapter(tool, name, parameter.kind)
            kind = _with_limits(parameter.kind) if adapter is None else type(name, (_ByPydantic,), {"adapter": adapter})
            if adapter is not None:
                self._by_pydantic[name] = kind
            notes: dict[str, Any] = {"description": parameter.said} if parameter.said else {}
            told = () if not parameter.default else _told(parameter.default[0])
            if told:
                notes["extra_json_schema"] = {"default": told[0]}
            if notes:
                kind = Annotated[kind, msgspec.Meta(**notes)]
            fields.append((name, kind, *(_factory(value) for value in parameter.default)))
        self._type = msgspec.defstruct(tool, fields, kw_only=True, forbid_unknown_fields=True)
        self.schema = self._described(tool)
        self._decoder = msgspec.json.Decoder(self._type, dec_hook=_read)

    def _described(self, tool: str) -> Schema:
        import msgspec

        def hook(kind: Any) -> Schema:
            if isinstance(kind, type) and issubclass(kind, _ByPydantic):
                return dict(_PLACEHOLDER)
            raise NotImplementedError

        try:
            (root,), parts = msgspec.json.schema_components(
                [self._type], schema_hook=hook, ref_template="#/$defs/{name}"
            )
        except TypeError as error:
            why = str(error).rpartition("\n")[2]  # before it stands what users of msgspec could do
            raise ToolError(f"the tool {tool} has a parameter of a type that JSON cannot describe: {why}") from error
        schema = parts.pop(root["$ref"].rpartition("/")[2])
        for name, kind in self._by_pydantic.items():
            told = {k: v for k, v in schema["properties"][name].items() if k not in _PLACEHOLDER}
            schema["properties"][name] = {**_describe(tool, name, kind.adapter, parts), **told}
        schema.pop("title", None)
        return portable({**schema, "$defs": parts} if parts else schema)

    def read(self, arguments: str) -> dict[str, Any]:
        """Return the arguments of a call by name. Raises: msgspec.ValidationError; ValueError for what is no JSON."""
        found = decode(arguments, self._decoder, self.schema, self.schema.get("$defs", {}))
        given = {name: getattr(found, name) for name in self._type.__struct_fields__}
        return {name: v.value if isinstance(v, _ByPydantic) else v for name, v in given.items()}


def _parameters(tool: str, function: Callable[..., Any], about: Mapping[str, str]) -> dict[str, _Parameter]:
    hints, bound = _hints(tool, function), _bound(function)
    found = {}
    for parameter in inspect.signature(function).parameters.values():
        name, default = parameter.name, parameter.default
        if name in bound:
            continue  # given with functools.partial, and not the model's to see or to change
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise ToolError(f"the tool {tool}: the parameter {name} has no name that a model could give")
        kind = hints.get(name, Any)
        if is_field(default):
            kind, default = Annotated[kind, default], parameter.empty
        if default is parameter.empty:
            default = _of_field(kind, parameter.empty)
        if default is None:
            kind = kind | None  # what `x: str = None` means (PEP 484 as it was)
        values = () if default is parameter.empty else (default,)
        found[name] = _Parameter(kind, about.get(name) or _annotation(kind), values)
    return found


def _of_field(kind: Any, empty: Any) -> Any:
    """Return the default that a `Field` of pydantic has."""
    fields = filter(is_field, reversed(kind.__metadata__) if get_origin(kind) is Annotated else ())
    values = (field.get_default(call_default_factory=True) for field in fields if not field.is_required())
    return next(values, empty)


def _hints(tool: str, function: Callable[..., Any]) -> dict[str, Any]:
    inner = unbound(function)
    if not (inspect.isroutine(inner) or inspect.isclass(inner)):
        inner = type(inner).__call__  # an object that can be called
    try:
        return get_type_hints(inner, include_extras=True)
    except NameError as error:
        raise ToolError(f"the tool {tool}: {error}; annotations must name what the function's module knows") from error


def unbound(function: Any) -> Any:
    """Return the function within a functools.partial."""
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _bound(function: Any) -> set[str]:
    """Return the parameters that a functools.partial gives by name."""
    names = set[str]()
    while isinstance(function, functools.partial):
        names |= function.keywords.keys()
        function = function.func
    return names


def _annotation(kind: Any) -> str | None:
    """Return what `Annotated` says of a parameter in words: a text, a `Doc` (PEP 727), or a description."""
    if get_origin(kind) is not Annotated:
        return next(filter(None, map(_annotation, get_args(kind))), None) if type(None) in get_args(kind) else None
    for note in kind.__metadata__:
        for said in (note, getattr(note, "documentation", None), getattr(note, "description", None)):
            if isinstance(said, str) and said:
                return said
    return None


def _adapter(tool: str, name: str, kind: Any) -> Adapter | None:
    try:
        return adapter_of(kind)
    except Exception as error:  # pydantic's own errors have no common base but Exception
        raise ToolError(f"the tool {tool}: pydantic cannot describe the parameter {name}: {error}") from error


def _describe(tool: str, name: str, adapter: Adapter, parts: dict[str, Schema]) -> Schema:
    """Return the schema of a parameter that pydantic describes, and add its definitions to `parts`."""
    for prefix in ("", f"{name}."):  # another class of the same name may be among the definitions
        try:
            schema = dict(adapter.describe(ref_template=f"#/$defs/{prefix}{{model}}"))
        except Exception as error:
            raise ToolError(f"the tool {tool}: pydantic cannot describe the parameter {name}: {error}") from error
        own = {prefix + key: part for key, part in schema.pop("$defs", {}).items()}
        if all(parts.get(key, part) == part for key, part in own.items()):
            break
    parts.update(own)
    return schema


def _read(kind: Any, value: Any) -> Any:
    """Read an argument of which msgspec knows nothing. The model is told what is wrong, and where."""
    try:
        return kind(kind.adapter.read(json.dumps(value)))
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise ValueError(f"{problem.message}{f' (in {problem.path})' if problem.path else ''}") from None


def _with_limits(kind: Any) -> Any:
    """Return a type whose limits, such as `Annotated[int, Ge(1)]` of annotated-types, are those of msgspec."""
    import msgspec

    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        found = _with_limits(kind.__origin__)
        limits: dict[str, Any] = {}
        for note in _notes(kind):
            if isinstance(note, msgspec.Meta):
                found = Annotated[found, note]
            else:
                limits |= {k: v for k in _LIMITS if isinstance(v := getattr(note, k, None), int | float)}
        return Annotated[found, msgspec.Meta(**limits)] if limits else found
    if origin in (Union, UnionType):
        return Union[tuple(map(_with_limits, args))]  # noqa: UP007  # the members are known only here
    if origin in _COLLECTIONS:
        return origin[tuple(arg if arg is Ellipsis else _with_limits(arg) for arg in args)]
    return kind


def _notes(kind: Any) -> list[Any]:
    """Return what is beside the type in Annotated, and what that lists, as a `Field` does with its limits."""
    return [note for outer in kind.__metadata__ for note in (outer, *_listed(getattr(outer, "metadata", ())))]


def _listed(notes: object) -> Sequence[Any]:
    return notes if isinstance(notes, list | tuple) else ()


def _told(default: Any) -> tuple[Any, ...]:
    """Return a default as the model is told of it, () for one that JSON cannot hold."""
    import msgspec

    try:
        told = msgspec.to_builtins(default)
    except (TypeError, ValueError, RecursionError):
        return ()
    return (told,) if is_json(told) else ()


def _factory(value: Any) -> Any:
    import msgspec

    # Not the default itself: msgspec would refuse what calls share, and write any default into the schema.
    return msgspec.field(default_factory=lambda: value)
