"""Errors in the API's own format."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_INVALID = "invalid_request_error"


class APIFailure(Exception):
    """Raise this in a handler to answer with the status and an error object."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: str = _INVALID,
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"error": {"message": message, "type": type, "param": param, "code": code}}
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """Return it as an HTTP response."""
        return JSONResponse(self.body, self.status, self.headers)


def missing(param: str) -> APIFailure:
    """Return the error for a required parameter that is missing."""
    return APIFailure(f"The required parameter '{param}' is missing.", param=param, code="missing_required_parameter")


def wrong_type(param: str, expected: str) -> APIFailure:
    """Return the error for a parameter of the wrong JSON type."""
    return APIFailure(f"The parameter '{param}' must be {expected}.", param=param, code="invalid_type")


def wrong_value(param: str, expected: str) -> APIFailure:
    """Return the error for a parameter whose value the API does not allow."""
    return APIFailure(f"The parameter '{param}' must be {expected}.", param=param, code="invalid_value")


def not_found(kind: str, id: str, *, param: str | None = None, code: str | None = None) -> APIFailure:
    """Return the error for an object that this server does not have."""
    return APIFailure(f"This server has no {kind} '{id}'.", status=404, param=param, code=code)


async def on_failure(request: Request, error: Exception) -> Response:
    """Answer an `APIFailure`."""
    assert isinstance(error, APIFailure)
    return error.response()


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the router refuses: unknown paths, unknown methods, malformed forms."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        message, code = f"This server has no path {request.method} {request.url.path}.", "unknown_url"
    elif error.status_code == 405:
        message, code = f"{request.url.path} does not take {request.method}.", "method_not_allowed"
    else:
        message, code = error.detail, None
    failure = APIFailure(message, status=error.status_code, code=code, headers=error.headers)
    return failure.response()
