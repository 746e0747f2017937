"""The headers and query that a client adds to each request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import ConfigError, RequestError
from ..errors.redact import HARMLESS_HEADERS
from ..unset import UNSET
from ..validators import FRAMING_HEADERS

if TYPE_CHECKING:
    from ..errors import APIError
    from ..options.resolve import Options
    from ..service import Service
    from .data import RequestData


#: The statuses with which servers reject a value.
_REFUSALS = (400, 415, 422, 501)


class RequestDefaults:
    """The headers and query of every request of a client, and whether a request is repeatable.

    `headers` are those of the client, `given_headers` those of the user, both as (name, value) by lower-case name.
    `path` turns the path of a request into the one of a server whose paths differ.
    `refused` are the operations whose body defaults the server rejects.
    """

    __slots__ = (
        "_service", "api_base", "given_headers", "given_query", "headers", "idempotency_keys", "path", "query",
        "refused",
    )  # fmt: skip

    def __init__(self, service: Service, options: Options) -> None:
        self.api_base, self._service = options.api_base, service
        #: Whether the server supports the Idempotency-Key.
        self.idempotency_keys = service.idempotency_keys
        fixed = {"User-Agent": options.user_agent}
        for option, header in service.option_headers.items():
            if value := getattr(options, option):
                fixed[header] = value
        self.headers = {name.lower(): (name, value) for name, value in fixed.items()}
        self.given_headers: Mapping[str, tuple[str, str]] = {}
        self.query: list[tuple[str, str]] = []
        self.given_query = options.default_query
        self.path: Callable[[RequestData[Any, Any], str], str] | None = None
        self.refused: set[str] = set()
        if options.auth is not None:
            self.path = getattr(getattr(options.auth, "server", None), "path", None)
        if options.default_headers or options.default_query:
            self._add_given(options)

    def _add_given(self, options: Options) -> None:
        """Add the headers and the query that the user gave to the client."""
        from .serialize import headers_by_name
        from .styles import query, undeclared

        self.given_headers = headers_by_name(options.default_headers, self.harmless)
        if FRAMING_HEADERS & self.given_headers.keys():
            raise ConfigError("default_headers must not hold Content-Length or Transfer-Encoding")
        given = options.default_query
        try:
            self.query = query(given, undeclared(given))
        except RequestError as error:
            raise ConfigError(f"default_query: {error}") from None

    @property
    def harmless(self) -> frozenset[str]:
        """The names of request headers, in lower case, whose values may be shown."""
        return HARMLESS_HEADERS | self._service.harmless_headers

    def needs_idempotency_key(self, request: RequestData[Any, Any]) -> bool:
        """Return whether a request gets an Idempotency-Key without the user's giving one."""
        if self.idempotency_keys:
            return request.spec.method == "POST"
        return request.spec.method in ("POST", "PATCH") and self.is_repeatable(request)

    def is_repeatable(self, request: RequestData[Any, Any]) -> bool:
        """Return whether a request may be sent again although the server may have processed it.

        It may if its method is idempotent (RFC 9110, 9.2.2), or the server supports the Idempotency-Key.
        """
        if self.idempotency_keys or request.spec.method not in ("POST", "PATCH"):
            return True
        return request.spec.idempotent or request.options.get("idempotency_key") is not None

    def take_refusal(self, request: RequestData[Any, Any], error: APIError) -> bool:
        """Return whether an error rejects a body default, which no caller asked for; the client stops sending it."""
        defaults, name = request.spec.body_defaults, request.spec.name
        if not defaults or not isinstance(request.body, dict) or name in self.refused:
            return False
        if error.status_code not in _REFUSALS:
            return False
        given = {**request.body, **(request.options.get("extra_body") or {})}
        message = _letters(f"{error.param} {error.code} {error.message}")
        words = {word for key, value in defaults.items() if given.get(key, UNSET) is UNSET for word in (key, value)}
        if not any(_letters(word) in message for word in words):
            return False
        self.refused.add(name)
        return True


def _letters(text: object) -> str:
    """Return the letters and digits of a text in lower case: servers write `encoding_format` in several ways."""
    return "".join(filter(str.isalnum, str(text).lower()))
