"""What IPython shows of a form, and what it completes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .places import TEMPERATURE

_ROOT = Path(__file__).parents[2]
_ASK = """
import json, warnings
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from sdk import Client
from sdk.api.chat import create
client = Client(api_key="k")
shell = InteractiveShell.instance()
shell.push({"create": create, "client": client})
def complete(code):
    with provisionalcompleter():
        return [found.text for found in shell.Completer.completions(code, len(code))]
told = {form: shell.inspector.info(value, oname=form) for form, value in
        {"create.sync": create.sync, "client.chat.create.sync": client.chat.create.sync}.items()}
print(json.dumps({
    "told": {form: [str(info["definition"]), info["docstring"], info["call_def"]] for form, info in told.items()},
    "completed": {code: complete(code) for code in
                  ("create.sync(temp", "client.chat.create.stream(mess", "client.fi", "client.chat.cr", "create.str")},
}))
"""


def _asked(folder: str) -> Any:
    """Ask IPython in a process of its own: it opens files in the home directory, and keeps them open."""
    done = subprocess.run(
        [sys.executable, "-c", _ASK], cwd=_ROOT, capture_output=True, text=True, timeout=50, check=False,
        env={**os.environ, "IPYTHONDIR": folder, "HOME": folder},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give what IPython says."""
    pytest.importorskip("IPython", reason="needs IPython, which the extra dev has")
    return _asked(str(tmp_path_factory.mktemp("ipython")))


@pytest.mark.parametrize("form", ["create.sync", "client.chat.create.sync"])
def test_what_is_shown(asked: Any, form: str) -> None:
    """`create.sync?` shows the arguments with their types, and the docstring, bound to a client or not."""
    definition, docstring, called = asked["told"][form]
    assert called is None  # a second signature, (*args, **kwargs), would follow
    assert "    temperature: float | None | Unset = UNSET,\n" in definition
    assert definition.endswith(") -> ChatCompletion")
    assert TEMPERATURE in docstring


@pytest.mark.parametrize(
    ("code", "completed"),
    [
        ("create.sync(temp", ["temperature="]),
        ("client.chat.create.stream(mess", ["messages="]),
        ("client.fi", ["files", "fine_tuning"]),
        ("client.chat.cr", ["create"]),
        ("create.str", ["stream"]),
    ],
)
def test_what_is_completed(asked: Any, code: str, completed: list[str]) -> None:
    """Arguments, forms and resources complete."""
    assert asked["completed"][code] == completed
