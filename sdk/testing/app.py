"""The ASGI application: middleware, routes and error handlers."""

# Imported here so that a missing package is reported at once, not with the first form.
import python_multipart  # noqa: F401
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from .api.routes import routes
from .api.sockets import sockets
from .server.check import Check
from .server.errors import APIFailure, on_failure, on_http_error
from .server.middleware import Perform, Record
from .server.state import State


def create_app(api_key: str | None = "test-key", *, state: State | None = None) -> Starlette:
    """Return a server application. It requires `api_key`, unless that is None; `state` may be of a subclass."""
    app = Starlette(
        routes=[*routes(), *sockets(api_key)],
        middleware=[
            Middleware(Record, state=(state := state or State()), api_key=api_key),
            Middleware(Check, state=state),
            Middleware(Perform, state=state),
        ],
        exception_handlers={APIFailure: on_failure, HTTPException: on_http_error},
    )
    app.router.redirect_slashes = False
    app.state.server = state
    return app
