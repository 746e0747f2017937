"""A package stands alone: it carries its runtime along, and needs nothing of this repository."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.commands import main
from generator.commands.package import write_package
from generator.policy import Policy
from generator.progress import Progress
from generator.publish.drift import check
from generator.publish.folders import published

_PETS = Path(__file__).parent / "documents/pets.yaml"
#: To import anything of this repository is an error.
_ALONE = "import sys; sys.modules['sdk'] = sys.modules['generator'] = None\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate the pet shop, and return the folder of its project."""
    folder = tmp_path_factory.mktemp("shop")
    assert main(["generate", "--spec", str(_PETS), "--package", "pets", "--out", str(folder)]) == 0
    return folder


def _run(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", _ALONE + code], cwd=folder, capture_output=True, text=True, timeout=120,
        check=False, env={"PATH": "/usr/bin:/bin", "NO_PROXY": "127.0.0.1"},
    )  # fmt: skip


def test_its_readme_runs_against_its_own_server(project: Path) -> None:
    """The example with a call for each tag runs as it is, against the local server of the package."""
    blocks = re.findall(r"```python\n(.*?)```", (project / "README.md").read_text(), re.DOTALL)
    assert len(blocks) == 2 and blocks[1].count(".sync(") == 2
    done = _run(project, blocks[1])
    assert (done.returncode, done.stderr) == (0, "")
    assert "The content of /v2/login." in done.stdout and "ListPetsResponse(" in done.stdout


_CALLS = """
import asyncio
from pets import Client, errors, hooks, stats
from pets.testing import ASGITransport, LocalServer

with LocalServer(api_key="k-1") as server:
    with Client(api_base=server.url, api_key="k-1", strict=True, max_retries=1) as client:
        assert type(client.pets.get.sync("1")).__module__ == "pets.models.pet"
        assert client.pets.drop.sync("1") is None
        assert [pet.kind for pet in client.pets.list.iter()] == [1]
        assert client.pets.get_photo.sync("1").startswith(b"The content of /v2/pets/1/photo")
        server.fail(503)
        assert client.pets.list.sync(limit=1).has_more is False
        server.on(operation="pets.get").fail(404)
        try:
            client.pets.get.sync("2")
        except errors.NotFoundError as error:
            assert type(error).__module__ == "pets.errors" and isinstance(error, errors.SDKError)
            assert "sdk" not in str(error).lower()
        else:
            raise AssertionError("no error")
        try:
            client.pets.list.sync(extra_query={"colour": "red"})
        except errors.BadRequestError as error:
            assert "has no parameter 'colour'" in str(error)
        else:
            raise AssertionError("no error")
    agents = {request.headers["user-agent"].partition(" ")[0] for request in server.requests}
    assert agents == {"pets/2.1"}, agents
    ends = []
    with Client(api_base=server.url, api_key={"bearer": "k-1"}, on_event=ends.append) as client:
        assert client.request("GET", "/pets").parsed["has_more"] is False
        assert client.stats() == stats.ClientStats(in_flight=0, waiting=0), client.stats()
    assert type(ends[-1]) is hooks.CallEnded and not hasattr(ends[-1], "usage"), ends[-1]
    for name in ("organization", "project", "admin_api_key", "tokens_per_minute", "budget"):
        try:
            Client(api_key="k", **{name: "a"})
        except TypeError as error:
            assert f"no client option {name!r}" in str(error)
        else:
            raise AssertionError(name)
    with Client(api_base=server.url, api_key="k-2", max_retries=0) as client:
        for call in (client.pets.list.sync, lambda: client.pets.get.sync("1"), lambda: client.pets.drop.sync("1")):
            try:
                call()
            except errors.AuthenticationError:
                continue
            raise AssertionError("no error")

async def main():
    async with Client(transport=server.transport(), api_base="http://app/v2", api_key="k-1") as client:
        assert (await client.pets.get.asyncio("1")).name == "name"

asyncio.run(main())
print(*sorted({name.partition(".")[0] for name in sys.modules if name.startswith(("sdk", "generator"))}))
"""


def test_calls(project: Path) -> None:
    """Keys in every place, pages, files, faults and errors work with the copies alone, under names of its own."""
    done = _run(project, _CALLS)
    assert (done.returncode, done.stderr, done.stdout.split()) == (0, "", ["generator", "sdk"])


def test_it_names_nothing_else(project: Path) -> None:
    """No file of the package names another API or another distribution; every generated file says that it is one."""
    for name, path in published(project / "pets").items():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?i:openai|organization=|admin_api_key|prompt_tokens|budget=)|\bsdk\.", text), name
        assert text.startswith("# Generated by") or not name.endswith(".py"), name
    around = (project / "README.md").read_text() + (project / "pyproject.toml").read_text()
    assert not re.search(r"(?i)openai|\bsdk\b", around.replace("SDKError", ""))


def test_generating_again_brings_the_runtime_up_to_date(project: Path, tmp_path: Path) -> None:
    """A copy that is old, was edited or is not needed any more becomes what a new package has; check sees it."""
    write_package(_PETS, None, None, "pets", tmp_path, "1", Progress(), Policy.for_package(lenient=False))
    trees = {
        folder: {name: path.read_text() for name, path in published(tmp_path / folder).items()}
        for folder in ("pets/_core", "pets/_cli", "pets/testing")
    }
    assert check(tmp_path, trees) == []
    lazy, extra, public = (tmp_path / "pets" / name for name in ("_core/lazy.py", "_core/gone.py", "waiting.py"))
    lazy.write_text("# Generated by copying.\n")
    extra.write_text("# Generated by copying.\n")
    public.write_text("# Generated by copying.\n")
    assert [one.kind for one in check(tmp_path, trees)] == ["extra", "cut"]
    write_package(_PETS, None, None, "pets", tmp_path, "1", Progress(), Policy.for_package(lenient=False))
    assert check(tmp_path, trees) == [] and not public.exists()
