"""A request that is built and not sent: endpoint functions return it, and users inspect it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..request.data import C, R, RequestData

if TYPE_CHECKING:
    from ..http import Content


class Request(RequestData[R, C]):
    """One request of an operation: its method, URL, headers and body.

    The code that serializes it is imported when it is inspected or sent.
    """

    __slots__ = ()

    @property
    def path(self) -> str:
        """The path below the API's base URL, with its parameters, percent-encoded."""
        from ..request.serialize import request_path

        return request_path(self)

    @property
    def query(self) -> list[tuple[str, str]]:
        """The name-value pairs of the query string."""
        from ..request.serialize import query_pairs

        self._check()
        return query_pairs(self)

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the operation and of the arguments; the client adds its own."""
        from ..request.serialize import given_headers

        self._check()
        given = given_headers(self)
        names = {name.lower() for name in given}
        return {k: v for k, v in self.spec.fixed_headers.items() if k.lower() not in names} | given

    @property
    def url(self) -> str:
        """The absolute URL, by the client of the call or the environment."""
        from .default import client_of

        self._check()
        return client_of(self.options, self.spec.root)._context.url(self)

    def content(self) -> Content:
        """Return the encoded body.

        Raises RequestError for a value that the format of the body cannot represent.
        """
        from ..request.serialize import encode_body

        self._check()
        return encode_body(self)

    def _check(self) -> None:
        """Check the options of the call, which sending it does too. Raises RequestError."""
        from ..options.per_call import check

        check(self.spec.name, self.options, streamed=True)  # whether it becomes a stream is not known yet
