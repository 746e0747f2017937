"""Lint: what in a document makes a poor SDK, and the overlay that corrects it."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from generator.commands import checkout
from generator.commands.job import config_of, is_sdk, policy_of, spec_of
from generator.commands.output import FOUND, SUCCESS, Output
from generator.document.location import Location
from generator.errors import shown
from generator.lint import overlay_file
from generator.lint.examine import Examined, examine
from generator.lint.finding import SEVERITIES, Finding
from generator.policy import STRICT, Policy

#: How many hints of one rule are listed.
_SHOWN = 10


def run(options: argparse.Namespace, output: Output) -> int:
    """List the findings of a document, write their remedies if that is asked for; return the exit code."""
    spec, overlay, policy = _inputs(options)
    if overlay is None and options.write is not None and options.write.is_file():
        overlay = options.write  # the findings that are left, so that no remedy is written twice
    progress = output.progress()
    examined = examine(spec, overlay, progress, policy)
    progress.done()
    _list(examined, output, every=options.all)
    counts = Counter(finding.severity for finding in examined.findings)
    output.data(findings=[_data(finding, examined) for finding in examined.findings],
                counts={severity: counts[severity] for severity in SEVERITIES})  # fmt: skip
    output.line(", ".join(f"{counts[one]:,} {one}{'' if counts[one] == 1 else 's'}" for one in SEVERITIES))
    left = examined.findings
    if options.write is not None:
        title = str((examined.data.get("info") or {}).get("title", "the document"))
        written = overlay_file.write(options.write, examined.findings, title)
        left = tuple(finding for finding in left if not finding.actions)
        output.data(overlay=str(options.write), actions=written)
        done = f"{written:,} action{'' if written == 1 else 's'} written"
        output.line(f"{options.write}: {done if written else 'nothing to add that could be corrected there'}")
    elif any(finding.actions for finding in left):
        known = sum(bool(finding.actions) for finding in left)
        output.line(f"{known:,} of them can be corrected by an overlay: --write overlay.yaml")
    grave = ("error", "warning") if options.strict else ("error",)
    return FOUND if any(finding.severity in grave for finding in left) else SUCCESS


def _list(examined: Examined, output: Output, *, every: bool) -> None:
    """Print the findings: of the hints of one rule the first ten, unless every one is asked for."""
    seen: Counter[str] = Counter()
    for finding in examined.findings:
        hint = finding.severity == "hint"
        seen[finding.rule] += hint
        if every or not hint or seen[finding.rule] <= _SHOWN:
            output.line(_line(finding, examined))
    for rule, count in seen.items() if not every else ():
        if count > _SHOWN:
            output.line(f"and {count - _SHOWN:,} more hints like these [{rule}] (--all lists them)")


def _inputs(options: argparse.Namespace) -> tuple[Location, Path | None, Policy]:
    if options.spec is None and is_sdk(options):
        inputs = checkout.inputs_of(options)
        return inputs.spec, inputs.overlay, STRICT
    config = config_of(options)
    return spec_of(options, config), options.overlay or config.overlay, policy_of(options, config)


def _line(finding: Finding, examined: Examined) -> str:
    file, line = examined.document.place(finding.pointer)
    where = f"{shown(file)}:{line}" if line is not None else shown(file)
    at = f" at {finding.pointer}" if finding.pointer else ""
    remedy = f"\n  to fix: {finding.remedy}{' (--write does)' if finding.actions else ''}" if finding.remedy else ""
    return f"{where}: {finding.severity}: {finding.problem} [{finding.rule}]{at}{remedy}"


def _data(finding: Finding, examined: Examined) -> dict[str, object]:
    file, line = examined.document.place(finding.pointer)
    return {
        "rule": finding.rule, "severity": finding.severity, "file": str(file), "line": line,
        "pointer": finding.pointer, "problem": finding.problem, "remedy": finding.remedy or None,
        "actions": [action.as_data(finding.problem) for action in finding.actions],
    }  # fmt: skip
