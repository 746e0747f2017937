"""Docstrings of any text: what is generated parses, and says what the document says."""

from __future__ import annotations

import ast
import inspect
import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.emit.prose import arguments, docstring, noted
from generator.ir import Fact

from ..mini import imported

#: Texts that end in quotes and backslashes, of which some are escaped already.
ENDINGS = ('"""', '""""', '"""""""', '"', '\\"', '\\\\"', '"""\\', '\\"""', 'a """\n\nb """', "'\"'")


@pytest.mark.parametrize("text", ENDINGS)
def test_a_docstring_is_the_text(text: str) -> None:
    """Whatever a description ends in, its docstring is one str and has the same words."""
    for value in (text, f"the text {text}"):
        assert ast.literal_eval(f'"""{docstring(value)}"""').split() == value.split()


def test_every_short_text_is_a_docstring() -> None:
    """All texts of up to five quotes, backslashes, letters and spaces come back as they are."""
    for size in range(1, 6):
        for letters in itertools.product('"\\a ', repeat=size):
            text = "x" + "".join(letters)
            assert ast.literal_eval(f'"""{docstring(text)}"""').split() == text.split()


@pytest.mark.parametrize("text", ENDINGS)
def test_descriptions_of_every_place(text: str, tmp_path: Path) -> None:
    """Schemas, properties, operations and parameters may be described so; the generated package imports."""
    about = {"description": f"The text {text}"}
    parameter = {"name": "q", "in": "query", "schema": {"type": "string"}, **about}
    reply = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Cat"}}}}
    find = {"x-sdk-name": "cats.find", "parameters": [parameter], "responses": {"200": reply}, **about}
    paths = {"/cats": {"get": find}}
    schemas = {"Cat": {"properties": {"name": {"type": "string", **about}}, **about}}
    with imported(tmp_path, yaml.safe_dump(schemas), yaml.safe_dump(paths), "quoted") as package:
        found: Any = package
        assert inspect.cleandoc(found.models.Cat.__doc__).split() == about["description"].split()
        assert " ".join(text.split()) in " ".join(found.api.cats.find.__doc__.split())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("How many.", " Minimum 1; maximum 2000; the server's default is 20."),
        ("How many, 1 to 2,000; the default is 20.", ""),
        ("From 1 up.", " Minimum 1; maximum 2000; the server's default is 20."),
        ("By ISO 639-1, below 2000.", " Minimum 1; maximum 2000; the server's default is 20."),
    ],
)
def test_no_fact_stands_there_twice(text: str, sentence: str) -> None:
    """A description that has all limits, or the default, is not followed by them; half of a range is none."""
    facts = [Fact("minimum", 1, "minimum 1"), Fact("maximum", 2000, "maximum 2000")]
    facts.append(Fact("default", 20, "the server's default is 20"))
    assert noted(text, facts, deprecated=False) == text + sentence


def test_links_are_not_broken() -> None:
    """A paragraph with a link is not broken at hyphens."""
    link = "https://a.example/" + "-".join(["word"] * 25)
    assert link in docstring(f"See {link}.")
    assert link in arguments([("a", f"See {link}.")])


def test_a_description_without_its_full_stop() -> None:
    """It gets one before the facts."""
    fact = Fact("default", False, "the server's default is False")
    assert noted("Only the pets", (fact,), False) == "Only the pets. The server's default is False."
    assert noted("Only the pets", (), False) == "Only the pets"


def test_a_name_with_hyphens_stays_whole() -> None:
    """A line breaks at a space: a model's name in two lines cannot be searched for, and is another word."""
    text = f"{'x' * 90} text-embedding-3"
    assert "\n    text-embedding-3\n" in docstring(text)
    assert arguments([("a", text)]).endswith("\n            text-embedding-3")
