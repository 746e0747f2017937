"""A request as this room takes it: bytes and names, no operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..errors import APIError
    from .body import Body

#: Bodies up to this size are put together before they are sent: one write is faster than several.
SMALL = 1024 * 1024


class Content:
    """A body on its way: `data` where it is all in memory, else a `stream` that sync and async senders can iterate.

    The headers `framing` go with it.
    """

    __slots__ = ("content_type", "data", "stream")

    def __init__(self, data: bytes | None = None, content_type: str | None = None) -> None:
        self.data, self.content_type = data, content_type
        self.stream: Body | None = None

    @classmethod
    def of(cls, stream: Body, content_type: str | None) -> Content:
        """Return the content that a stream holds, as bytes if it is small."""
        self = cls(stream.joined(SMALL), content_type)
        if self.data is None:
            self.stream = stream
        return self

    @property
    def framing(self) -> dict[str, str]:
        """The headers that tell where the body ends; none where there is no body."""
        if self.stream is None:
            return {} if self.data is None else {"Content-Length": str(len(self.data))}
        length = self.stream.length
        return {"Transfer-Encoding": "chunked"} if length is None else {"Content-Length": str(length)}

    def rewind(self, error: APIError | None = None) -> bool:
        """Tell whether the body can be sent again, from where each file stood; if not, `error` says why."""
        field = self.stream.stuck() if self.stream is not None else None
        if field is not None and error is not None:
            why = f"Not tried again: the file of {field} can be read only once; give bytes, a path or a seekable file."
            error.hint = f"{error.hint} {why}" if error.hint else why
        return field is None

    def close(self) -> None:
        """Close the files that were opened from a path."""
        if self.stream is not None:
            self.stream.close()


class HttpRequest:
    """Send a request; the answer is the response with its headers there and its body not yet read.

    `target` is path and query, `headers` are (name, value) by the lower-case name, `timeouts` seconds by phase, which
    are read again for each wait; `deadline` is of time.monotonic(). `resend` allows one more sending, on a new
    connection, of a request that a used connection lost without a byte in answer.
    """

    __slots__ = ("content", "deadline", "headers", "method", "resend", "target", "timeouts")

    def __init__(
        self,
        method: str,
        target: str,
        headers: Mapping[str, tuple[str, str]],
        content: Content,
        timeouts: dict[str, float | None],
        deadline: float | None,
        resend: bool,
    ) -> None:
        self.method, self.target, self.headers, self.content = method, target, headers, content
        self.timeouts, self.deadline, self.resend = timeouts, deadline, resend
