"""The local server: it serves the application on a port of this machine, in a thread."""

from starlette.types import ASGIApp

from .api.script import Scriptable
from .api.state import State
from .app import create_app
from .server.loopback import Loopback
from .server.state import MAX_BODY


class LocalServer(Scriptable, Loopback):
    """An OpenAI-compatible server that runs inside a `with` block.

    `port=0` takes any free port. `app` is another ASGI application to serve in place of `create_app(...)`; only an
    application from `create_app` records its requests.
    Each response starts after `latency` seconds; a stream sends `tokens_per_second` events (None: no limit).
    A request that is not valid by the API description, or whose tool calls and results do not belong together, gets a
    400 that names the parameter, unless `validate` is False; `allow_unknown` allows parameters that the description
    lacks, such as those of vLLM.
    A body larger than `max_body_bytes` (None: no limit) gets a 413.
    The methods of `Scriptable` script replies and faults, before the server starts or while it runs.
    Raises OSError if the port is not available.
    """

    state: State

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        api_key: str | None = "test-key",
        state: State | None = None,
        app: ASGIApp | None = None,
        latency: float = 0.0,
        tokens_per_second: float | None = None,
        validate: bool = True,
        allow_unknown: bool = False,
        max_body_bytes: int | None = MAX_BODY,
    ) -> None:
        app = app or create_app(api_key, state=state)
        found = getattr(getattr(app, "state", None), "server", None)
        super().__init__(app, found if isinstance(found, State) else state or State(), host, port, api_key)
        self.state.validate, self.state.allow_unknown = validate, allow_unknown
        self.state.latency, self.state.tokens_per_second = latency, tokens_per_second
        self.state.max_body_bytes = max_body_bytes
