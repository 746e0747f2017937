"""HTTP/1.1 over connections of this package. Other rooms import only the names of this module.

The room knows no client, operation or model. It takes an `HttpRequest` and returns a response once its headers have
arrived; the caller reads the body. It exists for three things that httpx does not offer:

- cost: an exchange takes a fraction of the CPU time that httpx and httpcore take (`make bench`);
- a deadline limits a whole phase, however slowly the bytes arrive, and not each read;
- a request is sent a second time only if no server can have seen the first: RFC 9112, section 9.3.1.

httpx sends the request instead (`httpx_transport.py`) for the user's `http_client=` or `transport=`, HTTP/2, a proxy
behind TLS, and trio.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .body import Body as Body
    from .errors import ConnectError as ConnectError
    from .errors import ConnectionLostError as ConnectionLostError
    from .errors import MalformedError as MalformedError
    from .errors import NetworkError as NetworkError
    from .errors import PhaseTimeoutError as PhaseTimeoutError
    from .errors import TLSHandshakeError as TLSHandshakeError
    from .errors import TooLargeError as TooLargeError
    from .errors import UndecodableError as UndecodableError
    from .exchange import connect_deadline as connect_deadline
    from .exchange import earliest as earliest
    from .headers import Headers as Headers
    from .httpx_transport import HttpxResponse as HttpxResponse
    from .message import ACCEPTED as ACCEPTED
    from .message import Content as Content
    from .message import HttpRequest as HttpRequest
    from .route import Route as Route
    from .transport import Transport as Transport
    from .upgrade import aopen_socket as aopen_socket
    from .upgrade import open_socket as open_socket
    from .upgrade import upgrade_route as upgrade_route
else:  # making a client loads only the modules that read its options
    from ..lazy import attributes

    __getattr__ = attributes(
        __name__,
        {
            **dict.fromkeys(
                ("ConnectionLostError", "ConnectError", "MalformedError", "NetworkError", "TLSHandshakeError"),
                ".errors",
            ),
            **dict.fromkeys(("PhaseTimeoutError", "TooLargeError", "UndecodableError"), ".errors"),
            "HttpxResponse": ".httpx_transport",
            "Body": ".body",
            **dict.fromkeys(("ACCEPTED", "Content", "HttpRequest"), ".message"),
            "Transport": ".transport",
            # For connections that leave HTTP.
            **dict.fromkeys(("connect_deadline", "earliest"), ".exchange"),
            **dict.fromkeys(("aopen_socket", "open_socket", "upgrade_route"), ".upgrade"),
            "Headers": ".headers",
            "Route": ".route",
        },
    )
