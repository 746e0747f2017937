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
    """Send `api_key`, or the key of its own that an operation requires, in the header that `auth_header` names."""

    __slots__ = ("_fixed", "_header", "_options", "_service")

    def __init__(self, service: Service, options: Options) -> None:
        self._service, self._options = service, options
        self._header = options.auth_header.lower()
        #: The keys that do not change, and their headers.
        self._fixed: dict[str, tuple[str, tuple[str, str]]] = {}

    def apply(self, outgoing: Outgoing) -> Generator[Ask, Any, None]:
        """Set the header of the key, unless the user gave that header."""
        name = outgoing.request.spec.security[0][0]
        found = self._fixed.get(name) or (yield from self._find(name, outgoing))
        if found is None:
            return
        outgoing.keys = (found[0],)
        if self._header not in outgoing.headers:
            outgoing.headers[self._header] = found[1]

    def _find(self, name: str, outgoing: Outgoing) -> Generator[Ask, Any, tuple[str, tuple[str, str]] | None]:
        """Return the key and its header; None if no key is sent."""
        options, spec, service = self._options, outgoing.request.spec, self._service
        if name in service.key_options:
            source: Any = getattr(options, name)
            if source is None:
                raise ConfigError(f"{spec.name} needs {name}= or {service.variable(service.key_options[name])}")
        else:
            source = options.api_key
            if options.api_key_missing:
                if () in spec.security:
                    return None  # the document does not say whether a key is needed
                variable = f"{service.prefix}_API_KEY"
                raise ConfigError(f"no API key: give api_key= or set {variable} (api_key=None sends no key)")
        if source is None:
            return None
        changes = callable(source)
        if changes:
            source = check_key((yield from outgoing.ask(source)), f"the return value of {name}=")
        value = Redacted(f"{options.auth_scheme} {source}" if options.auth_scheme else source)
        found = source, (options.auth_header, value)
        if not changes:
            self._fixed[name] = found
        return found


def check_key(key: object, source: str) -> str:
    """Validate a key. Raises ConfigError that names the source, never the key."""
    problem = key_problem(key)
    if problem is not None:
        del key  # error reporters show local variables
        raise ConfigError(f"{source} {problem}")
    return str(key)
