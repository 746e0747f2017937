"""Decoders: a function for each class that reads it from decoded JSON, generated when the class is first read.

A model file lists fields. The annotation of a field determines how the decoder reads it:

    id: str                          self.id = wire.get("id")

    usage: Usage | None              v = wire.get("usage")
                                     if isinstance(v, dict):
                                         self.usage = read_Usage(v)
                                     else:
                                         self.usage = v

An attribute of `_clearable` stays unset if its key is missing, and then reads as None; see `ApiModel`.

Two class attributes hold what an annotation cannot express. `_unions` maps the place of an unnamed union of objects to
that union: `field`, `field[]` for the items of its list, `field{}` for the values of its dict. `_read_as` replaces the
annotation in decoders, for the few fields whose own annotation is ambiguous.

The source of a decoder is compiled once and registered with `linecache`, as attrs does for `__init__`, so debuggers and
tracebacks show it.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from .values import to_date, to_datetime, to_uuid

Reader = Callable[[Any], Any]


if TYPE_CHECKING:

    class Reads(Protocol):
        """A union of objects, which chooses the class of each."""

        def from_dict(self, wire: dict[str, Any], /) -> Any: ...

        def within(self, package: str) -> Any: ...


class Work:
    """The conversions of a value, by its JSON type.

    `objects` and `alias` are names of models, `items` and `values` the conversions of the items of a list and the
    values of a dict, and `date` names the function that reads a str. An annotation evaluates to one: `|` merges two.
    """

    __slots__ = ("alias", "date", "items", "objects", "values")

    def __init__(
        self,
        objects: tuple[str, ...] = (),
        alias: str = "",
        items: Work | None = None,
        values: Work | None = None,
        date: str = "",
    ) -> None:
        self.objects, self.alias, self.items, self.values, self.date = objects, alias, items, values, date

    def __or__(self, other: Work | None) -> Work:
        if other is None or other is NONE:
            return self
        if self is NONE:
            return other
        return Work(
            self.objects + other.objects,
            self.alias or other.alias,
            _merged(self.items, other.items),
            _merged(self.values, other.values),
            self.date or other.date,
        )


def _merged(one: Work | None, other: Work | None) -> Work | None:
    return one | other if one is not None and other is not None else one or other


#: No conversion: the value stays as decoded.
NONE = Work()


class _List:
    def __getitem__(self, item: Work | None) -> Work:
        return NONE if item is NONE or item is None else Work(items=item)


class _Dict:
    def __getitem__(self, pair: tuple[Work, Work | None]) -> Work:
        return NONE if pair[1] is NONE or pair[1] is None else Work(values=pair[1])


class _Literal:
    def __getitem__(self, values: object) -> Work:
        return NONE


class _Builtins:
    """The names in annotations: also as `builtins.list` and `dt.date`, if a field has the short name."""

    str = int = float = bool = bytes = Any = NONE
    list, dict, Literal = _List(), _Dict(), _Literal()
    datetime, date, UUID = Work(date="to_datetime"), Work(date="to_date"), Work(date="to_uuid")


class _Names(dict[str, Any]):
    """The names in the annotations of one package of models."""

    def __init__(self, kept: str, aliases: str) -> None:
        super().__init__({name: value for name, value in vars(_Builtins).items() if name[0] != "_"})
        self["builtins"] = self["dt"] = _Builtins
        self._kept, self._aliases = frozenset(kept.split()), frozenset(aliases.split())
        self._work: dict[str, Work] = {}

    def __missing__(self, name: str) -> Work:
        found = Work(alias=name) if name in self._aliases else Work((name,))
        self[name] = work = NONE if name in self._kept else found
        return work

    def work(self, annotation: str) -> Work:
        """Return the conversions of an annotation."""
        found = self._work.get(annotation)
        if found is None:
            plain = _is_plain(annotation)
            found = NONE if plain else eval(annotation, {"__builtins__": {}}, self) or NONE
            self._work[annotation] = found
        return found


_PLAIN = frozenset({"Any", "bool", "float", "int", "str"})


def _is_plain(annotation: str) -> bool:
    """Return whether an annotation is certain to need no conversion; to evaluate one costs more than most fields."""
    bare = annotation.removesuffix(" | None")
    if bare.startswith("Literal["):
        values = bare.removesuffix(" | str").removesuffix("]")
        return "]" not in values and values != bare
    return bare in _PLAIN


_packages: dict[str, _Names | None] = {}


def _names(package: str) -> _Names | None:
    """Return the names of a package of models; None for any other package."""
    if package not in _packages:
        try:
            index = import_module("._index", package)
            _packages[package] = _Names(index.KEPT, index.ALIASES)
        except (ImportError, TypeError, AttributeError):
            _packages[package] = None
    return _packages[package]


class _Writer:
    """Writes the source of one decoder; `scope` holds its global names."""

    def __init__(self, package: str, scope: dict[str, Any]) -> None:
        self.lines: list[str] = []
        self.package = package
        self.unions: dict[str, Reads] = {}
        self.scope = {"to_date": to_date, "to_datetime": to_datetime, "to_uuid": to_uuid, **scope}

    def store(self, work: Work, value: str, target: str, place: str, depth: int = 1) -> None:
        """Write statements that decode the variable `value`; the result replaces `{}` in `target`."""
        pad, keyword = "    " * depth, "if"
        for kind, result, loop in self._cases(work, value, place, depth):
            self.lines.append(f"{pad}{keyword} isinstance({value}, {kind}):")
            if loop is not None:
                inner, empty, names, items, item, into, where = loop
                self.lines += [f"{pad}    {result} = {empty}", f"{pad}    for {names} in {items}:"]
                self.store(inner, item, into, where, depth + 2)
            self.lines.append(f"{pad}    {target.format(result)}")
            keyword = "elif"
        if keyword == "elif":
            self.lines.append(f"{pad}else:")
            pad += "    "
        rest = f"{self._reader(work.alias)}({value})" if work.alias else value
        self.lines.append(pad + target.format(rest))

    def _cases(self, work: Work, value: str, place: str, depth: int) -> Iterator[tuple[str, str, _Loop | None]]:
        """Yield the JSON types that need a conversion: the class to test for, the result, and the loop for it."""
        out, item, key = f"out{depth}", f"item{depth}", f"key{depth}"
        if place in self.unions:
            yield "dict", f"{self._union(place)}({value})", None
        elif work.objects:
            yield "dict", f"{self._reader(work.objects[0])}({value})", None
        elif work.values is not None:
            loop = work.values, "{}", f"{key}, {item}", f"{value}.items()", item, f"{out}[{key}] = {{}}", f"{place}{{}}"
            yield "dict", out, loop
        if work.items is not None:
            loop = work.items, "[]", item, value, item, f"{out}.append({{}})", f"{place}[]"
            yield "list", out, loop
        if work.date:
            yield "str", f"{work.date}({value})", None

    def _reader(self, name: str) -> str:
        """Return the global name of a model's decoder; the first call imports the model."""
        function = f"read_{name}"
        if function not in self.scope:
            self.scope[function] = _lazy_reader(self.scope, function, self.package, name)
        return function

    def _union(self, place: str) -> str:
        function = f"read_union{len(self.scope)}"
        self.scope[function] = self.unions[place].from_dict
        return function

    def compiled(self, head: str, name: str, title: str) -> Reader:
        """Compile the lines as the function `name`."""
        text = "\n".join([head, *self.lines, ""])
        file = f"<decoder of {title}>"
        exec(compile(text, file, "exec"), self.scope)
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        function: Reader = self.scope[name]
        return function


#: The conversion of an item, the empty result, loop variables, the iterable, the item, its target, its place.
_Loop = tuple[Work, str, str, str, str, str, str]


def _lazy_reader(scope: dict[str, Any], function: str, package: str, name: str) -> Reader:
    """Return a stand-in for the decoder of a model: the first call imports the model and replaces the stand-in."""

    def read(value: Any) -> Any:
        found = scope[function] = reader(package, name)
        return found(value)

    return read


def load(package: str, name: str) -> Any:
    """Return a model by name; wait if another thread is importing its module."""
    return getattr(import_module(package), name)


def reader(package: str, name: str) -> Reader:
    """Return the function that reads a value as the model of that name."""
    model = load(package, name)
    found: Reader = model.decode if hasattr(model, "decode") else model.from_dict
    return found


_decoders: dict[type, Reader] = {}


def decoder(cls: Any) -> Reader:
    """Return the function that reads a class from decoded JSON; the first call generates it."""
    return _decoders.get(cls) or _generate(cls)


def _generate(cls: Any) -> Reader:
    writer = _Writer("", {"cls": cls, "new": object.__new__, "check_object": check_object})
    writer.lines.append(f"    if type(wire) is not dict: check_object({cls.__name__!r}, wire)")
    writer.lines += ["    self = new(cls)", "    self._wire = wire"]
    for attr, annotation, owner in declared_fields(cls):
        writer.package = cls._family or owner.__module__.rpartition(".")[0]
        writer.unions = owner.__dict__.get("_unions", {})
        if cls._family and writer.unions:
            writer.unions = {place: union.within(cls._family) for place, union in writer.unions.items()}
        names = _names(writer.package)
        annotation = owner.__dict__.get("_read_as", {}).get(attr, annotation)
        work = NONE if names is None or not isinstance(annotation, str) else names.work(annotation)
        key = cls._renamed.get(attr, attr)
        value = f"wire.get({key!r})"
        if attr in cls._packed:
            # Packed numbers are unpacked with the first access.
            writer.lines += [f"    v = {value}", "    if not isinstance(v, str):", f"        self.{attr} = v"]
        elif attr in cls._clearable:
            # A missing key leaves the attribute unset, so that a later assignment of None is null.
            writer.lines.append(f"    if {key!r} in wire:")
            if work is NONE:
                writer.lines.append(f"        self.{attr} = wire[{key!r}]")
            else:
                writer.lines.append(f"        v = wire[{key!r}]")
                writer.store(work, "v", f"self.{attr} = {{}}", attr, 2)
        elif work is NONE:
            writer.lines.append(f"    self.{attr} = {value}")
        else:
            writer.lines.append(f"    v = {value}")
            writer.store(work, "v", f"self.{attr} = {{}}", attr)
    writer.lines.append("    return self")
    function = writer.compiled("def from_dict(wire):", "from_dict", f"{cls.__module__}.{cls.__qualname__}")
    function.__qualname__ = f"{cls.__qualname__}.from_dict"
    function.__doc__ = "Read a model from decoded JSON. Missing keys and nulls both read as None; no value raises."
    _decoders[cls] = function
    return function


def check_object(name: str, wire: object) -> None:
    """Raise TypeError for anything that is not a JSON object."""
    if not isinstance(wire, Mapping):
        raise TypeError(f"{name}.from_dict() takes a dict, not {type(wire).__name__}")


def declared_fields(cls: Any) -> Iterator[tuple[str, Any, type]]:
    """Yield the fields of a class: attribute, annotation and the class that declares it."""
    declared: dict[str, tuple[Any, type]] = {}
    for owner in reversed(cls.__mro__):
        for attribute in owner.__dict__.get("__attrs_attrs__", ()):
            if not attribute.inherited:
                declared[attribute.name] = attribute.type, owner
    yield from ((name, *found) for name, found in declared.items() if name != "_wire")


def alias_decoder(package: str, annotation: str, unions: Mapping[str, Reads]) -> Reader:
    """Generate the function that reads a value as an annotated type."""
    names = _names(package)
    writer = _Writer(package, {})
    writer.unions = dict(unions)
    writer.store(NONE if names is None else names.work(annotation), "value", "return {}", "")
    return writer.compiled("def decode(value):", "decode", annotation)
