"""A command on a terminal of its own: a pty of so many columns."""

from __future__ import annotations

import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from fcntl import ioctl
from types import TracebackType
from typing import Self


class Terminal:
    """A running command; use it in a `with` block."""

    def __init__(self, *arguments: str, columns: int = 80, **environment: str) -> None:
        ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self._fd, self.screen = ours, ""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sdk", *arguments],
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            # A test of another program may have left its size of a terminal in the environment.
            env={**os.environ, "COLUMNS": "", "LINES": "", "TERM": "xterm", **environment},
            # Tests in the background of a shell inherit that it ignores Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        os.close(theirs)

    def wait_for(self, text: str, seconds: float = 30) -> str:
        """Read until the screen has a text after what was seen before; return the screen since then."""
        until = time.monotonic() + seconds
        start = len(self.screen)
        while text not in self.screen[start:]:
            assert time.monotonic() < until, f"{text!r} is not in {self.screen[start:]!r}"
            if not self._read():
                break
        assert text in self.screen[start:], self.screen
        return self.screen[start:]

    def enter(self, line: str) -> None:
        """Type a line."""
        os.write(self._fd, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.killpg(self._process.pid, signal.SIGINT)

    def end(self) -> int:
        """Read to the end, and return the exit code."""
        while self._read():
            pass
        return self._process.wait(30)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._fd], [], [], 30)
        if not ready:
            return False
        try:
            found = os.read(self._fd, 65_536)
        except OSError:  # EIO: the other end is closed
            return False
        self.screen += found.decode(errors="replace").replace("\r\n", "\n")
        return bool(found)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._fd)
