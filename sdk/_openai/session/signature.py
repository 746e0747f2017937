"""Describe the parameters of a function as a JSON schema, and decode the arguments of a call."""

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

#: The limits that annotated-types and msgspec.Meta both have.
_LIMITS = ("ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length")
#: Replaced by the schema of pydantic; msgspec rejects an empty schema.
_PLACEHOLDER = {"x-pydantic": True}
_COLLECTIONS = (
    *(list, set, frozenset, dict, tuple),
    *(abc.Sequence, abc.MutableSequence, abc.Collection, abc.Set, abc.MutableSet, abc.Mapping, abc.MutableMapping),
)


class _Parameter(NamedTuple):
    """A parameter: its type, its description, and its default, () for none."""

    kind: Any
    description: str | None
    default: tuple[Any, ...]


class _ByPydantic:
    """An argument that pydantic has decoded. Each parameter has a subclass."""

    __slots__ = ("value",)
    adapter: Adapter

    def __init__(self, value: Any) -> None:
        self.value = value


class Signature:
    """The parameters of a function. msgspec describes and decodes them, or pydantic for its own types."""

    def __init__(self, tool: str, function: Callable[..., Any], texts: Mapping[str, str]) -> None:
        """Read a function's signature; `texts` are the descriptions of the docstring by parameter.

        Raises: ToolError for a parameter that JSON Schema cannot describe.
        """
        import msgspec

        self._by_pydantic: dict[str, type[_ByPydantic]] = {}
        fields = []
        for name, parameter in _parameters(tool, function, texts).items():
            adapter = _adapter(tool, name, parameter.kind)
            kind = _with_limits(parameter.kind) if adapter is None else type(name, (_ByPydantic,), {"adapter": adapter})
            if adapter is not None:
                self._by_pydantic[name] = kind
            notes: dict[str, Any] = {"description": parameter.description} if parameter.description else {}
            default = _json_default(parameter.default[0]) if parameter.default else ()
            if default:
                notes["extra_json_schema"] = {"default": default[0]}
            if notes:
                kind = _annotated(tool, name, kind, msgspec.Meta(**notes))
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
        except Exception as error:  # annotations of classes are evaluated, which may raise anything
            why = str(error).rpartition("\n")[2]  # the lines before are advice for users of msgspec
            raise ToolError(f"the tool {tool} has a parameter of a type that JSON cannot describe: {why}") from error
        schema = parts.pop(root["$ref"].rpartition("/")[2])
        for name, kind in self._by_pydantic.items():
            kept = {k: v for k, v in schema["properties"][name].items() if k not in _PLACEHOLDER}
            schema["properties"][name] = {**_describe(tool, name, kind.adapter, parts), **kept}
        schema.pop("title", None)
        return portable({**schema, "$defs": parts} if parts else schema)

    def read(self, arguments: str) -> dict[str, Any]:
        """Return the arguments of a call by name. Raises: msgspec.ValidationError; ValueError if they are not JSON."""
        found = decode(arguments, self._decoder, self.schema, self.schema.get("$defs", {}))
        given = {name: getattr(found, name) for name in self._type.__struct_fields__}
        return {name: v.value if isinstance(v, _ByPydantic) else v for name, v in given.items()}


def _annotated(tool: str, name: str, kind: Any, note: Any) -> Any:
    try:
        return Annotated[kind, note]
    except (AttributeError, TypeError) as error:  # a list has no __module__, for example
        raise ToolError(f"the tool {tool}: the annotation of {name} is not a type") from error


def _parameters(tool: str, function: Callable[..., Any], texts: Mapping[str, str]) -> dict[str, _Parameter]:
    hints, bound = _hints(tool, function), _bound(function)
    found = {}
    for parameter in inspect.signature(function).parameters.values():
        name, default = parameter.name, parameter.default
        if name in bound:
            continue  # bound by functools.partial, so hidden from the model
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise ToolError(f"the tool {tool}: the model cannot pass the parameter {name} by name")
        kind = hints.get(name, Any)
        if is_field(default):
            kind, default = Annotated[kind, default], parameter.empty
        if default is parameter.empty:
            default = _of_field(kind, parameter.empty)
        if default is None:
            kind = kind | None  # what `x: str = None` means (PEP 484 as it was)
        values = () if default is parameter.empty else (default,)
        found[name] = _Parameter(kind, texts.get(name) or _annotation(kind), values)
    return found


def _of_field(kind: Any, empty: Any) -> Any:
    """Return the default in a `Field` of pydantic."""
    fields = filter(is_field, reversed(kind.__metadata__) if get_origin(kind) is Annotated else ())
    values = (field.get_default(call_default_factory=True) for field in fields if not field.is_required())
    return next(values, empty)


def _hints(tool: str, function: Callable[..., Any]) -> dict[str, Any]:
    inner = unbound(function)
    if not (inspect.isroutine(inner) or inspect.isclass(inner)):
        inner = type(inner).__call__  # a callable object
    try:
        return get_type_hints(inner, include_extras=True)
    except NameError as error:
        raise ToolError(f"the tool {tool}: {error}; annotations must use names of the function's module") from error
    except Exception as error:  # a str is evaluated, and may raise anything
        raise ToolError(f"the tool {tool}: an annotation cannot be read: {error}") from error


def unbound(function: Any) -> Any:
    """Return the function inside a functools.partial."""
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _bound(function: Any) -> set[str]:
    """Return the parameters that a functools.partial binds by name."""
    names = set[str]()
    while isinstance(function, functools.partial):
        names |= function.keywords.keys()
        function = function.func
    return names


def _annotation(kind: Any) -> str | None:
    """Return the description of a parameter in `Annotated`: a str, a `Doc` (PEP 727), or a `description`."""
    if get_origin(kind) is not Annotated:
        return next(filter(None, map(_annotation, get_args(kind))), None) if type(None) in get_args(kind) else None
    for note in kind.__metadata__:
        for text in (note, getattr(note, "documentation", None), getattr(note, "description", None)):
            if isinstance(text, str) and text:
                return text
    return None


def _adapter(tool: str, name: str, kind: Any) -> Adapter | None:
    try:
        return adapter_of(kind)
    except Exception as error:  # the errors of pydantic have no other common base class
        raise ToolError(f"the tool {tool}: pydantic cannot describe the parameter {name}: {error}") from error


def _describe(tool: str, name: str, adapter: Adapter, parts: dict[str, Schema]) -> Schema:
    """Return the schema of a parameter from pydantic, and add its definitions to `parts`."""
    for prefix in ("", f"{name}."):  # another class of the same name may have a definition
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
    """Decode an argument with pydantic. Raises ValueError with a message for the model, and the path."""
    try:
        return kind(kind.adapter.read(json.dumps(value)))
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise ValueError(f"{problem.message}{f' (in {problem.path})' if problem.path else ''}") from None


def _with_limits(kind: Any) -> Any:
    """Replace the limits of annotated-types in a type, such as `Annotated[int, Ge(1)]`, by those of msgspec."""
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
    """Return the metadata of an Annotated type, and the lists of metadata in it, such as those of a `Field`."""
    return [note for outer in kind.__metadata__ for note in (outer, *_listed(getattr(outer, "metadata", ())))]


def _listed(notes: object) -> Sequence[Any]:
    return notes if isinstance(notes, list | tuple) else ()


def _json_default(default: Any) -> tuple[Any, ...]:
    """Return a default as JSON for the schema, () if JSON cannot represent it."""
    import msgspec

    try:
        value = msgspec.to_builtins(default)
    except (TypeError, ValueError, RecursionError):
        return ()
    return (value,) if is_json(value) else ()


def _factory(value: Any) -> Any:
    import msgspec

    # msgspec rejects mutable defaults, and adds other defaults to the schema even if they are not JSON.
    return msgspec.field(default_factory=lambda: value)
