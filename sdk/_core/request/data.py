"""A request that is built and not sent: what an endpoint function returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar

from ..unset import UNSET

if TYPE_CHECKING:
    from typing_extensions import TypeVar as DefaultTypeVar

    from ..client.base import BaseClient
    from ..http import Content
    from .spec import Settings

    R = TypeVar("R")
    C = DefaultTypeVar("C", default=Any)
else:
    R = TypeVar("R")
    C = TypeVar("C")


class RequestOptions(TypedDict, total=False):
    """What every call takes besides the operation's own arguments. Times are seconds; None is no limit."""

    client: BaseClient | None
    timeout: float | None
    stall_timeout: float | None
    deadline: float | None
    max_retries: int
    extra_headers: Mapping[str, str] | None
    extra_query: Mapping[str, Any] | None
    extra_body: Mapping[str, Any] | None
    idempotency_key: str | None


OPTION_NAMES = frozenset(RequestOptions.__annotations__)


class Request(Generic[R, C]):
    """One request of an operation: its method, path, query, headers and body, checked and not yet sent.

    `R` is the type of the reply, `C` that of a stream's chunks or a page's items. How it is written is for `_written`
    to say, which a built request loads when it is looked at or sent.
    """

    __slots__ = ("_cookies", "_first", "_headers", "_path", "_query", "body", "options", "settings", "sink", "streamed")

    settings: Settings

    def __init__(
        self,
        options: Mapping[str, Any],
        path: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: Any = UNSET,
        cookies: Mapping[str, object] | None = None,
    ) -> None:
        self.options = options
        self.streamed = False
        #: Takes the response of a success and saves its body, which is not read then; may be a coroutine function.
        self.sink: Callable[[Any], Any] | None = None
        self._path, self._query, self._headers, self._cookies = path, query, headers, cookies
        self.body = body
        self._first: dict[int, int | None] | None = None

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.settings.method

    @property
    def path(self) -> str:
        """The path below the API's base URL, parameters filled in and percent-encoded."""
        from .serialize import path_of

        return path_of(self)

    @property
    def query(self) -> list[tuple[str, str]]:
        """The pairs of the query string."""
        from .serialize import query_of

        return query_of(self)

    @property
    def headers(self) -> dict[str, str]:
        """The headers that the arguments ask for; the client adds its own."""
        from .serialize import headers_of

        return headers_of(self)

    @property
    def url(self) -> str:
        """The whole URL, by the client of the call or the environment."""
        from ..client.base import client_of

        return client_of(self.options, self.settings.root)._url(self)

    def content(self) -> Content:
        """Return the body as it goes over the wire.

        Raises RequestError for what the body's format cannot hold; nothing has been sent then.
        """
        from .serialize import content_of

        return content_of(self)

    def __repr__(self) -> str:
        return f"<Request {self.settings.name}: {self.method} {self.settings.path}>"
