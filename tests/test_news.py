"""The news fragments of changelog.d: each one parses, and the next release has all of them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_FRAGMENTS = sorted((_ROOT / "changelog.d").glob("*.md"))


def _draft(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "1.2.3", "--dir", str(folder)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=30, check=False)


def test_the_next_release_has_every_fragment() -> None:
    """`towncrier` reads all fragments, and each is a bullet of the release notes."""
    done = _draft(_ROOT)
    assert done.returncode == 0, done.stderr
    bullets = {line.removeprefix("- ") for line in done.stdout.splitlines() if line.startswith("- ")}
    assert {path.read_text(encoding="utf-8").splitlines()[0] for path in _FRAGMENTS} == bullets


@pytest.mark.parametrize("path", _FRAGMENTS, ids=lambda path: path.stem)
def test_a_fragment_is_one_short_bullet(path: Path) -> None:
    """A fragment is named by its topic, and is at most three lines that start with a capital letter or code."""
    text = path.read_text(encoding="utf-8")
    assert re.fullmatch(r"\+[a-z0-9-]+", path.name.partition(".")[0])
    assert re.match(r"[A-Z`\[]", text)
    assert text.endswith(".\n")
    assert text.count("\n") <= 3
    assert max(map(len, text.splitlines())) <= 118


def test_a_fragment_of_an_unknown_type_is_an_error(tmp_path: Path) -> None:
    """A misspelt type does not make a fragment disappear: the release fails."""
    (tmp_path / "changelog.d").mkdir()
    for name in ("pyproject.toml", "changelog.d/template.md.jinja"):
        (tmp_path / name).write_text((_ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "changelog.d/+topic.aded.md").write_text("Something.\n", encoding="utf-8")
    done = _draft(tmp_path)
    assert done.returncode != 0
    assert "+topic.aded.md" in done.stderr
