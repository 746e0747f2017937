"""The decisions that the generator may make about a document, and the report of those that it has made."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from attrs import frozen


@frozen
class Policy:
    """How to handle a document. By default an ambiguity is an error, which the overlay resolves."""

    standalone: bool = False  # a package of its own: nothing is known of the API but its document
    naming: Literal["strict", "resolve"] = "strict"  # things that would have one name: an error, or a rule decides
    lenient: bool = False  # what cannot be expressed is left out
    operations: Literal["paths", "operation-ids"] = "paths"  # names by paths are JSON names, too
    templates: Path | None = None  # a folder whose templates take the place of those of the same name
    include: frozenset[str] = frozenset()  # the resources to generate: errors elsewhere do not count; empty is all

    @classmethod
    def for_package(
        cls,
        *,
        lenient: bool,
        operations: Literal["paths", "operation-ids"] = "operation-ids",
        templates: Path | None = None,
    ) -> Policy:
        """Return the policy for the package of any document."""
        return cls(standalone=True, naming="resolve", lenient=lenient, operations=operations, templates=templates)

    def includes(self, operation: str) -> bool:
        """Return whether an operation, by its dotted name, is part of what is generated."""
        resource = operation.rpartition(".")[0]
        return not self.include or any(f"{resource}.".startswith(f"{name}.") for name in self.include)

    @property
    def snake_case(self) -> bool:
        """Whether arguments and attributes are snake_case; else they are JSON names, as far as Python can have them."""
        return self.operations == "operation-ids"

    @property
    def resolves_names(self) -> bool:
        return self.naming == "resolve"


#: The policy for the API of this repository.
STRICT = Policy()


@frozen
class Report:
    """What was renamed, chosen or left out, as sentences, and the JSON pointers of the parts that were left out."""

    notes: tuple[str, ...] = ()
    skipped: frozenset[str] = frozenset()

    @classmethod
    def of(cls, notes: Iterable[str], skipped: Iterable[str] = ()) -> Report:
        """Return the report of one stage."""
        return cls(tuple(notes), frozenset(skipped))

    def __add__(self, other: Report) -> Report:
        return Report(self.notes + other.notes, self.skipped | other.skipped)
