"""The configuration of a package, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.config import find_config, read_config
from generator.document.location import Url
from generator.errors import GeneratorError, Problems

WHOLE = """\
[generate]
spec = "openapi.yaml"
overlay = "overlay.yaml"
descriptions = "words.yaml"
output = "out"
naming = "paths"
lenient = true
include = ["pets"]

[package]
name = "acme-pets"
version = "1.2.3"
urls = { Home = "https://a.example" }

[hooks]
after = ["ruff format ."]

[templates]
dir = "mine"
"""


def test_a_whole_configuration(tmp_path: Path) -> None:
    """Paths are relative to the file; the name to import follows the name of the distribution."""
    (tmp_path / "generator.toml").write_text(WHOLE)
    found = read_config(tmp_path / "generator.toml")
    assert (found.spec, found.overlay, found.output) == (
        tmp_path / "openapi.yaml", tmp_path / "overlay.yaml", tmp_path / "out",
    )  # fmt: skip
    assert (found.package, found.naming, found.lenient, found.include) == ("acme_pets", "paths", True, ("pets",))
    assert (found.metadata["version"], found.after, found.templates) == ("1.2.3", ("ruff format .",), tmp_path / "mine")


def test_a_url_stays_a_url(tmp_path: Path) -> None:
    """A document of a server is no path below the folder."""
    (tmp_path / "generator.toml").write_text('[generate]\nspec = "https://a.example/o.yaml"\n')
    assert read_config(tmp_path / "generator.toml").spec == Url("https://a.example/o.yaml")


def test_a_table_of_a_project(tmp_path: Path) -> None:
    """[tool.sdkwright] of a pyproject.toml does the same; generator.toml comes first, other projects are none."""
    project = tmp_path / "pyproject.toml"
    project.write_text("[project]\nname = 'x'\n")
    assert find_config(tmp_path) is None
    project.write_text("[tool.sdkwright.generate]\npackage = 'pets'\n")
    assert find_config(tmp_path) == project
    assert read_config(project).package == "pets"
    (tmp_path / "generator.toml").write_text("")
    assert find_config(tmp_path) == tmp_path / "generator.toml"


@pytest.mark.parametrize(
    ("text", "line", "problem", "hint"),
    [
        ("[generate]\nouput = 'x'\n", 2, "'ouput' is unknown in [generate]", "did you mean 'output'?"),
        ("\n[pakage]\nname = 'x'\n", 2, "'pakage' is unknown here", "did you mean 'package'?"),
        ("spec = 'x'\n", 1, "'spec' is unknown here", "write it in [generate]"),
        ("[generate]\nspec = 'a'\nlenient = 1\n", 3, "'lenient' must be true or false", "write lenient = true"),
        ("[generate]\nnaming = 'path'\n", 2, "'naming' is 'path'", "did you mean 'paths'?"),
        ("[package.urls]\nHome = 1\n", 1, "'urls' must be a table of strings", 'write urls = {Home = "https://..."}'),
        ("hooks = 1\n", 1, "'hooks' must be a table", "write [hooks]"),
        ("[hooks]\nzzzzz = 1\n", 2, "'zzzzz' is unknown in [hooks]", "the keys are after"),
    ],
)
def test_what_means_nothing_is_an_error(tmp_path: Path, text: str, line: int, problem: str, hint: str) -> None:
    """Unknown keys and wrong values have their line, and what was meant."""
    path = tmp_path / "generator.toml"
    path.write_text(text)
    with pytest.raises(GeneratorError) as caught:
        read_config(path)
    error = caught.value
    assert (error.file, error.line, error.problem, error.hint) == (path, line, problem, hint)


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    """Two mistakes are one report; in a pyproject.toml the tables have their whole names."""
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.sdkwright.generate]\na1 = 1\n[tool.sdkwright.hooks]\nb1 = 2\n")
    with pytest.raises(Problems) as caught:
        read_config(path)
    assert [(one.line, one.problem) for one in caught.value.errors] == [
        (2, "'a1' is unknown in [tool.sdkwright.generate]"), (4, "'b1' is unknown in [tool.sdkwright.hooks]"),
    ]  # fmt: skip


def test_broken_toml_has_its_line(tmp_path: Path) -> None:
    """A file that is no TOML says where."""
    path = tmp_path / "generator.toml"
    path.write_text("[generate]\nspec = \n")
    with pytest.raises(GeneratorError, match="broken TOML") as caught:
        read_config(path)
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('name = "a b"', "'name' is 'a b', which cannot be the name of a distribution\n  to fix: write name = \"a-b\""),
        ('version = "next"', "'version' is 'next', which is no version of a Python package\n  to fix: write version ="),
    ],
)
def test_what_pip_cannot_take(tmp_path: Path, line: str, message: str) -> None:
    """A name or a version with which the package could not be built is an error with its line."""
    path = tmp_path / "generator.toml"
    path.write_text(f"[package]\n{line}\n")
    with pytest.raises(GeneratorError) as caught:
        read_config(path)
    assert str(caught.value).startswith(f"{path}:2: {message}")


@pytest.mark.parametrize("version", ["1", "1.0rc1", "2026.1.31", "1!2.0", "1.0.post1", "1.0.dev3", "1.0+local.1"])
def test_versions_of_python_packages(tmp_path: Path, version: str) -> None:
    """Whatever pip takes is a version."""
    (tmp_path / "generator.toml").write_text(f'[package]\nversion = "{version}"\n')
    assert read_config(tmp_path / "generator.toml").metadata["version"] == version
