"""Authentication with one key in one header, for a service without security schemes."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from ..errors import ConfigError
from ..errors.redact import Redacted
from ..validators import key_problem

if TYPE_CHECKING:
    from ..effects import Ask
    from ..options.resolve import Options
    from ..service import Service
    from .protocol import Outgoing


class ApiKeys:
    """Send `api_key`, or `admin_api_key` if the operation requires it, in the header that `auth_header` names."""

    __slots__ = ("_header", "_options", "_service", "_values")

    def __init__(self, service: Service, options: Options) -> None:
        self._service, self._options = service, options
        self._header = options.auth_header.lower()
        #: The values of the header for keys that do not change.
        self._values: dict[str, tuple[str, str]] = {}

    def apply(self, outgoing: Outgoing) -> Generator[Ask, Any, None]:
        """Set the header of the key, unless the user gave that header."""
        options, spec = self._options, outgoing.request.spec
        name = spec.security[0][0]
        if name == "admin_api_key":
            source: Any = options.admin_api_key
            if source is None:
                raise ConfigError(f"{spec.name} needs admin_api_key= or {self._service.prefix}_ADMIN_KEY")
        else:
            source = options.api_key
            if options.api_key_missing:
                if () in spec.security:
                    return  # the document does not say whether a key is needed
                variable = f"{self._service.prefix}_API_KEY"
                raise ConfigError(f"no API key: give api_key= or set {variable} (api_key=None sends no key)")
        if source is None:
            return
        if callable(source):
            source = check_key((yield from outgoing.ask(source)), f"the return value of {name}=")
            header = self._value(source)
        else:
            header = self._values.get(name) or self._values.setdefault(name, self._value(source))
        outgoing.keys = (source,)
        if self._header not in outgoing.headers:
            outgoing.headers[self._header] = header

    def _value(self, key: str) -> tuple[str, str]:
        options = self._options
        return options.auth_header, Redacted(f"{options.auth_scheme} {key}" if options.auth_scheme else key)


def check_key(key: object, source: str) -> str:
    """Validate a key. Raises ConfigError that names the source, never the key."""
    problem = key_problem(key)
    if problem is not None:
        del key  # error reporters show local variables
        raise ConfigError(f"{source} {problem}")
    return str(key)
