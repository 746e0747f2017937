"""The pytest plugin, in runs of pytest of its own."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_PLUGIN = ("-p", "sdk.testing.pytest_plugin")


def run(folder: Path, code: str, *arguments: str) -> str:
    """Run pytest on one file, without the plugins of this environment; return what it prints."""
    (folder / "test_it.py").write_text(code)
    environment = {name: text for name, text in os.environ.items() if not name.startswith("OPENAI_")}
    environment |= {"PYTHONPATH": str(_ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", *arguments, str(folder)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=50, check=False)
    return done.stdout + done.stderr


def test_the_server_is_scripted_and_the_environment_leads_to_it(tmp_path: Path) -> None:
    """A program that knows the environment alone talks to the server, which is new for each test."""
    reported = run(
        tmp_path,
        """
import os
from sdk.api.chat import create
from sdk.api.organization import users
BEFORE = dict(os.environ)

def ask():
    return create.sync(model="m", messages=[{"role": "user", "content": "Hi"}]).choices[0].message.content

def test_one(openai_server):
    openai_server.reply("Scripted.")
    openai_server.fail(418)
    assert ask() == "Scripted."
    assert openai_server.requests[0].operation == "chat.create"
    assert os.environ["OPENAI_BASE_URL"] == openai_server.url

def test_two(openai_server):
    assert openai_server.requests == [] and openai_server.pending == []
    assert ask() == "You wrote 1 word: Hi"
    assert users.list.sync().data != []  # with the key of administrators

def test_three():
    assert os.environ.get("OPENAI_API_BASE") == BEFORE.get("OPENAI_API_BASE")
""",
        *_PLUGIN,
    )
    assert "3 passed" in reported


_TAPED = """
import pytest
from sdk import Client
from sdk.testing import LocalServer

URL = "http://127.0.0.1:PORT/v1"

@pytest.mark.parametrize("word", ["a/b", "c"])
def test_taped(cassette, word):
    with Client(api_base=URL, api_key="test-key", max_retries=0, http_options={"trust_env": False}) as client:
        client.chat.create.sync(model="m", messages=[{"role": "user", "content": word}])

class TestOne:
    def test_same(self, cassette):
        test_taped(cassette, "one")

class TestTwo:
    def test_same(self, cassette):
        test_taped(cassette, "two")

@pytest.mark.cassette(path="mine.yaml", match_on=("path",))
def test_marked(cassette):
    assert cassette.path.name == "mine.yaml"
    with Client(api_base=URL, api_key="test-key", max_retries=0, http_options={"trust_env": False}) as client:
        client.models.list.sync()
"""


def test_cassettes_are_recorded_once_and_played(tmp_path: Path) -> None:
    """Each test has a tape named after it and its class; once recorded, no server is needed."""
    from sdk.testing import LocalServer

    with LocalServer() as server:
        code = _TAPED.replace("PORT", str(server.port))
        assert "5 failed" in run(tmp_path, code, *_PLUGIN, "--cassette-mode=none")
        assert "5 passed" in run(tmp_path, code, *_PLUGIN)
        assert len(server.requests) == 5
    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.yaml"))
    names = ("TestOne.test_same", "TestTwo.test_same", "test_taped_a_b", "test_taped_c")
    assert found == [f"cassettes/test_it/{name}.yaml" for name in names] + ["mine.yaml"]
    assert "5 passed" in run(tmp_path, code, *_PLUGIN, "--cassette-mode=none")


def test_a_run_that_does_not_use_it_loads_nothing(tmp_path: Path) -> None:
    """Without the fixtures the plugin imports neither the server nor the client, with warnings as errors."""
    reported = run(
        tmp_path,
        """
import sys

def test_it():
    heavy = ("starlette", "uvicorn", "httpx", "yaml", "sdk.client", "sdk.models", "sdk.testing.server")
    assert [name for name in sys.modules if name.startswith(heavy)] == []
""",
        *_PLUGIN,
        "--strict-markers",
    )
    assert "1 passed" in reported


def test_pytest_finds_it() -> None:
    """The wheel says where the plugin is."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    # Under its own name, so that `-p` and the wheel mean one plugin and not two.
    assert project["entry-points"]["pytest11"] == {_PLUGIN[1]: _PLUGIN[1]}
