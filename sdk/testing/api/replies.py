"""Build responses of this API: pages of a list, and the named events of runs."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..server.errors import APIFailure, wrong_value
from ..server.replies import JSONReply, block, stream


def enveloped_stream(events: Iterable[tuple[str, Mapping[str, Any]]]) -> Response:
    """Stream named events, as runs do: the name is not part of the data. The last event is named `done`."""
    return stream(chain((block(name, data) for name, data in events), [b"event: done\ndata: [DONE]\n\n"]))


def page(
    request: Request,
    items: Sequence[dict[str, Any]],
    *,
    default_order: str,
    default_limit: int = 20,
    max_limit: int = 100,
) -> Response:
    """Answer with the page of a list that the query selects by `after`, `before`, `limit` and `order`.

    With `before`, the page holds the items just before that one. `items` are in ascending order. The ids of an empty
    page are empty strings, because the API description requires strings.
    """
    query = request.query_params
    limit = _limit(query.get("limit"), default_limit, max_limit)
    order = query.get("order", default_order)
    if order not in ("asc", "desc"):
        raise wrong_value("order", "one of asc, desc")
    ordered = list(items) if order == "asc" else list(items)[::-1]
    after, before = (_position(ordered, name, query.get(name)) for name in ("after", "before"))
    ordered = ordered[0 if after is None else after + 1 : before]
    shown = ordered[:limit] if before is None else ordered[-limit:]
    return JSONReply(
        {
            "object": "list",
            "data": shown,
            "first_id": shown[0]["id"] if shown else "",
            "last_id": shown[-1]["id"] if shown else "",
            "has_more": len(ordered) > limit,
        }
    )


def _position(items: Sequence[dict[str, Any]], name: str, id: str | None) -> int | None:
    if id is None:
        return None
    for index, item in enumerate(items):
        if item["id"] == id:
            return index
    raise APIFailure(f"No item of this list has the id '{id}'.", param=name, code="invalid_value")


def _limit(given: str | None, default: int, highest: int) -> int:
    if given is None:
        return default
    if not (given.isascii() and given.isdecimal() and 1 <= int(given) <= highest):
        raise wrong_value("limit", f"an integer from 1 to {highest}")
    return int(given)
