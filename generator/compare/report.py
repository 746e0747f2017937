"""Write a diff for people and for programs: as text on a terminal, as a CHANGELOG entry, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from .diff import Change, Diff, next_version

#: The headings of a CHANGELOG entry, by kind of change.
_HEADINGS = (
    *(("operation", "Operations"), ("argument", "Arguments"), ("event", "Streams")),
    *(("model", "Models"), ("field", "Fields"), ("value", "Values")),
)


def as_text(diff: Diff, version: str) -> str:
    """Return the report for a terminal: what breaks first, then the rest, then the next version."""
    lines = [f"{diff.old.title} {diff.old.version} → {diff.new.version}", ""]
    lines += _section("Breaking for callers", diff.breaking, _line)
    lines += _section("Compatible", [c for c in diff.changes if not c.breaking], _line)
    if not diff.changes:
        lines += ["Nothing changed for callers.", ""]
    if proposals := _proposals(diff):
        lines += [
            "To keep old names as deprecated aliases, add to spec/overlay.yaml:",
            *(f"  {p}" for p in proposals),
            "",
        ]
    lines.append(f"Next version: {version} → {next_version(version, diff)}{_why(diff)}")
    return "\n".join(lines) + "\n"


def as_changelog(diff: Diff, version: str) -> str:
    """Return the report as an entry for CHANGELOG.md."""
    lines = [f"## {next_version(version, diff)}", "", f"Generated from {diff.new.title} {diff.new.version}.", ""]
    if diff.breaking:
        lines += ["### Breaking", "", *(f"- {_sentence(c)}" for c in diff.breaking), ""]
    for kind, heading in _HEADINGS:
        rows = [c for c in diff.changes if c.kind == kind and not c.breaking]
        if rows:
            lines += [f"### {heading}", "", *(f"- {row}" for row in _folded(rows)), ""]
    return "\n".join(lines)


def as_json(diff: Diff, version: str) -> str:
    """Return the report for a program."""
    data: dict[str, Any] = {
        "document": diff.new.title,
        "from": diff.old.version,
        "to": diff.new.version,
        "version": version,
        "next_version": next_version(version, diff),
        "breaking": len(diff.breaking),
        "changes": [
            {"kind": c.kind, "name": c.name, "what": c.what, "breaking": c.breaking, "detail": c.detail}
            for c in diff.changes
        ],
        "renamed": [{"old": r.old, "new": r.new, "target": r.place} for r in diff.renamed],
        "overlay": _proposals(diff),
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def as_page(diff: Diff, version: str) -> str:
    """Return the report as a page of Markdown for users of the SDK."""
    lines = [
        f"# {diff.old.title}: {diff.old.version} → {diff.new.version}",
        "",
        "Written by `python -m generator update`: what the new document changes for callers of the SDK.",
        "",
        f"Next version: **{next_version(version, diff)}**, after {version}{_why(diff)}.",
        "",
    ]
    if not diff.changes:
        lines += ["Nothing changed for callers.", ""]
    if diff.breaking:
        lines += ["## Breaking for callers", "", *(f"- {_sentence(c)}" for c in diff.breaking), ""]
    if proposals := _proposals(diff):
        lines += ["## Renamed", "", "To keep an old name as a deprecated alias, add to `spec/overlay.yaml`:", ""]
        lines += ["```yaml", *proposals, "```", ""]
    compatible = [c for c in diff.changes if not c.breaking]
    if compatible:
        lines += ["## Compatible", ""]
    for kind, heading in _HEADINGS:
        rows = [c for c in compatible if c.kind == kind]
        if rows:
            lines += [f"### {heading}", "", *(f"- {row}" for row in _folded(rows)), ""]
    return "\n".join(lines).rstrip() + "\n"


def _proposals(diff: Diff) -> list[str]:
    """Return overlay actions that keep the old names."""
    return [
        line
        for r in diff.renamed
        for line in (
            f"- target: {r.place}",
            f"  x-reason: {r.old} is called {r.new} now",
            f"  update: {{x-sdk-former-names: [{r.old}]}}",
        )
    ]


def _section(title: str, changes: Sequence[Change], line: Any) -> list[str]:
    return [f"{title} ({len(changes)})", *(f"  {line(c)}" for c in changes), ""] if changes else []


def _line(change: Change) -> str:
    return f"{change.kind:9} {change.name}: {change.what}" + (f" ({change.detail})" if change.detail else "")


def _sentence(change: Change) -> str:
    return f"{change.kind} `{change.name}` {change.what}" + (f": {change.detail}" if change.detail else "")


def _folded(changes: Iterable[Change]) -> list[str]:
    """Join rows that report the same change of one owner: `Owner`: `a`, `b` added."""
    groups: dict[tuple[str, str, str], list[Change]] = {}
    for change in changes:
        whole = change.kind in ("value", "model", "operation", "event")
        owner = change.name if whole else change.name.rpartition(".")[0]
        key = (owner, change.what, change.detail if change.kind not in ("value",) else "")
        groups.setdefault(key, []).append(change)
    rows = []
    for (owner, what, detail), members in groups.items():
        if members[0].kind == "value":
            rows.append(f"`{owner}`: {', '.join(f'`{m.detail}`' for m in members)} {what}")
        elif len(members) == 1 or members[0].name == owner:
            rows.append(f"`{members[0].name}` {what}" + (f": {detail}" if detail else ""))
        else:
            names = ", ".join(f"`{m.name.rpartition('.')[2]}`" for m in members)
            rows.append(f"`{owner}`: {names} {what}" + (f" ({detail})" if detail else ""))
    return rows


def _why(diff: Diff) -> str:
    if not diff.changes:
        return ""
    if diff.breaking:
        return f" ({len(diff.breaking)} breaking change{'s' if len(diff.breaking) > 1 else ''})"
    return " (compatible)"


#: How a report is written, by the name of the format.
FORMATS = {"changelog": as_changelog, "json": as_json, "text": as_text}
