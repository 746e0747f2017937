"""A process that runs examples of the pages: each in a fork of its own, so that the SDK is imported once for all."""

from __future__ import annotations

import asyncio
import atexit
import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import traceback
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

_ROOT = Path(__file__).parents[1]


class Done(NamedTuple):
    """How an example ended, and what it wrote."""

    code: int
    stdout: str
    stderr: str


class Runner:
    """Runs examples in the order in which they come."""

    def __init__(self) -> None:
        environment = {name: text for name, text in os.environ.items() if not name.startswith("OPENAI_")}
        environment |= {"PYTHONPATH": str(_ROOT), "NO_PROXY": "127.0.0.1"}
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", f"from {__name__} import _serve; _serve()"],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def run(self, code: str, folder: Path, **environment: str) -> Done:
        """Run an example in a folder, with more variables of the environment."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"code": code, "folder": str(folder), "environment": environment}) + "\n")
        self._process.stdin.flush()
        return Done(*json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        with self._process as process:
            if process.stdin is not None:
                process.stdin.close()


def _warm_up() -> None:
    """Load what most examples use: what an example imports itself is checked with its types."""
    import_module("sdk.bulk")
    from sdk import ChatSession, Client
    from sdk.testing import LocalServer

    with LocalServer() as server, Client(api_base=server.url, api_key="test-key") as client:
        ChatSession(client).send("Hi")
        client.responses.create.stream(input="Hi", model="m").final()
        asyncio.run(client.chat.create.asyncio(model="m", messages=[{"role": "user", "content": "Hi"}]))


def _serve() -> None:
    _warm_up()
    gc.freeze()  # the child's collection at its end looks at its own objects only
    for line in sys.stdin:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
            child = os.fork()
            if child == 0:
                os.dup2(out.fileno(), 1)
                os.dup2(error.fileno(), 2)
                os._exit(_example(json.loads(line)))
            status = os.waitpid(child, 0)[1]
            texts = [_text(out), _text(error)]
        print(json.dumps([os.waitstatus_to_exitcode(status), *texts]), flush=True)


def _text(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode())


def _example(given: dict[str, Any]) -> int:
    """Run the code as the program of this process, end it as a program ends, and return its exit code."""
    os.chdir(given["folder"])
    os.environ.update(given["environment"])
    sys.modules["__main__"] = module = ModuleType("__main__")
    code = 0
    try:
        exec(compile(given["code"], "<example>", "exec"), vars(module))
    except BaseException:
        traceback.print_exc()
        code = 1
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.current_thread():
            thread.join()
    atexit._run_exitfuncs()
    vars(module).clear()
    gc.collect()  # what an example leaves open warns here
    sys.stdout.flush()
    sys.stderr.flush()
    return code
