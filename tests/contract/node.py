"""Find Node, install the pinned servers into a cache folder, start them on free ports and stop them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".contract-cache"
#: What both servers run on.
LEAST = (20, 15)
_PATIENCE = 30.0
#: Requests to loopback take no proxy.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Unavailable(Exception):
    """There is no Node here that the servers run on; the message says what is missing."""


def need_node() -> None:
    """Raise Unavailable where there is no fitting Node, or no npm."""
    node = shutil.which("node")
    if node is None:
        raise Unavailable("Node is not installed")
    reported = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    found = re.match(r"v(\d+)\.(\d+)", reported)
    if not found or (int(found[1]), int(found[2])) < LEAST:
        raise Unavailable(f"Node is {reported or 'broken'}, and the servers need {LEAST[0]}.{LEAST[1]} or later")
    if shutil.which("npm") is None:
        raise Unavailable("Node is here, but npm is not")


def folder() -> Path:
    """Return where this lock file's packages belong: another lock file, another folder."""
    digest = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    return CACHE / digest[:12]


def installed() -> bool:
    """Tell whether the servers are there, whole."""
    return (folder() / "done").exists()


def install() -> None:
    """Install the pinned servers, running no script of theirs. Raises RuntimeError with npm's words."""
    if installed():
        return
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as building:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, building)
        command = [shutil.which("npm") or "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=building, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"npm ci failed with code {done.returncode}:\n{done.stdout}{done.stderr}")
        (Path(building) / "done").touch()
        shutil.rmtree(folder(), ignore_errors=True)
        Path(building).rename(folder())
        Path(building).mkdir()  # for the context manager to remove


@contextlib.contextmanager
def running(script: str, *arguments: str, health: str) -> Iterator[str]:
    """Run one of the servers for the length of a `with` block; give its base URL, without a path."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [shutil.which("node") or "node", str(folder() / "node_modules" / script), *arguments]
    command += ["--port", str(port), "--host", "127.0.0.1"]
    with tempfile.TemporaryFile() as log:
        # A group of its own: the program starts another one, and both must end.
        server = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            _wait(server, url + health, script)
            yield url
        except RuntimeError as error:
            log.seek(0)
            error.add_note(log.read().decode(errors="replace")[-4000:])
            raise
        finally:
            _stop(server)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _wait(server: subprocess.Popen[bytes], url: str, name: str) -> None:
    limit = time.monotonic() + _PATIENCE
    while time.monotonic() < limit:
        if server.poll() is not None:
            raise RuntimeError(f"{name} ended with code {server.returncode} before it answered")
        try:
            with _OPENER.open(url, timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{name} did not answer on {url} within {_PATIENCE:g} s")


def _stop(server: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(server.pid)], capture_output=True, check=False)
        server.wait(5)
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):  # it has ended
            os.killpg(server.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(5)
            break
    with contextlib.suppress(ProcessLookupError):  # what it had started and left behind
        os.killpg(server.pid, signal.SIGKILL)
