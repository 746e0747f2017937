"""Names that were changed stay as deprecated aliases: of operations, arguments, models and fields."""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.commands import main

from ...faults.raw import Raw, always, reply

SPEC = """
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    post:
      operationId: createPet
      x-sdk-former-names: [pets.add, animals.create]
      parameters: [{name: shop, in: query, schema: {type: string}, x-sdk-former-names: [store]}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    Pet:
      type: object
      x-sdk-former-names: [Animal]
      properties: {name: {type: string, x-sdk-former-names: [title]}}
"""


@pytest.fixture
def pets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A package whose names have changed."""
    (tmp_path / "pets.yaml").write_text(SPEC)
    arguments = ["--spec", str(tmp_path / "pets.yaml"), "--package", "renamed_pets", "--out", str(tmp_path)]
    assert main(["generate", *arguments]) == 0
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("renamed_pets")
    for name in [n for n in sys.modules if n.partition(".")[0] == "renamed_pets"]:
        del sys.modules[name]
    from sdk._core.runtime import warnings

    warnings._deprecations.clear()


def test_operations_and_arguments(pets: Any) -> None:
    """The old names call the same operation with the same arguments, and warn with the new name."""
    with Raw(always(reply(b'{"name": "Rex"}'))) as server, pets.Client(api_base=server.url, api_key=None) as client:
        with pytest.warns(DeprecationWarning, match=r"pets\.add is called pets\.create now"):
            assert client.pets.add.sync(name="Rex").name == "Rex"
        with pytest.warns(DeprecationWarning, match=r"animals\.create is called pets\.create now"):
            client.animals.create.sync(name="Rex")
        with pytest.warns(DeprecationWarning) as reported:
            client.pets.create.sync(title="Rex", store="x")
        assert {str(w.message) for w in reported} == {
            "pets.create: the argument 'title' is called 'name' now",
            "pets.create: the argument 'store' is called 'shop' now",
        }
        assert b"POST /v1/pets?shop=x" in server.requests[2]
        assert json.loads(server.requests[2].partition(b"\r\n\r\n")[2]) == {"name": "Rex"}
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            client.pets.create.sync(name="Rex", shop="x")


def test_models_and_fields(pets: Any) -> None:
    """The old class is the new one, the old field reads the new one; both warn."""
    models = importlib.import_module("renamed_pets.models")
    with pytest.warns(DeprecationWarning, match="Animal is called Pet now"):
        assert models.Animal is models.Pet
    with pytest.warns(DeprecationWarning, match="Pet.title is called name now"):
        assert models.Pet(name="Rex").title == "Rex"
    with pytest.warns(DeprecationWarning, match="Pet.title is called name now") as reported:
        assert models.Pet(title="Rex").to_dict() == {"name": "Rex"}
    assert reported[0].filename == __file__
    assert models.Pet(name="Rex").to_dict() == {"name": "Rex"}


def test_a_name_that_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A former name that something has now is an error with its place."""
    (tmp_path / "pets.yaml").write_text(SPEC.replace("[pets.add, animals.create]", "[pets.create]"))
    arguments = ["--spec", str(tmp_path / "pets.yaml"), "--package", "renamed_pets", "--out", str(tmp_path)]
    assert main(["generate", *arguments]) == 1
    assert "/paths/~1pets/post/x-sdk-former-names" in capsys.readouterr().err
