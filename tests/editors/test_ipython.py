"""What IPython shows of a form, and what it completes: names of arguments, and their values."""

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
import json, sys
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
from sdk import Client
from sdk.api.chat import create
client = Client(api_key="k")
shell.push({"create": create, "client": client})
def complete(code):
    with provisionalcompleter():
        return [found.text for found in shell.Completer.completions(code, len(code))]
told = {form: shell.inspector.info(value, oname=form) for form, value in
        {"create.sync": create.sync, "client.chat.create.sync": client.chat.create.sync}.items()}
print(json.dumps({
    "told": {form: [str(info["definition"]), info["docstring"], info["call_def"]] for form, info in told.items()},
    "completed": {code: complete(code) for code in
                  json.loads(sys.argv[1])},
}))
"""
#: What is typed, and what completes it; of values only how they begin is compared.
_COMPLETED = {
    "create.sync(temp": ["temperature="],
    "client.chat.create.stream(mess": ["messages="],
    "client.fi": ["files", "fine_tuning"],
    "client.chat.cr": ["create"],
    "create.str": ["stream"],
}
_VALUES = {
    'create.sync(model="gpt-4o-mini-a': ["gpt-4o-mini-audio-preview", "gpt-4o-mini-audio-preview-2024-12-17"],
    'client.chat.create.stream(\n    model="m",\n    reasoning_effort="m': ["max", "medium", "minimal"],
    'create.sync(messages=[{"role": "': ["assistant", "developer", "function", "system", "tool", "user"],
    'create.sync(messages=[{"ro': ["role"],
    "create.sync(response_format=": ['{"type": "json_object"}', '{"type": "json_schema"}', '{"type": "text"}'],
    "create.sync(response_format={'type': 'json_": ["json_object", "json_schema"],
    'client.files.list.iter(order="': ["asc", "desc"],
    'print(create.parse(int, model="m", service_tier="fl': ["flex"],
    'print("gpt-4o-mini-a': [],
    'other.sync(model="gpt-4o-mini-a': [],
}
_EXTENSION = """
import json
from IPython.core.completer import provisionalcompleter
from sdk.api.files import create
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.push({"create": create})
def complete(code):
    with provisionalcompleter():
        return [found.text for found in shell.Completer.completions(code, len(code))]
found = [complete('create.sync(purpose="fine-')]
for magic in ("load_ext", "load_ext", "unload_ext"):
    shell.run_line_magic(magic, "sdk")
    found.append(complete('create.sync(purpose="fine-'))
print(json.dumps(found))
"""


def _asked(folder: str, code: str = _ASK) -> Any:
    """Ask IPython in a process of its own: it opens files in the home directory, and keeps them open."""
    command = [sys.executable, "-c", code, json.dumps([*_COMPLETED, *_VALUES])]
    done = subprocess.run(
        command, cwd=_ROOT, capture_output=True, text=True, timeout=50, check=False,
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


@pytest.mark.parametrize(("code", "completed"), _COMPLETED.items())
def test_what_is_completed(asked: Any, code: str, completed: list[str]) -> None:
    """Arguments, forms and resources complete."""
    assert asked["completed"][code] == completed


@pytest.mark.parametrize(("code", "completed"), _VALUES.items())
def test_values_are_completed(asked: Any, code: str, completed: list[str]) -> None:
    """The values of an argument complete, those within objects, too, and their keys; nothing is to be loaded first."""
    assert asked["completed"][code] == completed


def test_the_extension(tmp_path: Path) -> None:
    """Where the package was imported before the shell, `%load_ext sdk` does the same; loading it twice adds nothing."""
    pytest.importorskip("IPython", reason="needs IPython, which the extra dev has")
    assert _asked(str(tmp_path), _EXTENSION) == [[], ["fine-tune"], ["fine-tune"], []]
