"""Operations without a handler: the reply is generated from the API description."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..description.document import json_schema, operations, template_of
from ..description.example import example
from ..description.schemas import fits, known_keys
from .replies import JSONReply, event_stream
from .state import JSON

_EVENTS = "text/event-stream"
_VARIABLE, _PERCENT = re.compile(r"\{(\w+)\}"), re.compile(r"%([0-9A-Fa-f]{2})")
#: A generated page is the last one and generated work is completed, so that a client that reads on or polls ends.
_LAST_PAGE: JSON = {"has_more": False, "next": None, "next_page": None}
_COMPLETED: JSON = {"status": "completed"}


def routes(handled: Iterable[Route]) -> list[Route]:
    """Return a route for each path of the description, for the methods that have no other route."""
    taken = {(_shape(route.path), method) for route in handled for method in route.methods or ()}
    paths: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
    for operation in operations().values():
        path, query = template_of(operation)
        if (_shape(path), operation["method"]) not in taken:
            paths.setdefault(path, {})[operation["method"], query] = operation
    # Fixed segments come before variables: /videos/characters is not a video.
    return [_route(path, found) for path, found in sorted(paths.items(), key=lambda row: _VARIABLE.sub("~", row[0]))]


def reply(operation: dict[str, Any], request: Request) -> Response:
    """Return a valid reply: JSON, bytes, text, or a stream of one event, as the request accepts."""
    replies, status = operation["replies"], operation["status"]
    accepted = request.headers.get("accept", "*/*")
    if _EVENTS in replies and (_EVENTS in accepted or len(replies) == 1):
        return event_stream([_example(replies[_EVENTS])], done=True)
    media_type = next((one for one in replies if "json" in one), None) or next(
        (one for one in replies if one != _EVENTS), None
    )
    if media_type is None:
        return Response(status_code=status)
    if "json" not in media_type:
        return Response(f"The content of {request.url.path}.\n", status, media_type=media_type)
    content = _example(replies[media_type])
    if isinstance(content, dict):
        _adapt(content, operation, replies[media_type], list(request.path_params.values()))
    return JSONReply(content, status)


def _adapt(content: JSON, operation: dict[str, Any], schema: dict[str, Any], path_parameters: list[str]) -> None:
    """Set what a client relies on, where the description allows it: the last page, the status, the id of the path."""
    wanted = dict(_LAST_PAGE)
    if operation["path"].endswith("}"):
        wanted |= _COMPLETED if operation["method"] == "GET" else {}
        if isinstance(content.get("id"), str) and path_parameters:
            wanted["id"] = path_parameters[-1]
    items = content.get("data")
    if isinstance(items, list) and items and isinstance(items[0], dict) and "id" in items[0]:
        wanted |= {"first_id": items[0]["id"], "last_id": items[-1]["id"]}
    keys = known_keys(schema) or {}
    for name, value in wanted.items():
        if name in content and fits(keys.get(name, {}), value):
            before, content[name] = content[name], value
            if not fits(schema, content):  # the alternative that was generated has no such value
                content[name] = before


def _example(schema: dict[str, Any]) -> Any:
    whole = json_schema(schema)
    likely = example(whole, likely=True)
    return likely if fits(schema, likely) else example(whole)


def _route(path: str, found: dict[tuple[str, str], dict[str, Any]]) -> Route:
    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method  # Starlette routes HEAD wherever it routes GET
        fitting = [query for one, query in found if one == method and _has(request, query)]
        return reply(found[method, max(fitting, key=len, default="")], request)

    return Route(
        _PERCENT.sub(lambda sign: chr(int(sign[1], 16)), path), answer, methods=[method for method, _ in found]
    )


def _has(request: Request, query: str) -> bool:
    """Return whether a request has the pairs of a query that an operation always has."""
    return all(request.query_params.get(name) == value for name, value in parse_qsl(query, keep_blank_values=True))


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)
