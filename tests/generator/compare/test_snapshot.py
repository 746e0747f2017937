"""No public name disappears unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.commands import main
from generator.compare.snapshot import compare

from ..commands.test_update import OLD, _new, _write

BEFORE = """# a comment
pets.list(kind, limit*)
Pet: age, name
Empty:
Alias
"""


@pytest.mark.parametrize(
    ("after", "reported"),
    [
        (BEFORE, ""),
        (BEFORE.replace("age, ", ""), "gone      Pet.age"),
        (BEFORE.replace("kind, ", ""), "gone      pets.list.kind"),
        (BEFORE.replace("kind,", "kind*,"), "required  pets.list.kind"),
        (BEFORE.replace("limit*", "limit"), ""),
        (BEFORE.replace("limit*)", "limit*) sends X-A: 1"), "new       pets.list sends X-A: 1"),
        (BEFORE.replace("Alias\n", ""), "gone      Alias"),
        (BEFORE.replace("Empty:\n", "Empty: x\n"), "new       Empty.x"),
        (BEFORE.replace("pets.list", "pets.all"),
         "gone      pets.list\ngone      pets.list.kind\ngone      pets.list.limit\n"
         "new       pets.all\nnew       pets.all.kind\nnew       pets.all.limit"),
    ],
)  # fmt: skip
def test_what_differs(after: str, reported: str) -> None:
    """Names that go and come are told one by one, and arguments that are required now."""
    drift = compare(BEFORE, after)
    assert (str(drift), bool(drift)) == (reported, bool(reported))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout whose public names are committed."""
    root = tmp_path / "checkout"
    for command in ("pin", "generate", "surface"):
        arguments = [str(_write(tmp_path / "1.yaml", OLD)), "--out", str(root / "spec/openapi.yaml")]
        assert main([command, *(arguments if command == "pin" else ["--root", str(root)])]) == 0
    return root


def test_check_fails_where_a_name_went(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """check names what went and how to accept it; surface accepts it."""
    assert (root / "spec/surface.txt").read_text().splitlines()[1:] == ["pets.retrieve(kind)", "Pet: name"]
    assert main(["check", "--root", str(root)]) == 0
    new = _new()
    new["components"]["schemas"]["Pet"]["properties"].pop("name")
    new["components"]["schemas"]["Pet"].pop("required")
    assert main(["pin", str(_write(tmp_path / "2.yaml", new)), "--out", str(root / "spec/openapi.yaml")]) == 0
    assert main(["generate", "--root", str(root)]) == 0
    capsys.readouterr()
    assert main(["check", "--root", str(root)]) == 1
    reported = capsys.readouterr().out
    assert "gone      Pet.name\nrequired  pets.retrieve.kind\nnew       Pet.age" in reported
    assert "make surface" in reported
    assert main(["surface", "--root", str(root)]) == 0
    assert main(["check", "--root", str(root)]) == 0


def test_an_update_accepts_what_its_page_tells(root: Path, tmp_path: Path) -> None:
    """After an update the committed names are the new ones."""
    assert main(["update", str(_write(tmp_path / "2.yaml", _new())), "--root", str(root)]) == 0
    assert (root / "spec/surface.txt").read_text().splitlines()[1:] == ["pets.retrieve(kind*)", "Pet: age, name"]
    assert main(["check", "--root", str(root)]) == 0


def test_the_committed_names_are_those_of_the_pinned_document() -> None:
    """The repository's own file is there, and holds names that people use."""
    text = (Path(__file__).parents[3] / "spec/surface.txt").read_text(encoding="utf-8")
    assert "\nchat.create(" in text
    assert "\nChatCompletion: choices, " in text
