"""The client of a reply: one whose state changes on the server knows where to ask for it again."""

from __future__ import annotations

from typing import Any
from weakref import ref

from ..errors import ClientClosedError
from .base import BaseClient
from .default import default_client


def remember(reply: Any, client: BaseClient) -> None:
    """Let a reply that can be waited for know its client, weakly; of a page, each of its items."""
    source = ref(client)
    items = reply.data if hasattr(type(reply), "data") else None
    for one in (reply, *(items if isinstance(items, list) else ())):
        if getattr(type(one), "_wait", None) is not None:
            one._source = source


def source_of(reply: Any, root: str) -> BaseClient:
    """Return the client that a reply came from; the process-wide one of the package `root` if it came from no call.

    Copies and pickles of a reply, and models made by hand, came from no call.
    Raises: ClientClosedError if that client does not exist any more.
    """
    source: ref[BaseClient] | None = getattr(reply, "_source", None)
    if source is None:
        return default_client(root)
    client = source()
    if client is None:
        raise ClientClosedError(
            f"the client that the {type(reply).__name__} came from does not exist any more: pass client=, "
            "or keep that client in a variable"
        )
    return client
