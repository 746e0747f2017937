"""Refuse requests that break the API description, and say where."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from .._core.reply.validate import Description, Problem, description, written
from .errors import APIFailure, missing
from .forms import Read, read_form, read_pairs, unknown_paths
from .recorded import RecordedRequest
from .state import RECORDED, State

_CODES = {"required": "missing_required_parameter", "type": "invalid_type", "additionalProperties": "unknown_parameter"}
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class Check:
    """Answer with 400 in place of the application where a request is not one of the API's."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app = app
        self.state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        failure = None
        if scope["type"] == "http" and self.state.validate:
            failure = next(problems(scope[RECORDED], allow_unknown=self.state.allow_unknown), None)
        await (failure.response() if failure else self.app)(scope, receive, send)


def problems(request: RecordedRequest, *, allow_unknown: bool) -> Iterator[APIFailure]:
    """Yield what is wrong with a request, as the errors to answer with. Of an unknown path nothing is known."""
    if request.operation is None:
        return
    api = _api()
    operation = api.operations[request.operation]
    query = read_pairs(api, operation.get("query", {}), request.query.multi_items())
    fixed = operation["path"].partition("?")[2].partition("=")[0]
    query.unknown[:] = [name for name in query.unknown if name != fixed]
    yield from _of(api, operation.get("query", {}), query, allow_unknown)
    yield from _of_body(api, operation, request, allow_unknown)


def _of_body(
    api: Description, operation: dict[str, Any], request: RecordedRequest, allow_unknown: bool
) -> Iterator[APIFailure]:
    bodies = operation.get("bodies", {})
    if not bodies:
        return
    if not request.body:
        if operation.get("body_required"):
            yield from _nothing(api, bodies)
        return
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower() or "application/json"
    schema = bodies.get(kind)
    if schema is None:
        message = f"The body is {kind}; this path takes {' or '.join(bodies)}."
        yield APIFailure(message, code="invalid_content_type")
    elif kind in _FORMS:
        yield from _of(api, schema, read_form(api, schema, request), allow_unknown)
    elif "json" in kind:
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            yield APIFailure("The request's body is not valid JSON.", code="invalid_json")
            return
        unknown = () if allow_unknown else unknown_paths(api, schema, body)
        yield from _of(api, schema, Read(body, [written(path) for path in unknown]), allow_unknown)


def _nothing(api: Description, bodies: dict[str, Any]) -> Iterator[APIFailure]:
    """Say what a body that is not there lacks."""
    schema = next(iter(bodies.values()))
    lacking = [problem.key for problem in api.check(schema, {}, ()) if problem.keyword == "required"]
    yield missing(lacking[0]) if lacking and lacking[0] else APIFailure("The body is missing.", code="missing_body")


def _of(api: Description, schema: Any, read: Read, allow_unknown: bool) -> Iterator[APIFailure]:
    for name in () if allow_unknown else read.unknown:
        told = f"The API has no parameter '{name}' here."
        hint = "A server of yours may: --allow-unknown or allow_unknown=True takes it."
        yield APIFailure(f"{told} {hint}", param=name, code="unknown_parameter")
    for problem in api.check(schema, read.value, ()):
        yield _failure(problem)


def _failure(problem: Problem) -> APIFailure:
    # Of a union what keeps the closest member from fitting is what its writer wants to know.
    problem = problem.inner or problem
    if problem.keyword == "required":
        return missing(written((*problem.path, problem.key or "")))
    param = written(problem.path)
    what = f"The parameter '{param}'" if param else "The body"
    code = _CODES.get(problem.keyword, "invalid_value")
    return APIFailure(f"{what} {problem.message}.", param=param or None, code=code)


@cache
def _api() -> Description:
    return description(__name__.partition(".")[0])
