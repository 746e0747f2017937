"""Build the reply that the unstreamed call would have returned from the chunks of a stream.

Each kind of stream has its own accumulator; `Service.accumulators` names it, by the model of the stream's events.
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

#: How many chunks wait in the queue before they are absorbed. Many at once are faster; keeping all needs memory.
BATCH = 64


class Accumulator:
    """Hold the reply so far, not the chunks. The base class keeps the last chunk; subclasses know one kind of stream.

    Chunks are appended to `queue` as they arrive, and absorbed in batches.
    """

    #: A key that every chunk has. An object without it may be an error of an unusual form.
    required_key: ClassVar[str | None] = None
    #: Whether `[DONE]` without a terminal event before it leaves the reply incomplete.
    needs_terminal: ClassVar[bool] = False

    def __init__(self, request: RequestData[Any, Any]) -> None:
        self._request, self._spec = request, request.spec
        #: Whether the chunks become a reply; else only what shows that it is complete is taken of them.
        self.keeps = request.options.get("keep_reply") is not False
        self.queue: list[Wire] = []
        self._last: Wire | None = None
        self._whole_reply: Any = None

    @property
    def terminal_count(self) -> int:
        """The number of terminal events that the stream has."""
        return 1

    def absorb(self) -> None:
        """Take the chunks in the queue into the reply."""
        if self.queue:
            wires = self.queue[:]
            self.queue.clear()  # first, so that a chunk that raises is not taken again
            (self._take if self.keeps else self._note)(wires)

    def take_whole_response(self, response: APIResponse[Any], info: RequestInfo) -> list[Wire]:
        """Take the reply of a response that arrived in place of a stream, and return the equivalent chunks.

        Raises APIResponseError for a web page, and for JSON where the operation returns bytes.
        """
        kind = media_type(response.headers.get("content-type", ""))
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
                hint="Check that the base URL ({api_base}) is an API's address." if page else None,
            )
        return self.take_whole_reply(response.parsed)

    def take_whole_reply(self, reply: Any) -> list[Wire]:
        """Take a complete reply, and return the equivalent chunks."""
        chunks = self._chunks_of(reply.to_dict() if hasattr(reply, "to_dict") else reply)
        self._whole_reply = reply  # only now: anything that is not a reply is not kept
        return chunks

    @property
    def images(self) -> int:
        """The number of images that are complete."""
        return 0

    def text_of(self, wire: Wire) -> str:
        """Return the text that a chunk adds, '' if it adds none."""
        chunk: Any = wire  # a str in a stream of plain text
        return chunk if isinstance(chunk, str) else ""

    def complete(self) -> bool:
        """Return whether the reply is complete although the terminal event has not arrived."""
        return False

    def partial(self) -> Any:
        """Return the reply so far, None before the first chunk."""
        if not self.keeps:
            return None
        if self._whole_reply is not None:
            return self._whole_reply
        self.absorb()
        return self._build()

    def reply(self) -> Any:
        """Return the complete reply."""
        return self.partial()

    def size(self) -> tuple[int, int]:
        """Return the size of what is kept, and how many values that is; see `kept_size`."""
        from .kept import kept_size

        self.absorb()
        return kept_size(
            {name: value for name, value in vars(self).items() if name not in ("_request", "_spec", "_whole_reply")}
        )

    def _take(self, wires: list[Wire]) -> None:
        self._last = wires[-1]

    def _note(self, wires: list[Wire]) -> None:
        """Take of chunks that are not kept only what `complete` needs."""

    def _chunks_of(self, reply: Any) -> list[Wire]:
        return [reply]

    def _build(self) -> Any:
        return None if self._last is None else self._spec.chunk(self._last)

    def _argument(self, name: str) -> Any:
        """Return a member of the request body."""
        body = self._request.body
        return body.get(name) if isinstance(body, dict) else None

    def _typed(self, wire: Wire) -> Any:
        return self._spec.model(self._request.reply).from_dict(wire)


def accumulator(request: RequestData[Any, Any], service: Service) -> Accumulator:
    """Return the accumulator of a request's stream, by the model of its events."""
    name = service.accumulators.get(request.spec.events)
    return Accumulator(request) if name is None else resolve(name)(request)
