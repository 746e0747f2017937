"""Install the servers where Node is, and run the contract tests; say so clearly where Node is not."""

from __future__ import annotations

import signal
import sys

import pytest

from .node import CACHE, HERE, Unavailable, install, installed, need_node

#: Left where the tests ran and passed, for .ci/run to find: a skip must not pass for a success where Node is.
RAN = CACHE / "ran"


class _Count:
    """Count what was skipped: nothing may be."""

    skipped = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take note of one part of a test."""
        self.skipped += report.skipped


def main(arguments: list[str]) -> int:
    """Return the exit code: 0 where the tests passed or cannot run, else 1."""
    # Ended by another program, the servers must be stopped too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    RAN.unlink(missing_ok=True)
    try:
        need_node()
    except Unavailable as reason:
        print(f"contract tests SKIPPED: {reason}. They need two servers that run on it; all other tests do not.")
        return 0
    try:
        if not installed():
            print("Installing the servers (once, some seconds) ...", flush=True)
        install()
    except (RuntimeError, OSError) as error:
        print(f"contract tests FAILED: the servers cannot be installed: {error}", file=sys.stderr)
        return 1
    count = _Count()
    others = f"--ignore={HERE / 'official'}"  # `make compat` runs it
    code = int(pytest.main([str(HERE), others, "--durations=3", *arguments], plugins=[count]))
    if code == 0 and count.skipped:
        print(f"contract tests FAILED: {count.skipped} were skipped, and none may be", file=sys.stderr)
        return 1
    if code == 0:
        RAN.touch()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
