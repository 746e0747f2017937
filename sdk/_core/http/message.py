"""A request for an HTTP server, in terms of HTTP only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..errors import APIError
    from .body import Body

#: The Accept-Encoding header. Python includes both; brotli and zstandard cannot limit the output of one step.
ACCEPTED = "gzip, deflate"
#: The framing of a request without a body, by method: these have a Content-Length even then (RFC 9110, section 8.6).
WITHOUT_BODY = {method: {"Content-Length": "0"} for method in ("POST", "PUT", "PATCH")}
#: Bodies up to this size are joined before they are sent: one write is faster than several.
SMALL = 1024 * 1024


class Content:
    """The body to send: `data` if it is in memory, else a `stream` that sync and async senders can iterate.

    `framing` holds the headers that describe its length.
    """

    __slots__ = ("content_type", "data", "stream")

    def __init__(self, data: bytes | None = None, content_type: str | None = None) -> None:
        self.data, self.content_type = data, content_type
        self.stream: Body | None = None

    @classmethod
    def of(cls, stream: Body, content_type: str | None) -> Content:
        """Return the content of a stream, as bytes if it is small and in memory."""
        self = cls(stream.joined(SMALL), content_type)
        if self.data is None:
            self.stream = stream
        return self

    @property
    def framing(self) -> dict[str, str]:
        """The headers that define the end of the body; none without a body."""
        if self.stream is None:
            return {} if self.data is None else {"Content-Length": str(len(self.data))}
        length = self.stream.length
        return {"Transfer-Encoding": "chunked"} if length is None else {"Content-Length": str(length)}

    def rewind(self, error: APIError | None = None) -> bool:
        """Return whether the body can be sent again from its start; if not, the hint of `error` says why."""
        field = self.stream.unrepeatable_field() if self.stream is not None else None
        if field is not None and error is not None:
            why = f"Not retried: the file of {field} can be read only once; give bytes, a path or a seekable file."
            error.hint = f"{error.hint} {why}" if error.hint else why
        return field is None

    def close(self) -> None:
        """Close the files that were opened from a path."""
        if self.stream is not None:
            self.stream.close()


class HttpRequest:
    """The effect of sending a request; its result is the response, whose headers have arrived and whose body has not.

    `target` is path and query, `headers` are (name, value) by lower-case name. `timeouts` are seconds by phase, read
    again for each wait; `deadline` is a time of time.monotonic(). `resend` allows sending the request again on a new
    connection after a reused connection broke without a response byte.
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
