"""Run the fuzzers with many cases: others in each run, but with --medium the same. A failure shows its case."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

from . import MEDIUM, VARIABLE

#: How many times as many cases as `make test`, without --medium.
_LONG = 40


def main(arguments: list[str]) -> int:
    """Return the exit code of pytest."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--medium", action="store_true", help="run for a minute at most, as CI does")
    parser.add_argument("--scale", type=int, help=f"times as many cases as `make test`; by default {_LONG}")
    given, more = parser.parse_known_args(arguments)
    scale = given.scale or (MEDIUM if given.medium else _LONG)
    os.environ[VARIABLE] = str(scale)  # read when the tests are imported, by workers of xdist too
    return int(pytest.main([str(Path(__file__).parent), "-n", "auto", "--timeout", str(60 * scale), *more]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
