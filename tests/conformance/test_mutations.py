"""Odd replies: lenient mode reads and keeps every one, strict mode says exactly where it breaks the document."""

from __future__ import annotations

import itertools
import math
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdk._core.reply.decode import decode
from sdk._core.reply.validate import description

from .document import JSON, Schema, pinned
from .mutate import CHANGES, Change, mutate
from .payload import Maker
from .surface import AnyEndpoint, replies

pytestmark = pytest.mark.long

#: Bodies in all, spread over all JSON replies.
WANTED = 10_000
SHARDS = 8
HEADERS = {"content-type": JSON}


def bodies(schema: Schema) -> list[Any]:
    """Return different valid bodies of one schema."""
    makers = [Maker(pinned(), full=False), *(Maker(pinned(), full=True, pick=pick) for pick in (0, 1, 2, 5, 11))]
    return [maker.make(schema) for maker in makers]


def fails(endpoint: AnyEndpoint, schema: Schema, body: Any) -> None:
    """Check one body in both modes, against the independent validator."""
    reply = decode(endpoint._spec, JSON, HEADERS, orjson.dumps(body), {})
    assert reply.to_dict() == body
    found = {problem.path for problem in description("sdk").problems(endpoint.name, JSON, body)}
    assert found == pinned().paths(schema, body)


def explore(endpoint: Any, schema: Any, made: list[Any], examples: int) -> int:
    """Check mutations of the replies of one operation, and return how many there were."""
    done = 0

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(body=st.sampled_from(made), changes=CHANGES)
    def each(body: Any, changes: list[Change]) -> None:
        nonlocal done
        done += 1
        fails(endpoint, schema, mutate(body, changes))

    each()
    return done


@pytest.mark.timeout(120)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_mutated_replies(shard: int) -> None:
    """No mutated reply raises, each comes back equal, and strict mode finds what the independent validator finds."""
    some = list(itertools.islice(replies(), shard, None, SHARDS))
    made_of = [bodies(schema) for _, schema in some]
    done = 0
    for number, ((endpoint, schema), made) in enumerate(zip(some, made_of, strict=True)):
        # What is still to do, shared out by the root of the size: more can go wrong in a large reply.
        share = math.sqrt(len(str(made))) / sum(math.sqrt(len(str(others))) for others in made_of[number:])
        done += explore(endpoint, schema, made, max(10, math.ceil((WANTED // SHARDS - done) * share)))
    assert done >= WANTED // SHARDS
