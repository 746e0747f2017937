"""The ratios as a picture: bars on a logarithmic axis, the floor at 1."""

from __future__ import annotations

import math
from xml.sax.saxutils import escape

from .measure import Measured
from .report import NAMES

#: The contenders by the order of their bars.
_COLORS = {"limit": "#c9a227", "sdk": "#1a7f5a", "aiohttp": "#6b8fb5", "openai": "#b8b8c4"}
_LEFT, _WIDTH, _BAR, _GAP, _TOP = 330, 560, 15, 14, 64
_TICKS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)


def svg(found: list[Measured]) -> str:
    """Return the picture as SVG."""
    bars = [[c for c in _COLORS if c in one.values] for one in found]
    ratios = [one.ratio(c) for one, row in zip(found, bars, strict=True) for c in row]
    low, high = min([0.1, *ratios]) / 2.5, max([3.0, *ratios]) * 1.6

    def x(ratio: float) -> float:
        return _LEFT + _WIDTH * (math.log(ratio) - math.log(low)) / (math.log(high) - math.log(low))

    bottom = _TOP + sum(len(row) * _BAR + _GAP for row in bars)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 70} {bottom + 40}" '
        'font-family="system-ui, sans-serif" font-size="13">',
        f'<rect width="{_LEFT + _WIDTH + 70}" height="{bottom + 40}" fill="white"/>',
        '<text x="16" y="24" font-size="16" font-weight="600">CPU time and memory, ratio to bare httpx + orjson</text>',
    ]
    for number, contender in enumerate(c for c in _COLORS if any(c in row for row in bars)):
        at = 16 + number * 140
        out.append(f'<rect x="{at}" y="36" width="12" height="12" fill="{_COLORS[contender]}"/>')
        out.append(f'<text x="{at + 18}" y="47">{escape(NAMES[contender])}</text>')
    for tick in (t for t in _TICKS if low <= t <= high):
        heavy = 'stroke="#333" stroke-width="1.5"' if tick == 1 else 'stroke="#e4e4ea"'
        out.append(f'<line x1="{x(tick):.1f}" y1="{_TOP - 6}" x2="{x(tick):.1f}" y2="{bottom}" {heavy}/>')
        label = "floor" if tick == 1 else f"{tick:g} x"
        out.append(f'<text x="{x(tick):.1f}" y="{bottom + 18}" text-anchor="middle" fill="#555">{label}</text>')
    y = _TOP
    for one, contenders in zip(found, bars, strict=True):
        middle = y + len(contenders) * _BAR / 2 + 4
        out.append(f'<text x="{_LEFT - 10}" y="{middle:.1f}" text-anchor="end">{escape(_short(one))}</text>')
        for number, contender in enumerate(contenders):
            ratio, top = one.ratio(contender), y + number * _BAR
            start, end = sorted((x(1), x(ratio)))
            out.append(
                f'<rect x="{start:.1f}" y="{top}" width="{max(end - start, 1):.1f}" height="{_BAR - 2}" '
                f'fill="{_COLORS[contender]}"/>'
            )
            before = ratio < 1
            out.append(
                f'<text x="{(start - 5) if before else (end + 5):.1f}" y="{top + 11}" font-size="11" '
                f'text-anchor="{"end" if before else "start"}">{escape(_said(one, contender))}</text>'
            )
        y += len(contenders) * _BAR + _GAP
    return "\n".join([*out, "</svg>"]) + "\n"


def _said(one: Measured, contender: str) -> str:
    """Return what stands beside a bar: its ratio to the floor, and this SDK's to the limit."""
    limited = contender == "sdk" and "limit" in one.values
    return f"{one.ratio(contender):.2f}" + (f" ({one.ratio('sdk', 'limit'):.1f} x limit)" if limited else "")


def _short(one: Measured) -> str:
    title = one.scenario.title.replace(" (fresh process)", "")
    return title if len(title) <= 46 else title[:45].rstrip() + "…"
