"""Init: write the configuration of a package for a document."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.commands.job import USUAL, package_name, usual_document
from generator.commands.output import SUCCESS, Output
from generator.commands.package import check_name
from generator.commands.parser import program
from generator.config import FILE
from generator.document.load import read_document
from generator.document.location import STDIN, Location
from generator.emit.package import one_line, release
from generator.errors import GeneratorError
from generator.publish.folders import write_atomically

_TEXT = """\
# The configuration of {program}. Paths are relative to this file.
[generate]
spec = {spec}
package = {package}    # import {module}
output = {output}
# overlay = "overlay.yaml"             # corrections; {program} lint --write overlay.yaml
# naming = "operation-ids"             # or "paths"
# lenient = true                       # leave out what cannot be expressed, and list it
# include = ["pets"]                   # only these resources

[package]
name = {name}
version = {version}
description = {description}
# authors = [{{ name = "...", email = "..." }}]
{license}
# urls = {{ Homepage = "https://..." }}
# classifiers = ["Development Status :: 4 - Beta"]
# requires-python = ">=3.11"

# [hooks]
# after = ["cp ../LICENSE ."]          # run in the output folder; check sees what they change

# [templates]
# dir = "templates"                    # files here replace the templates of the same name
"""


def run(options: argparse.Namespace, output: Output) -> int:
    """Write generator.toml into this folder; return the exit code."""
    path = Path(FILE)
    if path.exists() and not options.force:
        raise GeneratorError("there is a configuration already", file=path, hint="edit it, or replace it with --force")
    spec = options.spec or _usual()
    if spec == STDIN:
        raise GeneratorError(
            "a configuration needs a document that stays", hint="save it to a file, and name that with --spec"
        )
    info = read_document(spec).data.get("info")
    facts: Mapping[str, Any] = info if isinstance(info, dict) else {}
    title = one_line(facts.get("title") or "API")
    package = options.package if options.package is not None else package_name(title)
    check_name(package)
    folder = options.out or Path(f"{package.replace('_', '-')}-sdk")
    text = _TEXT.format(
        program=program(), spec=_string(spec), package=_string(package), module=package, output=_string(folder),
        name=_string(package.replace("_", "-")), version=_string(release(one_line(facts.get("version") or ""))),
        description=_string(f"A typed client for {title}"), license=_license(facts.get("license")),
    )  # fmt: skip
    write_atomically(path, text.encode())
    output.data(file=str(path), package=package, output=str(folder), spec=str(spec))
    output.line(f"wrote: {path}")
    output.line(f"next: {program()} lint, then {program()} generate")
    return SUCCESS


def _usual() -> Location:
    found = usual_document()
    if found is None:
        raise GeneratorError(
            f"there is no document in this folder: none of {', '.join(USUAL)}", hint="name one with --spec FILE or URL"
        )
    return found


def _license(raw: Any) -> str:
    """Return the licence of the package as a proposal: a document's licence is that of the document or of the API."""
    name = raw.get("identifier") if isinstance(raw, dict) else None
    return f"# license = {_string(name or 'MIT')}"


def _string(value: object) -> str:
    """Write a basic string of TOML. Source: TOML 1.0.0, String."""
    return json.dumps(str(value), ensure_ascii=False)
