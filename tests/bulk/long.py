"""Long runs that no test takes the time for: python -m tests.bulk.long [batch|kills].

`batch`: 120,000 lines through the Batch API of the local server, killed twice on the way. `kills`: a run that is killed
at 20 random moments.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sdk.testing import LocalServer, State

from .files import batch_line, ids, write

_ROOT = Path(__file__).parents[2]
_LINES = 120_000
_RUN = """
import sys
import sdk
with sdk.Client(api_base=sys.argv[1], api_key="test-key", timeout=7200, max_in_flight=8) as client:
    print(sdk.bulk.run(sys.argv[2], sys.argv[3], via="batch", client=client))
"""


def batch(lines: int) -> None:
    """Run so many lines as batches; kill the process after it has made them, and while it joins the first results."""
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalServer(validate=False, state=State(keep_requests=False)) as server,
    ):
        source, target = Path(folder, "in.jsonl"), Path(folder, "out.jsonl")
        write(source, (batch_line(number) for number in range(lines)))
        command = [sys.executable, "-c", _RUN, server.url, str(source), str(target)]
        began = time.monotonic()
        for moment in ("made", "joined"):
            with subprocess.Popen(command, cwd=_ROOT) as process:
                while process.poll() is None and not _reached(moment, server, target):
                    time.sleep(0.01)
                process.kill()
            print(f"killed when batches were {moment}, after {time.monotonic() - began:.0f} s", flush=True)
        subprocess.run(command, cwd=_ROOT, check=True)
        made = sum(one.get("object") == "batch" for kind in server.state.objects.values() for one in kind.values())
        assert made == -(-lines // 50_000), f"{made} batches: one was made twice"
        assert ids(target) == sorted(f"r{number}" for number in range(lines))
        print(f"{lines:,} lines, {made} batches, killed twice: every line once, {time.monotonic() - began:.0f} s")
        assert sorted(path.name for path in Path(folder).iterdir()) == ["in.jsonl", "out.jsonl"]


def _reached(moment: str, server: LocalServer, target: Path) -> bool:
    if moment == "made":
        return sum(map(len, server.state.objects.values())) >= 1 + (_LINES > 50_000)
    return target.exists() and target.stat().st_size > 0


def main(what: str = "batch", lines: str = str(_LINES)) -> int:
    """Run one of them, and return the exit code."""
    if what == "batch":
        batch(int(lines))
        return 0
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "0",
        "--timeout",
        "900",
        "tests/bulk/test_faults.py",
        "-k",
        "killed_at",
    ]
    return subprocess.run(command, cwd=_ROOT, env={**os.environ, "SDK_KILLS": "20"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
