"""Diff: what one document changes against another, for callers."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from generator import pipeline
from generator.commands import checkout
from generator.commands.arguments import OVERLAY
from generator.commands.job import config_of, is_sdk, policy_of, root_of
from generator.commands.output import FOUND, SUCCESS, Output
from generator.compare.diff import Diff, compare
from generator.compare.report import FORMATS
from generator.document.location import STDIN
from generator.emit.package import release
from generator.errors import GeneratorError


def run(options: argparse.Namespace, output: Output) -> int:
    """Compare two documents; the exit code is that of --fail-on."""
    for path in (options.old, options.new):
        if isinstance(path, Path) and path != STDIN and not path.is_file():
            raise GeneratorError("there is no such file", file=path, hint="check the path")
    as_packages = options.package
    options.package, options.out, options.spec = None, None, None  # as the other commands have them
    if as_packages or not is_sdk(options):
        diff, version, overlay = _packages(options, output)
        text = FORMATS[options.format](diff, version).replace("spec/overlay.yaml", overlay)
    else:
        diff, version = _sdk(options, output)
        text = FORMATS[options.format](diff, version)
    if output.machine:
        output.data(**json.loads(FORMATS["json"](diff, version)))
    output.text(text)
    found = {"never": (), "breaking": diff.breaking, "any": diff.changes}[options.fail_on]
    return FOUND if found else SUCCESS


def _packages(options: argparse.Namespace, output: Output) -> tuple[Diff, str, str]:
    """Return the difference of two packages, the version of the old one, and how to name their overlay."""
    config, progress = config_of(options), output.progress()
    overlay, policy = options.overlay or config.overlay, policy_of(options, config)
    old, new = (pipeline.surface_of_package(path, overlay, progress, policy) for path in (options.old, options.new))
    progress.done()
    version = str(config.metadata.get("version") or release(old.release))
    return compare(old, new), version, str(overlay or "an overlay (--overlay FILE)")


def _sdk(options: argparse.Namespace, output: Output) -> tuple[Diff, str]:
    if options.lenient:
        raise GeneratorError("--lenient is for packages of their own", hint="say so with --package")
    overlay, progress = checkout.overlay_of(options), output.progress()
    if overlay is None:
        output.warn(
            f"no overlay: there is no {root_of(options) / OVERLAY}; name one with --overlay FILE, or the "
            "checkout with --root DIR"
        )
    old = pipeline.surface_of(options.old, overlay, progress)
    new = pipeline.surface_of(options.new, overlay, progress)
    progress.done()
    return compare(old, new), checkout.version(root_of(options))
