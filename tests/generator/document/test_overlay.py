"""The overlay: what its actions change, and which of them are refused."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import Any

import pytest

from generator.document import overlay
from generator.document.read import Document
from generator.errors import GeneratorError

from ..conftest import ROOT, Write

HEAD = "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\n"

DATA: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {"/cats": {"get": {"tags": ["a"], "deprecated": True}, "post": {"tags": ["b"]}}, "/dogs": {"get": {}}},
    "list": [{"n": 1}, {"n": 2}, {"n": 3}],
}


def apply(write: Write, *actions: str) -> dict[str, Any]:
    """Apply actions, each written as a flow mapping without its braces, to the small document."""
    lines = "".join(f"- {{x-reason: because, {action}}}\n" for action in actions)
    return overlay.apply(DATA, write(f"{HEAD}actions:\n{lines}", "overlay.yaml"))[0]


def refused(path: Path) -> GeneratorError:
    """Apply an overlay that must be refused."""
    with pytest.raises(GeneratorError) as caught:
        overlay.apply(DATA, path)
    return caught.value


def test_an_update_merges_objects(write: Write) -> None:
    """New keys are added, old ones keep their place and value unless the update names them."""
    made = apply(write, "target: \"$.paths['/cats'].get\", update: {deprecated: false, x-name: list}")
    assert made["paths"]["/cats"] == {
        "get": {"tags": ["a"], "deprecated": False, "x-name": "list"},
        "post": {"tags": ["b"]},
    }


def test_an_update_merges_deeply(write: Write) -> None:
    """Objects inside objects are merged too, and arrays in them are concatenated."""
    made = apply(write, "target: $, update: {paths: {/cats: {get: {tags: [z]}}}, new: {a: [1]}}")
    assert made["paths"]["/cats"]["get"] == {"tags": ["a", "z"], "deprecated": True}
    assert made["paths"]["/dogs"] == {"get": {}}
    assert made["new"] == {"a": [1]}


def test_a_plain_value_may_become_anything(write: Write) -> None:
    """A plain value is replaced by the update's, whatever that is."""
    made = apply(write, "target: \"$.paths['/cats'].get\", update: {deprecated: {why: 1}}")
    assert made["paths"]["/cats"]["get"]["deprecated"] == {"why": 1}


def test_an_array_gets_the_update_appended(write: Write) -> None:
    """An update of an array is one more element."""
    assert apply(write, "target: $.list, update: {n: 4}")["list"] == [{"n": 1}, {"n": 2}, {"n": 3}, {"n": 4}]


def test_every_match_is_updated(write: Write) -> None:
    """A query may find many places."""
    made = apply(write, "target: $.paths.*.*, update: {x-seen: true}")
    seen = [operation["x-seen"] for item in made["paths"].values() for operation in item.values()]
    assert seen == [True, True, True]


def test_places_do_not_share_an_update(write: Write) -> None:
    """An update of two places gives each its own copy: a later action changes one of them."""
    made = apply(write, "target: '$.list[:2]', update: {x: {}}", "target: '$.list[0].x', update: {only: here}")
    assert made["list"] == [{"n": 1, "x": {"only": "here"}}, {"n": 2, "x": {}}, {"n": 3}]


def test_the_result_shares_nothing_within_itself(write: Write) -> None:
    """Two places that one update changed hold two objects, added or appended."""
    made = apply(write, "target: '$.list[:2]', update: {x: {}}", "target: $..tags, update: {y: 1}")
    assert made["list"][0]["x"] is not made["list"][1]["x"]
    cats = made["paths"]["/cats"]
    assert cats["get"]["tags"][1] == cats["post"]["tags"][1]
    assert cats["get"]["tags"][1] is not cats["post"]["tags"][1]


def test_remove_takes_places_out(write: Write) -> None:
    """Removed keys and elements are gone, several elements of one array at once."""
    made = apply(
        write, "target: \"$.paths['/cats'].get.deprecated\", remove: true", "target: '$.list[0,2,0]', remove: true"
    )
    assert made["paths"]["/cats"]["get"] == {"tags": ["a"]}
    assert made["list"] == [{"n": 2}]


def test_remove_of_nested_matches(write: Write) -> None:
    """A place may be removed together with one inside it."""
    assert apply(write, "target: '$..[?@.get || @.tags]', remove: true")["paths"] == {}


def test_actions_see_what_earlier_ones_did(write: Write) -> None:
    """Actions are applied in order, each to the result of those before it."""
    made = apply(
        write, "target: $, update: {new: {a: 1}}", "target: $.new, update: {b: 2}", "target: $.new.a, remove: true"
    )
    assert made["new"] == {"b": 2}


def test_the_given_document_stays_as_it_is(write: Write) -> None:
    """Neither updates nor removals show in the document that was given."""
    before = copy.deepcopy(DATA)
    apply(
        write,
        "target: $..get, update: {tags: [new], x: {y: [1]}}",
        "target: '$.list[1]', remove: true",
        "target: $.list, update: {n: 9}",
        "target: $, update: {list: [1], paths: {/cats: {get: {tags: [more]}}}}",
    )
    assert before == DATA


def test_applied_actions_are_listed(write: Write) -> None:
    """The result tells which actions were applied, why, and where."""
    text = HEAD + "actions:\n- {target: '$.list[?@.n > 1]', description: ' Old. ', update: {x: 1}}\n"
    assert overlay.apply(DATA, write(text))[1] == [
        overlay.Action(1, "$.list[?@.n > 1]", "Old.", False, ("/list/1", "/list/2"))
    ]


def test_an_empty_overlay_changes_nothing(write: Write) -> None:
    """An overlay without actions gives an equal document."""
    assert overlay.apply(DATA, write(HEAD + "actions: []\n")) == (DATA, [])


@pytest.mark.parametrize(
    ("action", "line", "problem", "hint"),
    [
        ("{target: $.list, remove: true}", 6, "action 2 has no reason", "say in x-reason why"),
        ("{target: $.list, x-reason: ' ', remove: true}", 6, "action 2 has no reason", "say in x-reason why"),
        ("{x-reason: r, remove: true}", 6, "action 2 has no target", "add a target"),
        ("just a string", 6, "action 2 has no target", "add a target"),
        ("{target: $.list, x-reason: r}", 6, "action 2 must have one of update, remove: true", "give it one"),
        (
            "{target: $.list, x-reason: r, update: 1, remove: true}",
            6,
            "action 2 must have one of update, remove: true",
            "give it one",
        ),
        ("{target: $.list, x-reason: r, update: 1, x-sdk-prefer: first}", 6, "action 2 must have one", "give it one"),
        ("{target: $.list, x-reason: r, x-sdk-prefer: both}", 6, "action 2: x-sdk-prefer is 'both'", "write first"),
        ("{target: $.list, x-reason: r, updaet: 1}", 6, "action 2: 'updaet' is unknown here", "one of"),
        ("{target: $, x-reason: r, remove: true}", 6, "action 2 would remove the whole document", "correct its target"),
        ("{target: 'list', x-reason: r, remove: true}", 6, "action 2: 'list' is no JSONPath: ", "write it by RFC 9535"),
        ("{target: '$.a[', x-reason: r, remove: true}", 6, "action 2: '$.a[' is no JSONPath: ", "write it by RFC 9535"),
        (
            "{x-reason: r, remove: true,\n   target: $.no}",
            7,
            "action 2 matches nothing: $.no; the document may have changed",
            "remove the action or correct its target",
        ),
        ("{target: '$.list[*].no', x-reason: r, remove: true}", 6, "action 2 matches nothing: $.list[*].no", "remove"),
        (
            "{target: $.openapi, x-reason: r, update: x}",
            6,
            "action 2: the target is a plain value",
            "target the object",
        ),
        (
            "{target: $.paths, x-reason: r, update: x}",
            6,
            "action 2: the target is an object, the update is not",
            "make",
        ),
        (
            "{target: $, x-reason: r, update: {list: 1}}",
            6,
            "action 2: /list is an array, its update is not",
            "remove it",
        ),
        ("{target: $, x-reason: r, update: {paths: []}}", 6, "action 2: /paths is an object, its update", "remove it"),
    ],
)
def test_a_wrong_action_is_refused(write: Write, action: str, line: int, problem: str, hint: str) -> None:
    """An action that is incomplete, matches nothing or does not fit is named by number and line."""
    first = "- {target: $.list,\n   x-reason: r, update: 1}\n"
    path = write(f"{HEAD}actions:\n{first}- {action}\n")
    error = refused(path)
    assert (error.file, error.line) == (path, line)
    assert error.problem.startswith(problem)
    assert (error.hint or "").startswith(hint)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "not an OpenAPI Overlay 1.0.0"),
        ("overlay: 2.0.0\n", "not an OpenAPI Overlay 1.0.0"),
        ("overlay: 1.0.0\nactions: []\n", "info.title is missing"),
        ("overlay: 1.0.0\ninfo: {title: x}\nactions: []\n", "info.version is missing"),
        (HEAD, "actions is missing"),
    ],
)
def test_a_file_that_is_no_overlay_is_refused(write: Write, text: str, problem: str) -> None:
    """The head of an overlay is checked."""
    assert refused(write(text)).problem == problem


def test_the_overlay_of_this_repository_applies(pinned: Document) -> None:
    """Every action of spec/overlay.yaml matches something in the pinned document."""
    overlay.apply(pinned.data, ROOT / "spec" / "overlay.yaml")


def test_hundreds_of_actions_are_fast(write: Write, pinned: Document) -> None:
    """500 actions on the pinned document take far less than a full copy of it for each."""
    names = list(pinned.data["components"]["schemas"])[:500]
    lines = "".join(
        f"- {{target: \"$.components.schemas['{name}']\", x-reason: r, update: {{x-n: 1}}}}\n" for name in names
    )
    path = write(f"{HEAD}actions:\n{lines}", "overlay.yaml")
    started = time.process_time()
    applied = overlay.apply(pinned.data, path)[1]
    assert time.process_time() - started < 2.0
    assert len(applied) == 500
