"""The ASGI application of any API: middleware, routes and error handlers."""

from collections.abc import Iterable, Mapping

# Imported here so that a missing package is reported at once, not with the first form.
import python_multipart  # noqa: F401
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from .check import Check
from .errors import APIFailure, on_failure, on_http_error
from .middleware import Perform, Record, Refusal, ResponseHeaders
from .state import State


def no_headers(seconds: float) -> Mapping[str, str]:
    """Return no headers: a response has those of its reply."""
    return {}


def application(
    state: State, routes: Iterable[BaseRoute], refuse: Refusal, headers: ResponseHeaders = no_headers
) -> Starlette:
    """Return an application that answers by its routes; `refuse` decides about the key of a request."""
    app = Starlette(
        routes=list(routes),
        middleware=[
            Middleware(Record, state=state, refuse=refuse, headers=headers),
            Middleware(Check, state=state),
            Middleware(Perform, state=state),
        ],
        exception_handlers={APIFailure: on_failure, HTTPException: on_http_error},
    )
    app.router.redirect_slashes = False
    app.state.server = state
    return app
