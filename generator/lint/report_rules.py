"""Findings of what the stages report: what stops a strict run, what was renamed, what is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..document import pointer as pointers
from .corrections import Correction, corrections
from .finding import Action, Finding, target

_AT = re.compile(r"(?P<what>[^:]+): at (?P<pointer>/.*?): (?P<problem>.*)", re.DOTALL)
_OPERATION = re.compile(r"left out: (?P<problem>.*) \(at (?P<pointer>/paths/.*)\)", re.DOTALL)
_ANY, _OUT, _SENT = "read as any value", "left out", "read as any value, sent as "
#: What is left out, by the beginning of the problem → the rule.
_RULES = {"the parameter": "parameter", "no key proves": "security"}


def mended(before: Any, after: Any, notes: Iterable[str]) -> list[Finding]:
    """Return an error for each place that was mended, with the actions that mend it."""
    known = [(match["pointer"], note) for note in notes if (match := _AT.fullmatch(note))]
    found: list[Finding] = []
    used: set[str] = set()
    for correction in corrections(before, after):
        note = _note_for(correction, known)
        used.add(note)
        parsed = _AT.fullmatch(note)
        what, problem = (parsed["what"], parsed["problem"]) if parsed else ("corrected", "this is not valid")
        pointer = parsed["pointer"] if parsed else pointers.join(correction.place)
        declared = "which is not declared" in problem
        found.append(
            Finding(
                "undeclared-path-parameter" if declared else "invalid",
                "warning" if declared else "error",
                pointer,
                problem,
                f"{what} with --lenient",
                correction.actions,
            )
        )
    return found


def _note_for(correction: Correction, known: list[tuple[str, str]]) -> str:
    """Return the note on a correction: the one with the nearest place."""
    place = pointers.join(correction.place)

    def nearness(pointer: str) -> int:
        shared = 0
        for one, other in zip(pointers.split(pointer), correction.place, strict=False):
            if one != other:
                break
            shared += 1
        return shared

    near = [(pointer, note) for pointer, note in known if pointer.startswith(place) or place.startswith(pointer)]
    best = max(near or known, key=lambda one: nearness(one[0]), default=("", ""))
    return best[1] if near or nearness(best[0]) > 1 else ""


def reported(data: Any, notes: Iterable[str]) -> list[Finding]:
    """Return the findings of what the later stages report of a document that has been mended."""
    found: list[Finding] = []
    for note in notes:
        if parsed := _OPERATION.fullmatch(note):
            found.append(_stopping("operation", data, parsed["pointer"], parsed["problem"]))
        elif (parsed := _AT.fullmatch(note)) and parsed["what"] == _ANY:
            found.append(_stopping("schema", data, parsed["pointer"], parsed["problem"]))
        elif parsed and parsed["what"].startswith(_SENT):
            sent = parsed["what"].removeprefix(_SENT)
            found.append(_any_body(data, parsed["pointer"], sent, parsed["problem"]))
        elif parsed and parsed["what"] == _OUT:
            rule = next((rule for start, rule in _RULES.items() if parsed["problem"].startswith(start)), "left-out")
            found.append(_stopping(rule, data, parsed["pointer"], parsed["problem"]))
        elif parsed and parsed["what"] == "read as a string":
            found.append(_plain_parameter(data, parsed["pointer"], parsed["problem"]))
        elif parsed:
            found.append(Finding("report", "hint", parsed["pointer"], parsed["problem"], parsed["what"]))
        elif note.startswith("renamed: "):
            remedy = "give it a name with x-sdk-name in the overlay"
            found.append(Finding("name-taken", "warning", "", note.removeprefix("renamed: "), remedy))
        elif note.startswith("left out: ") and " is no method" in note:
            continue  # the rule unknown-key has it
        elif note.startswith("left out: "):
            unused = "that nothing uses: " in note
            remedy = "remove them, or say x-sdk-keep: true in the overlay" if unused else "nothing: no part of a client"
            found.append(Finding("left-out", "hint", "", note.removeprefix("left out: "), remedy))
        else:
            found.append(Finding("report", "hint", "", note))
    return _last_first(found)


def _last_first(found: list[Finding]) -> list[Finding]:
    """Return findings with those of a list's last elements first: removing one moves those behind it."""
    lists: dict[str, list[int]] = {}
    for place, one in enumerate(found):
        above, _, last = one.pointer.rpartition("/")
        if last.isdigit() and one.actions:
            lists.setdefault(above, []).append(place)
    ordered = list(found)
    for places in lists.values():
        inside = sorted((found[place] for place in places), key=lambda one: -int(one.pointer.rpartition("/")[2]))
        for place, one in zip(places, inside, strict=True):
            ordered[place] = one
    return ordered


def _stopping(rule: str, data: Any, pointer: str, problem: str) -> Finding:
    """Return an error whose remedy leaves out the smallest part: a schema becomes any value, anything else goes."""
    tokens = tuple(pointers.split(pointer))
    value = pointers.at(data, tokens)
    if value is pointers.MISSING:
        return Finding(rule, "error", pointer, problem, "correct the document, or generate with --lenient")
    removal = Action(target(data, tokens), remove=True)
    if rule != "schema":
        return Finding(rule, "error", pointer, problem, "leave it out", (removal,))
    above = tokens[:-1]
    around = pointers.at(data, above)
    update: Any = {} if isinstance(around, list) else {tokens[-1]: {}}
    again = Action(target(data, above), update)
    return Finding(rule, "error", pointer, problem, "read it as any value", (removal, again))


def _any_body(data: Any, pointer: str, sent: str, problem: str) -> Finding:
    """Return an error whose remedy leaves out how a part is written, or makes the whole body any value."""
    tokens = tuple(pointers.split(pointer))
    if "encoding" in tokens and pointers.at(data, tokens) is not pointers.MISSING:
        return _stopping("body", data, pointer, problem)
    place = (*tokens[:3], "requestBody")
    if (raw := pointers.at(data, place)) is pointers.MISSING:
        return Finding("body", "error", pointer, problem, "correct the document, or generate with --lenient")
    required = {"required": True} if pointers.resolved(data, raw).get("required") else {}
    plain = {"requestBody": {"content": {sent: {}}, **required}}
    actions = Action(target(data, place), remove=True), Action(target(data, place[:-1]), plain)
    return Finding("body", "error", pointer, problem, f"read it as any value, sent as {sent}", actions)


def _plain_parameter(data: Any, pointer: str, problem: str) -> Finding:
    """Return an error whose remedy makes a parameter of the path a string."""
    tokens = tuple(pointers.split(pointer))
    raw = pointers.at(data, tokens)
    if raw is pointers.MISSING:
        return Finding("parameter", "error", pointer, problem, "correct the document, or generate with --lenient")
    name = pointers.resolved(data, raw).get("name")
    plain = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    actions = Action(target(data, tokens), remove=True), Action(target(data, tokens[:-1]), plain)
    return Finding("parameter", "error", pointer, problem, "read it as a string", actions)
