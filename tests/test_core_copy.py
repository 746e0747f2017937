"""The runtime is closed: a copy of `sdk/_core` under another name makes a call, with nothing of `sdk` there."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.raw import Raw, always, reply

_CORE = Path(__file__).parents[1] / "sdk" / "_core"
_CLIENT = """
from ._core.client.base import BaseClient
from ._core.service import Service


class Client(BaseClient):
    _service = Service(
        title="Things", base_url="", prefix="THINGS", product="things/1", auth="things._core.auth.keys:ApiKeys"
    )
"""
_API = """
from .._core.operation import Request, operation
from .._core.operation.streaming import streaming


@operation("things.create", "POST", "/things", reply="Thing")
def create(*, name, **options):
    return Request(options, body={"name": name})


@streaming("things.watch", "GET", "/things", reply="Thing", events="Thing", end_events=("[DONE]",))
def watch(**options):
    return Request(options)
"""
_MODELS = """
from __future__ import annotations

from .._core.model import ApiModel, define


@define
class Thing(ApiModel):
    name: str
"""
_CALLS = """
import asyncio, pickle, sys
sys.modules["sdk"] = None  # to import it is an error
from things._core.errors import APIError
from things.api.things import create, watch

thing = create.sync(name="a")
assert (type(thing).__module__, thing.name) == ("things.models", "a"), thing
assert asyncio.run(create.asyncio(name="a")).name == "a"
assert create.sync_detailed(name="a").request.url.endswith("/v1/things")
with watch.stream() as stream:
    assert stream.final().name == "a"
assert APIError.__module__ == "things.errors"
print(*sorted({name.partition(".")[0] for name in sys.modules if name.startswith(("sdk", "things"))}))
"""


@pytest.fixture
def things(tmp_path: Path) -> Path:
    """Return a folder with a package of one resource that carries the runtime along."""
    package = tmp_path / "things"
    shutil.copytree(_CORE, package / "_core", ignore=shutil.ignore_patterns("__pycache__"))
    for folder, code in {".": "from .client import Client as Client\n", "api": "", "models": _MODELS}.items():
        (package / folder).mkdir(exist_ok=True)
        (package / folder / "__init__.py").write_text(code)
    (package / "api" / "things.py").write_text(_API)
    (package / "client.py").write_text(_CLIENT)
    return tmp_path


def test_a_copy_makes_calls(things: Path) -> None:
    """Its variables, its user agent and the module of its errors are those of the package around it."""
    with Raw(always(reply(b'{"name": "a"}'))) as server:
        environment = {"THINGS_API_BASE": server.url, "THINGS_API_KEY": "k", "OPENAI_API_BASE": "http://127.0.0.1:9"}
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", _CALLS], cwd=things, env=environment, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        head = server.requests[0].partition(b"\r\n\r\n")[0].lower()
    assert (done.returncode, done.stderr, done.stdout.split()) == (0, "", ["sdk", "things"])
    assert b"user-agent: things/1 (httpx/" in head
    assert b"authorization: bearer k" in head
    assert b"idempotency-key" not in head


def test_no_text_names_a_product() -> None:
    """The names `sdk` and OpenAI stand in no module of the runtime: the package passes them in."""
    named = {
        f"{path.relative_to(_CORE)}:{number}: {line.strip()}"
        for path in _CORE.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "openai" in line.lower() or '"sdk' in line or "'sdk" in line or "`sdk" in line
    }
    assert named == set()
