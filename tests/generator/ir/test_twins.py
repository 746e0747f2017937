"""Inline objects that are the same become one class, where its name is true of all of them."""

# ruff: noqa: E501 - a schema or an operation of a document reads best in one line

from __future__ import annotations

from pathlib import Path

import pytest

from generator.ir import Api

from ..mini import api_of, imported

SCHEMAS = """
# in one schema: the first in the document stays, whatever its name
Log: {properties: {key_deleted: {properties: {id: {}}}, a_deleted: {properties: {id: {}}}, other: {properties: {id: {type: string}}}}}
# in variants of one schema: that of the shortest name stays; what contains twins is one, too
Reply: {properties: {usage: {properties: {tokens: {type: integer}, details: {properties: {cached: {type: integer}}}}}}}
BetaReply: {properties: {usage: {properties: {tokens: {type: integer}, details: {properties: {cached: {type: integer}}}}}, more: {}}}
BetaReplyList: {properties: {usage: {properties: {tokens: {type: integer}, details: {properties: {cached: {type: integer}}}}}}}
# the same content in schemas that have nothing to do with each other, or in another place
Job: {properties: {usage: {properties: {tokens: {type: integer}}}, spent: {properties: {tokens: {type: number}}}}}
Jobless: {properties: {usage: {properties: {tokens: {type: integer}}}}}
BetaJob: {properties: {spending: {properties: {tokens: {type: number}}}}}
# a fact or a word is a difference
Tight: {properties: {a: {properties: {n: {type: integer, maximum: 3}}}, b: {properties: {n: {type: integer}}}, c: {properties: {n: {type: integer, description: x}}}}}
# a union of twins
Either: {properties: {it: {anyOf: [{type: object, properties: {x: {const: a}}}, {type: object, properties: {x: {const: b}}}]}, again: {anyOf: [{type: object, properties: {x: {const: a}}}, {type: array, items: {type: object, properties: {x: {const: b}}}}]}}}
"""


def classes(api: Api) -> set[str]:
    return {obj.name for schema in api.schemas for obj in schema.inline}


def test_twins_of_one_schema_and_of_its_variants_are_one() -> None:
    """The first of a schema stays, and that of the schema with the shortest name; others keep theirs."""
    assert classes(api_of(SCHEMAS)) == {
        *("LogKeyDeleted", "LogOther"),
        *("ReplyUsage", "ReplyUsageDetails"),
        *("JobUsage", "JobSpent", "JoblessUsage", "BetaJobSpending"),
        *("TightA", "TightB", "TightC"),
        *("EitherItA", "EitherItB"),
    }


def test_the_names_that_go_are_former_names() -> None:
    """All names by which a class was known lead to it, those of earlier rounds as well."""
    former = dict(api_of(SCHEMAS).former())
    assert former == {
        "LogADeleted": "LogKeyDeleted",
        "BetaReplyUsage": "ReplyUsage", "BetaReplyUsageDetails": "ReplyUsageDetails",
        "BetaReplyListUsage": "ReplyUsage", "BetaReplyListUsageDetails": "ReplyUsageDetails",
        "EitherAgain": "EitherItA", "EitherAgainItem": "EitherItB",
    }  # fmt: skip


def test_a_new_neighbour_changes_no_name() -> None:
    """A twin that comes later, in the schema or in a variant, is called as the ones before."""
    more = (
        SCHEMAS.replace("a_deleted:", "zebra: {properties: {id: {}}}, a_deleted:")
        + "NewReply: {properties: {usage: {properties: {tokens: {type: integer}, details: {properties: {cached: {type: integer}}}}}}}\n"
    )
    assert classes(api_of(more)) == classes(api_of(SCHEMAS))


def test_old_names_warn(tmp_path: Path) -> None:
    """They are importable, and the fields of both places hold the one class."""
    with imported(tmp_path, SCHEMAS, name="twins") as mini:
        made = mini.models.Log.from_dict({"key_deleted": {"id": 1}, "a_deleted": {"id": 2}})
        assert type(made.key_deleted) is type(made.a_deleted) is mini.models.LogKeyDeleted
        beta = mini.models.BetaReply.from_dict({"usage": {"details": {"cached": 1}}})
        assert type(beta.usage.details) is mini.models.ReplyUsageDetails
        with pytest.warns(DeprecationWarning, match=r"BetaReplyUsage is called ReplyUsage now"):
            assert mini.models.BetaReplyUsage is mini.models.ReplyUsage
        again = mini.models.Either.from_dict({"again": {"x": "a"}}).again
        assert type(again) is mini.models.EitherItA
