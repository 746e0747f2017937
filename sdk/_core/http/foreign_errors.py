"""Translate operating system errors, which a user's client or transport may raise, into the errors of this room."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from ..lazy import fully_imported
from .connection import is_truncated
from .errors import (
    ConnectError,
    ConnectionLostError,
    NetworkError,
    PhaseTimeoutError,
    TLSHandshakeError,
    describe_os_error,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from .body import Body


class ForeignErrors:
    """Raise an OSError of the block, such as ConnectionResetError or ssl.SSLError, as a NetworkError.

    An error that reading the request's `body` raised stays as it is. `answered`: the response headers have arrived.
    """

    def __init__(self, body: WatchedBody | None = None, *, answered: bool = False) -> None:
        self._body, self._answered = body, answered

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._body is not None and self._body.failure is not None:
            return
        if isinstance(error, OSError):
            raise _network_error(error, self._answered) from error
        anyio = fully_imported("anyio")  # httpx2 lets these through where TLS ends early
        if anyio is not None and isinstance(error, anyio.EndOfStream | anyio.BrokenResourceError):
            raise _network_error(ConnectionResetError("the server closed the connection"), self._answered) from error


def _network_error(error: OSError, answered: bool) -> NetworkError:
    import socket
    import ssl

    if isinstance(error, ConnectionRefusedError | socket.gaierror):
        return ConnectError(describe_os_error(error))
    if isinstance(error, ssl.SSLCertVerificationError):
        return TLSHandshakeError(error)
    found: NetworkError
    if isinstance(error, TimeoutError):
        found = PhaseTimeoutError("read")
    elif isinstance(error, ssl.SSLError) and not answered and not is_truncated(error):
        found = TLSHandshakeError(error, retryable=True)  # it may also come from a connection that broke later
    else:
        found = ConnectionLostError(describe_os_error(error))
    found.request_sent = True  # unknown: the request counts as sent
    return found


class WatchedBody:
    """The body of a request; `failure` is the exception that reading it raised."""

    def __init__(self, stream: Body) -> None:
        self._stream = stream
        self.failure: Exception | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._stream
        except Exception as error:
            self.failure = error
            raise

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _BodyPieces(self, aiter(self._stream))


class _BodyPieces:
    """Not an async generator: abandoning one schedules `aclose()` on the loop."""

    def __init__(self, body: WatchedBody, pieces: AsyncIterator[bytes]) -> None:
        self._body, self._pieces = body, pieces

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        try:
            return await anext(self._pieces)
        except StopAsyncIteration:
            raise
        except Exception as error:
            self._body.failure = error
            raise
