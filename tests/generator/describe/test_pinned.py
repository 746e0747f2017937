"""The descriptions of the pinned document: they say something, and they are ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
import yaml
from attrs import evolve

from generator.describe.apply import described
from generator.describe.coverage import coverage
from generator.describe.source import Descriptions, read_descriptions
from generator.ir import Api, ObjectType

from .. import whole
from ..conftest import ROOT, UPSTREAM

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


@cache
def _described() -> Api:
    return described(whole.api(), whole.corrected(), _texts())


def test_the_pinned_document_is_described() -> None:
    """Every operation and argument has a text, and nine of ten fields of the replies that people read daily."""
    shares = {share.what: share for share in coverage(_described())}
    assert shares["operations"].done == shares["operations"].all
    assert shares["arguments"].done == shares["arguments"].all
    assert shares["fields of replies"].done >= 0.9 * shares["fields of replies"].all


def _bare(api: Api) -> Api:
    """Return an API without its descriptions."""

    def bare(obj: ObjectType) -> ObjectType:
        return evolve(obj, description=None, fields=tuple(evolve(f, description=None) for f in obj.fields))

    schemas = tuple(
        evolve(
            schema,
            description=None,
            inline=tuple(map(bare, schema.inline)),
            body=bare(schema.body) if isinstance(schema.body, ObjectType) else schema.body,
        )
        for schema in api.schemas
    )
    operations = tuple(
        evolve(o, description=None, params=tuple(evolve(p, description=None) for p in o.params)) for o in api.operations
    )
    objects = {name: bare(obj) for name, obj in api.objects.items()}
    return evolve(api, schemas=schemas, operations=operations, objects=objects)


def test_texts_change_descriptions_alone() -> None:
    """With and without the file the API is the same but for its descriptions."""
    assert whole.api() != _described()
    assert _bare(whole.api()) == _bare(_described())
