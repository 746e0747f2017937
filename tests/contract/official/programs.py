"""Programs of frameworks, unchanged, on the face, and the table of docs/other-clients.md on theirs.

The frameworks are installed into the cache folder. Each program of `programs/` runs in a process of its own against the
local server, which says what the program expects.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..node import CACHE, ROOT, Unavailable

if TYPE_CHECKING:
    from sdk.testing import LocalServer

_PROGRAMS = Path(__file__).resolve().parent / "programs"
_START = "import sys, runpy; runpy.run_path(sys.argv[1], run_name='__main__')"
_FACE = f"import sdk.compat.openai as face; face.install(); {_START}"


class Program(NamedTuple):
    """A program: the requirements of its framework, what the server says, in order, and whether it gets the face."""

    requirements: tuple[str, ...]
    script: Callable[[LocalServer], object]
    face: bool = True


def _city(server: LocalServer) -> None:
    server.reply_tool_call("City", name="Rome", people=0)  # instructor asks again: people must be positive
    server.reply_tool_call("City", name="Rome", people=3_000_000)


def _langchain(server: LocalServer) -> None:
    server.reply("Bonjour")
    server.reply("One two")
    server.reply_tool_call("weather", city="Rome")
    server.reply('{"name": "Rome", "people": 3}')


def _pydantic_ai(server: LocalServer) -> None:
    server.reply("From a book.")
    server.reply_tool_call("weather", city="Rome")
    server.reply("It is sunny.")
    server.reply_tool_call("final_result", name="Rome", people=3)
    server.reply("Hello there")
    server.reply("One two")


def _agents(server: LocalServer) -> None:
    server.reply("A haiku")
    server.reply_tool_call("weather", city="Rome")
    server.reply("It is sunny.")
    server.reply("One two")
    server.reply("Hello there")


def _llama_index(server: LocalServer) -> None:
    server.reply("a writer")
    server.reply("Arr")
    server.reply("One two")
    server.reply("Hello there")


PROGRAMS = {
    "instructor": Program(("instructor",), _city),
    "langchain": Program(("langchain-openai",), _langchain),
    "pydantic_ai": Program(("pydantic-ai-slim[openai]",), _pydantic_ai),
    "agents": Program(("openai-agents",), _agents),
    "llama_index": Program(("llama-index-llms-openai",), _llama_index),
    "other_clients": Program(("langchain-openai", "litellm"), lambda server: None, face=False),
}


def folder(*, face: bool) -> Path:
    """Return where the frameworks belong that get the face, or those that do not.

    They are apart: pip tries versions for minutes before LiteLLM and the others agree.
    """
    return CACHE / f"{'frameworks' if face else 'clients'}-{sys.implementation.cache_tag}"


def install(*, face: bool) -> None:
    """Install the frameworks that get the face, or the others. Raises: Unavailable with the words of pip."""
    target = folder(face=face)
    if (target / "done").exists():
        return
    CACHE.mkdir(exist_ok=True)
    requirements = [one for program in PROGRAMS.values() if program.face is face for one in program.requirements]
    with tempfile.TemporaryDirectory(dir=CACHE) as building:
        command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
        command += ["--target", building, "--only-binary", ":all:", *requirements]
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise Unavailable(f"pip cannot install the frameworks: {done.stderr.strip()[-300:]}")
        (Path(building) / "done").touch()
        shutil.rmtree(target, ignore_errors=True)
        Path(building).rename(target)
        Path(building).mkdir()  # for the context manager to remove


def run(name: str) -> str:
    """Run a program, and return what is wrong with it, "" for nothing."""
    from sdk.testing import LocalServer  # here: pytest, which runs before, has to import what it imports first

    with LocalServer(allow_unknown=True) as server:
        PROGRAMS[name].script(server)
        kept = {key: value for key, value in os.environ.items() if not key.upper().startswith("OPENAI_")}
        path = os.pathsep.join((str(ROOT), str(folder(face=PROGRAMS[name].face))))
        environment = {
            **kept, "PYTHONPATH": path, "OPENAI_API_KEY": "test-key",
            "OPENAI_BASE_URL": server.url, "OPENAI_API_BASE": server.url, "OPENAI_AGENTS_DISABLE_TRACING": "1",
            "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        }  # fmt: skip
        start = _FACE if PROGRAMS[name].face else _START
        command = [sys.executable, "-c", start, str(_PROGRAMS / f"{name}_program.py")]
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, check=False, timeout=120, cwd=_PROGRAMS
            )
        except subprocess.TimeoutExpired:
            return "did not end within two minutes"
        whole = done.returncode == 0 and done.stdout.strip().endswith("whole")
        return "" if whole else f"{done.stdout}{done.stderr}"[-3000:]


def main() -> int:
    """Run all programs, print what came out, and return the exit code."""
    try:
        for face in (True, False):
            if not (folder(face=face) / "done").exists():
                print("Installing the frameworks (once, some minutes) ...", flush=True)
            install(face=face)
    except Unavailable as reason:
        print(f"programs of frameworks on the face SKIPPED: {reason}")
        return 0
    wrong = {name: problem for name in PROGRAMS if (problem := run(name))}
    for name, problem in wrong.items():
        print(f"the program of {name} fails on the face:\n{problem}")
    print(f"programs of frameworks on the face: {len(PROGRAMS) - len(wrong)} of {len(PROGRAMS)} whole")
    return 1 if wrong else 0
