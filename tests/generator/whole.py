"""The pinned document and what is built of it: once in a process, and for reading alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from generator.compare import surface as surfaces
from generator.document import overlay
from generator.document.load import load
from generator.document.read import Document
from generator.ir import Api
from generator.normalise.repeats import without_repeats
from generator.render import build_api

from .mini import quiet

ROOT = Path(__file__).parents[2]


@cache
def pinned() -> Document:
    """Return the pinned document."""
    return load(ROOT / "spec" / "openapi.yaml")


@cache
def corrected() -> dict[str, Any]:
    """Return the pinned document with the corrections of its overlay, without schemas that repeat others."""
    return without_repeats(overlay.apply(pinned().data, ROOT / "spec" / "overlay.yaml")[0]).document


@cache
def api() -> Api:
    """Return the intermediate representation."""
    return build_api(corrected(), quiet())


@cache
def surface() -> surfaces.Surface:
    """Return what the SDK offers."""
    return surfaces.surface(api(), "pinned", corrected())
