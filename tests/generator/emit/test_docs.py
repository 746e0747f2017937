"""Docstrings: there for every operation that people meet, and in words of our own."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import sdk.api
from generator.ir.operations import OPTION_NAMES
from sdk.operation import Operation

ROOT = Path(__file__).resolve().parents[3]
UPSTREAM = ROOT.parent / "shared" / "upstream" / "openapi-2026-08-21.yaml"
DOCUMENTED = (
    *("chat", "completions", "embeddings", "images", "audio", "files", "models", "moderations", "responses", "batches"),
    *("uploads", "vector_stores", "fine_tuning"),
)
#: So many words in a row are no accident.
ROW = 8


def operations() -> dict[str, Operation[Any, Any]]:
    """Return the operations of the resources that must be documented, by name."""
    found = {}
    for module in pkgutil.walk_packages(sdk.api.__path__, "sdk.api."):
        if module.name.split(".")[2] in DOCUMENTED:
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, Operation):
                    found[value.name] = value
    return found


@pytest.mark.parametrize("name", sorted(operations()))
def test_an_operation_says_what_it_does_and_what_it_takes(name: str) -> None:
    """The first line is a sentence, and every argument has words of its own besides its facts."""
    operation = operations()[name]
    text = inspect.cleandoc(operation.__doc__ or "")  # Python 3.13 takes the indentation away itself
    assert re.match(r"[A-Z][^/]+\.", text)
    said = dict(re.findall(r"^ {4}(\w+): ([^(\s].*)", text, re.MULTILINE))
    arguments = [a for a in inspect.signature(operation.__wrapped__).parameters if a not in (*OPTION_NAMES, "options")]
    assert [a for a in arguments if a not in said] == []


@pytest.mark.skipif(
    not UPSTREAM.is_file(),
    reason="needs ../shared/upstream/, the upstream document, which the repository does not hold",
)
def test_the_words_are_our_own() -> None:
    """No run of eight words of the overlay stands in the upstream document."""
    overlay = yaml.load((ROOT / "spec" / "overlay.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    theirs = set(rows(UPSTREAM.read_text(encoding="utf-8")))
    ours = [text for action in overlay["actions"] for text in texts(action.get("update", {}))]
    assert len(ours) > 200
    assert [row for text in ours for row in rows(text) if row in theirs] == []


def texts(node: Any) -> Iterator[str]:
    """Yield the descriptions of an update."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from [value] if key == "description" and isinstance(value, str) else texts(value)


def rows(text: str) -> Iterator[tuple[str, ...]]:
    """Yield every run of words."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return zip(*(words[n:] for n in range(ROW)), strict=False)
