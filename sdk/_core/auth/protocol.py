"""What signs a request, or adds a key to it, as this package sees it."""

from __future__ import annotations

from collections.abc import Generator, MutableMapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..effects import Ask
    from ..http import Content
    from ..request.data import RequestData


class Outgoing(Protocol):
    """A request before it is authenticated: what an `Auth` may read, and what it may change.

    `headers` are (name, value) by the lower-case name, `target` is path and query. A value that no log, hook or error
    may show is a `Redacted`; keys also go into `keys`, so that a server that echoes them is not quoted.
    """

    request: RequestData[Any, Any]
    headers: MutableMapping[str, tuple[str, str]]
    target: str
    content: Content
    keys: tuple[str, ...]

    def ask(self, source: Any) -> Generator[Ask, Any, Any]:
        """Call a function, or await a coroutine function, that gives a key, within the deadline of the call."""


class Auth(Protocol):
    """One way to authenticate the calls of a client. It is applied to every attempt anew, for keys may expire."""

    def apply(self, outgoing: Outgoing) -> Generator[Ask, Any, None]:
        """Add what proves who calls. Raises ConfigError where that is not known.

        A generator: each `Ask` that it yields is carried out by the driver of the call, blocking or awaited.
        """
