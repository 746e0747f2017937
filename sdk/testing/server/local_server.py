"""A local server for any API: it answers from the description, as the script says, and keeps what it receives."""

from starlette.applications import Starlette

from . import fallback
from .app import application
from .keys import refuse_without
from .loopback import Loopback
from .state import MAX_BODY, State


def create_app(api_key: str | None = "test-key", *, state: State | None = None) -> Starlette:
    """Return a server application. It requires `api_key` where the description does, unless that is None."""
    return application(state or State(), fallback.routes([]), refuse_without(api_key))


class LocalServer(Loopback):
    """A server of the API that runs inside a `with` block: `Client(api_base=server.url, api_key=server.api_key)`.

    Its replies are generated from the API description: valid, and always the same. `port=0` takes any free port.
    Each response starts after `latency` seconds; a stream sends `events_per_second` events (None: no limit).
    A request that is not valid by the description gets a 400 that names the parameter, unless `validate` is False;
    `allow_unknown` allows parameters that the description lacks. A body larger than `max_body_bytes` (None: no limit)
    gets a 413. The methods `on`, `reply_json`, `reply_bytes`, `fail`, `disconnect`, `cut_stream` and `stall` script
    replies and faults, before the server starts or while it runs.
    Raises OSError if the port is not available.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        api_key: str | None = "test-key",
        state: State | None = None,
        latency: float = 0.0,
        events_per_second: float | None = None,
        validate: bool = True,
        allow_unknown: bool = False,
        max_body_bytes: int | None = MAX_BODY,
    ) -> None:
        state = state or State()
        super().__init__(create_app(api_key, state=state), state, host, port, api_key)
        state.validate, state.allow_unknown = validate, allow_unknown
        state.latency, state.events_per_second = latency, events_per_second
        state.max_body_bytes = max_body_bytes
