"""The server as a program."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from sdk.testing import LocalServer

_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = [sys.executable, "-W", "error", "-m", "sdk.testing"]


@contextmanager
def _program(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    program = subprocess.Popen(
        [*_COMMAND, *arguments], cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with program:
        try:
            yield program
        finally:
            program.kill()


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*_COMMAND, *arguments], cwd=_ROOT, capture_output=True, text=True, timeout=30, check=False)


def _greeting(program: subprocess.Popen[str]) -> dict[str, str]:
    assert program.stdout is not None
    assert program.stdout.readline().startswith("Serving http://127.0.0.1:")
    program.stdout.readline()
    lines = [program.stdout.readline().strip().removeprefix("export ") for _ in range(3)]
    return dict(line.split("=", 1) for line in lines)


def test_prints_the_environment_to_set_and_ends_quietly() -> None:
    """The program names the variables, serves what they say, and Ctrl-C ends it without a word."""
    with _program("--port", "0", "--api-key", "k1") as program:
        environment = _greeting(program)
        headers = {"authorization": f"Bearer {environment['OPENAI_API_KEY']}"}
        reply = httpx.get(f"{environment['OPENAI_API_BASE']}/models", headers=headers, trust_env=False)
        assert (reply.status_code, environment["OPENAI_BASE_URL"]) == (200, environment["OPENAI_API_BASE"])
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=30)
        assert (program.returncode, out.strip(), err) == (0, "", "")


def test_takes_every_caller_with_an_empty_key() -> None:
    """An empty --api-key asks for none."""
    with _program("--port", "0", "--api-key", "") as program:
        environment = _greeting(program)
        assert environment["OPENAI_API_KEY"]
        assert httpx.get(f"{environment['OPENAI_API_BASE']}/models", trust_env=False).status_code == 200


def test_says_that_a_port_is_taken() -> None:
    """A port in use gives exit code 1 and one line that names it."""
    with LocalServer() as server:
        done = _run("--port", str(server.port))
    assert (done.returncode, done.stdout) == (1, "")
    reason = os.strerror(errno.EADDRINUSE)
    assert done.stderr == f"python -m sdk.testing: cannot listen on 127.0.0.1 port {server.port}: {reason}\n"


def test_refuses_a_port_out_of_range() -> None:
    """A port that cannot be is a usage error."""
    done = _run("--port", "65536")
    assert done.returncode == 2
    assert "must be a number from 0 to 65535" in done.stderr


def test_names_every_option_in_its_help() -> None:
    """--help names the options."""
    done = _run("--help")
    assert done.returncode == 0
    for option in ("--host", "--port", "--api-key", "--latency", "--tokens-per-second", "--allow-unknown", "--version"):
        assert option in done.stdout


def test_names_the_extra_that_is_missing() -> None:
    """Without Starlette the program ends with code 1 and the command that installs it."""
    code = (
        "import sys; sys.modules['starlette'] = None; import runpy; sys.argv = ['sdk.testing'];"
        "runpy.run_module('sdk.testing', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 1
    assert 'pip install "openai-compatible-sdk[testing]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_importing_the_package_loads_no_web_framework() -> None:
    """`import sdk.testing` alone imports neither Starlette nor uvicorn, and nothing of the client."""
    code = (
        "import sys, sdk.testing; print(*sorted(m for m in sys.modules"
        " if m.startswith(('starlette', 'uvicorn', 'sdk'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["sdk", "sdk._core", "sdk._core.lazy", "sdk._version", "sdk.testing"]
