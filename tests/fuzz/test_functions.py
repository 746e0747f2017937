"""Public functions with odd values: nothing but SDKError, TypeError and ValueError comes out."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdk.errors import SDKError

from .scale import Tally, cases
from .targets import TARGETS, client_of
from .values import Values


@pytest.mark.parametrize("name", TARGETS)
def test_odd_values(name: str, tally: Tally, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is passed, and whatever the server sends, an error is one of the three; paths raise OSError too."""
    target = TARGETS[name]
    allowed = (SDKError, TypeError, ValueError, *([OSError] if target.paths else []))
    monkeypatch.chdir(tmp_path)

    @cases(60)
    @given(st.integers(0, 2**32 - 1))
    def check(seed: int) -> None:
        values = Values(seed)
        tally["calls"] += 1
        with warnings.catch_warnings(), client_of(values) as client:
            warnings.simplefilter("ignore")
            try:
                target.call(values, client, tmp_path)
            except allowed as error:
                tally["errors"] += 1
                assert len(str(error)) < 100_000

    check()
