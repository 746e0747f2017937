"""What a client adds to each of its requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import ConfigError
from ..unset import UNSET

if TYPE_CHECKING:
    from ..errors import APIError
    from ..options.resolve import Options
    from ..service import Service
    from .data import RequestData


#: The statuses by which servers refuse a value.
_REFUSALS = (400, 415, 422, 501)


class RequestDefaults:
    """Headers and query of every request of a client, and what its service says of repeating requests.

    `headers` are the client's own, `given_headers` the user's, both as (name, value) by lower-case name. `refused` are
    the operations whose body defaults, which only the SDK asks for, the server does not take.
    """

    __slots__ = ("_idempotency_keys", "api_base", "given_headers", "headers", "query", "refused")

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
        self.refused: set[str] = set()
        if options.default_headers or options.default_query:
            self._take(options)

    def _take(self, options: Options) -> None:
        """Take the headers and the query that the user gave to the client."""
        from ..errors.redact import Redacted
        from .serialize import FRAMING_HEADERS, headers_by_name
        from .styles import query

        self.given_headers = headers_by_name(options.default_headers)
        if FRAMING_HEADERS & self.given_headers.keys():
            raise ConfigError("default_headers must not hold Content-Length or Transfer-Encoding")
        self.query = [(name, Redacted(value)) for name, value in query(dict(options.default_query), {})]

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

    def take_refusal(self, request: RequestData[Any, Any], error: APIError) -> bool:
        """Return whether an error refuses a value that only the SDK asked for; the client then asks no more for it."""
        defaults, name = request.spec.body_defaults, request.spec.name
        if (
            not defaults
            or not isinstance(request.body, dict)
            or error.status_code not in _REFUSALS
            or name in self.refused
        ):
            return False
        given = {**request.body, **(request.options.get("extra_body") or {})}
        told = _letters(f"{error.param} {error.code} {error.message}")
        words = {word for key, value in defaults.items() if given.get(key, UNSET) is UNSET for word in (key, value)}
        if not any(_letters(word) in told for word in words):
            return False
        self.refused.add(name)
        return True


def _letters(text: object) -> str:
    """Return a text as names are compared, which servers write in several ways."""
    return "".join(filter(str.isalnum, str(text).lower()))
