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


def examine(spec: Location, overlay: Path | None, progress: Progress, policy: Policy) -> Examined:
    """Return the findings of a document with its overlay.

    Raises: GeneratorError for a document of which nothing can be read, and for an overlay that does not fit.
    """
    seen = pipeline.inspect(spec, overlay, progress, evolve(policy, lenient=True))
    found = [
        *report_rules.mended(seen.before, seen.after, seen.mended),
        *report_rules.reported(seen.after, seen.api.report.notes),
        *document_rules.findings(seen.after),
        *api_rules.findings(seen.api, seen.after),
    ]
    hints = {pointers.join(place): error.hint for place, _, error in wrong_references(seen.before, seen.document)}
    broken = [one.pointer for one in found if one.severity == "error"]
    once = {
        (one.rule, one.pointer, one.problem): _hinted(one, hints.get(one.pointer))
        for one in found if not (one.rule in _UNTYPED and any(p.startswith(f"{one.pointer}/") for p in broken))
    }  # fmt: skip
    ordered = sorted(once.values(), key=lambda one: SEVERITIES.index(one.severity))
    return Examined(seen.document, seen.before, tuple(ordered))


def _hinted(finding: Finding, hint: str | None) -> Finding:
    """Return a finding whose remedy begins with what the document itself may mean."""
    return evolve(finding, remedy=f"{hint} Else {finding.remedy}") if hint and hint.endswith("?") else finding
