"""Install Ray and Dask beside this environment where they can be, and run the tests there; say so clearly elsewhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".cluster"
#: Seconds for the tests, which take two minutes on two processors that have nothing else to do.
_LONGEST = 1200


def _python() -> Path:
    return HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _install() -> str | None:
    """Install what the tests need, once for each pyproject.toml; return why it cannot be, or None."""
    stamp, project = HOME / "installed", ROOT / "pyproject.toml"
    if stamp.exists() and stamp.stat().st_mtime >= project.stat().st_mtime:
        return None
    print("Installing Ray and Dask beside this environment (once, some minutes, a gigabyte) ...", flush=True)
    if not _python().exists():
        venv.create(HOME, with_pip=True)
    command = [str(_python()), "-m", "pip", "install", "--disable-pip-version-check", "-q", "-e", ".[cluster]"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        return f"pip cannot install Ray and Dask ({lines[-1] if lines else 'no reason is given'})"
    stamp.touch()
    return None


def main(arguments: list[str]) -> int:
    """Return the exit code: 0 where the tests passed, or the libraries cannot be had, else 1."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    problem = _install()
    if problem is not None:
        print(f"tests on clusters SKIPPED: {problem}. They need both libraries; all other tests do not.")
        return 0
    command = [str(_python()), "-m", "pytest", "tests/cluster", "--show-capture=no", "-s", *arguments]
    with subprocess.Popen(command, cwd=ROOT, start_new_session=True) as process:
        try:
            return process.wait(_LONGEST)
        except BaseException as error:  # the processes of a cluster end with it
            os.killpg(process.pid, signal.SIGKILL)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            print(f"tests on clusters take longer than {_LONGEST} s", file=sys.stderr)
            return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
