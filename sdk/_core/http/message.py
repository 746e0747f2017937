"""A request as this room takes it: bytes and names, no operation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..errors import APIError

#: Methods whose requests tell their length even without a body (RFC 9110, section 8.6).
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
#: Bodies up to this size are put together before they are sent: one write is faster than several.
SMALL = 1024 * 1024


class Body(Protocol):
    """A body that is read while it is sent, by blocking callers and by coroutines."""

    @property
    def length(self) -> int | None:
        """The bytes of the body; None where they are not known before its end."""

    def __iter__(self) -> Iterator[bytes]: ...

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    def joined(self, most: int) -> bytes | None:
        """Return the whole body if it is in memory and no larger than `most` bytes, else None."""

    def stuck(self) -> str | None:
        """Return to where each file stood; the name of the field whose file cannot, or None."""

    def close(self) -> None:
        """Close the files that were opened from a path."""


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

    @property
    def lacks_body(self) -> bool:
        """Whether the method is one of those that mostly have a body, and this request has none."""
        return self.content.data is None and self.content.stream is None and self.method in _WITH_BODY

    @property
    def framing(self) -> dict[str, str]:
        """The headers that tell where the body ends."""
        return {"Content-Length": "0"} if self.lacks_body else self.content.framing
