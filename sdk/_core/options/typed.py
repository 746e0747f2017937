"""The options of a client for type checkers. `table.py` validates them, `Client` documents them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypedDict

if TYPE_CHECKING:
    import httpx
    import httpx2  # type: ignore[import-not-found, unused-ignore]  # users who have none of it need no types of it

    from ..errors import APIError
    from .call_events import CallEvent
    from .hooks import RequestView, ResponseView
    from .resolve import KeySource, Options


class ClientOptions(TypedDict, total=False):
    """The options of a client. None means "not given" for an option that is not nullable."""

    api_key: KeySource | Mapping[str, KeySource] | None
    auth: KeySource | Identity | None
    api_base: str | None
    auth_scheme: str | None
    auth_header: str | None
    user_agent: str | None
    max_in_flight: int | None
    pool_timeout: float | None
    max_connections: int | None
    pace: bool | None
    requests_per_minute: int | None
    max_redirects: int | None
    connect_timeout: float | None
    timeout: float | None
    stall_timeout: float | None
    deadline: float | None
    max_retries: int | None
    retry_sent: bool | None
    max_retry_after: float | None
    max_response_bytes: int | None
    max_line_bytes: int | None
    require_stream_end: bool | None
    on_event: Callable[[CallEvent], object] | None
    on_request: Callable[[RequestView], object] | None
    on_response: Callable[[ResponseView], object] | None
    on_retry: Callable[[int, APIError, float], object] | None
    default_headers: Mapping[str, str] | None
    default_query: Mapping[str, Any] | None
    http: Literal["httpx", "own"] | None
    http_options: Mapping[str, Any] | None
    http_client: httpx.Client | httpx.AsyncClient | httpx2.Client | httpx2.AsyncClient | None
    transport: httpx.BaseTransport | httpx.AsyncBaseTransport | httpx2.BaseTransport | httpx2.AsyncBaseTransport | None
    strict: bool | None


class Identity(Protocol):
    """What signs requests: an `Auth` of the room above."""

    def apply(self, outgoing: Any) -> Generator[Any, Any, None]: ...


class AnyClient(Protocol):
    """A client of this package, or of a generated package that uses its runtime."""

    @property
    def options(self) -> Options: ...

    def close(self) -> None: ...
