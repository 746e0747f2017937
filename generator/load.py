"""Load an OpenAPI document and refuse, with the place and a way out, what the generator cannot build on."""

from __future__ import annotations

import difflib
import itertools
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from generator import pointer as pointers
from generator import shape
from generator.errors import GeneratorError, Problems
from generator.read import Document, read

_BUNDLE = "bundle the description into one file first, for example: npx @redocly/cli bundle {} -o bundled.yaml"


def load(path: Path) -> Document:
    """Read an OpenAPI 3.0 or 3.1 document and check its shape and that every reference leads somewhere.

    Raises: GeneratorError with file, line and JSON pointer; Problems where several references are wrong.
    Source: OpenAPI 3.0.4 and 3.1.1, section 4; the typed model is openapi-python-client's.
    """
    document = read(path)
    if not isinstance(document.data, dict):
        found = "is empty" if document.data is None else f"is {_a(document.data)} at the top, not a mapping"
        raise document.error(f"the file {found}", "", "give the path of an OpenAPI document")
    _check_version(document)
    _check_paths(document)
    _validate(document)
    check_references(document.data, document)
    return document


def check_references(data: dict[str, Any], document: Document) -> None:
    """Check that every `$ref` in `data` leads to a place in `data`; `document` is the file it came from.

    Raises: Problems, one for each reference that leads nowhere.
    """
    errors: list[GeneratorError] = []
    for path, _, value in shape.objects(data):
        if "$ref" in value and (wrong := _wrong(data, value["$ref"], document.path)):
            errors.append(document.error(wrong[0], shape.written(path) + "/$ref", wrong[1]))
        mapping = value.get("discriminator") if isinstance(value.get("discriminator"), dict) else None
        for tag, target in _references(mapping):
            if wrong := _wrong(data, target, document.path):
                place = shape.written(path) + "/discriminator/mapping" + pointers.join([tag])
                errors.append(document.error(wrong[0], place, wrong[1]))
    if errors:
        raise Problems(errors)


def _references(discriminator: dict[str, Any] | None) -> list[tuple[str, str]]:
    mapping = (discriminator or {}).get("mapping")
    if not isinstance(mapping, dict):
        return []
    # A value without # is the bare name of a schema: what it means is for the stage that reads unions.
    return [(tag, target) for tag, target in mapping.items() if isinstance(target, str) and "#" in target]


def _wrong(data: dict[str, Any], target: object, file: Path) -> tuple[str, str] | None:
    """Tell what is wrong with a reference, and the way out; None for one that leads somewhere."""
    if not isinstance(target, str):
        return f"a $ref must be a string, this is {_a(target)}", "write it as '#/components/schemas/Name'"
    if not target.startswith("#"):
        return f"the $ref {target!r} leads to another file, which is not supported", _BUNDLE.format(file.name)
    if target != "#" and not target.startswith("#/"):
        return f"the $ref {target!r} names an anchor, which is not supported", "write the full path: '#/...'"
    tokens = pointers.split(unquote(target[1:]))
    value: Any = data
    for depth, token in enumerate(tokens):
        above, value = value, pointers.child(value, token)
        if value is pointers.MISSING:
            return f"the $ref {target!r} leads nowhere", _did_you_mean(above, token, tokens[:depth])
    return None


def _did_you_mean(above: Any, token: str, tokens: list[str]) -> str:
    names = [str(name) for name in above] if isinstance(above, dict) else []
    if close := difflib.get_close_matches(token, names, n=1):
        return f"did you mean '#{pointers.join([*tokens, close[0]])}'?"
    return f"there is no {token!r} in '#{pointers.join(tokens)}': add it, or correct the $ref"


def _check_version(document: Document) -> None:
    data = document.data
    hint = "convert the document to OpenAPI 3.0 or 3.1"
    if "swagger" in data:
        raise document.error(
            f"this is Swagger {data['swagger']}, not OpenAPI 3.0 or 3.1",
            "/swagger",
            "convert it first, for example: npx swagger2openapi FILE -o openapi.yaml",
        )
    if "openapi" not in data:
        raise document.error("this is not an OpenAPI document: it has no `openapi`", "", "add: openapi: 3.1.0")
    version = data["openapi"]
    if not isinstance(version, str) or re.fullmatch(r"3\.[01]", version):
        raise document.error(f"the version {version} has no patch number", "/openapi", "write it as: openapi: 3.1.0")
    if not re.fullmatch(r"3\.[01]\.\d+(?:-.+)?", version):
        raise document.error(f"OpenAPI {version} is not supported, only 3.0 and 3.1 are", "/openapi", hint)


def _check_paths(document: Document) -> None:
    paths = document.data.get("paths")
    for name, item in paths.items() if isinstance(paths, dict) else ():
        if name.startswith("x-"):
            continue
        if isinstance(item, dict) and "$ref" in item:
            place = pointers.join(["paths", name, "$ref"])
            raise document.error(
                f"the path item is a $ref ({item['$ref']!r}), which is not supported",
                place,
                "write its operations in place; " + _BUNDLE.format(document.path.name),
            )
        if not name.startswith("/"):
            raise document.error(
                f"the path {name!r} does not start with a slash", pointers.join(["paths", name]), "add the slash"
            )


def _validate(document: Document) -> None:
    # Imported here: pydantic builds its models for 0.2 s, and --help needs none of them.
    from openapi_python_client.schema import OpenAPI
    from pydantic import ValidationError

    try:
        OpenAPI.model_validate(document.data)
    except ValidationError as error:
        found: dict[str, str] = {}
        for detail in error.errors(include_url=False, include_context=False):
            if _is_extension(detail["loc"]):
                continue
            place = _place(document.data, detail["loc"])
            problem = f"{detail['loc'][-1]!r} is missing" if detail["type"] == "missing" else detail["msg"]
            # A union reports one error for each of its members: the first is enough.
            found.setdefault(place, problem[:1].lower() + problem[1:])
        if not found:
            return
        (place, problem), *rest = found.items()
        more = f" ({len(rest)} more: the next run shows them)" if rest else ""
        raise document.error(
            f"not valid OpenAPI: {problem}{more}", place, "correct the document there, then run this again"
        ) from error


def _is_extension(location: tuple[int | str, ...]) -> bool:
    """Tell whether the model took an extension beside paths or status codes for one of them."""
    pairs = itertools.pairwise(location)
    return any(above in ("paths", "responses") and str(name).startswith("x-") for above, name in pairs)


def _place(data: Any, location: tuple[int | str, ...]) -> str:
    """Find the place of a pydantic error.

    pydantic's locations also name types and union members, which are no part of the document: those are passed over.
    """
    tokens: list[str] = []
    value: Any = data
    for token in map(str, location):
        inside = pointers.child(value, token)
        if inside is not pointers.MISSING:
            tokens.append(token)
            value = inside
    return pointers.join(tokens)


def _a(value: object) -> str:
    """Name a JSON type with its article."""
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
