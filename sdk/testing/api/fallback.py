"""Operations without a handler of their own: a reply that is valid by the API description, made on request."""

import re
from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..description.document import description, pointed
from ..description.example import example
from ..server.forms import known_keys
from ..server.replies import JSONReply, event_stream
from ..server.state import JSON
from .collection import api

_EVENTS = "text/event-stream"
_VARIABLE = re.compile(r"\{(\w+)\}")
#: A made-up page is the last one, and made-up work is done: who reads on, or asks until it is so, comes to an end.
_LAST: JSON = {"has_more": False, "next": None, "next_page": None}
_DONE: JSON = {"status": "completed"}


def routes(handled: Iterable[Route]) -> list[Route]:
    """Return a route for each described path, for the methods that no other route handles."""
    taken = {(_shape(route.path), method) for route in handled for method in route.methods or ()}
    paths: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
    for operation in description()[0].values():
        path, _, query = operation["path"].partition("?")
        if (_shape(f"/v1{path}"), operation["method"]) not in taken:
            paths.setdefault(path, {})[operation["method"], query] = operation
    # What is fixed goes before what varies: /videos/characters is no video.
    return [_route(path, found) for path, found in sorted(paths.items(), key=lambda row: _VARIABLE.sub("~", row[0]))]


def reply(operation: dict[str, Any], request: Request) -> Response:
    """Return a valid reply: JSON, bytes, text or a stream of one event, as the caller accepts and the API declares."""
    replies, status = operation["replies"], operation["status"]
    accepted = request.headers.get("accept", "*/*")
    if _EVENTS in replies and _EVENTS in accepted:
        return event_stream([_value(replies[_EVENTS], request)], done=True)
    kind = next((k for k in replies if "json" in k), None) or next((k for k in replies if k != _EVENTS), None)
    if kind is None:
        return Response(status_code=status)
    if "json" not in kind:
        return Response(f"The content of {request.url.path}.\n", status, media_type=kind)
    made = _value(replies[kind], request)
    if isinstance(made, dict):
        _settle(made, operation, replies[kind], list(request.path_params.values()))
    return JSONReply(made, status)


def _settle(made: JSON, operation: dict[str, Any], schema: dict[str, Any], asked: list[str]) -> None:
    """Make an object that a list, or one thing that was asked for, would be, where the description allows it."""
    wanted = dict(_LAST)
    if operation["path"].endswith("}"):
        wanted |= _DONE if operation["method"] == "GET" else {}
        if isinstance(made.get("id"), str) and asked:
            wanted["id"] = asked[-1]  # who asks for one object gets that one
    if isinstance(listed := made.get("data"), list) and listed and isinstance(listed[0], dict) and "id" in listed[0]:
        wanted |= {"first_id": listed[0]["id"], "last_id": listed[-1]["id"]}
    keys = known_keys(api(), schema) or {}
    made.update({n: v for n, v in wanted.items() if n in made and not any(api().check(keys.get(n, {}), v, ()))})


def _value(schema: dict[str, Any], request: Request) -> Any:
    return example({**pointed(schema), "$defs": description()[1]}, "")


def _route(path: str, operations: dict[tuple[str, str], dict[str, Any]]) -> Route:
    async def answer(request: Request) -> Response:
        key = (request.method, "beta=true" if request.query_params.get("beta") == "true" else "")
        return reply(operations.get(key) or operations[request.method, ""], request)

    return Route(f"/v1{path}", answer, methods=[method for method, _ in operations])


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)
