"""Check a document against the typed model of OpenAPI that openapi-python-client has."""

from __future__ import annotations

import copy
import itertools
from typing import Any

from generator.document import pointer as pointers
from generator.document import shape
from generator.document.read import Document


def validate(data: dict[str, Any], document: Document) -> None:
    """Raise GeneratorError with the first place that is not valid OpenAPI; `document` is the file of `data`."""
    # Imported here: pydantic builds its models for 0.2 s, and --help needs none of them.
    from openapi_python_client.schema import OpenAPI
    from pydantic import ValidationError

    try:
        try:
            OpenAPI.model_validate(data)
        except ValidationError:
            OpenAPI.model_validate(_as_the_model_knows_it(data))
    except ValidationError as error:
        found: dict[str, str] = {}
        for detail in error.errors(include_url=False, include_context=False):
            if _is_extension(detail["loc"]):
                continue
            place = _place(data, detail["loc"])
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


def _as_the_model_knows_it(data: dict[str, Any]) -> dict[str, Any]:
    """Return a copy without what is valid and the model has no words for.

    Those are schemas that are `false`, constants that are objects or lists, references to callbacks; and since
    OpenAPI 3.1 documents without paths and operations without responses.
    Source: OpenAPI 3.1.1, sections 4.8.1 and 4.8.10; JSON Schema 2020-12.
    """
    known = copy.deepcopy(data)
    newer = str(known.get("openapi")).startswith("3.1")
    if newer and (known.get("webhooks") or known.get("components")):
        known.setdefault("paths", {})
    for _, kind, value in shape.objects(known):
        if kind == "operation" and newer:
            value.setdefault("responses", {})
        if kind == "operation" and isinstance(callbacks := value.get("callbacks"), dict):
            value["callbacks"] = {name: one for name, one in callbacks.items() if "$ref" not in one}
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


def _place(data: Any, location: tuple[int | str, ...]) -> str:
    """Find the place of a pydantic error.

    pydantic's locations also name types and union members, which are not part of the document: those are skipped.
    """
    tokens: list[str] = []
    value: Any = data
    for token in map(str, location):
        inside = pointers.child(value, token)
        if inside is not pointers.MISSING:
            tokens.append(token)
            value = inside
    return pointers.join(tokens)
