"""The file of descriptions is read with its mistakes told by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.describe.source import LONGEST, read_descriptions
from generator.errors import GeneratorError


def _read(folder: Path, text: str) -> str:
    path = folder / "descriptions.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GeneratorError) as info:
        read_descriptions(path)
    return str(info.value).replace(f"{folder}/", "")


def test_no_file_gives_no_text() -> None:
    """Without a file there is nothing to say."""
    texts = read_descriptions(None)
    assert not texts.operations
    assert not texts.schemas


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("arguments: {a: b}", "descriptions.yaml:1: at /arguments: there is no section 'arguments'"),
        ("[]", "descriptions.yaml:1: at the top of the document: not a file of descriptions"),
        ("operations:\n  pets.list:", "descriptions.yaml:2: at /operations/pets.list: the text is missing"),
        ("fields:\n  a: 1\n", "descriptions.yaml:2: at /fields/a: the text is missing"),
        ("schemas:\n  Pet: Text", "descriptions.yaml:2: at /schemas/Pet: a table of texts is missing"),
    ],
)
def test_what_is_no_description(tmp_path: Path, text: str, message: str) -> None:
    """A mistake is named with its place."""
    assert _read(tmp_path, text).startswith(message)


@pytest.mark.parametrize(("length", "fits"), [(LONGEST, True), (LONGEST + 1, False)])
def test_the_longest_text(tmp_path: Path, length: int, fits: bool) -> None:
    """A text has at most as many characters as an editor shows at once."""
    text = f"schemas:\n  Pet:\n    name: {'a' * length}\n"
    if not fits:
        assert f"descriptions.yaml:3: at /schemas/Pet/name: the text has {length}" in _read(tmp_path, text)
        return
    (tmp_path / "descriptions.yaml").write_text(text)
    assert len(read_descriptions(tmp_path / "descriptions.yaml").schemas["Pet"]["name"]) == LONGEST
