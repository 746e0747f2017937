"""What the command line loads: help needs no client, no model and no table."""

from __future__ import annotations

import subprocess
import sys

import pytest

_LOADED = (
    "import sys; from sdk._cli import main; "
    "main('sdk', 'sdk.client:Client', 'sdk._cli.people', sys.argv[1:], distribution='d'); "
)
_PRINT = "print('LOADED', *sorted(sys.modules))"


@pytest.mark.parametrize("arguments", [["--help"], ["chat", "--help"], ["chat", "create", "--help"]], ids=" ".join)
def test_help_loads_little(arguments: list[str]) -> None:
    """Help reads the signature of an operation: no client, no model, no description, no library of the output."""
    command = [sys.executable, "-c", _LOADED + _PRINT, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    loaded = set(done.stdout.rpartition("LOADED ")[2].split())
    assert "sdk._cli.tree" in loaded
    assert not loaded & {"rich", "jmespath", "yaml", "orjson", "attrs", "httpx", "sdk.client", "sdk.session", "difflib"}
    assert not {name for name in loaded if name.startswith(("sdk.models", "sdk._core.call", "sdk._core.http"))}
    resources = {name for name in loaded if name.startswith("sdk.api.")} - {"sdk.api._resources"}
    assert resources == (set() if len(arguments) == 1 else {"sdk.api.chat", "sdk.api.chat.messages"} & resources)


def test_without_the_extra_one_line_says_what_to_install() -> None:
    """Without click the command line names the extra, and ends with 2."""
    code = "import sys; sys.modules['click'] = None; from sdk.__main__ import main; sys.exit(main())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    wanted = "sdk: the command line needs more: pip install 'openai-compatible-sdk[cli]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", wanted)
