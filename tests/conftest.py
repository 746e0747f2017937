"""What the whole suite shares: nothing is left open, and the world of a test goes into the JUnit report."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Note the world of tests that are about one alone; those that run in both have it in their name."""
    for item in items:
        marker = item.get_closest_marker("world")
        if marker is not None:
            item.user_properties.append(("world", marker.args[0]))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """Keep modules and the tests themselves out of collections of garbage, of which there are thousands.

    They are a million objects: to look at each takes half a second, which most tests would pay.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_sessionfinish() -> None:
    """Show everything to collections again: what pytest does at its end asks them for the holders of objects."""
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    """Every descriptor that a test opens, sockets and pipes of event loops among them, is closed when it ends."""
    before = descriptors()
    yield
    until = time.monotonic() + 10  # a server in a thread needs a moment to see that its client has gone
    while descriptors() - before and time.monotonic() < until:
        gc.collect()
        time.sleep(0.005)
    assert {name for _, name in descriptors() - before} == set()


def descriptors() -> set[tuple[str, str]]:
    """Return the open descriptors of this process and what they lead to."""
    found = set()
    for entry in list(Path("/dev/fd").iterdir()):
        try:
            found.add((entry.name, os.readlink(entry)))  # noqa: PTH115  # Path.readlink makes a path of socket:[1]
        except OSError:  # the directory's own descriptor
            continue
    return found
