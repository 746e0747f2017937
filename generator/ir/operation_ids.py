"""Name operations as their author did: the tag is the resource, the operationId the verb.

A name depends on its own operation alone, so that it stays when others come or go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from . import names

#: Verbs of which APIs have one for an item and one for all: `get_pet` is `get`, and `get_pets` keeps its noun.
_BOTH = frozenset({"get", "fetch", "read", "retrieve", "show", "find"})
_ARTICLES = frozenset({"a", "an", "the"})
#: Extensions by which other generators name the group and the method of an operation.
_GROUPS = ("x-speakeasy-group", "x-fern-sdk-group-name")
_METHODS = ("x-speakeasy-name-override", "x-fern-sdk-method-name")


def operation_name(path: str, method: str, raw: Mapping[str, Any]) -> str | None:
    """Return the dotted name of an operation by its tag and its operationId, None without an operationId.

    `POST /pets` with the tag `Pets` and the operationId `createPet` is `pets.create`.
    """
    given = next((str(raw[key]) for key in _METHODS if raw.get(key)), "")
    id_ = names.without_path(str(raw.get("operationId") or ""), path, method)
    if not (given or words(id_)):
        return None
    group = _group(raw) or _prefix_of(id_) or [_first_segment(path)]
    resource = [names.attribute("_".join(words(part)) or "root", names.RESOURCE_RESERVED) for part in group]
    if resource[0] in names.CLIENT_RESERVED:
        resource[0] += "_"
    verb = words(given) if given else _verb(words(id_), [word for part in group for word in words(part)])
    return ".".join([*resource, names.attribute("_".join(verb), names.RESOURCE_RESERVED)])


def in_snake_case(name: str) -> str:
    """Return a dotted name that paths gave in snake_case, as operationIds give: `Urls.geoData` is urls.geo_data."""
    parts = [part if part == part.lower() else snake_case(part) for part in name.split(".")]
    parts = [names.attribute(part, names.RESOURCE_RESERVED) for part in parts]
    return ".".join([f"{parts[0]}_" if parts[0] in names.CLIENT_RESERVED else parts[0], *parts[1:]])


def snake_case(key: str) -> str:
    """Return a JSON key or the name of a parameter in snake_case: `photoUrls` is `photo_urls`."""
    return "_".join(words(key)) or key


def _group(raw: Mapping[str, Any]) -> list[str]:
    """Return the path of the resource: as another generator's extension has it, else the first tag."""
    for key in _GROUPS:
        if given := raw.get(key):
            return [str(part) for part in given] if isinstance(given, list) else str(given).split(".")
    tags = [str(tag) for tag in raw.get("tags") or () if words(str(tag))]
    return tags[:1]


def _prefix_of(id_: str) -> list[str]:
    """Return the resource that an operationId itself has: `chat.postMessage`, `repos/list-commits`."""
    parts = [part for part in re.split(r"[./]", id_) if words(part)]
    return parts[:-1]


def _first_segment(path: str) -> str:
    """Return the first static segment of a path that is more than the prefix or the version of an API."""
    bare = path.partition("#")[0].partition("?")[0]
    static = [segment for segment in bare.split("/") if segment and "{" not in segment]
    return next((s for s in static if not names.is_prefix(s)), static[0] if static else "root")


def _verb(words: Sequence[str], resource: Sequence[str]) -> list[str]:
    """Return the words of an operationId without those of its resource; all of them if nothing else is left."""
    size = len(resource)
    for start in _places(words, resource):
        before, found = list(words[:start]), words[start : start + size]
        if before and before[-1] in _ARTICLES:  # `getAnArtist`: its article goes with the noun
            before.pop()
        rest = [*before, *words[start + size :]]
        plural = found[-1:] != [_singular(found[-1])] if found else False
        if rest and not (plural and len(rest) == 1 and rest[0] in _BOTH):
            return rest
    return list(words)


def _places(words: Sequence[str], resource: Sequence[str]) -> list[int]:
    """Return where the words of a resource are, the best place first: not the verb of `listLists`, then as written."""
    size, wanted = len(resource), list(map(_singular, resource))
    starts = range(len(words) - size + 1)
    found = [start for start in starts if list(map(_singular, words[start : start + size])) == wanted]
    return sorted(found, key=lambda start: (start == 0 and words[0] == "list", [*words[start:]][:size] != [*resource]))


def _singular(word: str) -> str:
    return (names.singular(word) or word).lower()


def words(text: str) -> list[str]:
    """Return the words of a name, in lower case: `listHTTPPets` and `List-HTTP pets` are `list`, `http`, `pets`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text)
    return [word.lower() for word in re.split(r"[\W_]+", spaced) if word]
