"""The room: what it knows, who knows it, and what it costs."""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from sdk import Client
from sdk.compat.openai import OpenAI
from sdk.testing import LocalServer

_SDK = Path(__file__).parents[2] / "sdk"
_ROOM = _SDK / "compat" / "openai"
#: The names of `sdk` that the room does not import by their public module.
_DATA = {"sdk.models._index"}  # the names that decoders need, which a family of models has to repeat


def _imports(file: Path) -> Iterator[str]:
    package = ".".join(file.relative_to(_SDK.parent).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            yield ".".join([*base, *([node.module] if node.module else [])])


def test_the_room_knows_the_public_surface_alone() -> None:
    """It imports no private module of the SDK."""
    private = {
        f"{file.name}: {name}"
        for file in _ROOM.rglob("*.py")
        for name in _imports(file)
        if name.startswith("sdk._") or (name.startswith("sdk.") and "._" in name and name not in _DATA)
        if not name.startswith("sdk.compat.")
    }
    assert private == set()


def test_nothing_else_knows_the_room() -> None:
    """Who does not import it pays nothing: no other module of the SDK names it."""
    others = [file for file in _SDK.rglob("*.py") if _SDK / "compat" not in file.parents]
    named = [file for file in others if "compat" in file.read_text(encoding="utf-8")]
    assert [file.name for file in named if any("compat" in name for name in _imports(file))] == []


def _python(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_install_gives_the_face_under_the_official_name() -> None:
    """Modules, types and resources are the same objects under both names."""
    code = """
import sdk.compat.openai as face
face.install(); face.install()
import openai, openai.types.chat
from openai import OpenAI, AsyncOpenAI
from openai.types.chat import ChatCompletion, ChatCompletionMessageToolCall
from openai.types.chat.chat_completion import Choice
from openai.types.responses import ResponseOutputItem
from openai.resources.chat.completions import Completions
from openai._types import NOT_GIVEN
from openai.pagination import SyncCursorPage
print(openai is face, OpenAI is face.OpenAI, ChatCompletion is face.types.chat.ChatCompletion, openai.__version__)
"""
    assert _python(code) == ["True True True 3.57.0"]


def test_install_refuses_where_the_official_package_is_loaded(tmp_path: Path) -> None:
    """A program that has the names of that package would mix both."""
    (tmp_path / "openai.py").write_text("", encoding="utf-8")
    code = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import openai
import sdk.compat.openai as face
try:
    face.install()
except RuntimeError as error:
    print("imported already" in str(error), "openai.py" in str(error), openai is not face)
"""
    assert _python(code) == ["True True True"]


def test_an_import_loads_no_table_of_types() -> None:
    """An import of the clients loads the native one and a few modules more: no table, no httpx, attrs or pydantic."""
    code = """
import sys
from sdk import Client, errors, operation
known = set(sys.modules)
from sdk.compat.openai import OpenAI
print(*sorted(name.removeprefix("sdk.compat.") for name in set(sys.modules) - known))
"""
    assert _python(code)[0].split() == [
        *("openai", "openai.clients", "openai.finder", "openai.options", "openai.resource", "openai.sentinels"),
        *("openai.table", "sdk.compat"),
    ]  # fmt: skip


@pytest.mark.timeout(120)
def test_a_call_costs_little_more_than_the_native_one() -> None:
    """At most 1.3 times; the median of paired rounds, with slack for a busy machine."""
    messages: Any = [{"role": "user", "content": "Hi"}]
    with LocalServer() as server:
        options: Any = {"api_key": "test-key", "http_options": {"trust_env": False}}
        native = Client(api_base=server.url, max_in_flight=None, **options)
        face = OpenAI(base_url=server.url, **options)
        with native, face:
            calls: list[Callable[[], Any]] = [
                lambda: native.chat.create.sync(model="m", messages=messages),
                lambda: face.chat.completions.create(model="m", messages=messages),
            ]
            ratios = []
            for _ in range(7):
                spent = []
                for call in calls:
                    began = time.thread_time()  # the server runs in another thread
                    for _ in range(30):
                        call()
                    spent.append(time.thread_time() - began)
                ratios.append(spent[1] / spent[0])
    assert median(ratios) < 1.5
