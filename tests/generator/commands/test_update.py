"""An update of the document in one step: all of it, or nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator import render
from generator.commands import main
from generator.commands import update as module
from generator.compare import snapshot
from generator.errors import GeneratorError
from generator.ir import Api

OLD: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets",
                "parameters": [{"name": "kind", "in": "query", "schema": {"type": "string", "enum": ["cat", "dog"]}}],
                "responses": {"200": {"description": "ok", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Pet"}}}}},
            }
        }
    },
    "components": {"schemas": {"Pet": {"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string"}}}}},
}  # fmt: skip


def _new() -> dict[str, Any]:
    new: dict[str, Any] = json.loads(json.dumps(OLD))
    new["info"]["version"] = "2"
    new["components"]["schemas"]["Pet"]["properties"]["age"] = {"type": "integer"}
    new["paths"]["/pets"]["get"]["parameters"][0]["required"] = True
    return new


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with a document that is pinned and generated from."""
    root = tmp_path / "checkout"
    (root / "sdk").mkdir(parents=True)
    (root / "sdk/_version.py").write_text('__version__ = "0.3.1"\n')
    old = _write(tmp_path / "pets-1.yaml", OLD)
    assert main(["pin", str(old), "--out", str(root / "spec/openapi.yaml")]) == 0
    assert main(["generate", "--root", str(root)]) == 0
    return root


def _write(path: Path, data: Any) -> Path:
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    return path


def _state(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def test_an_update(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The document, its lock, the generated files and the page of the report are new, and nothing else is left."""
    before = _state(root)
    assert main(["update", str(_write(tmp_path / "pets-2.yaml", _new())), "--root", str(root)]) == 0
    after = _state(root)
    assert after.keys() - before.keys() == {"spec/update.md", "spec/surface.txt"}
    assert [one["source"] for one in json.loads(after["spec/lock.json"])["sources"]] == ["pets-2.yaml"]
    assert b"age: int" in after["sdk/models/pet.py"]
    page = after["spec/update.md"].decode()
    assert page.startswith("# Pets: pets-1.yaml → pets-2.yaml")
    assert "Next version: **0.4.0**, after 0.3.1 (1 breaking change)." in page
    assert "- argument `pets.retrieve.kind` now required" in page
    assert "- `Pet.age` added: optional" in page
    reported = capsys.readouterr().out
    assert "argument  pets.retrieve.kind: now required" in reported
    assert "spec/openapi.yaml, spec/lock.json and spec/update.md written" in reported
    assert main(["check", "--root", str(root)]) == 0


def test_the_same_document_again(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An update to what is pinned already changes no file."""
    before = _state(root)
    assert main(["update", str(_write(tmp_path / "other-name.yaml", OLD)), "--root", str(root)]) == 0
    assert _state(root) == before
    assert "Nothing changed for callers" in capsys.readouterr().out


def _more() -> dict[str, Any]:
    """Return a document that adds two operations and a schema for each."""
    more: dict[str, Any] = json.loads(json.dumps(OLD))
    more["info"] = {"title": "More pets", "version": "7"}
    get = more["paths"].pop("/pets")["get"]
    del get["parameters"], more["components"]["schemas"]["Pet"]
    for name in ("Bird", "Fish"):
        one = json.loads(json.dumps(get).replace("Pet", name))
        more["paths"][f"/{name.lower()}/{{id}}"] = {
            "get": one | {"parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]}
        }
        more["components"]["schemas"][name] = {"type": "object", "properties": {"size": {"type": "integer"}}}
    return more


def test_additions_stay_until_the_base_has_them(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What other documents added stays without these documents; what the new base has is the base's from then on."""
    more = _write(tmp_path / "more.yaml", _more())
    old, spec = str(tmp_path / "pets-1.yaml"), root / "spec/openapi.yaml"
    assert main(["pin", old, "--add", str(more), "--out", str(spec)]) == 0
    assert main(["generate", "--root", str(root)]) == 0
    more.unlink()
    before = _state(root)
    assert main(["update", old, "--root", str(root)]) == 0
    assert _state(root) == before
    new = _new()
    bird = _more()["paths"]["/bird/{id}"]["get"]
    bird["parameters"][0]["name"] = "bird"
    new["paths"]["/bird/{bird}"] = {"get": bird}
    new["components"]["schemas"]["Bird"] = {"type": "object", "properties": {"wings": {"type": "integer"}}}
    capsys.readouterr()
    assert main(["update", str(_write(tmp_path / "pets-2.yaml", new)), "--root", str(root)]) == 0
    reported = capsys.readouterr().out
    assert "pets-2.yaml now has 1 of the operations of more.yaml: GET /bird/{id}" in reported
    lock = json.loads((root / "spec/lock.json").read_text())
    assert [(one["source"], one["version"], one["counts"]["operations"]) for one in lock["sources"]] == [
        ("pets-2.yaml", "2", 2),
        ("more.yaml", "7", 1),
    ]
    pinned = yaml.safe_load(spec.read_text())
    assert pinned["components"]["schemas"]["Bird"]["properties"].keys() == {"wings"}
    assert pinned["components"]["schemas"]["Fish"]["x-source"] == "more.yaml"
    new["paths"]["/fish/{id}"] = _more()["paths"]["/fish/{id}"]
    new["components"]["schemas"]["Fish"] = {"type": "object"}
    assert main(["update", str(_write(tmp_path / "pets-3.yaml", new)), "--root", str(root)]) == 0
    assert [one["source"] for one in json.loads((root / "spec/lock.json").read_text())["sources"]] == ["pets-3.yaml"]


def test_an_update_with_another_addition(root: Path, tmp_path: Path) -> None:
    """`--add` takes the place of the additions that are pinned."""
    more = _more()
    old, spec = str(tmp_path / "pets-1.yaml"), root / "spec/openapi.yaml"
    assert main(["pin", old, "--add", str(_write(tmp_path / "more.yaml", more)), "--out", str(spec)]) == 0
    del more["paths"]["/bird/{id}"]
    newer = _write(tmp_path / "newer.yaml", more)
    assert main(["update", old, "--add", str(newer), "--root", str(root)]) == 0
    lock = json.loads((root / "spec/lock.json").read_text())
    assert [one["source"] for one in lock["sources"]] == ["pets-1.yaml", "newer.yaml"]
    assert "/bird/{id}" not in yaml.safe_load(spec.read_text())["paths"]


def _broken_reference() -> Any:
    new = _new()
    new["components"]["schemas"]["Pet"]["properties"]["owner"] = {"$ref": "#/components/schemas/Nobody"}
    return new


def _inexpressible() -> Any:
    new = _new()
    new["components"]["schemas"]["Pet"]["properties"]["x"] = {"$ref": "https://elsewhere.example/x.json"}
    return new


@pytest.mark.parametrize("new", [_broken_reference(), _inexpressible(), {"openapi": "3.1.0"}, "no document"])
def test_a_document_that_fails(root: Path, tmp_path: Path, new: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is wrong with the new document: the checkout is as it was."""
    before = _state(root)
    assert main(["update", str(_write(tmp_path / "pets-2.yaml", new)), "--root", str(root)]) == 1
    assert _state(root) == before
    assert "error:" in capsys.readouterr().err


def test_an_overlay_that_matches_no_more(root: Path, tmp_path: Path) -> None:
    """A correction that the new document needs no longer is an error, and the checkout is as it was."""
    action = {"target": "$.paths['/pets'].get.parameters[?@.required != true]", "x-reason": "r", "update": {"x": 1}}
    overlay = {"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": [action]}
    _write(root / "spec/overlay.yaml", overlay)
    before = _state(root)
    assert main(["update", str(_write(tmp_path / "pets-2.yaml", _new())), "--root", str(root)]) == 1
    assert _state(root) == before


@pytest.mark.parametrize("stage", ["compare", "as_page", "publish", "write_atomically"])
@pytest.mark.parametrize("error", [GeneratorError("no room"), KeyboardInterrupt()])
def test_a_stage_that_fails(
    root: Path, tmp_path: Path, stage: str, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever stage fails, or is interrupted: the checkout is as it was."""
    before = _state(root)
    calls = 0
    real = getattr(module, stage)

    def fail(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if stage != "write_atomically" or calls == 2:  # after the first of three files
            raise error
        return real(*args, **kwargs)

    monkeypatch.setattr(module, stage, fail)
    code = main(["update", str(_write(tmp_path / "pets-2.yaml", _new())), "--root", str(root)])
    assert code == (1 if isinstance(error, GeneratorError) else 130)
    assert _state(root) == before


def test_a_document_is_built_once(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An update builds the old document and the new one, a check of files and names the one that is pinned."""
    built: list[str] = []

    def build_api(data: Any, *args: Any) -> Api:
        built.append(data["info"]["version"])
        return real(data, *args)

    real = render.build_api
    monkeypatch.setattr(render, "build_api", build_api)
    assert main(["update", str(_write(tmp_path / "pets-2.yaml", _new())), "--root", str(root)]) == 0
    assert sorted(built) == ["1", "2"]
    assert (root / snapshot.FILE).is_file()
    assert main(["check", "--root", str(root)]) == 0
    assert sorted(built) == ["1", "2", "2"]


def test_without_a_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing is pinned yet, it says how to begin."""
    new = _write(tmp_path / "pets.yaml", OLD)
    assert main(["update", str(new), "--root", str(tmp_path / "empty")]) == 1
    assert "make pin SPEC=" in capsys.readouterr().err


def test_renames_propose_aliases(root: Path, tmp_path: Path) -> None:
    """What was renamed is told with the overlay action that keeps the old name."""
    new = _new()
    new["components"]["schemas"]["Animal"] = new["components"]["schemas"].pop("Pet")
    new["components"]["schemas"]["Animal"]["properties"].pop("age")
    content = new["paths"]["/pets"]["get"]["responses"]["200"]["content"]["application/json"]
    content["schema"]["$ref"] = "#/components/schemas/Animal"
    assert main(["update", str(_write(tmp_path / "pets-2.yaml", new)), "--root", str(root)]) == 0
    page = (root / "spec/update.md").read_text()
    assert "- model `Pet` renamed: now Animal" in page
    assert "- target: $.components.schemas['Animal']" in page
    assert "update: {x-sdk-former-names: [Pet]}" in page
    shutil.rmtree(root)
