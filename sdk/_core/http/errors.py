"""The errors of connections and of HTTP/1.1. They know no operation."""

from __future__ import annotations

#: Parts of OpenSSL's names for the alerts by which a server refuses a client without a certificate, or its certificate.
_REFUSALS = ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED", "DECRYPT_ERROR", "HANDSHAKE_FAILURE")
#: OpenSSL's names for a first record that is not TLS.
_PLAIN = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG")


class NetworkError(Exception):
    """A failure below HTTP. `request_sent` is whether the whole request had been written."""

    request_sent: bool = False
    #: The decoded part of the body received so far.
    partial: bytes = b""


class ConnectError(NetworkError):
    """No connection was made. `proxy`: whether a proxy was involved; `retryable`: whether another attempt may help."""

    def __init__(self, message: str, *, proxy: bool = False, retryable: bool = True) -> None:
        super().__init__(message)
        self.proxy, self.retryable = proxy, retryable


class TLSHandshakeError(NetworkError):
    """The TLS handshake failed, so the connection is not trusted.

    `client_refused`: the server requires a client certificate, or refuses this one. `plain_server`: the server does not
    speak TLS. `retryable`: another attempt may help.
    """

    def __init__(self, error: OSError, *, retryable: bool = False) -> None:
        super().__init__(str(error))
        reason = getattr(error, "reason", None) or ""
        self.client_refused = "ALERT" in reason and any(word in reason for word in _REFUSALS)
        self.plain_server = reason in _PLAIN
        self.retryable = retryable and not self.client_refused


class ConnectionLostError(NetworkError):
    """The connection broke, or its bytes were not HTTP."""

    #: True if the connection was reused and no response byte arrived: safe to resend.
    stale: bool = False


class PhaseTimeoutError(NetworkError):
    """A time limit passed; `phase` is "connect", "write" or "read"."""

    def __init__(self, phase: str) -> None:
        super().__init__(phase)
        self.phase = phase


class MalformedError(Exception):
    """The bytes are not an HTTP/1.1 response."""


class TruncatedError(Exception):
    """The connection was closed before the response was complete."""


class UndecodableError(Exception):
    """The body does not match its Content-Encoding."""


class TooLargeError(Exception):
    """The reply is larger than allowed."""


def describe_os_error(error: OSError) -> str:
    """Return the message of an operating system error."""
    return error.strerror or str(error) or type(error).__name__
