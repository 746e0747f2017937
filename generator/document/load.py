"""Load an OpenAPI document and refuse, with the place and a way out, what the generator cannot build on."""

from __future__ import annotations

import difflib
import re
from typing import Any

from generator.document import kinds, shape
from generator.document import pointer as pointers
from generator.document.bundle import bundle
from generator.document.compat import (
    drop_reference_siblings,
    fill_empty_keys,
    map_named_values,
    name_enums,
    read_webhooks,
    resolve_anchors,
    resolve_bundled_mappings,
    share_schemas,
)
from generator.document.location import STDIN, Location
from generator.document.newer import read_as_before
from generator.document.read import Document, read
from generator.document.swagger import convert
from generator.document.validate import validate
from generator.errors import GeneratorError, Problems


def load(path: Location) -> Document:
    """Read an OpenAPI 3.0, 3.1 or 3.2 document and check its shape and that every reference leads somewhere.

    Raises: GeneratorError with file, line and JSON pointer; Problems where several references are wrong.
    Source: OpenAPI 3.0.4 and 3.1.1, section 4; the typed model is openapi-python-client's.
    """
    document = read_document(path)
    check(document.data, document)
    return document


def read_document(path: Location) -> Document:
    """Read a document without checking more than that it is one object: an overlay may correct the rest.

    What it has in other files is joined with it, and Swagger 2.0 becomes OpenAPI 3.0.
    """
    document = read(path)
    if not isinstance(document.data, dict):
        found = "is empty" if document.data is None else f"is {_a(document.data)} at the top, not a mapping"
        raise document.error(f"the file {found}", "", _way_out(document))
    if kind := kinds.of_data(document.data):
        raise document.error(kind.problem, "", kind.hint)
    convert(document)
    read_webhooks(document)
    bundle(document)
    fill_empty_keys(document.data)
    read_as_before(document.data)
    share_schemas(document.data)
    name_enums(document.data)
    resolve_bundled_mappings(document.data)
    map_named_values(document.data)
    resolve_anchors(document.data)
    drop_reference_siblings(document.data)
    return document


def _way_out(document: Document) -> str:
    if document.path == STDIN and document.data is None:
        return "check the command before the pipe: it printed nothing"
    return "give the path of an OpenAPI document"


def check(data: dict[str, Any], document: Document) -> None:
    """Check `data`, which came from the file `document`; see `load`. Its empty keys are repaired in place."""
    fill_empty_keys(data)
    check_version(data, document)
    _check_paths(data, document)
    validate(data, document)
    check_references(data, document)


def check_references(data: dict[str, Any], document: Document) -> None:
    """Check that every `$ref` in `data` leads to a place in `data`; `document` is the file it came from.

    Raises: Problems, one for each reference that leads nowhere.
    """
    if found := wrong_references(data, document):
        raise Problems([error for _, _, error in found])


def wrong_references(data: dict[str, Any], document: Document) -> list[tuple[list[str], str, GeneratorError]]:
    """Return the references that lead nowhere: the place, the kind of object that belongs there, the error.

    The kind of an entry of a discriminator's mapping is "mapping".
    """
    found: list[tuple[list[str], str, GeneratorError]] = []
    for path, kind, value in shape.objects(data):
        if "$ref" in value:
            problem = _problem(data, value["$ref"], document)
            # A schema may contain itself through its properties; any other object that refers to itself never ends.
            problem = problem or (None if kind == "schema" else _endless(data, value["$ref"]))
            if problem:
                place = shape.written(path) + "/$ref"
                found.append((pointers.split(place), kind, document.error(problem[0], place, problem[1])))
        mapping = value.get("discriminator") if isinstance(value.get("discriminator"), dict) else None
        for tag, target in _references(mapping):
            if problem := _problem(data, target, document):
                place = shape.written(path) + "/discriminator/mapping" + pointers.join([tag])
                found.append((pointers.split(place), "mapping", document.error(problem[0], place, problem[1])))
    return found


def _references(discriminator: dict[str, Any] | None) -> list[tuple[str, str]]:
    mapping = (discriminator or {}).get("mapping")
    if not isinstance(mapping, dict):
        return []
    # A value without # is the bare name of a schema: the stage that reads unions resolves it.
    return [(tag, target) for tag, target in mapping.items() if isinstance(target, str) and "#" in target]


def _problem(data: dict[str, Any], target: object, document: Document) -> tuple[str, str] | None:
    """Return what is wrong with a reference and how to fix it; None for one that leads somewhere."""
    if not isinstance(target, str):
        return f"a $ref must be a string, this is {_a(target)}", "write it as '#/components/schemas/Name'"
    if not target.startswith("#"):
        nowhere = f"the $ref {target!r} leads to another file, which is not part of this document", "correct the $ref"
        return document.unresolved.get(target, nowhere)
    if target != "#" and not target.startswith("#/"):
        return f"the $ref {target!r} names an anchor, which is not supported", "write the full path: '#/...'"
    tokens = pointers.reference(target)
    value: Any = data
    for depth, token in enumerate(tokens):
        above, value = value, pointers.child(value, token)
        if value is pointers.MISSING:
            nowhere = f"the $ref {target!r} leads nowhere", _did_you_mean(above, token, tokens[:depth])
            return document.unresolved.get(target, nowhere)
    return None


def _endless(data: dict[str, Any], target: str) -> tuple[str, str] | None:
    seen: list[str] = []
    value: Any = {"$ref": target}
    while isinstance(value, dict) and isinstance(value.get("$ref"), str):
        if value["$ref"] in seen:
            return f"the $ref {target!r} leads back to itself", "write in one of these places what is meant"
        seen.append(value["$ref"])
        value = pointers.at(data, pointers.reference(value["$ref"]))
    return None


def _did_you_mean(above: Any, token: str, tokens: list[str]) -> str:
    names = [str(name) for name in above] if isinstance(above, dict) else []
    if close := difflib.get_close_matches(token, names, n=1):
        return f"did you mean '#{pointers.join([*tokens, close[0]])}'?"
    return f"there is no {token!r} in '#{pointers.join(tokens)}': add it, or correct the $ref"


def check_version(data: dict[str, Any], document: Document) -> None:
    """Check that a document is OpenAPI of a version that is known. Raises: GeneratorError."""
    if "swagger" in data:
        raise document.error(
            f"this is Swagger {data['swagger']}, not 2.0, nor OpenAPI 3.0, 3.1 or 3.2", "/swagger",
            "convert it to one of them",
        )  # fmt: skip
    if "openapi" not in data:
        raise document.error("this is not an OpenAPI document: it has no `openapi`", "", _no_version(data))
    version = str(data["openapi"])  # 3.1 without quotes is a number
    if re.fullmatch(r"3\.[012]", version):
        hint = f"write it as: openapi: {version}.0"
        raise document.error(f"the version {version} has no patch number", "/openapi", hint)
    if not re.fullmatch(r"3\.[012]\.\d+(?:-.+)?", version):
        hint = "convert the document to OpenAPI 3.0, 3.1 or 3.2"
        raise document.error(f"OpenAPI {version} is not supported, only 3.0, 3.1 and 3.2 are", "/openapi", hint)


def _no_version(data: dict[str, Any]) -> str:
    if {"paths", "components", "webhooks"} & data.keys():
        return "add: openapi: 3.1.0"
    return "give the path of an OpenAPI document, which has the keys openapi, info and paths"


def _check_paths(data: dict[str, Any], document: Document) -> None:
    paths = data.get("paths")
    for name in paths if isinstance(paths, dict) else ():
        if not name.startswith(("/", "x-")):
            raise document.error(
                f"the path {name!r} does not start with a slash", pointers.join(["paths", name]), "add the slash"
            )


def _a(value: object) -> str:
    """Name a JSON type with its article."""
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
