"""Read on where a document is wrong in one place: leave out what cannot be read, or read it as any value, and say so.

Mending changes a document in place, before anything else reads it, so that every later stage sees the same document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.document import pointer as pointers
from generator.document import shape
from generator.document.load import wrong_references
from generator.document.read import Document
from generator.document.validate import Finding, findings

#: Kind of object -> a key that it needs -> what an object without that key means.
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "document": {"info": {}, "paths": {}},
    "info": {"title": "API", "version": "0.1.0"},
    "operation": {"responses": {}},
    "response": {"description": ""},
    "variable": {"default": ""},
    "request_body": {"content": {}},
}
#: What a reference that leads nowhere is read as; objects of other kinds are left out.
_UNKNOWN: Mapping[str, Mapping[str, Any]] = {
    "schema": {},
    "response": {"description": ""},
    "request_body": {"content": {"application/json": {}}},
}
_ANY = "read as any value"
_OUT = "left out"
#: A correction can uncover another mistake below it; documents that need more rounds are no OpenAPI at all.
_ROUNDS = 20


def mend(data: dict[str, Any], document: Document) -> list[str]:
    """Correct what is wrong in single places of a document; return a sentence for each correction.

    Raises: GeneratorError where nothing is left that could be read.
    """
    return [
        *_version(data), *_paths(data), *_invalid(data, document), *_references(data, document),
        *_mappings(data), *_requirements(data), *_path_parameters(data),
    ]  # fmt: skip


def declare_path_parameters(data: dict[str, Any]) -> list[str]:
    """Declare each variable of a path that no parameter describes: it is a string. Return a sentence for each."""
    notes = []
    for path, item, method, operation in _operations(data):
        known = {p["name"] for owner in (item, operation) for _, p in _parameters(data, owner) if p.get("in") == "path"}
        for name in dict.fromkeys(_variables(path)):
            if name and name not in known:
                own = operation.setdefault("parameters", [])
                own.append({"name": name, "in": "path", "required": True, "schema": {"type": "string"}})
                place = pointers.join(["paths", path, method])
                notes.append(f"read as a string: at {place}: the path parameter {name!r}, which is not declared")
    return notes


def _version(data: dict[str, Any]) -> list[str]:
    version = str(data.get("openapi", ""))
    if re.fullmatch(r"3\.[012]", version):
        data["openapi"] = f"{version}.0"
        return [f"read as {version}.0: at /openapi: the version {version} has no patch number"]
    return []


def _paths(data: dict[str, Any]) -> list[str]:
    notes = []
    paths: Any = data.get("paths")
    for name in list(paths) if isinstance(paths, dict) else ():
        if not name.startswith(("/", "x-")):
            place = pointers.join(["paths", name])
            if f"/{name}" in paths:
                del paths[name]
                notes.append(f"{_OUT}: at {place}: the path does not start with a slash, and /{name} is there, too")
                continue
            data["paths"] = paths = {f"/{key}" if key == name else key: item for key, item in paths.items()}
            notes.append(f"read as /{name}: at {place}: the path does not start with a slash")
    return notes


# -- what is not valid OpenAPI -------------------------------------------------------------------------------------


def _invalid(data: dict[str, Any], document: Document) -> list[str]:
    notes: list[str] = []
    for _ in range(_ROUNDS):
        found = findings(data)
        if not found:
            return notes
        kinds = {shape.written(path): kind for path, kind, _ in shape.objects(data)}
        # The last elements of a list first, so that the places of the others stay what they are.
        found.sort(key=lambda one: [(len(t), t) for t in one.tokens], reverse=True)
        notes += [_correct(data, finding, kinds, document) for finding in found]
    raise document.error("too much of this is not valid OpenAPI", "", "correct what the run without --lenient names")


def _correct(data: dict[str, Any], finding: Finding, kinds: Mapping[str, str], document: Document) -> str:
    """Correct one place; return the note."""
    tokens, where = finding.tokens, pointers.join(finding.tokens)
    kind = kinds.get(where, "")
    if finding.missing in _DEFAULTS.get(kind, {}):
        default = _DEFAULTS[kind][finding.missing]
        pointers.at(data, tokens)[finding.missing] = default if isinstance(default, str) else dict(default)
        meant = repr(default) if isinstance(default, str) else "empty"
        return f"read as {meant}: at {where}/{finding.missing}: {finding.problem}"
    if not tokens:
        raise document.error(f"not valid OpenAPI: {finding.problem}", where, "correct the document there")
    above: Any = pointers.at(data, tokens[:-1])
    form = _form(data, tokens, kinds)
    if form == "schema":
        above[tokens[-1] if isinstance(above, dict) else int(tokens[-1])] = {}
        return f"{_ANY}: at {where}: {finding.problem}"
    del above[tokens[-1] if isinstance(above, dict) else int(tokens[-1])]
    return f"{_OUT}: at {where}: {finding.problem}"


def _form(data: dict[str, Any], tokens: tuple[str, ...], kinds: Mapping[str, str]) -> str:
    """Return the kind of object that belongs at a place, "" for a plain value."""
    for depth in (1, 2):  # an object under a key, or in the list or map under a key
        kind = kinds.get(pointers.join(tokens[:-depth])) if len(tokens) >= depth else None
        form = shape.below(kind, tokens[-depth]) if kind else None
        if form is not None:
            return form[1] if (form[0] == "one") == (depth == 1) else ""
        if kind is not None:
            return ""
    return ""


# -- references ----------------------------------------------------------------------------------------------------


def _references(data: dict[str, Any], document: Document) -> list[str]:
    notes: list[str] = []
    for tokens, kind, error in reversed(wrong_references(data, document)):
        owner = pointers.at(data, tokens[:-1])
        if kind == "mapping":
            del owner[tokens[-1]]
            notes.append(f"{_OUT}: at {error.pointer}: {error.problem}")
        elif kind in _UNKNOWN:
            owner.clear()
            owner |= _UNKNOWN[kind]
            notes.append(f"{_ANY if kind != 'response' else _OUT}: at {error.pointer}: {error.problem}")
        elif kind == "path_item":
            del owner["$ref"]
            notes.append(f"{_OUT}: at {error.pointer}: {error.problem}")
        else:
            above = pointers.at(data, tokens[:-2])
            del above[tokens[-2] if isinstance(above, dict) else int(tokens[-2])]
            notes.append(f"{_OUT}: at {error.pointer}: {error.problem}")
    return notes[::-1]


def _mappings(data: dict[str, Any]) -> list[str]:
    """Leave out what a discriminator says of a schema that is not there."""
    schemas = (data.get("components") or {}).get("schemas") or {}
    notes = []
    for path, kind, value in shape.objects(data):
        discriminator = value.get("discriminator") if kind == "schema" else None
        mapping: Any = discriminator.get("mapping") if isinstance(discriminator, dict) else None
        for tag, target in list(mapping.items()) if isinstance(mapping, dict) else ():
            name = pointers.reference(str(target))[-1:] if "/" in str(target) else [str(target)]
            if not name or name[0] not in schemas:
                del mapping[tag]
                where = shape.written(path) + pointers.join(["discriminator", "mapping", tag])
                notes.append(f"{_OUT}: at {where}: no schema is called {target!r}")
    return notes


# -- operations ----------------------------------------------------------------------------------------------------


def _requirements(data: dict[str, Any]) -> list[str]:
    """Leave out the alternatives of `security` that name a scheme that is not there."""
    schemes = (data.get("components") or {}).get("securitySchemes") or {}
    owners: list[tuple[list[str], dict[str, Any]]] = [([], data)]
    owners += [(["paths", path, method], operation) for path, _, method, operation in _operations(data)]
    notes = []
    for tokens, owner in owners:
        required = owner.get("security") or []
        kept = [one for one in required if all(name in schemes for name in one)]
        for index, one in enumerate(required):
            if one not in kept:
                missing = next(name for name in one if name not in schemes)
                where = pointers.join([*tokens, "security", index])
                notes.append(f"{_OUT}: at {where}: no security scheme is called {missing}")
        if len(kept) < len(required):
            owner["security"] = kept
    return notes


def _path_parameters(data: dict[str, Any]) -> list[str]:
    """Leave out path parameters that the path does not have, and declare those that it has alone."""
    notes = []
    for path, item in (data.get("paths") or {}).items():
        if not (path.startswith("/") and isinstance(item, dict)):
            continue
        names = _variables(path)
        owners: list[tuple[list[str], Any]] = [
            ([], item),
            *(([method], item[method]) for method in shape.methods(item)),
        ]
        for tokens, owner in owners:
            for index, parameter in reversed(_parameters(data, owner)):
                if parameter.get("in") == "path" and parameter.get("name") not in names:
                    del owner["parameters"][index]
                    where = pointers.join(["paths", path, *tokens, "parameters", index])
                    notes.append(f"{_OUT}: at {where}: the path has no {{{parameter.get('name')}}}")
    return [*notes, *declare_path_parameters(data)]


def _operations(data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], str, dict[str, Any]]]:
    for path, item in (data.get("paths") or {}).items():
        for method in shape.methods(item) if path.startswith("/") and isinstance(item, dict) else ():
            if isinstance(item.get(method), dict):
                yield path, item, method, item[method]


def _parameters(data: Mapping[str, Any], owner: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    return [(i, pointers.resolved(data, one)) for i, one in enumerate(owner.get("parameters") or ())]


def _variables(path: str) -> list[str]:
    return re.findall(r"\{([^}]*)\}", path.partition("#")[0].partition("?")[0])
