"""The official package, pinned in pyproject.toml, in a folder of the cache, and the process that calls it."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..node import CACHE, ROOT, Unavailable

_WORKER = Path(__file__).with_name("worker.py")


def pin() -> str:
    """Return the requirement, such as openai==1.2.3: that of the extra `bench`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (requirement,) = project["optional-dependencies"]["bench"]
    return str(requirement)


def folder() -> Path:
    """Return where the package belongs: another version or interpreter, another folder."""
    return CACHE / f"{pin().replace('==', '-')}-{sys.implementation.cache_tag}"


def installed() -> bool:
    """Return whether the package is there, with all that it needs."""
    return (folder() / "done").exists()


def install() -> None:
    """Install the package. Raises: Unavailable with the words of pip."""
    if installed():
        return
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as building:
        command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--retries", "1"]
        command += ["--target", building, pin()]
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            reported = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr.strip()]
            raise Unavailable(f"pip cannot install {pin()}: {reported[-1]}")
        (Path(building) / "done").touch()
        shutil.rmtree(folder(), ignore_errors=True)
        Path(building).rename(folder())
        Path(building).mkdir()  # for the context manager to remove


class Official:
    """The official package in a process of its own, so that its dependencies are not ours."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def parameters(self, method: str) -> list[str]:
        """Return the names of the parameters of a method."""
        names: list[str] = self._ask({"method": method})["parameters"]
        return names

    def call(self, method: str, arguments: Mapping[str, Any]) -> str | None:
        """Call a method; return what it raised, as text."""
        error: str | None = self._ask({"method": method, "arguments": _encoded(dict(arguments))})["error"]
        return error

    def _ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the process of the official package ended at {question['method']}"
        answer: dict[str, Any] = json.loads(line)
        return answer


def _encoded(value: Any) -> Any:
    if isinstance(value, tuple):
        name, content = value
        return {"$file": name, "base64": base64.b64encode(content).decode()}
    if isinstance(value, dict):
        return {key: _encoded(inner) for key, inner in value.items()}
    return [_encoded(inner) for inner in value] if isinstance(value, list) else value


@contextlib.contextmanager
def running(url: str, **options: Any) -> Iterator[Official]:
    """Run the package for the length of a `with` block, with a client for `url`."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("OPENAI_")}
    environment = {**kept, "PYTHONPATH": str(folder()), "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    command = [sys.executable, str(_WORKER), url, json.dumps(options)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8", env=environment) as process:
        try:
            yield Official(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(60)  # importing it takes long on a busy machine, and so does ending it
