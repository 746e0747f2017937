"""The hook that checks the subject of a commit."""

import subprocess
from pathlib import Path

import pytest

_HOOK = Path(__file__).parents[1] / ".ci/hooks/commit-msg"


def _check(message: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "message").write_text(message, encoding="utf-8")
    return subprocess.run(["sh", str(_HOOK), "message"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "message",
    [
        "Close idle connections\n",
        "Close idle connections\n\nServers close them without notice.\n",
        "# a comment of git\nClose idle connections\n# another\n",
        f"Close {'x' * 66}\n",
        "Merge the rooms of the generator\n",
        "fixup! close\n",
    ],
)
def test_takes_a_good_message(tmp_path: Path, message: str) -> None:
    """An imperative subject of at most 72 characters passes, with or without a body."""
    done = _check(message, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (f"Close {'x' * 67}\n", "73 characters"),
        ("Close idle connections.\n", "ends in a period"),
        ("close idle connections\n", "lower-case"),
        ("Close idle connections\nand others\n", "empty line"),
        ("Merge branch 'main' into gen\n", "a merge needs a name"),
        ("Merge branch 'main'\n", "a merge needs a name"),
        ("\n", "empty"),
    ],
)
def test_refuses_a_bad_message(tmp_path: Path, message: str, reason: str) -> None:
    """Any other subject is refused, and the error says why."""
    done = _check(message, tmp_path)
    assert done.returncode == 1
    assert reason in done.stderr
