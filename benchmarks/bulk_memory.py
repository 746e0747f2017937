"""python -m benchmarks.bulk_memory [LINES [RESUMED]]: the memory of long runs, against the server of the benchmarks.

A run of 200,000 lines, and one of 2,000,000 lines of which the first half is in the target: the latter takes minutes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .bulk import rows
from .measure import ROOT, Process

#: The most that memory may grow between the first thousand lines and the end, and that a resumed run may have.
GROWTH, RESUMED = 50e6, 250e6
_RUN = """
import json, sys, threading, time
import sdk

def memory():
    with open("/proc/self/status") as file:
        return int(next(line for line in file if line.startswith("VmRSS")).split()[1]) * 1024

def peak():
    with open("/proc/self/status") as file:
        return int(next(line for line in file if line.startswith("VmHWM")).split()[1]) * 1024

found = []
def watch():
    while True:
        done = sum(1 for _ in open(sys.argv[3], "rb")) if not found else 1000
        if done >= 1000 + int(sys.argv[4]):
            found.append(memory())
            return
        time.sleep(0.02)
thread = threading.Thread(target=watch, daemon=True)
if sys.argv[4] == "0":
    open(sys.argv[3], "ab").close()
    thread.start()
with sdk.Client(api_base=sys.argv[1], api_key="k", max_in_flight=64) as client:
    done = sdk.bulk.run(sys.argv[2], sys.argv[3], client=client)
assert done.ok, done
print(json.dumps([found[0] if found else 0, memory(), peak(), done.elapsed, str(done)]))
"""


def run(lines: int, before: int) -> tuple[float, float, float]:
    """Run so many lines, of which the first `before` are done; return memory after 1,000 lines, at the end, at most."""
    with Process("benchmarks.server") as server, tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.jsonl"), Path(folder, "out.jsonl")
        with source.open("w", encoding="utf-8") as file:
            file.writelines(rows(lines))
        if before:
            with target.open("w", encoding="utf-8") as file:
                response: dict[str, Any] = {"status_code": 200, "request_id": None, "body": {"choices": []}}
                for number in range(before):
                    line = {"id": "b", "custom_id": f"r{number}", "response": response, "error": None}
                    file.write(json.dumps(line) + "\n")
        url = f"http://127.0.0.1:{server.first}/v1"
        command = [sys.executable, "-c", _RUN, url, str(source), str(target), str(before)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        first, last, most, _, summary = json.loads(done.stdout)
        print(summary.rpartition(";")[0], file=sys.stderr)
    return first, last, most


def main(lines: int = 200_000, resumed: int = 2_000_000) -> int:
    """Print the figures; exit code 1 where a limit is broken."""
    first, last, _ = run(lines, 0)
    print(f"{lines:,} lines: {first / 1e6:.0f} MB after 1,000, {last / 1e6:.0f} MB at the end")
    _, _, most = run(resumed, resumed // 2)
    print(f"{resumed:,} lines, resumed at the half: {most / 1e6:.0f} MB at most")
    return int(last - first > GROWTH or most > RESUMED)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
