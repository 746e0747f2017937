"""Unions without tags of strings: told apart by numbers, by booleans, and by the keys that a member knows."""

# ruff: noqa: E501 - a schema of a document reads best in one line

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..mini import imported

ZOO = """
One: {type: object, required: [tag], properties: {tag: {const: 1}, a: {}}}
Two: {type: object, required: [tag], properties: {tag: {enum: [2, 3]}, b: {}}}
Half: {type: object, required: [tag], properties: {tag: {const: 0.5}}}
Good: {type: object, required: [tag], properties: {tag: {const: true}, a: {}}}
Bad: {type: object, required: [tag], properties: {tag: {const: false}, b: {}}}
Word: {type: object, required: [tag], properties: {tag: {const: word}}}
Maybe: {type: object, required: [tag], properties: {tag: {enum: [7, null]}}}
Numbers: {oneOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}, {$ref: '#/components/schemas/Half'}]}
Booleans: {oneOf: [{$ref: '#/components/schemas/Good'}, {$ref: '#/components/schemas/Bad'}]}
Mixed: {oneOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Good'}, {$ref: '#/components/schemas/Word'}, {$ref: '#/components/schemas/Maybe'}]}
Mapped:
  oneOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}]
  discriminator: {propertyName: tag, mapping: {'1': '#/components/schemas/One', '2': '#/components/schemas/Two'}}
# the values of a key that only some members have
Ok: {type: object, properties: {ok: {const: true}, data: {}}}
Failed: {type: object, properties: {ok: {const: false}, data: {}, why: {}}}
Plain: {type: object, properties: {data: {}}}
Partly: {anyOf: [{$ref: '#/components/schemas/Ok'}, {$ref: '#/components/schemas/Failed'}, {$ref: '#/components/schemas/Plain'}]}
# nothing is required
Found: {type: object, properties: {hits: {type: integer}, took: {}}}
Lost: {type: object, properties: {problem: {type: object}, took: {}, more: {}}}
Either: {anyOf: [{$ref: '#/components/schemas/Found'}, {$ref: '#/components/schemas/Lost'}]}
# what is required goes before what is known
Narrow: {type: object, required: [id], properties: {id: {}}}
Wide: {type: object, properties: {id: {}, a: {}, b: {}}}
Demands: {anyOf: [{$ref: '#/components/schemas/Wide'}, {$ref: '#/components/schemas/Narrow'}]}
# a tag that the server leaves out
Left: {type: object, properties: {kind: {const: left}, a: {}}}
Right: {type: object, properties: {kind: {const: right}, b: {}}}
Untagged: {oneOf: [{$ref: '#/components/schemas/Left'}, {$ref: '#/components/schemas/Right'}]}
# a schema that no mapping names is told by its own name
User: {type: object, properties: {type: {type: string}, id: {type: integer}}}
HomeFolder: {type: object, properties: {type: {type: string}, id: {type: integer}}}
Implied: {oneOf: [{$ref: '#/components/schemas/User'}, {$ref: '#/components/schemas/HomeFolder'}], discriminator: {propertyName: type}}
# which a number cannot be
Code: {type: integer}
Done: {type: object, required: [path], properties: {status: {$ref: '#/components/schemas/Code'}, path: {type: string}}}
Wrong: {type: object, properties: {status: {type: integer}, errors: {type: array}}}
Numbered: {oneOf: [{$ref: '#/components/schemas/Done'}, {$ref: '#/components/schemas/Wrong'}], discriminator: {propertyName: status}}
"""


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The generated models of ZOO."""
    folder: Path = tmp_path_factory.mktemp("choice")
    with imported(folder, ZOO, name="choice") as mini:
        yield mini.models


CHOICES: list[tuple[str, Any, str]] = [
    ("Implied", {"type": "User"}, "User"),
    ("Implied", {"type": "user"}, "User"),
    ("Implied", {"type": "home_folder"}, "HomeFolder"),
    ("Implied", {"type": "home-folder"}, "HomeFolder"),
    ("Implied", {"type": "homes"}, "Unknown"),
    ("Implied", {"type": ""}, "Unknown"),
    ("Implied", {"type": 1}, "Unknown"),
    ("Numbers", {"tag": -1}, "Unknown"),
    ("Numbered", {"status": 200, "path": "/"}, "Done"),
    ("Numbered", {"status": 404, "errors": []}, "Wrong"),
    ("Numbers", {"tag": 1}, "One"),
    ("Numbers", {"tag": 1.0}, "One"),
    ("Numbers", {"tag": 3}, "Two"),
    ("Numbers", {"tag": 0.5}, "Half"),
    ("Numbers", {"tag": "2"}, "Two"),
    ("Numbers", {"tag": 4}, "Unknown"),
    ("Numbers", {"tag": True}, "Unknown"),
    ("Numbers", {"tag": [1]}, "Unknown"),
    ("Numbers", {"tag": {}}, "Unknown"),
    ("Numbers", {"b": 1}, "Unknown"),
    ("Booleans", {"tag": True}, "Good"),
    ("Booleans", {"tag": False}, "Bad"),
    ("Booleans", {"tag": 1}, "Unknown"),
    ("Booleans", {"tag": None, "b": 1}, "Bad"),
    ("Mixed", {"tag": 1}, "One"),
    ("Mixed", {"tag": True}, "Good"),
    ("Mixed", {"tag": "word"}, "Word"),
    ("Mixed", {"tag": 7}, "Maybe"),
    ("Mapped", {"tag": 1}, "One"),
    ("Mapped", {"tag": 2}, "Two"),
    ("Mapped", {"tag": 9}, "Unknown"),
    ("Partly", {"ok": True, "data": 1}, "Ok"),
    ("Partly", {"ok": False, "data": 1}, "Failed"),
    ("Partly", {"ok": None, "why": 1}, "Plain"),
    ("Partly", {"data": 1}, "Ok"),
    ("Either", {"hits": 1}, "Found"),
    ("Either", {"problem": {}}, "Lost"),
    ("Either", {"more": 1}, "Lost"),
    ("Either", {"more": 1, "hits": 1}, "Found"),
    ("Either", {"took": 1}, "Found"),
    ("Either", {"other": 1}, "Found"),
    ("Either", {}, "Found"),
    ("Demands", {"id": 1, "a": 1, "b": 1}, "Narrow"),
    ("Demands", {"a": 1}, "Wide"),
    ("Untagged", {"b": 1}, "Right"),
    ("Untagged", {"a": 1}, "Left"),
    ("Untagged", {}, "Left"),
]


@pytest.mark.parametrize(("union", "wire", "model"), CHOICES)
def test_the_class_of_an_object(zoo: Any, union: str, wire: Any, model: str) -> None:
    """A constant contradicts whatever its type; required keys come first, then known ones, then declared order."""
    found = getattr(zoo, union).from_dict(wire)
    assert type(found).__name__ == model
    assert found.to_dict() == wire
