"""The pictures of "How it works": boxes in a column, with what goes from one to the next, as SVG."""

from __future__ import annotations

import html
from typing import NamedTuple


class Step(NamedTuple):
    """A box, what it does, and what it passes on."""

    name: str
    does: str
    passes: str = ""


_CALL = (
    Step(
        "create.sync(...)", "an operation: one object with one typed signature", "a request: arguments, not yet bytes"
    ),
    Step("client", "options, connections, the pace of each model", "a call"),
    Step("flow", "decides: place, key, attempt, retry, redirect, error", "effects: send, read, wait"),
    Step("driver", "does what the flow asks, with await or without", "bytes"),
    Step("HTTP/1.1", "one deadline for each phase; resends only what is safe", "status, headers, body"),
    Step("reply", "decodes by the schema; loses nothing, guesses nothing", ""),
    Step("ChatCompletion", "a typed model over the JSON object that came"),
)
_GENERATION = (
    Step("spec/openapi.yaml", "the facts of the API, pinned", "a document"),
    Step("overlay", "corrections as data, each with its reason", "a corrected document"),
    Step("normalise", "one form for each thing that OpenAPI can say in many", "plain schemas"),
    Step("IR", "classes, unions with a table from tag to class, operations", "what is to be written"),
    Step("describe", "our own words for operations, arguments and fields", ""),
    Step("emit", "templates, formatted by ruff; the same input gives the same bytes", "files"),
    Step("publish", "replaces whole folders, or changes nothing"),
)
_STREAM = (
    Step("opened", "status and headers are there; the call holds its place", "bytes"),
    Step("events", "lines and events by the WHATWG rules, split anywhere", "data of an event"),
    Step("chunk", "JSON, then a typed chunk; an error in the stream raises", "chunks"),
    Step("accumulator", "joins text, tool calls and usage for final() and .partial", ""),
    Step("end", "its final event came: complete. Any other end raises", ""),
    Step("closed", "the place is free, and the connection if it was read to its end"),
)
PICTURES = {"call": _CALL, "generation": _GENERATION, "stream": _STREAM}
_WIDTH, _HEIGHT, _GAP, _MARGIN = 560, 58, 30, 16


def files() -> dict[str, bytes | str]:
    """Return the pictures by path in the site."""
    return {f"pictures/{name}.svg": draw(steps) for name, steps in PICTURES.items()}


def draw(steps: tuple[Step, ...]) -> str:
    """Return a picture as SVG."""
    height = len(steps) * (_HEIGHT + _GAP) - _GAP + 2 * _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}"'
        ' font-family="sans-serif">',
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#475569"/></marker></defs>',
        f'<rect width="{_WIDTH}" height="{height}" rx="10" fill="#f8fafc"/>',
    ]
    for number, step in enumerate(steps):
        parts += _box(step, _MARGIN + number * (_HEIGHT + _GAP), last=number == len(steps) - 1)
    return "\n".join([*parts, "</svg>"])


def _box(step: Step, top: int, *, last: bool) -> list[str]:
    middle, bottom = _WIDTH // 2, top + _HEIGHT
    lines = [
        f'<rect x="{_MARGIN}" y="{top}" width="{_WIDTH - 2 * _MARGIN}" height="{_HEIGHT}" rx="8"'
        ' fill="#fff" stroke="#4f46e5"/>',
        _words(middle, top + 24, step.name, "#1e1b4b", "bold 15"),
        _words(middle, top + 44, step.does, "#334155", "13"),
    ]
    if not last:
        lines.append(
            f'<path d="M{middle} {bottom + 1}V{bottom + _GAP - 2}" stroke="#475569" stroke-width="1.5"'
            ' marker-end="url(#arrow)"/>'
        )
        if step.passes:
            lines.append(_words(middle + 12, bottom + 19, step.passes, "#475569", "12", anchor="start"))
    return lines


def _words(x: int, y: int, text: str, colour: str, font: str, *, anchor: str = "middle") -> str:
    weight, _, size = font.rpartition(" ")
    bold = ' font-weight="bold"' if weight else ""
    place = f'x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}"{bold} fill="{colour}"'
    return f"<text {place}>{html.escape(text)}</text>"
