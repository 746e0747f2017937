"""Every operation that both packages have, with the same arguments: the requests are equal, or differ as listed."""

from __future__ import annotations

from typing import Any

import pytest

from sdk.api import chat, files, threads

from ...conformance.document import pinned
from ...conformance.surface import endpoint
from .calling import Both, Call, calls
from .tables import listed, names

_OPERATIONS = {endpoint(operation).name: operation for operation in pinned().operations}


@pytest.mark.parametrize("name", sorted(names().keys() & _OPERATIONS.keys()))
def test_an_operation(both: Both, name: str) -> None:
    """All that the table lists is found, and nothing else."""
    operation = _OPERATIONS[name]
    found = set().union(*(both.differences(endpoint(operation), call) for call in calls(operation)))
    both.operations.add(name)
    assert sorted(found) == sorted(listed().get(name, set()))


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        (files.list, {"extra_query": {"a": {"k": "v", "l": {"m": True}}, "limit": 3}}),
        (files.list, {"extra_headers": {"X-A": "1", "Accept": "text/x"}}),
        (threads.create, {"extra_headers": {"openai-beta": "mine=v1"}}),
        (threads.create, {"extra_body": {"a": {"k": [None]}}}),
        (chat.create, {"model": "m", "messages": [], "temperature": None, "extra_body": {"model": "n"}}),
    ],
)
def test_what_goes_beyond_the_arguments(both: Both, operation: Any, arguments: dict[str, Any]) -> None:
    """Headers, query and fields that the description does not have are sent alike."""
    assert both.differences(operation, Call(arguments)) == set()
