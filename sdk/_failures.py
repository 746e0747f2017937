"""Exceptions of the transport, as errors of ours that say what failed and whether the request had been sent."""

from __future__ import annotations

import ssl
import time
from typing import Any, NamedTuple

from .errors import APIConnectionError, APIError, APIResponseError, APITimeoutError, PoolTimeoutError, TLSError


class Failure(NamedTuple):
    """An error, and whether another attempt may help."""

    error: APIError
    again: bool


def translate(raised: BaseException, details: dict[str, Any], *, deadline: float | None) -> Failure | None:
    """Return the failure that an exception of httpx means; None for one that is not httpx's."""
    import httpx  # by now it is loaded: only its client raises what comes here

    if isinstance(raised, httpx.TimeoutException):
        return _timeout(raised, details, deadline)
    if isinstance(raised, httpx.DecodingError):
        return Failure(APIResponseError(f"the reply cannot be decompressed: {raised}", **_sent(details, True)), False)
    if isinstance(raised, httpx.ConnectError):
        certificate = _tls_cause(raised)
        if certificate is not None:
            hint = "Check the server's certificate, or name its authority with http_options={'verify': ...}."
            return Failure(TLSError(str(certificate), hint=hint, **_sent(details, False)), False)
        return Failure(APIConnectionError(_told(raised), **_sent(details, False)), True)
    if isinstance(raised, httpx.WriteError):
        return Failure(APIConnectionError(_told(raised), **_sent(details, False)), True)
    if isinstance(raised, httpx.TransportError):
        return Failure(APIConnectionError(_told(raised), **_sent(details, True)), True)
    return None


def _timeout(raised: Any, details: dict[str, Any], deadline: float | None) -> Failure:
    import httpx

    if deadline is not None and time.monotonic() >= deadline - 0.01:
        told = "the deadline of the whole call has passed"
        return Failure(APITimeoutError(told, **_sent(details, not isinstance(raised, httpx.ConnectTimeout))), False)
    if isinstance(raised, httpx.PoolTimeout):
        return Failure(PoolTimeoutError("no connection became free", **_sent(details, False)), False)
    if isinstance(raised, httpx.ConnectTimeout):
        return Failure(APITimeoutError("connecting took too long", **_sent(details, False)), True)
    if isinstance(raised, httpx.WriteTimeout):
        return Failure(APITimeoutError("the server stopped taking the request", **_sent(details, False)), True)
    return Failure(APITimeoutError("the server took too long to answer", **_sent(details, True)), True)


def _sent(details: dict[str, Any], request_sent: bool) -> dict[str, Any]:
    return {**details, "request_sent": request_sent}


def _told(raised: BaseException) -> str:
    return str(raised) or type(raised).__name__


def _tls_cause(raised: BaseException) -> ssl.SSLError | None:
    seen: BaseException | None = raised
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None
