"""Examine a document as generating it does, and collect all findings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from .. import pipeline
from ..document import pointer as pointers
from ..document.load import wrong_references
from ..document.location import Location
from ..document.read import Document
from ..policy import Policy
from ..progress import Progress
from . import api_rules, document_rules, report_rules
from .finding import SEVERITIES, Finding

#: What an error below a place brings about there, too.
_UNTYPED = frozenset({"untyped-reply", "untyped-body"})


@frozen
class Examined:
    """A document and its findings, the gravest first; `data` is its content with the overlay."""

    document: Document
    data: Mapping[str, Any]
    findings: tuple[Finding, ...]


#: The correction of one mistake can uncover another one behind it.
_ROUNDS = 6


def examine(spec: Location, overlay: Path | None, progress: Progress, policy: Policy) -> Examined:
    """Return the findings of a document with its overlay: all that stops a strict run, and what it could say better.

    The actions of a finding fit the document with those of the findings before it.
    Raises: GeneratorError for a document of which nothing can be read, and for an overlay that does not fit.
    """
    policy = evolve(policy, lenient=True)
    first = seen = pipeline.inspect(spec, overlay, progress, policy)
    once: dict[tuple[str, ...], Finding] = {}
    for _ in range(_ROUNDS):
        found = [one for one in _stopping(seen) if _key(one) not in once]
        once |= {_key(one): one for one in found}
        changes = [action.as_data(one.rule) for one in found for action in one.actions]
        if not changes:
            break
        seen = pipeline.inspect_again(seen, changes, overlay, progress, policy)
    once = {_key(one): one for one in [*once.values(), *_findings(seen)]}
    hints = {pointers.join(place): error.hint for place, _, error in wrong_references(first.before, first.document)}
    broken = [one.pointer for one in once.values() if one.severity == "error"]
    found = [
        _hinted(one, hints.get(one.pointer)) for one in once.values()
        if not (one.rule in _UNTYPED and any(pointer.startswith(f"{one.pointer}/") for pointer in broken))
    ]  # fmt: skip
    ordered = sorted(found, key=lambda one: SEVERITIES.index(one.severity))
    return Examined(seen.document, first.before, tuple(ordered))


def _findings(seen: pipeline.Inspected) -> list[Finding]:
    return [
        *report_rules.mended(seen.before, seen.after, seen.mended),
        *report_rules.reported(seen.after, seen.api.report.notes),
        *document_rules.findings(seen.after),
        *api_rules.findings(seen.api, seen.after),
    ]


def _stopping(seen: pipeline.Inspected) -> list[Finding]:
    """Return the errors, each once: those of the document alone hide what the later stages report."""
    once = {_key(one): one for one in _findings(seen) if one.severity == "error"}
    return list(once.values())


def _key(one: Finding) -> tuple[str, ...]:
    return one.rule, one.pointer, one.problem


def _hinted(finding: Finding, hint: str | None) -> Finding:
    """Return a finding whose remedy begins with what the document itself may mean."""
    return evolve(finding, remedy=f"{hint} Else {finding.remedy}") if hint and hint.endswith("?") else finding
