"""A server, and a temporary folder of its own, so that what a cluster leaves there is seen."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sdk.testing import LocalServer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """Start a server, and let the environment name it, which the workers read."""
    with LocalServer() as started:
        monkeypatch.setenv("OPENAI_API_BASE", started.url)
        monkeypatch.setenv("OPENAI_API_KEY", "test-key")
        yield started


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a short folder for temporary files, for the sockets of Ray; `tmp_path` lies elsewhere."""
    with tempfile.TemporaryDirectory(prefix="c") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


@pytest.fixture(autouse=True)
def _nothing_is_left() -> None:
    """Libraries of clusters keep pipes and sockets for the next cluster; what they leave in files is looked at."""
