"""Join a document of several files: what its references to other files and URLs lead to becomes part of it.

A target becomes a component, once, under its own name; a component that is nothing but a reference is the target
itself. Source: OpenAPI 3.1.1, section 4.6 (Relative References in URIs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.document import pointer as pointers
from generator.document import shape
from generator.document.location import joined
from generator.document.read import Document, read
from generator.errors import GeneratorError

#: Kind of object → the section of the components that has such objects.
_SECTIONS = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "request_body": "requestBodies",
    "header": "headers",
    "security_scheme": "securitySchemes",
    "link": "links",
    "callback": "callbacks",
    "path_item": "pathItems",
}
#: A reference that does not stay in its file, as JSON or YAML have it: most documents have none.
_OUTSIDE = re.compile(rb"""["']?\$ref["']?\s*:\s*["']?[^#"'\s]""")
_FILE = re.compile(r"[^#]+\.(?:ya?ml|json)(?:#.*)?|[^#]+#/.*|https?://.*", re.IGNORECASE)
#: Names of files and keys that say nothing of what is in them.
_VAGUE = frozenset({"index", "_index", "schema", "items", "definitions", "components", "schemas", "root"})

_Target = tuple[Document, tuple[str, ...]]


def bundle(document: Document) -> None:
    """Replace the references of a document to others, in place.

    References that cannot be followed stay, and `document.unresolved` has them with the problem.
    """
    if isinstance(document.data, dict) and _OUTSIDE.search(document.content):
        document.data = _Bundler(document).bundled()


class _Bundler:
    """Copy a document, and take over what it refers to."""

    def __init__(self, root: Document) -> None:
        self._root = root
        self._files = {str(_absolute(root.path)): root}
        self._places: dict[tuple[int, tuple[str, ...]], str] = {}
        self._added: dict[str, dict[str, Any]] = {}
        self._taken: dict[str, set[str]] = {}

    def bundled(self) -> dict[str, Any]:
        """Return the document in one."""
        self._claim()
        data: dict[str, Any] = self._object(self._root.data, "document", self._root)
        for section, found in self._added.items():
            data.setdefault("components", {}).setdefault(section, {}).update(found)
        return data

    def _claim(self) -> None:
        """Give the names of the document's own components to what they are, wherever that is."""
        components = self._root.data.get("components")
        for section, raw in components.items() if isinstance(components, dict) else ():
            if section not in _SECTIONS.values() or not isinstance(raw, dict):
                continue
            home, entries = self._root, raw
            tokens: tuple[str, ...] = ("components", section)
            if _is_reference(raw):
                home, tokens = self._followed(self._root, raw["$ref"])
                entries = pointers.at(home.data, tokens)
            self._taken[section] = set(entries) if isinstance(entries, dict) else set()
            for name, value in entries.items() if isinstance(entries, dict) else ():
                place = f"#/components/{section}/{pointers.escape(name)}"
                self._places.setdefault((id(home), (*tokens, name)), place)
                if _is_reference(value) and not value["$ref"].startswith("#"):
                    found = self._followed(home, value["$ref"])
                    self._places.setdefault((id(found[0]), found[1]), place)

    # -- copies --------------------------------------------------------------------------------------------------------

    def _object(self, value: Any, kind: str, base: Document, place: str = "") -> Any:
        """Copy an object of a known kind; `place` is its own reference if it is a component."""
        if isinstance(value, list):
            return [self._object(one, kind, base) for one in value]
        if not isinstance(value, dict):
            return value
        if place and _is_reference(value) and not value["$ref"].startswith("#"):
            home, tokens = self._followed(base, value["$ref"])
            target = pointers.at(home.data, tokens)
            if target is not pointers.MISSING and self._places.get((id(home), tokens)) == place:
                self._root.origins[place[1:]] = (home, pointers.join(tokens))
                return self._object(target, kind, home)
        found: dict[str, Any] = {}
        for key, inside in value.items():
            form = shape.below(kind, key)
            if key == "$ref" and isinstance(inside, str) and "$ref" in shape.SHAPES[kind]:
                found[key] = self._reference(inside, kind, base)
            elif key == "discriminator" and kind == "schema" and isinstance(inside, dict):
                found[key] = self._discriminator(inside, base)
            elif form is None:
                found[key] = inside
            else:
                section = key if kind == "components" else ""
                found[key] = self._inside(inside, form, base, section)
        return found

    def _inside(self, value: Any, form: tuple[shape.Form, str], base: Document, section: str) -> Any:
        """Copy what is under a key: an object, or a list or map of objects, which may itself be in another file."""
        if form[0] != "one" and _is_reference(value):
            home, tokens = self._followed(base, value["$ref"])
            target = pointers.at(home.data, tokens)
            if home is not base and isinstance(target, dict | list):
                return self._inside(target, form, home, section)
        if form[0] == "one" or not isinstance(value, dict):
            return self._object(value, form[1], base)
        plain = form[1] in ("path_item", "response", "callback")
        return {
            name: one if plain and name.startswith("x-")
            else self._object(one, form[1], base, f"#/components/{section}/{pointers.escape(name)}" if section else "")
            for name, one in value.items()
        }  # fmt: skip

    def _discriminator(self, value: dict[str, Any], base: Document) -> dict[str, Any]:
        mapping = value.get("mapping")
        if not isinstance(mapping, dict):
            return value
        own = base is self._root
        return {
            **value,
            "mapping": {
                tag: self._reference(target, "schema", base)
                if isinstance(target, str) and (_FILE.fullmatch(target) or (target.startswith("#") and not own))
                else target
                for tag, target in mapping.items()
            },
        }

    # -- references ----------------------------------------------------------------------------------------------------

    def _reference(self, reference: str, kind: str, base: Document) -> str:
        """Return a reference within the document, for one of a file; one that leads nowhere stays as it is."""
        if reference.startswith("#") and base is self._root:
            return reference
        try:
            home, tokens = self._followed(base, reference)
        except GeneratorError as error:
            self._root.unresolved[reference] = error.problem, error.hint or "correct the $ref"
            return reference
        value = pointers.at(home.data, tokens)
        if value is pointers.MISSING:
            if reference.startswith("#") and pointers.at(self._root.data, tokens) is not pointers.MISSING:
                return reference  # some tools read the references of all files in the first one
            missing = f"the $ref {reference!r} of {base.path.name} leads nowhere in {home.path.name}"
            self._root.unresolved[reference] = missing, f"add it there, or correct the $ref in {base.path}"
            return reference
        key = (id(home), tokens)
        if key in self._places:
            return self._places[key]
        if home is self._root:
            return f"#{pointers.join(tokens)}"
        section = _SECTIONS.get(kind, "schemas")
        name = self._name(section, home, tokens)
        place = self._places[key] = f"#/components/{section}/{pointers.escape(name)}"
        self._root.origins[place[1:]] = (home, pointers.join(tokens))
        self._added.setdefault(section, {})[name] = self._object(value, kind, home)
        return place

    def _followed(self, base: Document, reference: str) -> _Target:
        """Return the document and the place that a reference leads to, through references that are nothing else."""
        seen: set[tuple[int, tuple[str, ...]]] = set()
        while True:
            file, _, fragment = reference.partition("#")
            home = self._file(base, file) if file else base
            tokens = self._tokens(home, fragment, reference)
            value = pointers.at(home.data, tokens)
            if not _is_reference(value) or (id(home), tokens) in seen or (home is self._root and tokens[:-2]):
                return home, tokens
            seen.add((id(home), tokens))
            base, reference = home, value["$ref"]

    def _tokens(self, home: Document, fragment: str, reference: str) -> tuple[str, ...]:
        if not fragment or fragment.startswith("/"):
            return tuple(pointers.reference(fragment))
        for tokens, value in _dicts(home.data, ()):
            if fragment in (value.get("$anchor"), value.get("$dynamicAnchor")):
                return tokens
        raise GeneratorError(f"the $ref {reference!r} names an anchor that {home.path.name} does not have")

    def _file(self, base: Document, reference: str) -> Document:
        location = joined(base.path, reference)
        name = str(_absolute(location))
        if name not in self._files:
            try:
                self._files[name] = read(location)
            except GeneratorError as error:
                if error.line is not None:
                    raise  # the file is there, and broken
                raise GeneratorError(
                    f"the $ref {reference!r} of {base.path.name} leads to {location}: {error.problem}",
                    hint=f"add the file, or correct the $ref in {base.path}",
                ) from error
        return self._files[name]

    def _name(self, section: str, home: Document, tokens: tuple[str, ...]) -> str:
        """Return a free name for a component, by its place in its file or by the name of the file."""
        stem = home.path.stem
        if stem.lower() in _VAGUE:
            stem = re.split(r"[/\\]", str(home.path))[-2:][0]
        last = tokens[-1] if tokens else stem
        named = len(tokens) < 2 or tokens[-2] in ("schemas", "definitions", "$defs", *_SECTIONS.values())
        if not named or last.isdigit() or last.lower() in _VAGUE:
            last = f"{stem}_{last}"
        name = re.sub(r"[^A-Za-z0-9._-]+", "_", last).strip("_") or "Part"
        taken = self._taken.setdefault(section, set())
        if name in taken:
            name = re.sub(r"[^A-Za-z0-9._-]+", "_", f"{stem}_{name}")
        free, number = name, 2
        while free in taken:
            free, number = f"{name}_{number}", number + 1
        taken.add(free)
        return free


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get("$ref"), str)


def _absolute(location: Any) -> Any:
    """Return one spelling of a location: `a/../b.yaml` is `b.yaml`."""
    return location.resolve() if hasattr(location, "resolve") else location


def _dicts(value: Any, tokens: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Yield every object in a value, with its place."""
    if isinstance(value, dict):
        yield tokens, value
        for key, inside in value.items():
            yield from _dicts(inside, (*tokens, key))
    elif isinstance(value, list):
        for index, inside in enumerate(value):
            yield from _dicts(inside, (*tokens, str(index)))
