"""Install the official package where it can be, and compare; run its tests, and programs, on the face.

Say so clearly where something cannot be had. `--all` runs all tests of the package in place of a sample; other
arguments go to the comparison.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from ..node import Unavailable
from . import package, programs, resources

HERE = Path(__file__).resolve().parent


def main(arguments: list[str]) -> int:
    """Return the exit code: 0 where all is equal or listed, or the package cannot be had, else 1."""
    # Ended by another program, the package's process must be stopped too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    everything = "--all" in arguments
    arguments = [one for one in arguments if one != "--all"]
    try:
        if not package.installed():
            print(f"Installing {package.pin()} beside this environment (once, some seconds) ...", flush=True)
        package.install()
    except Unavailable as reason:
        print(f"comparison with the official package SKIPPED: {reason}. It needs that package; all other tests do not.")
        return 0
    codes = [int(pytest.main([str(HERE), *arguments])), resources.main(everything=everything), programs.main()]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
