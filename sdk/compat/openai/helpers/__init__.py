"""Methods that are no operation of the API: streams with events, parsing, waiting, uploads."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

#: The module of the helpers of each resource.
_WHERE: dict[str, str] = {
    "chat.completions": "chat",
    "beta.chat.completions": "chat",
    "responses": "responses",
    "beta.responses": "responses",
    "beta.threads": "runs",
    "beta.threads.runs": "runs",
    "vector_stores.files": "polling",
    "vector_stores.file_batches": "polling",
    "videos": "polling",
    "files": "polling",
    "uploads": "files",
    "webhooks": "webhooks",
}


def helpers_of(path: str, *, asynchronous: bool) -> dict[str, Callable[..., Any]]:
    """Return the helpers of a resource, by name."""
    module = _WHERE.get(path)
    if module is None:
        return {}
    found: dict[str, Callable[..., Any]] = import_module(f".{module}", __name__).helpers(
        path, asynchronous=asynchronous
    )
    return found


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
