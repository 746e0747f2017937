"""docs/packages.md: its document, its overlay and its program run as they are written."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from generator.commands import main

from ...faults.raw import Raw, always, reply
from ..conftest import Mypy
from ..packages import OK, Packages

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/packages.md").read_text(encoding="utf-8")
BLOCKS = [(kind, textwrap.dedent(text)) for kind, text in re.findall(r" *```(\w+)\n(.*?)```", PAGE, re.DOTALL)]


@pytest.mark.long
@pytest.mark.timeout(240)
def test_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], mypy: Mypy
) -> None:
    """What a reader copies works: the command in the folder with the two files, then the program."""
    document, overlay, *_ = (text for kind, text in BLOCKS if kind == "yaml")
    command = next(line for kind, text in BLOCKS for line in text.splitlines() if line.startswith("$ python"))
    (tmp_path / "pets.yaml").write_text(document)
    (tmp_path / "pets-overlay.yaml").write_text(overlay)
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(command.removeprefix("$ python -m generator "))) == 0
    for name in re.findall(r"^  (\S+) ", next(text for kind, text in BLOCKS if kind == "text"), re.MULTILINE):
        assert (tmp_path / "pets-sdk" / name).exists()
    monkeypatch.syspath_prepend(str(tmp_path / "pets-sdk"))
    pet = {"name": "Rex", "born": "2026-01-31"}
    capsys.readouterr()
    with Raw(always(reply(json.dumps(pet).encode()), reply(json.dumps({"data": [pet]}).encode()))) as server:
        monkeypatch.setenv("PETS_API_BASE", server.url)
        try:
            exec(compile(next(text for kind, text in BLOCKS if kind == "python"), "packages.md", "exec"), {})
        finally:
            for module in [n for n in sys.modules if n.partition(".")[0] == "pets"]:
                del sys.modules[module]
    assert capsys.readouterr().out == "Rex ['Rex']\n"
    (tmp_path / "program.py").write_text(next(text for kind, text in BLOCKS if kind == "python"))
    assert mypy(tmp_path, "program.py", beside=[tmp_path / "pets-sdk"]).startswith("Success")
    assert b"POST /v1/pets" in server.requests[0] and b"Bearer secret-token" in server.requests[0]


def test_own_code_and_the_server_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The module `extra` of the page becomes part of the package, and the program with the local server runs."""
    document, overlay, *_ = (text for kind, text in BLOCKS if kind == "yaml")
    _, extra, server = (text for kind, text in BLOCKS if kind == "python")
    command = next(line for kind, text in BLOCKS for line in text.splitlines() if line.startswith("$ python"))
    (tmp_path / "pets.yaml").write_text(document)
    (tmp_path / "pets-overlay.yaml").write_text(overlay)
    (tmp_path / "pets-sdk/pets").mkdir(parents=True)
    (tmp_path / "pets-sdk/pets/extra.py").write_text(extra)
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(command.removeprefix("$ python -m generator "))) == 0
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{server}    print(client.names())\n"], cwd=tmp_path / "pets-sdk",
        capture_output=True, text=True, timeout=60, check=False, env={"PATH": "/usr/bin:/bin", "NO_PROXY": "127.0.0.1"},
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert (done.stderr, lines[0].partition(" (")[0], lines[-1]) == ("", "[] 2 pets/1.0.0", "['name']")
    assert lines[1] == "Pet(name='name', born=datetime.date(2026, 1, 31))"


@pytest.mark.parametrize(
    ("parameters", "body", "texts"),
    [
        ("{name: ownerId, in: query, schema: {type: string}}", "{type: object}", ["owner_id: `ownerId` of the query."]),
        (
            "{name: X-Trace, in: header, schema: {type: string}}",
            "{type: object, properties: {photoUrls: {type: string}}}",
            ["x_trace: `X-Trace` of the header.", "photo_urls: `photoUrls` of the body."],
        ),
        (
            "{name: q, in: query, schema: {}, description: What to find}",
            "{type: string}",
            ["q: What to find", "body: The body."],
        ),
    ],
)
def test_every_argument_is_listed(packages: Packages, parameters: str, body: str, texts: list[str]) -> None:
    """An argument without a description is listed with its place, and its name there."""
    request = f"requestBody: {{content: {{application/json: {{schema: {body}}}}}}}"
    made = packages(
        f"paths: {{/a: {{post: {{operationId: a, parameters: [{parameters}], {request}, {OK}}}}}}}",
        "--naming", "operation-ids",
    )  # fmt: skip
    doc = made.Client(api_base="http://x", api_key=None).a.a.__doc__
    assert [line.strip() for line in doc.partition("Args:")[2].splitlines() if line.strip()][: len(texts)] == texts
