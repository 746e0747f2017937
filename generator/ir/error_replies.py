"""The bodies of the errors that an operation declares: by status, by range (`4XX`), or for all others (`default`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..document.media import essence, is_json
from ..document.pointer import escape
from ..errors import GeneratorError
from . import Ref, Type
from .inline import Inliner
from .source import OperationSource

Errors = tuple[tuple[str, Type], ...]


def errors_of(source: OperationSource, inline: Inliner) -> tuple[Errors, list[str]]:
    """Return the types of the errors of an operation, and a note for each that cannot be expressed.

    A client can use an operation without them, so that none of them is a reason to leave it out.
    """
    found: list[tuple[str, Type]] = []
    notes: list[str] = []
    responses = {str(code).upper(): (str(code), one) for code, one in source.raw.get("responses", {}).items()}
    others = any(code.startswith("2") for code in responses)  # without a success, `default` is what all replies are
    for code, (declared, response) in sorted(responses.items()):
        if not (code[0] in "45" or (code == "DEFAULT" and others)):
            continue
        place = f"{source.pointer}/responses/{declared}"
        try:
            type_ = _type(inline, inline.deref(response), source.owner, code, place)
        except GeneratorError as error:
            notes.append(f"left out: at {error.pointer or place}: the error {declared}: {error.problem}")
            continue
        if type_ is not None:
            found.append((code.lower() if code == "DEFAULT" else code, type_))
    return tuple(found), notes


def _type(inline: Inliner, response: Mapping[str, Any], owner: str, code: str, place: str) -> Type | None:
    """Return the named type of an error, None where the document has no schema for JSON, or one that needs no name."""
    content = response.get("content") or {}
    kind = next((kind for kind in content if is_json(essence(kind)) or "*" in kind), "")
    schema_raw: Any = content[kind].get("schema") if kind else None
    if not schema_raw:
        return None
    where = f"{place}/content/{escape(essence(kind))}"
    schema = inline.normaliser.schema(schema_raw, f"{where}/schema")
    type_ = inline.type(schema, owner, f"Error{code.title() if code == 'DEFAULT' else code}", where, decoded=True)
    return type_ if isinstance(type_, Ref) else None
