"""The state of a local server: its script, its pace, and the requests it received."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from .recorded_request import RecordedRequest
from .script import Script

JSON = dict[str, Any]
#: Keys of the ASGI scope: the recorded request, and what the script leaves to the handler of the request.
RECORDED, ACTION = f"{__package__}.recorded", f"{__package__}.action"
MAX_BODY = 512 * 1024 * 1024


@dataclass
class State:
    """Everything that one server remembers; handlers have no state of their own.

    Subclass it to change the clock (`now`) or the ids (`new_id`).
    """

    requests: list[RecordedRequest] = field(default_factory=list)
    script: Script = field(default_factory=Script)
    #: Seconds before a response starts; events per second of a stream (None: no limit).
    latency: float = 0.0
    events_per_second: float | None = None
    #: Whether requests are checked against the API description, and whether parameters that it lacks are allowed.
    validate: bool = True
    allow_unknown: bool = False
    #: The largest body that a request may have (None: no limit), and whether requests are kept in `requests`.
    max_body_bytes: int | None = MAX_BODY
    keep_requests: bool = True
    ids: int = 0

    def now(self) -> int:
        """Return the time, in whole seconds since the epoch."""
        return int(time.time())

    def new_id(self, prefix: str) -> str:
        """Return a new id, such as `file-local00000001`."""
        self.ids += 1
        return f"{prefix}local{self.ids:08}"

    def reset(self) -> None:
        """Forget requests and the script. Ids continue."""
        self.requests.clear()
        self.script.rules.clear()

    def expire(self) -> None:
        """Delete what has expired."""

    async def pause(self, seconds: float) -> None:
        """Wait: for the latency, or between two events of a stream."""
        await asyncio.sleep(seconds)

    def rate(self) -> float | None:
        """Return how many events a stream sends in a second; None is no limit."""
        return self.events_per_second


def state_of(request: Request) -> State:
    """Return the state of the server that handles this request."""
    state = request.app.state.server
    assert isinstance(state, State)
    return state
