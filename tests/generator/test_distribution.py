"""The generator's own distribution says the same as the checkout that it is built from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

from generator._version import __version__
from generator.commands.arguments import parser
from generator.config import TOOL
from generator.runtime.source import ROOMS

from .conftest import ROOT


def project(folder: Path) -> Any:
    """Return the project table of a folder."""
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]


OURS, SDKS = project(ROOT / "generator"), project(ROOT)


def test_its_version_is_that_of_the_runtime() -> None:
    """Packages carry the runtime of this version along."""
    assert f'__version__ = "{__version__}"' in (ROOT / "sdk/_version.py").read_text(encoding="utf-8")


def test_it_needs_what_the_extra_needs() -> None:
    """The dependencies are those of the SDK's extra, and of the SDK those that the generator imports itself."""
    extra = set(SDKS["optional-dependencies"]["generator"])
    own = {one for one in SDKS["dependencies"] if one.startswith(("attrs", "httpx"))}
    assert set(OURS["dependencies"]) == extra | own


def test_its_licence_is_that_of_the_repository() -> None:
    """A project of its own needs a copy of it."""
    assert (ROOT / "generator/LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_its_wheel_carries_the_rooms_that_packages_need() -> None:
    """The hook of the build, which cannot import the generator, names the same rooms and their place."""
    hook = (ROOT / "generator/hatch_build.py").read_text(encoding="utf-8")
    found = re.search(r"_ROOMS = \(([^)]*)\)", hook)
    assert found is not None
    assert tuple(re.findall(r'"([^"]+)"', found[1])) == ROOMS
    assert '_DATA = "runtime/_sdk"' in hook


def test_the_program_has_one_name() -> None:
    """The console script, the table of a pyproject.toml and the hooks for pre-commit agree, and the hooks run."""
    assert OURS["scripts"] == {TOOL: "generator.__main__:main"}
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    for hook in hooks:
        program, *arguments = hook["entry"].split()
        assert (program, hook["additional_dependencies"]) == (TOOL, ["./generator"])
        assert parser().read(arguments).command == hook["id"].removeprefix(f"{TOOL}-")
