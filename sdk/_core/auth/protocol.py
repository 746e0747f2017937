"""The interface of authentication: add a key to a request, or sign it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, MutableMapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from ..effects import Ask
    from ..errors.attempt import RequestInfo
    from ..http import Content
    from ..options.resolve import Options
    from ..request.data import RequestData


class Outgoing(Protocol):
    """A request before authentication, which an `Auth` may read and change.

    `headers` are (name, value) by lower-case name, `target` is path and query, `options` are those of the client. A
    value that no log, hook or error may show must be a `Redacted`; add keys to `keys` too, so that errors hide them if
    the server echoes them.
    """

    request: RequestData[Any, Any]
    options: Options
    headers: MutableMapping[str, tuple[str, str]]
    target: str
    content: Content
    keys: tuple[str, ...]

    @property
    def origin(self) -> str:
        """The scheme and the authority of the server, as the Host header has it."""

    @property
    def info(self) -> RequestInfo:
        """The request as errors show it."""

    def ask(self, source: Any, coroutine: Any = None) -> Generator[Ask, Any, Any]:
        """Call a function that returns a key, or await a coroutine function, within the deadline of the call.

        With `coroutine`, a call from a coroutine awaits that one, and `source` is for blocking calls.
        """

    def remaining(self) -> float | None:
        """Return the seconds until the deadline of the call, None if it has none. Raises APITimeoutError."""


class Auth(Protocol):
    """A method of authentication. It is applied to every attempt, since keys may expire.

    Two more methods are optional. `renew(outgoing, error) -> bool` is called once after a 401 or 403; if it returns
    True, the call is sent again at once. `explain(outgoing, error) -> str | None` returns a hint for an error of status
    401, 403 or 404. An attribute `server` is the `Server` that the credential is for.
    """

    def apply(self, outgoing: Outgoing) -> Generator[Ask, Any, None]:
        """Add the credentials. Raises ConfigError if there are none.

        It is a generator: the driver of the call runs each `Ask` that it yields, blocking or awaited.
        """


class Server(NamedTuple):
    """The server that a credential is for, for clients without `api_base=`, and how its URLs differ.

    `api_base` is None if the credential does not know it; then `missing` is the error of a client that does not know it
    either. `query` is added to `default_query`, and `path` turns the path of a request into the one of this server.
    """

    api_base: str | None = None
    query: Mapping[str, str] = MappingProxyType({})
    path: Callable[[RequestData[Any, Any], str], str] | None = None
    missing: str = ""
