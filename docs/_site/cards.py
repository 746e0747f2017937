"""The picture of each written page that other sites show beside a link to it."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from .fonts import path_of

_SIZE, _MARGIN = (1200, 630), 80
_BACK, _INK, _ACCENT = "#0f172a", "#f8fafc", "#38bdf8"
_FOLDER = "assets/cards"


def name_of(url: str) -> str:
    """Return the path of the picture of a page; all generated pages have the same one."""
    name = url.strip("/") or "index"
    return f"{_FOLDER}/{'index' if name.startswith('reference') else name.replace('/', '-')}.png"


def write(site: Path, title: str, pages: dict[str, str]) -> None:
    """Write the pictures into the folder of the site."""
    (site / _FOLDER).mkdir(parents=True, exist_ok=True)
    for path, text in pages.items():
        if not path.startswith("reference/"):
            found = re.search(r"^# (.+)$", text, re.MULTILINE)
            heading = re.sub(r"[`*]", "", found[1]) if found else title
            url = re.sub(r"(?:index)?\.md$", "", path)
            _card(title, heading).save(site / name_of(url), optimize=True)


def _card(title: str, heading: str) -> Image.Image:
    image = Image.new("RGB", _SIZE, _BACK)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 16, _SIZE[1]), fill=_ACCENT)
    draw.text((_MARGIN, _MARGIN), title, font=ImageFont.truetype(str(path_of("Roboto-Regular")), 40), fill=_ACCENT)
    font = ImageFont.truetype(str(path_of("Roboto-Bold")), 72)
    draw.multiline_text((_MARGIN, 220), _wrapped(draw, heading, font), font=font, fill=_INK, spacing=18)
    return image.quantize(16)


def _wrapped(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont) -> str:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.textlength(longer, font=font) > _SIZE[0] - 2 * _MARGIN:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines[:4])
