"""The ASGI application: the routes of the API, and its key."""

from starlette.applications import Starlette

from .api.keys import headers, refuse_without
from .api.routes import routes
from .api.sockets import sockets
from .api.state import State
from .server.app import application


def create_app(api_key: str | None = "test-key", *, state: State | None = None) -> Starlette:
    """Return a server application. It requires `api_key`, unless that is None; `state` may be of a subclass."""
    return application(state or State(), [*routes(), *sockets(api_key)], refuse_without(api_key), headers)
