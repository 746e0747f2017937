"""The fonts of the site, from a package: a page asks no other host for anything."""

from __future__ import annotations

from pathlib import Path

import font_roboto

_FACES = {"Roboto-Regular": (400, "normal"), "Roboto-Italic": (400, "italic"), "Roboto-Bold": (700, "normal")}


def path_of(face: str) -> Path:
    """Return the file of a face, such as Roboto-Bold."""
    return Path(font_roboto.__file__).parent / "files" / f"{face}.ttf"


def files() -> dict[str, bytes | str]:
    """Return the fonts and their style sheet by path in the site."""
    rules = "".join(
        f'@font-face {{ font-family: "Roboto"; font-weight: {weight}; font-style: {style}; font-display: swap;'
        f' src: url("{face}.ttf") format("truetype"); }}\n'
        for face, (weight, style) in _FACES.items()
    )
    faces: dict[str, bytes | str] = {f"assets/fonts/{face}.ttf": path_of(face).read_bytes() for face in _FACES}
    return {**faces, "assets/fonts/fonts.css": rules}
