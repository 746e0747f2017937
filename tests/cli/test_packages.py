"""The command line of a generated package: the pet shop, from its document alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.commands import main

from ..faults.raw import Raw, always, reply

_DOCUMENT = Path(__file__).parents[1] / "generator/commands/documents/pets.yaml"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate the package, and return the folder around it."""
    folder = tmp_path_factory.mktemp("shop")
    assert main(["generate", "--spec", str(_DOCUMENT), "--package", "pets", "--out", str(folder)]) == 0
    return folder


def _pets(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    root = str(Path(__file__).parents[2])
    path = {"PYTHONPATH": os.pathsep.join([str(folder), root])}
    return subprocess.run(
        [sys.executable, "-m", "pets", *arguments],
        env={**os.environ, **path, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_has_the_resources_of_the_document(shop: Path) -> None:
    """The root names the resources, and nothing of another API."""
    done = _pets(shop, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage: python -m pets [OPTIONS] COMMAND [ARGS]..." in done.stdout
    assert done.stdout.partition("Resources of the API:")[2] == "\n  login pets\n"
    assert "openai" not in done.stdout.lower()


def test_a_call(shop: Path) -> None:
    """A command calls the server with the package's own variables of the environment."""
    pet = {"id": "8a4f", "name": "Rex"}
    with Raw(always(reply(json.dumps(pet).encode()))) as server:
        done = _pets(shop, "pets", "get", "8a4f", "--query", "name", PETS_API_BASE=server.url, PETS_API_KEY="key-1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Rex\n", "")


def test_the_dry_run_names_the_key_of_the_scheme(shop: Path) -> None:
    """The request of a dry run has the place of the key by its security scheme, and never the key."""
    done = _pets(shop, "pets", "list", "--limit", "3", "--dry-run", PETS_API_KEY="key-of-the-shop")
    assert done.returncode == 0
    assert done.stdout.startswith("GET https://eu.pets.example/v2/pets?limit=3\n")
    assert "\nAuthorization: Bearer $PETS_BEARER\n" in done.stdout
    assert "key-of-the-shop" not in done.stdout
