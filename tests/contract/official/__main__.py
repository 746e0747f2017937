"""Install the official package where it can be, and compare; say so clearly where it cannot."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from ..node import Unavailable
from . import package

HERE = Path(__file__).resolve().parent


def main(arguments: list[str]) -> int:
    """Return the exit code: 0 where all is equal or listed, or the package cannot be had, else 1."""
    # Ended by another program, the package's process must be stopped too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if not package.installed():
            print(f"Installing {package.pin()} beside this environment (once, some seconds) ...", flush=True)
        package.install()
    except Unavailable as reason:
        print(f"comparison with the official package SKIPPED: {reason}. It needs that package; all other tests do not.")
        return 0
    return int(pytest.main([str(HERE), *arguments]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
