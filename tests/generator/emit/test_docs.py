"""Docstrings: there for every operation that people meet daily."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from typing import Any

import pytest

import sdk.api
from generator.ir.operations import OPTION_NAMES
from sdk.operation import Operation

DOCUMENTED = (
    *("chat", "completions", "embeddings", "images", "audio", "files", "models", "moderations", "responses", "batches"),
    *("uploads", "vector_stores", "fine_tuning"),
)


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
