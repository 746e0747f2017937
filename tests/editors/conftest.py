"""The language server of pyright, started once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .language_server import LanguageServer, LanguageServerError

_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def server() -> Iterator[LanguageServer]:
    """Give the running server. A test is skipped where it cannot start: it needs Node, which pip may not bring."""
    try:
        started = LanguageServer(_ROOT)
    except (LanguageServerError, OSError) as error:
        pytest.skip(f"needs the language server of pyright, which does not start here: {error}")
    with started:
        yield started
