"""Run the command line in this process."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from sdk._cli import main


class Done(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


class CommandLine:
    """Run commands one after the other."""

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured = captured

    def __call__(self, *arguments: str) -> Done:
        code = main("sdk", "sdk.client:Client", "sdk._cli.people", arguments=arguments, distribution="d")
        found = self._captured.readouterr()
        return Done(code, found.out, found.err)
