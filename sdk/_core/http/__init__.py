"""HTTP/1.1 over connections of our own. This module is the door: nothing else of the room is imported from outside.

The room knows no client, operation or model. It takes an `HttpRequest` and returns a response whose headers are there
and whose body is still to be read. It exists for three things that httpx does not offer:

- the cost of a call: an exchange takes a fraction of the CPU time that httpx and httpcore take (`make bench`);
- a deadline holds over a whole phase, however slowly the bytes come, and not for each read;
- a request goes out a second time only where no server can have seen the first: RFC 9112, section 9.3.1.

What goes through httpx instead (`httpx_transport.py`): an `http_client=` or `transport=` of the user's, HTTP/2, a proxy
behind TLS, and trio.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .body import Body as Body
    from .decoding import ACCEPTED as ACCEPTED
    from .errors import ConnectError as ConnectError
    from .errors import ConnectionLostError as ConnectionLostError
    from .errors import MalformedError as MalformedError
    from .errors import NetworkError as NetworkError
    from .errors import PhaseTimeoutError as PhaseTimeoutError
    from .errors import TLSHandshakeError as TLSHandshakeError
    from .errors import TooLargeError as TooLargeError
    from .errors import UndecodableError as UndecodableError
    from .httpx_transport import HttpxResponse as HttpxResponse
    from .message import Content as Content
    from .message import HttpRequest as HttpRequest
    from .transport import Transport as Transport
else:  # to make a client loads no more than what reads its options
    from ..lazy import attributes

    __getattr__ = attributes(
        __name__,
        {
            "ACCEPTED": ".decoding",
            **dict.fromkeys(
                ("ConnectionLostError", "ConnectError", "MalformedError", "NetworkError", "TLSHandshakeError"),
                ".errors",
            ),
            **dict.fromkeys(("PhaseTimeoutError", "TooLargeError", "UndecodableError"), ".errors"),
            "HttpxResponse": ".httpx_transport",
            "Body": ".body",
            **dict.fromkeys(("Content", "HttpRequest"), ".message"),
            "Transport": ".transport",
        },
    )
