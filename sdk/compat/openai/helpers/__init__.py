"""Methods that are not operations of the API: streams with events, parsing, waiting, uploads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def with_forms(function: Callable[..., Any], *, asynchronous: bool) -> Callable[..., Any]:
    """Let `with_raw_response` call a helper that makes one call: its `create` gives the response then."""
    raw: Any = function

    def form(resource: Any, name: str) -> Callable[..., Any]:
        responses = getattr(resource, f"with_{name}_response")
        return lambda *args, **kwargs: raw(_Raw(resource, responses), *args, **kwargs)

    raw.form = form
    return function


class _Raw:
    """A resource whose `create` gives the response; `finish` puts the parsed reply into it."""

    def __init__(self, resource: Any, responses: Any) -> None:
        self._client, self.create, self.raw = resource._client, responses.create, True
