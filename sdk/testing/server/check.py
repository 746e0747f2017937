"""Refuse requests that break the API description, and say where they break it."""

import json
from collections.abc import Iterator
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from ..description.document import Problem, description, format_path, operations
from ..description.schemas import unknown_paths
from .errors import APIFailure, missing
from .forms import Parsed, read_form, read_pairs
from .recorded_request import RecordedRequest
from .state import RECORDED, State

_CODES = {"required": "missing_required_parameter", "type": "invalid_type", "additionalProperties": "unknown_parameter"}
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class Check:
    """Middleware: answer a request that is not valid by the API description with 400."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app = app
        self.state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        failure = None
        if scope["type"] == "http" and self.state.validate:
            failure = next(problems(scope[RECORDED], allow_unknown=self.state.allow_unknown), None)
        await (failure.response() if failure else self.app)(scope, receive, send)


def problems(request: RecordedRequest, *, allow_unknown: bool) -> Iterator[APIFailure]:
    """Yield the problems of a request, as the errors to answer with; none if the path is not one of the API's."""
    if request.operation is None:
        return
    operation = operations()[request.operation]
    for name, value in operation.get("headers", {}).items():
        if name not in request.headers:
            yield APIFailure(f"This path needs the header '{name}: {value}'.", code="invalid_beta")
    schema = operation.get("query", {})
    query = read_pairs(schema, request.query.multi_items())
    known = {operation["path"].partition("?")[2].partition("=")[0]}
    known |= {name for place, name, _ in description().schemes.values() if place == "query"}  # of keys
    query.unknown[:] = [name for name in query.unknown if name not in known]
    yield from _of_value(schema, query, allow_unknown)
    yield from _of_body(operation, request, allow_unknown)


def _of_body(operation: dict[str, Any], request: RecordedRequest, allow_unknown: bool) -> Iterator[APIFailure]:
    bodies = operation.get("bodies", {})
    if not bodies:
        return
    if not request.body:
        if operation.get("body_required"):
            yield _missing_body(bodies)
        return
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower() or "application/json"
    schema = bodies.get(media_type)
    if schema is None:
        message = f"The body is {media_type}; this path takes {' or '.join(bodies)}."
        yield APIFailure(message, code="invalid_content_type")
    elif media_type in _FORMS:
        yield from _of_value(schema, read_form(schema, request), allow_unknown)
    elif "json" in media_type:
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            yield APIFailure("The request's body is not valid JSON.", code="invalid_json")
            return
        unknown = () if allow_unknown else unknown_paths(schema, body)
        yield from _of_value(schema, Parsed(body, [format_path(path) for path in unknown]), allow_unknown)


def _missing_body(bodies: dict[str, Any]) -> APIFailure:
    """Name the first parameter that the missing body lacks."""
    schema = next(iter(bodies.values()))
    lacking = [problem.key for problem in description().check(schema, {}, ()) if problem.keyword == "required"]
    return missing(lacking[0]) if lacking and lacking[0] else APIFailure("The body is missing.", code="missing_body")


def _of_value(schema: Any, parsed: Parsed, allow_unknown: bool) -> Iterator[APIFailure]:
    for name in () if allow_unknown else parsed.unknown:
        message = (
            f"The API has no parameter '{name}' here. "
            "If your own server has it, --allow-unknown or allow_unknown=True lets it pass."
        )
        yield APIFailure(message, param=name, code="unknown_parameter")
    for problem in description().check(schema, parsed.value, ()):
        yield _failure(problem)


def _failure(problem: Problem) -> APIFailure:
    # In a union, the problem of the closest member is the one that helps the caller.
    problem = problem.inner or problem
    if problem.keyword == "required":
        return missing(format_path((*problem.path, problem.key or "")))
    param = format_path(problem.path)
    subject = f"The parameter '{param}'" if param else "The body"
    code = _CODES.get(problem.keyword, "invalid_value")
    return APIFailure(f"{subject} {problem.message}.", param=param or None, code=code)
