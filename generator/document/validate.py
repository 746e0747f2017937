"""Check a document against the typed model of OpenAPI that openapi-python-client has."""

from __future__ import annotations

import copy
import itertools
from typing import Any, NamedTuple

from generator.document import pointer as pointers
from generator.document import shape
from generator.document.read import Document


class Finding(NamedTuple):
    """A place that is not valid OpenAPI: `missing` is the key that it needs, "" where its value is wrong."""

    tokens: tuple[str, ...]
    missing: str
    problem: str


def validate(data: dict[str, Any], document: Document) -> None:
    """Raise GeneratorError with the first place that is not valid OpenAPI; `document` is the file of `data`."""
    if not (found := findings(data)):
        return
    first, *rest = found
    more = f" ({len(rest)} more: the next run shows them)" if rest else ""
    hint = "correct the document there, then run this again"
    if first.missing:
        hint = f"add it in the document, or with an action in spec/overlay.yaml that has an update of {first.missing!r}"
    raise document.error(f"not valid OpenAPI: {first.problem}{more}", pointers.join(first.tokens), hint)


def findings(data: dict[str, Any]) -> list[Finding]:
    """Return the places that are not valid OpenAPI, each once, and none around another one."""
    # Imported here: pydantic builds its models for 0.2 s, and --help needs none of them.
    from openapi_python_client.schema import OpenAPI
    from pydantic import ValidationError

    try:
        try:
            OpenAPI.model_validate(data)
        except ValidationError:
            OpenAPI.model_validate(_as_the_model_knows_it(data))
    except ValidationError as error:
        found: dict[tuple[str, ...], Finding] = {}
        for detail in error.errors(include_url=False, include_context=False):
            tokens, value = _place(data, detail["loc"])
            missing = str(detail["loc"][-1]) if detail["type"] == "missing" else ""
            # A union reports an error for each of its members: an object without a $ref is no reference.
            no_reference = detail["loc"][-1] == "$ref" and isinstance(value, dict) and "$ref" not in value
            if no_reference or _is_extension(detail["loc"]):
                continue
            problem = f"{missing!r} is missing" if missing else detail["msg"]
            found.setdefault(tokens, Finding(tokens, missing, problem[:1].lower() + problem[1:]))
        around = {tokens[:depth] for tokens in found for depth in range(len(tokens))}
        return [finding for tokens, finding in found.items() if tokens not in around]
    return []


def _as_the_model_knows_it(data: dict[str, Any]) -> dict[str, Any]:
    """Return a copy without what is valid and the model has no words for.

    Those are schemas that are `false`, constants that are objects or lists, enums without values, references to
    callbacks; since OpenAPI 3.1 documents without paths and operations without responses; and all of OpenAPI 3.2.
    Source: OpenAPI 3.1.1, sections 4.8.1 and 4.8.10; OpenAPI 3.2.0, section 4.17;
    JSON Schema 2020-12 (an enum SHOULD have a value).
    """
    known = copy.deepcopy(data)
    version = str(known.get("openapi"))
    newer = version.startswith(("3.1", "3.2"))
    if version.startswith("3.2"):
        known["openapi"] = "3.1.1"
    if newer and (known.get("webhooks") or known.get("components")):
        known.setdefault("paths", {})
    for _, kind, value in shape.objects(known):
        if kind == "operation" and newer:
            value.setdefault("responses", {})
        if kind == "operation" and isinstance(callbacks := value.get("callbacks"), dict):
            value["callbacks"] = {name: one for name, one in callbacks.items() if "$ref" not in one}
        if kind == "response" and version.startswith("3.2") and "$ref" not in value:
            value.setdefault("description", "")
        if kind == "schema" and value.get("enum") == []:
            del value["enum"]
        if kind == "schema" and isinstance(value.get("const"), dict | list):
            del value["const"]
        for key, inside in list(value.items()):
            form = shape.below(kind, key)
            if form is None or form[1] != "schema" or key == "additionalProperties":
                continue
            if inside is False:
                value[key] = {}
            elif isinstance(inside, dict) and form[0] in ("map", "sorted"):
                value[key] = {name: {} if item is False else item for name, item in inside.items()}
            elif isinstance(inside, list):
                value[key] = [{} if item is False else item for item in inside]
    return known


def _is_extension(location: tuple[int | str, ...]) -> bool:
    """Return whether the model took an extension beside paths or status codes for one of them."""
    pairs = itertools.pairwise(location)
    return any(above in ("paths", "responses") and str(name).startswith("x-") for above, name in pairs)


def _place(data: Any, location: tuple[int | str, ...]) -> tuple[tuple[str, ...], Any]:
    """Find the place of a pydantic error, and its value.

    pydantic's locations also name types and union members, which are not part of the document: those are skipped.
    """
    tokens: list[str] = []
    value: Any = data
    for token in map(str, location):
        inside = pointers.child(value, token)
        if inside is not pointers.MISSING:
            tokens.append(token)
            value = inside
    return tuple(tokens), value
