"""Translate exceptions of the transport into errors that say what failed and whether the request had been sent."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from ..errors import APIConnectionError, APIError, APIResponseError, APITimeoutError, PoolTimeoutError, TLSError
from ..http import ConnectError, NetworkError, PhaseTimeoutError, TLSHandshakeError, TooLargeError, UndecodableError
from ..lazy import fully_imported

_TIMEOUTS = {
    "connect": "connecting took too long",
    "write": "the server stopped taking the request",
    "read": "the server took too long to answer",
    "stall": "the response stopped before its end, and nothing more came for stall_timeout",
}
_TLS_HINT = "Check the server's certificate, or name its authority with http_options={'verify': ...}."
_PLAIN_HINT = "The server answers without TLS on this port: begin {api_base} with http://, or name the port of HTTPS."
_CLIENT_HINT = "The server requires another client certificate: http_options={'cert': ...}."
_PROXY_HINT = "Check the proxy: http_options={'proxy': ...}, else HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY."


class Failure(NamedTuple):
    """An error, whether another attempt may help, and the seconds that the server asks to wait before it."""

    error: APIError
    retryable: bool
    retry_after: float | None = None


def translate(raised: BaseException, details: dict[str, Any], *, deadline: float | None) -> Failure | None:
    """Translate an exception of the transport; None for any other exception."""
    if isinstance(raised, NetworkError):
        return _network(raised, details, deadline)
    if isinstance(raised, UndecodableError | TooLargeError):
        sent: dict[str, Any] = {**details, "request_sent": True}
        return Failure(APIResponseError(str(raised), **sent), False)
    for name in ("httpx", "httpx2"):
        httpx = fully_imported(name)  # if it is not imported, it did not raise
        if httpx is not None and isinstance(raised, httpx.TransportError | httpx.DecodingError):
            return _httpx(httpx, raised, details, deadline)
    socksio = fully_imported("socksio")
    if socksio is not None and isinstance(raised, socksio.SOCKSError):  # httpx does not wrap these
        return Failure(APIConnectionError(f"the SOCKS proxy: {raised}", hint=_PROXY_HINT, **details), True)
    return None


def _network(raised: NetworkError, details: dict[str, Any], deadline: float | None) -> Failure:
    details = {**details, "request_sent": raised.request_sent or bool(details.get("request_sent"))}
    if raised.partial:
        details["body"] = raised.partial
    if isinstance(raised, PhaseTimeoutError):
        return _timeout(raised.phase, details, deadline)
    if isinstance(raised, TLSHandshakeError):
        return _tls(raised, details)
    if isinstance(raised, ConnectError):
        hint = _PROXY_HINT if raised.proxy else None
        return Failure(APIConnectionError(f"cannot connect: {raised}", hint=hint, **details), raised.retryable)
    return Failure(APIConnectionError(str(raised) or "the connection broke", **details), True)


def _tls(raised: TLSHandshakeError, details: dict[str, Any]) -> Failure:
    hint = _CLIENT_HINT if raised.client_refused else _PLAIN_HINT if raised.plain_server else _TLS_HINT
    return Failure(TLSError(str(raised), hint=hint, **details), raised.retryable)


def _timeout(phase: str, details: dict[str, Any], deadline: float | None) -> Failure:
    if deadline is not None and time.monotonic() >= deadline - 0.01:
        return Failure(APITimeoutError("the deadline of the whole call has passed", **details), False)
    if phase == "read" and details.get("status_code") is not None:
        phase = "stall"  # the headers had arrived
    return Failure(APITimeoutError(_TIMEOUTS[phase], **details), True)


def _httpx(httpx: Any, raised: Any, details: dict[str, Any], deadline: float | None) -> Failure:
    """Translate an exception of httpx, or of httpx2."""
    unsent = httpx.ConnectError | httpx.ConnectTimeout | httpx.WriteError | httpx.WriteTimeout | httpx.PoolTimeout
    unsent |= httpx.ProxyError
    details = {**details, "request_sent": not isinstance(raised, unsent | httpx.UnsupportedProtocol)}
    if partial := getattr(raised, "partial", b""):
        details["body"] = partial
    if isinstance(raised, httpx.PoolTimeout):
        return Failure(PoolTimeoutError("no connection became free", **details), False)
    if isinstance(raised, httpx.TimeoutException):
        phases = {httpx.ConnectTimeout: "connect", httpx.WriteTimeout: "write"}
        return _timeout(phases.get(type(raised), "read"), details, deadline)
    if isinstance(raised, httpx.DecodingError):
        return Failure(APIResponseError(f"the reply cannot be decompressed: {raised}", **details), False)
    failure = _tls_cause(raised)
    if failure is not None and (failure.client_refused or isinstance(raised, httpx.ConnectError)):
        return _tls(failure, details)
    retryable = not isinstance(raised, httpx.UnsupportedProtocol)
    hint = _PROXY_HINT if isinstance(raised, httpx.ProxyError) else None
    return Failure(APIConnectionError(str(raised) or type(raised).__name__, hint=hint, **details), retryable)


def _tls_cause(raised: BaseException) -> TLSHandshakeError | None:
    import ssl

    seen: BaseException | None = raised
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return TLSHandshakeError(seen)
        seen = seen.__cause__ or seen.__context__
    return None
