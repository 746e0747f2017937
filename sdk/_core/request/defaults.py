"""What a client adds to each of its requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import ConfigError

if TYPE_CHECKING:
    from ..options.resolve import Options
    from ..service import Service
    from .data import RequestData


class RequestDefaults:
    """Headers and query of every request of a client, and what its service says of repeating requests.

    `headers` are the client's own, `given_headers` the user's, both as (name, value) by lower-case name.
    """

    __slots__ = ("_idempotency_keys", "api_base", "given_headers", "headers", "query")

    def __init__(self, service: Service, options: Options) -> None:
        self.api_base = options.api_base
        self._idempotency_keys = service.idempotency_keys
        fixed = {"User-Agent": options.user_agent}
        for option, header in service.option_headers.items():
            if value := getattr(options, option):
                fixed[header] = value
        self.headers = {name.lower(): (name, value) for name, value in fixed.items()}
        self.given_headers: Mapping[str, tuple[str, str]] = {}
        self.query: list[tuple[str, str]] = []
        if options.default_headers or options.default_query:
            self._take(options)

    def _take(self, options: Options) -> None:
        """Take the headers and the query that the user gave to the client."""
        from ..errors.redact import Redacted
        from .serialize import FRAMING_HEADERS, headers_by_name
        from .styles import query, undeclared

        self.given_headers = headers_by_name(options.default_headers)
        if FRAMING_HEADERS & self.given_headers.keys():
            raise ConfigError("default_headers must not hold Content-Length or Transfer-Encoding")
        given = options.default_query
        self.query = [(name, Redacted(value)) for name, value in query(given, undeclared(given))]

    def needs_idempotency_key(self, request: RequestData[Any, Any]) -> bool:
        """Return whether a request of its own accord carries an Idempotency-Key."""
        if self._idempotency_keys:
            return request.method == "POST"
        return request.method in ("POST", "PATCH") and self.is_repeatable(request)

    def is_repeatable(self, request: RequestData[Any, Any]) -> bool:
        """Return whether a request may be sent again though it may have done its work.

        That holds for methods that are idempotent (RFC 9110, 9.2.2), else where the server knows the Idempotency-Key.
        """
        if self._idempotency_keys or request.method not in ("POST", "PATCH"):
            return True
        return request.spec.idempotent or request.options.get("idempotency_key") is not None
