"""Put the chunks of a stream together into the reply that the unstreamed call would have given.

Each kind of stream has its accumulator; the record of the service names it, by the model of the stream's events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import APIResponseError
from ..lazy import resolve
from .decode import media_type

if TYPE_CHECKING:
    from ..errors.attempt import RequestInfo
    from ..request.data import RequestData
    from ..service import Service
    from .response import APIResponse

Wire = dict[str, Any]

#: How many chunks wait in the queue before they are folded in: taking them together is faster, keeping them is not.
BATCH = 64


class Accumulator:
    """Keep what the chunks have said so far, and not the chunks. This one keeps the last; others know their kind.

    Chunks are appended to `queue` as they come and folded in now and then.
    """

    #: A key that every chunk has. An object without it may be an error that does not look like one.
    required_key: ClassVar[str | None] = None
    #: Whether `[DONE]` alone, without a terminal event before it, leaves the reply incomplete.
    needs_terminal: ClassVar[bool] = False

    def __init__(self, request: RequestData[Any, Any]) -> None:
        self._request, self._spec = request, request.spec
        self.queue: list[Wire] = []
        self._last: Wire | None = None
        self._reply_given: Any = None

    @property
    def terminal_count(self) -> int:
        """How many terminal events the stream has."""
        return 1

    def absorb(self) -> None:
        """Take what is in the queue."""
        if self.queue:
            wires = self.queue[:]
            self.queue.clear()  # first, so that what cannot be taken is not tried again
            self._take(wires)

    def take_whole_reply(self, response: APIResponse[Any], info: RequestInfo) -> list[Wire]:
        """Take the reply of a response that came in place of a stream, and return the chunks that it stands for.

        Raises APIResponseError for a web page where the operation's reply may be anything.
        """
        kind = media_type(response.headers)
        page = "html" in kind
        if isinstance(response.parsed, str | bytes) and (
            page or ("json" in kind and "text" not in self._spec.returns[1:])
        ):
            raise APIResponseError(
                f"the reply is not a stream of events ({kind})",
                body=response.content,
                status_code=response.status_code,
                headers=response.headers,
                request_id=response.request_id,
                attempts=response.attempts,
                request=info,
                request_sent=True,
                hint="Check that api_base is an API's address." if page else None,
            )
        return self.instead(response.parsed)

    def instead(self, reply: Any) -> list[Wire]:
        """Take a complete reply, and return the chunks that it stands for."""
        self._reply_given = reply
        return self._pieces(reply.to_dict() if hasattr(reply, "to_dict") else reply)

    def text_of(self, wire: Wire) -> str:
        """Return the text that a chunk adds, '' where it adds none."""
        piece: Any = wire  # of a stream of texts
        return piece if isinstance(piece, str) else ""

    def complete(self) -> bool:
        """Tell whether the reply is complete though the stream's last event has not come."""
        return False

    def partial(self) -> Any:
        """Return the reply as far as it has come, None if nothing has."""
        if self._reply_given is not None:
            return self._reply_given
        self.absorb()
        return self._build()

    def reply(self) -> Any:
        """Return the complete reply."""
        return self.partial()

    def _take(self, wires: list[Wire]) -> None:
        self._last = wires[-1]

    def _pieces(self, reply: Any) -> list[Wire]:
        return [reply]

    def _build(self) -> Any:
        return None if self._last is None else self._spec.chunk(self._last)

    def _argument(self, name: str) -> Any:
        """Return an argument of the call's body."""
        body = self._request.body
        return body.get(name) if isinstance(body, dict) else None

    def _typed(self, wire: Wire) -> Any:
        return self._spec.model(self._request.reply).from_dict(wire)


def accumulator(request: RequestData[Any, Any], service: Service) -> Accumulator:
    """Return the accumulator for a request's stream, by the model of its events."""
    name = service.accumulators.get(request.spec.events)
    return Accumulator(request) if name is None else resolve(name)(request)
