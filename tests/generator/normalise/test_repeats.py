"""Schemas that repeat others: which are the same, which one stays, and what refers to it then."""

# ruff: noqa: E501 - a schema of a document reads best in one line

from __future__ import annotations

from typing import Any

import pytest
import yaml

from generator.errors import GeneratorError
from generator.normalise.repeats import without_repeats

KEPT = """
Tool: {type: object, required: [type], properties: {type: {type: string, enum: [tool]}, size: {type: integer, minimum: 1}, next: {$ref: '#/components/schemas/Tool'}}}
Owner: {type: object, required: [id], properties: {id: {type: string}}}
"""


def mapped(repeats: str, kept: str = KEPT, patterns: str = "[Copy*]") -> dict[str, str]:
    """Return what repeats what of these schemas; those of `repeats` come from an addition."""
    return without_repeats(document(repeats, kept, patterns)).mapped


def document(repeats: str, kept: str = KEPT, patterns: str = "[Copy*]") -> dict[str, Any]:
    added = {name: {**schema, "x-source": "more.yaml"} for name, schema in yaml.safe_load(repeats).items()}
    schemas = {**yaml.safe_load(kept), **added}
    return {"paths": {}, "components": {"schemas": schemas, "x-sdk-repeats": yaml.safe_load(patterns)}}


@pytest.mark.parametrize(
    "copy",
    [
        # limits and defaults, a constant for an enum of one value, null for what may be left out, the order
        "{type: object, required: [type], properties: {size: {anyOf: [{type: integer}, {type: 'null'}]}, next: {$ref: '#/components/schemas/CopyTool'}, type: {const: tool, default: tool}}}",
        "{type: object, required: [type], properties: {type: {const: tool}, size: {type: integer, nullable: true}, next: {allOf: [{$ref: '#/components/schemas/Tool'}]}}}",
        "{allOf: [{type: object, required: [type], properties: {type: {const: tool}}}, {properties: {size: {type: [integer, 'null']}, next: {$ref: '#/components/schemas/Tool'}}}], type: object}",
    ],
)
def test_the_same_in_other_words(copy: str) -> None:
    """Two schemas are the same if the same JSON means the same by both, in whatever words; one may hold itself."""
    assert mapped(f"CopyTool: {copy}") == {"CopyTool": "Tool"}


@pytest.mark.parametrize(
    "copy",
    [
        "{type: object, properties: {type: {const: tool}, size: {type: integer}, next: {$ref: '#/components/schemas/Tool'}}}",
        "{type: object, required: [type], properties: {type: {const: tools}, size: {type: integer}, next: {$ref: '#/components/schemas/Tool'}}}",
        "{type: object, required: [type], properties: {type: {const: tool}, size: {type: number}, next: {$ref: '#/components/schemas/Tool'}}}",
        "{type: object, required: [type], properties: {type: {const: tool}, size: {type: integer}}}",
        "{type: object, required: [type], properties: {type: {const: tool}, size: {type: integer}, next: {$ref: '#/components/schemas/Owner'}}}",
        "{type: object, required: [type], properties: {type: {anyOf: [{const: tool}, {type: 'null'}]}, size: {type: integer}, next: {$ref: '#/components/schemas/Tool'}}}",
        "{type: array, items: {$ref: '#/components/schemas/Tool'}}",
    ],
)
def test_what_differs_stays(copy: str) -> None:
    """Another requirement, value, type, key or target is another schema, and so is null where a key must be there."""
    assert mapped(f"CopyTool: {copy}") == {}


def test_only_what_the_patterns_name_may_go() -> None:
    """A schema that the patterns do not name stays, and so does one of the base that they name."""
    same = "{type: object, required: [id], properties: {id: {type: string}}}"
    assert mapped(f"Other: {same}\nCopyOwner: {same}", f"{KEPT}\nCopyOfBase: {same}") == {"CopyOwner": "Owner"}


def test_the_closest_name_of_the_base_stays() -> None:
    """Of several schemas that are the same, one of the base is taken, by the words that its name shares, then the shortest."""
    same = "{type: object, required: [id], properties: {id: {type: string}}}"
    base = f"BetaKey: {same}\nKeyParam: {same}\nKey: {same}"
    assert mapped(f"CopyKey: {same}\nCopy_: {same}\nKeys: {same}", base) == {"CopyKey": "Key", "Copy_": "Key"}
    assert mapped(f"CopyKeyParam: {same}", f"BetaKeyParam: {same}\nKeyParam: {same}") == {"CopyKeyParam": "KeyParam"}


def test_repeats_of_each_other_become_the_shortest() -> None:
    """What nothing else repeats is there once, under the shortest name."""
    same = "{type: object, required: [a], properties: {a: {type: boolean}}}"
    assert mapped(f"CopyLonger: {same}\nCopy: {same}\nCopyLongest: {same}") == {
        "CopyLonger": "Copy", "CopyLongest": "Copy",
    }  # fmt: skip


def test_references_go_to_what_stays() -> None:
    """References and mappings lead to the schema that stays; the document itself stays as it is."""
    copy = "CopyOwner: {type: object, required: [id], properties: {id: {type: string}}}"
    holder = "Holder: {oneOf: [{$ref: '#/components/schemas/CopyOwner'}], discriminator: {propertyName: id, mapping: {a: '#/components/schemas/CopyOwner'}}}"
    given = document(f"{copy}\n{holder}")
    found = without_repeats(given)
    assert found.document["components"]["schemas"].keys() == {"Tool", "Owner", "Holder"}
    assert found.document["components"]["schemas"]["Holder"] == {
        "oneOf": [{"$ref": "#/components/schemas/Owner"}],
        "discriminator": {"propertyName": "id", "mapping": {"a": "#/components/schemas/Owner"}},
        "x-source": "more.yaml",
    }
    assert found.notes == ("mapped: 1 schemas that repeat others: CopyOwner is Owner",)
    assert given == document(f"{copy}\n{holder}")


def test_without_patterns_nothing_changes() -> None:
    """A document whose overlay names no repeats is given back as it is."""
    given = document("CopyOwner: {type: object}", patterns="[]")
    assert without_repeats(given).document is given


def test_a_pattern_without_a_schema_is_refused() -> None:
    """A pattern that matches no schema of an addition is an error, so that none outlives its reason."""
    with pytest.raises(GeneratorError, match=r"no schema of an addition is called Own\*") as caught:
        mapped("CopyOwner: {type: object}", patterns="[Copy*, Own*]")
    assert caught.value.pointer == "/components/x-sdk-repeats/1"


def test_false_is_the_same_as_itself_alone() -> None:
    """A schema that nothing satisfies is compared like any other."""
    assert mapped(
        "CopyA: {type: object, properties: {a: false}}", "A: {type: object, properties: {a: false}}\nB: false"
    ) == {"CopyA": "A"}
