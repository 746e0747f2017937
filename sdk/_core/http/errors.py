"""What can go wrong below and in HTTP, before anybody knows of operations."""

from __future__ import annotations


class NetworkError(Exception):
    """Something failed below HTTP. `request_sent`: whether the request had been written whole by then."""

    request_sent: bool = False
    #: What came of the body, undone of its encodings.
    partial: bytes = b""


class ConnectError(NetworkError):
    """No connection came about. `proxy` tells that one stood in the way, `again` whether another attempt may help."""

    def __init__(self, describe_os_error: str, *, proxy: bool = False, again: bool = True) -> None:
        super().__init__(describe_os_error)
        self.proxy, self.again = proxy, again


class TLSHandshakeError(NetworkError):
    """No trusted connection came about; `again` tells whether another attempt may help."""

    def __init__(self, describe_ssl_error: str, *, again: bool = False) -> None:
        super().__init__(describe_ssl_error)
        self.again = again


class ConnectionLostError(NetworkError):
    """The connection broke, or what came over it was no HTTP."""

    #: Whether the server is sure not to have answered: nothing came back on a connection that had been used before.
    stale: bool = False


class PhaseTimeoutError(NetworkError):
    """A time limit passed; `phase` is connect, write or read."""

    def __init__(self, phase: str) -> None:
        super().__init__(phase)
        self.phase = phase


class MalformedError(Exception):
    """What came is no HTTP/1.1 response."""


class TruncatedError(Exception):
    """The connection was closed before the response was complete."""


class UndecodableError(Exception):
    """The body is not what its Content-Encoding says."""


class TooLargeError(Exception):
    """The reply is larger than allowed."""


def describe_os_error(error: OSError) -> str:
    """Return what a system's error says."""
    return error.strerror or str(error) or type(error).__name__
