"""The SDK of a checkout: where its document and its corrections are, and its version."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import NamedTuple

from generator.commands.arguments import DESCRIPTIONS, OVERLAY
from generator.commands.job import root_of
from generator.commands.update import SPEC
from generator.document.location import Location


class Inputs(NamedTuple):
    """What the SDK is generated from."""

    spec: Location
    overlay: Path | None
    descriptions: Path | None


def inputs_of(options: argparse.Namespace) -> Inputs:
    """Return what the options name, else what is at its usual place in the checkout."""
    root = root_of(options)
    spec = options.spec if options.spec is not None else root / SPEC
    return Inputs(spec, overlay_of(options), descriptions_of(options))


def overlay_of(options: argparse.Namespace) -> Path | None:
    """Return the overlay that --overlay names, else the one at its usual place if there is one."""
    return _usual(options.overlay, root_of(options) / OVERLAY)


def descriptions_of(options: argparse.Namespace) -> Path | None:
    """Return the descriptions that --descriptions names, else those at their usual place if there are some."""
    return _usual(options.descriptions, root_of(options) / DESCRIPTIONS)


def _usual(named: Path | None, usual: Path) -> Path | None:
    return named if named is not None else usual if usual.is_file() else None


def version(root: Path) -> str:
    """Return the SDK's version: of the checkout that the report is for; the generator does not import the SDK."""
    try:
        found = re.search(r'__version__ = "([^"]+)"', (root / "sdk/_version.py").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found[1] if found else "0.0.0"
