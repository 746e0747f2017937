"""Writing YAML: what is quoted, and that every reader reads it alike."""

from __future__ import annotations

import pytest
import yaml

from generator.document.dump import dump
from generator.document.read import read

from ..conftest import Write

WORDS = ["yes", "No", "on", "OFF", "y", "N", "true", "null", "~", "", "012", "0o17", "0x1F", "1e3", "1E-3", "1.", ".5"]
WORDS += ["+1", "1_000", "12:30", "2024-10-01", "-", "- a", "a: b", "a #b", "#a", "*a", "&a", "!a", "<<", "=", "%a"]
WORDS += ["@a", "`a", " a", "a ", "a\nb", "a\n", "\ta", "é", "\u2028", "\x85", "\x7f", "𝄞", "a" * 300, "word " * 60]


@pytest.mark.parametrize("word", WORDS)
def test_strings_stay_strings_in_yaml_1_1_and_1_2(write: Write, word: str) -> None:
    """Whatever a string looks like, readers of both versions of YAML read it back."""
    text = dump({"key": word, word: [word]})
    assert yaml.safe_load(text) == {"key": word, word: [word]}
    assert read(write(text)).data == {"key": word, word: [word]}


@pytest.mark.parametrize(("word", "text"), [("1e3", "'1e3'"), ("y", "'y'"), ("0o17", "'0o17'"), ("plain", "plain")])
def test_strings_are_quoted_where_they_need_it(word: str, text: str) -> None:
    """Only a string that some reader would take for something else is quoted."""
    assert dump({"key": word}) == f"key: {text}\n"


@pytest.mark.parametrize("number", [0, -1, 10**30, 0.5, 1e30, 1e-7, -0.0])
def test_numbers_stay_numbers(write: Write, number: float) -> None:
    """Numbers keep their value and type."""
    found = read(write(dump({"key": number}))).data["key"]
    assert (type(found), found) == (type(number), number)


def test_shared_objects_are_written_out() -> None:
    """No anchors and aliases: a shared object is written in full each time."""
    shared = {"a": 1}
    assert dump({"x": shared, "z": shared}) == "x:\n  a: 1\nz:\n  a: 1\n"
