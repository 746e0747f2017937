"""The descriptions of the pinned document: they say something, and they are ours."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
import yaml

from generator import pipeline
from generator.describe.coverage import coverage
from generator.describe.source import Descriptions, read_descriptions

from ..conftest import ROOT, UPSTREAM
from ..mini import quiet

FILE = ROOT / "spec" / "descriptions.yaml"
#: Words that say nothing by themselves.
_EMPTY = "a an and as at be by for from if in into is it its of on one or that the this to where which with the"
_WORD = re.compile(r"[a-z0-9]+")
_RUN = 8


@cache
def _texts() -> Descriptions:
    return read_descriptions(FILE)


def _named() -> Iterator[tuple[str, str]]:
    """Yield every text with the words of its place."""
    texts = _texts()
    for table in (texts.operations, texts.parameters, texts.fields):
        yield from table.items()
    for schema, fields in texts.schemas.items():
        yield from ((f"{schema} {name}", text) for name, text in fields.items())


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _stems(text: str) -> set[str]:
    """Return the words of a name or a text: those of a name in PascalCase apart, without their endings."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return {re.sub(r"(?:ies|es|s|ed|ing|y|e)$", "", word) for word in _words(apart)}


def says_nothing(name: str, text: str) -> bool:
    """Return whether all words of a text stand in the name of what it describes."""
    return not _stems(text) - _stems(name) - _stems(_EMPTY)


@pytest.mark.parametrize(
    ("name", "text", "empty"),
    [
        ("Pet name", "The name of the pet.", True),
        ("FileObject created_at", "When the file object was created.", False),
        ("files.list limit", "The limit of listing files.", True),
        ("Pet name", "At most 20 characters.", False),
    ],
)
def test_the_rule_itself(name: str, text: str, empty: bool) -> None:
    """A text that only repeats the name is found."""
    assert says_nothing(name, text) is empty


def test_every_text_says_something() -> None:
    """No text says only what the name, the type or the class says."""
    assert [(name, text) for name, text in _named() if says_nothing(name, text)] == []


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _words(text)
    yield from (tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def _prose(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key in ("description", "summary", "title") and isinstance(value, str):
                yield value
            else:
                yield from _prose(value)
    elif isinstance(node, list):
        for value in node:
            yield from _prose(value)


@pytest.mark.skipif(
    not UPSTREAM[0].is_file(),
    reason="needs ../shared/upstream/, the upstream document, which the repository does not hold",
)
def test_no_sentence_is_upstreams() -> None:
    """No text has eight words in a row in common with the prose of the upstream document."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = yaml.load(UPSTREAM[0].read_text(encoding="utf-8"), Loader=loader)
    theirs = {run for text in _prose(document) for run in _runs(text)}
    assert len(theirs) > 10_000
    assert [(name, " ".join(run)) for name, text in _named() for run in _runs(text) if run in theirs] == []


def test_the_pinned_document_is_described() -> None:
    """Every operation and argument has a text, and nine of ten fields of the replies that people read daily."""
    built = pipeline.build(ROOT / "spec/openapi.yaml", ROOT / "spec/overlay.yaml", None, quiet(), FILE)
    shares = {share.what: share for share in coverage(built.api)}
    assert shares["operations"].done == shares["operations"].all
    assert shares["arguments"].done == shares["arguments"].all
    assert shares["fields of replies"].done >= 0.9 * shares["fields of replies"].all


def _code(text: str) -> str:
    """Return the code of a file without its docstrings, and without a body that is only `pass`."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.If):
            node.body = [
                one
                for one in node.body
                if not isinstance(one, ast.Pass)
                and not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
            ]
    return ast.dump(tree)


def test_texts_change_docstrings_alone() -> None:
    """With and without the file the generated code is the same."""
    spec, overlay = ROOT / "spec/openapi.yaml", ROOT / "spec/overlay.yaml"
    plain, told = (pipeline.build(spec, overlay, None, quiet(), file).trees for file in (None, FILE))
    for folder, files in plain.items():
        assert files.keys() == told[folder].keys()
        different = [
            name
            for name, text in files.items()
            if text != told[folder][name] and _code(text) != _code(told[folder][name])
        ]
        assert different == []
