"""What a new document means for callers: each kind of change, by direction."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.commands import main
from generator.compare.diff import Diff, compare, next_version
from generator.compare.report import as_changelog, as_json, as_text
from generator.pipeline import surface_of
from generator.progress import Progress

DOCUMENT = """
openapi: 3.1.0
info: {title: Zoo, version: "1"}
paths:
  /pets:
    post:
      operationId: makePet
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewPet'}}}
      responses: {"200": {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
    get:
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses: {"200": {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Pets'}}}}}
components:
  schemas:
    NewPet: {type: object, properties: {name: {type: string}, kind: {type: string, enum: [cat, dog]}}, required: [name]}
    Pet: {type: object, properties: {id: {type: string}, mood: {type: string, enum: [good, bad]}}, required: [id]}
    Pets: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
"""


def before() -> Any:
    return yaml.safe_load(DOCUMENT)


def changes(tmp_path: Path, change: Any) -> Diff:
    """Return the difference that a change of the document makes."""
    after = before()
    change(after)
    surfaces = []
    for name, data in (("old.yaml", before()), ("new.yaml", after)):
        (tmp_path / name).write_text(yaml.safe_dump(data), encoding="utf-8")
        surfaces.append(surface_of(tmp_path / name, None, Progress()))
    return compare(*surfaces)


def schema(data: Any, name: str) -> Any:
    return data["components"]["schemas"][name]


CASES: dict[str, tuple[Any, list[tuple[str, bool]]]] = {
    "nothing": (lambda d: None, []),
    "a new optional argument": (
        lambda d: schema(d, "NewPet")["properties"].update(age={"type": "integer"}),
        [("argument pets.create.age: added (optional)", False)],
    ),
    "a newly required argument": (
        lambda d: schema(d, "NewPet")["required"].append("kind"),
        [("argument pets.create.kind: now required", True)],
    ),
    "a value that is no longer taken": (
        lambda d: schema(d, "NewPet")["properties"]["kind"]["enum"].remove("dog"),
        [("value pets.create.kind: removed ('dog')", True)],
    ),
    "a new value in replies": (
        lambda d: schema(d, "Pet")["properties"]["mood"]["enum"].append("odd"),
        [("value Pet.mood: added ('odd')", False)],
    ),
    "a value that no longer comes": (
        lambda d: schema(d, "Pet")["properties"]["mood"]["enum"].remove("bad"),
        [("value Pet.mood: removed ('bad')", False)],
    ),
    "a field that goes": (
        lambda d: schema(d, "Pet")["properties"].pop("mood"),
        [("field Pet.mood: removed", True)],
    ),
    "a field that may be missing now": (
        lambda d: schema(d, "Pet")["required"].remove("id"),
        [("field Pet.id: now optional", True)],
    ),
    "a field of another type": (
        lambda d: schema(d, "Pet")["properties"].update(id={"type": "integer"}),
        [("field Pet.id: changed its type (string → integer)", True)],
    ),
    "an operation that goes": (
        lambda d: d["paths"]["/pets"].pop("get"),
        [("operation pets.list: removed (GET /pets)", True), ("model Pets: removed", True)],
    ),
    "an operation that is called otherwise": (
        lambda d: d["paths"]["/pets"]["get"].update({"x-sdk-name": "pets.all"}),
        [("operation pets.list: renamed (now pets.all)", True)],
    ),
    "a header that is always sent now": (
        lambda d: d["paths"]["/pets"]["get"].update({"x-sdk-headers": {"X-Mode": "b"}}),
        [("operation pets.list: sends other headers (none → X-Mode: b)", False)],
    ),
    "an operation that moves": (
        lambda d: d["paths"].update({"/beasts": {"get": d["paths"]["/pets"].pop("get")}}),
        [("operation pets.list: renamed (now beasts.list, at GET /beasts)", True)],
    ),
    "an argument that is called otherwise": (
        lambda d: d["paths"]["/pets"]["get"]["parameters"][0].update(name="max_items"),
        [("argument pets.list.limit: removed", True), ("argument pets.list.max_items: added (optional)", False)],
    ),
    "an argument that is called alike": (
        lambda d: d["paths"]["/pets"]["get"]["parameters"][0].update(name="page_limit"),
        [("argument pets.list.limit: renamed (now page_limit)", True)],
    ),
    "an argument whose old name works": (
        lambda d: d["paths"]["/pets"]["get"]["parameters"][0].update({"name": "n", "x-sdk-former-names": ["limit"]}),
        [("argument pets.list.limit: renamed (now n; the old name works and warns)", False)],
    ),
    "a field that is called otherwise, where it was": (
        lambda d: schema(d, "Pet")["properties"].update(humour=schema(d, "Pet")["properties"].pop("mood")),
        [("field Pet.mood: renamed (now humour)", True)],
    ),
    "a limit that is tighter": (
        lambda d: schema(d, "NewPet")["properties"]["name"].update(maxLength=3),
        [("argument pets.create.name: limit tightened (maxLength none → 3)", True)],
    ),
    "another default": (
        lambda d: d["paths"]["/pets"]["get"]["parameters"][0]["schema"].update(default=20),
        [("argument pets.list.limit: has another default (none → 20)", False)],
    ),
    "an operation that gets old": (
        lambda d: d["paths"]["/pets"]["get"].update(deprecated=True),
        [("operation pets.list: deprecated", False)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_told_by_what_it_means(tmp_path: Path, case: str) -> None:
    """Each change is there once, and breaks callers or does not. A body's class that nobody passes breaks nobody."""
    change, wanted = CASES[case]
    assert sorted((str(c), c.breaking) for c in changes(tmp_path, change).changes) == sorted(wanted)


def test_a_renamed_class_is_one_change(tmp_path: Path) -> None:
    """A class that went and one that came with the same fields are one that was renamed."""

    def rename(data: Any) -> None:
        schemas = data["components"]["schemas"]
        schemas["Animal"] = schemas.pop("Pet")
        text = json.dumps(data).replace("schemas/Pet'", "schemas/Animal'").replace('schemas/Pet"', 'schemas/Animal"')
        data.update(json.loads(text))

    assert [str(c) for c in changes(tmp_path, rename).changes] == ["model Pet: renamed (now Animal)"]


@pytest.mark.parametrize(
    ("version", "case", "following"),
    [
        ("0.1.0", "nothing", "0.1.0"),
        ("0.1.0", "a new value in replies", "0.1.1"),
        ("0.1.0", "a field that goes", "0.2.0"),
        ("1.2.3", "a new value in replies", "1.3.0"),
        ("1.2.3", "a field that goes", "2.0.0"),
    ],
)
def test_the_next_version_follows_from_the_changes(tmp_path: Path, version: str, case: str, following: str) -> None:
    """By semantic versioning; before 1.0.0 the minor version says what breaks."""
    assert next_version(version, changes(tmp_path, CASES[case][0])) == following


def test_the_report_is_text_changelog_and_json(tmp_path: Path) -> None:
    """All three tell the same."""
    diff = changes(tmp_path, CASES["a field that goes"][0])
    assert as_text(diff, "0.1.0").splitlines() == [
        "Zoo old.yaml → new.yaml", "", "Breaking for callers (1)", "  field     Pet.mood: removed", "",
        "Next version: 0.1.0 → 0.2.0 (1 breaking change)",
    ]  # fmt: skip
    assert "### Breaking\n\n- field `Pet.mood` removed\n" in as_changelog(diff, "0.1.0")
    reported = json.loads(as_json(diff, "0.1.0"))
    assert (reported["next_version"], reported["breaking"], reported["changes"][0]["name"]) == ("0.2.0", 1, "Pet.mood")


def test_the_command_compares_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It prints the report and writes nothing."""
    changes(tmp_path, CASES["a field that goes"][0])
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text("overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions: []\n", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    code = main(["diff", str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml"), "--overlay", str(overlay)])
    assert code == 0
    assert "field     Pet.mood: removed" in capsys.readouterr().out
    assert sorted(tmp_path.iterdir()) == before
