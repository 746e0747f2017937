"""Run a step in a process of its own: what it costs, and an end if it takes too long."""

from __future__ import annotations

import math
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
#: A process without CPU time, too, ends after so many times its limit.
_CLOCK = 6


@dataclass(frozen=True)
class Run:
    """The end of a process: its exit code (None: out of time), its output, its CPU time and its largest memory."""

    code: int | None
    out: str
    err: str
    seconds: float
    megabytes: float


def run(command: Sequence[str], *, limit: float, cwd: Path = ROOT, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command for at most `limit` seconds of CPU time, or some times that by the clock; its children end too."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=cwd, start_new_session=True,
            env={**os.environ, **(environment or {})},
        )  # fmt: skip
        # CPU time, so that the figures of a busy machine are those of an idle one. A limit of 0 would end at once
        # whatever runs when the clock ticks, a child or the command.
        seconds = math.ceil(limit)
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (seconds, seconds + 1))
        until, late = time.monotonic() + _CLOCK * limit, False
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > until and not late:
                late = True
                os.killpg(process.pid, signal.SIGKILL)
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
        late = late or -process.returncode == signal.SIGXCPU
        printed, problem = _text(out), _text(err)
    used, megabytes = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    return Run(None if late else process.returncode, printed, problem, used, megabytes)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def python(module: str, *arguments: str, limit: float) -> Run:
    """Run a module of this repository."""
    return run([sys.executable, "-m", module, *arguments], limit=limit)
