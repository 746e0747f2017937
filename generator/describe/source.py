"""Read the file of descriptions: words for operations, arguments and fields, by their names.

`operations` has a text by the name of an operation, `parameters` by the name of an argument or by operation.argument,
`schemas` by the key of a component schema and the name of a property ("" is the schema itself), and `fields` by the
name of a property that means the same wherever it has no text of its own. An inline schema has the key of its place:
`Schema.property`, and `Schema.property[]` for the items of an array.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from ..document.pointer import join
from ..document.read import Document, read
from ..errors import GeneratorError, raise_all

#: The longest description, in characters: what an editor shows without scrolling.
LONGEST = 200

Texts = Mapping[str, str]


@frozen
class Descriptions:
    """The texts of a file. `schemas` has a table for each schema; the key "" is the schema itself."""

    operations: Texts = field(factory=dict)
    parameters: Texts = field(factory=dict)
    fields: Texts = field(factory=dict)
    schemas: Mapping[str, Texts] = field(factory=dict)
    file: Document | None = field(default=None, eq=False)

    def error(self, problem: str, *place: str, hint: str) -> GeneratorError:
        """Return an error for a place of the file."""
        assert self.file is not None, "only a text of a file can be wrong"
        return self.file.error(problem, join(place), hint)


def read_descriptions(path: Path | None) -> Descriptions:
    """Read a file of descriptions; None gives no description.

    Raises: GeneratorError with file and line for a section that is unknown, and for a text that is empty or longer
    than 200 characters.
    """
    if path is None:
        return Descriptions()
    file = read(path)
    data = file.data
    sections = ("operations", "parameters", "fields", "schemas")
    if not isinstance(data, dict) or not data.keys() <= set(sections):
        unknown = next((key for key in data if key not in sections), "") if isinstance(data, dict) else ""
        raise file.error(
            f"there is no section {unknown!r}" if unknown else "not a file of descriptions",
            join([unknown] if unknown else []),
            f"the sections are {', '.join(sections)}",
        )
    found = Descriptions(**{section: data.get(section) or {} for section in sections}, file=file)
    raise_all([*_problems(found)])
    return found


def _problems(found: Descriptions) -> list[GeneratorError]:
    tables: list[tuple[tuple[str, ...], Any]] = [
        (("operations",), found.operations),
        (("parameters",), found.parameters),
        (("fields",), found.fields),
        *((("schemas", name), texts) for name, texts in found.schemas.items()),
    ]
    problems = []
    for place, texts in tables:
        if not isinstance(texts, Mapping):
            problems.append(found.error("a table of texts is missing", *place, hint="write name: text below it"))
            continue
        for name, text in texts.items():
            if not isinstance(text, str) or not text.strip():
                problems.append(found.error("the text is missing", *place, name, hint="write one, or remove the key"))
            elif len(text) > LONGEST:
                problems.append(
                    found.error(
                        f"the text has {len(text)} characters", *place, name,
                        hint=f"say it in at most {LONGEST}, facts first",
                    )
                )  # fmt: skip
    return problems
