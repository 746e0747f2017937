"""Merge documents into one: a base, and additions, which have parts of the same API that the base lacks.

The parts of a document are the operations of its paths and webhooks, and its components. A part that only one document
has is taken over. A part that two documents have in the same words is the base's. A part that they have in different
words is a conflict, which only a person can settle: an overlay action with `x-sdk-prefer` says which one stays.

Each part that comes from an addition is marked with its source, so that an update can take it over into the next base.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from generator.document import pointer as pointers
from generator.document.facts import facts
from generator.document.shape import METHODS
from generator.errors import GeneratorError, raise_all

#: The key that names the source of a part which the base does not have.
MARK = "x-source"
#: Where a part is: ("paths", path, method), ("webhooks", name, method) or ("components", kind, name).
Place = tuple[str, str, str]


class Source(NamedTuple):
    """A document by the name of its file."""

    name: str
    data: Mapping[str, Any]


class Conflict(NamedTuple):
    """A part that two sources have in different words."""

    place: Place
    first: str
    last: str

    @property
    def pointer(self) -> str:
        return pointers.join(self.place)


def merge(
    base: Source, additions: Sequence[Source], prefer: Mapping[str, str]
) -> tuple[dict[str, Any], list[Conflict]]:
    """Return the document of all sources, with marks, and every conflict, in the order of the additions.

    `prefer` has "first" or "last" for the JSON pointer of a conflict; without it the first source stays.
    Raises: GeneratorError for a source that cannot be merged: another version of OpenAPI, other servers or security.
    """
    found: dict[str, Any] = {**base.data}
    owners = dict.fromkeys(_parts(base.data), base.name)
    plain = {place: _unmarked(value) for place, value in _parts(facts(dict(base.data))).items()}
    conflicts: list[Conflict] = []
    raise_all([error for source in additions for error in _misfits(base, source)])
    for source in additions:
        spelled = {_shape(path): path for path in found.get("paths") or {}}
        tags = {tag.get("name") for tag in found.get("tags") or ()}
        found["tags"] = [
            *(found.get("tags") or ()),
            *(t for t in source.data.get("tags") or () if t["name"] not in tags),
        ]
        new = _parts(facts(dict(source.data)))
        for (kind, name, key), value in _parts(source.data).items():
            place = (kind, spelled.get(_shape(name), name) if kind == "paths" else name, key)
            same = place in plain and plain[place] == _unmarked(new[kind, name, key])
            if place in plain and not same:
                conflict = Conflict(place, owners[place], source.name)
                conflicts.append(conflict)
                same = prefer.get(conflict.pointer) != "last"
            if not same:
                _put(found, place, _marked(value, source.name))
                plain[place], owners[place] = _unmarked(new[kind, name, key]), source.name
    return {key: value for key, value in found.items() if value != []}, conflicts


def additions_of(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the parts of a merged document that come from one addition, as a document."""
    found: dict[str, Any] = {key: data[key] for key in ("openapi", "info", "servers", "security") if key in data}
    marked = {place: value for place, value in _parts(data).items() if _mark(value) == name}
    for place, value in marked.items():
        _put(found, place, _unmarked(value))
    for kind, item, _ in marked:  # what all operations of a path share
        shared = (
            {key: value for key, value in data[kind][item].items() if key not in METHODS} if kind == "paths" else {}
        )
        found[kind][item] = {**shared, **found[kind][item]}
    used = {tag for operation in _operations(found).values() for tag in operation.get("tags") or ()}
    found["tags"] = [tag for tag in data.get("tags") or () if tag["name"] in used]
    return {"paths": {}, **found}


def still_missing(addition: Mapping[str, Any], base: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return an addition without the operations that a base has, and their titles, such as `POST /agents`.

    Schemas that then nothing in the addition uses are left out, too. Paths that differ in the names of their variables
    are the same path.
    """
    known = {(kind, _shape(name), key) for kind, name, key in _operations(base)}
    had = [place for place in _operations(addition) if (place[0], _shape(place[1]), place[2]) in known]
    found = {key: {name: dict(item) for name, item in value.items()} if key in ("paths", "webhooks") else value
             for key, value in addition.items()}  # fmt: skip
    for kind, name, key in had:
        del found[kind][name][key]
        if not found[kind][name].keys() & set(METHODS):
            del found[kind][name]
    used = _used(found)
    components = addition.get("components") or {}
    found["components"] = {
        kind: {name: value for name, value in named.items() if (kind, name) in used or kind == "securitySchemes"}
        for kind, named in components.items()
    }
    return found, [f"{key.upper()} {name}" for _, name, key in had]


def _parts(data: Mapping[str, Any]) -> dict[Place, Any]:
    """Return the parts of a document by their places."""
    found: dict[Place, Any] = {}
    for kind in ("paths", "webhooks", "components"):
        for name, items in (data.get(kind) or {}).items():
            for key, value in items.items() if isinstance(items, Mapping) and not name.startswith("x-") else ():
                found[kind, name, key] = value
    return found


def _operations(data: Mapping[str, Any]) -> dict[Place, Any]:
    return {place: value for place, value in _parts(data).items() if place[0] != "components" and place[2] in METHODS}


def _put(data: dict[str, Any], place: Place, value: Any) -> None:
    """Put a part in its place; what is shared with a source is copied."""
    kind, name, key = place
    data[kind] = {**(data.get(kind) or {})}
    data[kind][name] = {**(data[kind].get(name) or {}), key: value}


def _misfits(base: Source, addition: Source) -> Iterator[GeneratorError]:
    """Yield what of a whole document does not fit the base: it holds for every part of it."""
    ours, theirs = (".".join(str(source.data["openapi"]).split(".")[:2]) for source in (base, addition))
    if ours != theirs:
        yield GeneratorError(
            f"this is OpenAPI {theirs}, {base.name} is OpenAPI {ours}, in which the same words mean other things",
            file=addition.name, pointer="/openapi", hint=f"convert it to OpenAPI {ours} first",
        )  # fmt: skip
    for key in ("servers", "security"):
        one, other = (facts(dict(source.data)).get(key) for source in (base, addition))
        if other is not None and one != other:
            yield GeneratorError(
                f"{key} is not that of {base.name}", file=addition.name, pointer=f"/{key}",
                hint=f"write the {key} of the base there, or leave the key out",
            )  # fmt: skip


def _shape(path: str) -> str:
    """Return a path without the names of its variables. Source: OpenAPI 3.1.1, section 4.8.8.2."""
    return re.sub(r"\{[^{}]*\}", "{}", path)


def _marked(value: Any, name: str) -> Any:
    return {**value, MARK: name} if isinstance(value, Mapping) else value


def _unmarked(value: Any) -> Any:
    return {key: inside for key, inside in value.items() if key != MARK} if isinstance(value, Mapping) else value


def _mark(value: Any) -> Any:
    return value.get(MARK) if isinstance(value, Mapping) else None


def _used(data: Mapping[str, Any]) -> Collection[tuple[str, str]]:
    """Return the kinds and names of the components that the operations of a document use, at any depth."""
    components = data.get("components") or {}
    found: set[tuple[str, str]] = set()
    waiting = list(_references([data.get("paths"), data.get("webhooks")]))
    while waiting:
        tokens = pointers.reference(waiting.pop())
        if len(tokens) > 2 and tokens[0] == "components" and (tokens[1], tokens[2]) not in found:
            found.add((tokens[1], tokens[2]))
            waiting += _references(components.get(tokens[1], {}).get(tokens[2]))
    return found


def _references(value: Any) -> Iterator[str]:
    """Yield the references within a value. One in an example only makes a schema stay."""
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, Mapping):
        for key, inside in value.items():
            if key == "$ref" and isinstance(inside, str):
                yield inside
            elif key == "mapping" and isinstance(inside, Mapping):
                yield from (target for target in inside.values() if isinstance(target, str) and "#" in target)
            else:
                yield from _references(inside)
