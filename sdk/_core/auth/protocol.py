"""The interface of authentication: add a key to a request, or sign it."""

from __future__ import annotations

from collections.abc import Generator, MutableMapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..effects import Ask
    from ..http import Content
    from ..request.data import RequestData


class Outgoing(Protocol):
    """A request before authentication, which an `Auth` may read and change.

    `headers` are (name, value) by lower-case name, `target` is path and query. A value that no log, hook or error may
    show must be a `Redacted`; add keys to `keys` too, so that errors hide them if the server echoes them.
    """

    request: RequestData[Any, Any]
    headers: MutableMapping[str, tuple[str, str]]
    target: str
    content: Content
    keys: tuple[str, ...]

    def ask(self, source: Any) -> Generator[Ask, Any, Any]:
        """Call a function that returns a key, or await a coroutine function, within the deadline of the call."""


class Auth(Protocol):
    """A method of authentication. It is applied to every attempt, since keys may expire."""

    def apply(self, outgoing: Outgoing) -> Generator[Ask, Any, None]:
        """Add the credentials. Raises ConfigError if there are none.

        It is a generator: the driver of the call runs each `Ask` that it yields, blocking or awaited.
        """
