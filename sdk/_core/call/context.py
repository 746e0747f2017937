"""The part of a client that its calls use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors.redact import credentials
from ..http import Transport
from ..request.defaults import RequestDefaults
from .limiter import ConcurrencyLimiter
from .retry import RetryBudget

if TYPE_CHECKING:
    from ..auth.protocol import Auth
    from ..options.resolve import Options
    from ..request.data import RequestData
    from ..service import Service


class CallContext:
    """The options, connections and limits that the calls of one client share."""

    __slots__ = (
        "_auth", "defaults", "details", "last_keys", "lenient", "limiter", "models", "options", "retry_budget",
        "service", "transport",
    )  # fmt: skip

    def __init__(self, service: Service, options: Options) -> None:
        self.service, self.options, self.lenient = service, options, service.lenient
        self.transport = Transport(options)
        limit, name = options.max_in_flight, "max_in_flight"
        for max_connections in (options.max_connections, self.transport.route.max_connections):
            # A call uses one connection, so the smallest of these limits is that of calls.
            if max_connections is not None and (limit is None or max_connections < limit):
                limit, name = max_connections, "max_connections"
        variable = service.variable("max_in_flight")
        chosen = name != "max_in_flight" or options.source(name) is not None
        self.limiter = ConcurrencyLimiter(limit, options.pool_timeout, name, variable, chosen=chosen)
        self.retry_budget = RetryBudget()
        self.defaults = RequestDefaults(service, options)
        #: The arguments of every error: what set the options that hints name; for a default, what can set it.
        self.details: dict[str, Any] = {
            "settings": {
                name: options.source(name) or f"{name}= or {service.variable(name)}"
                for name in ("api_base", "api_key", "max_in_flight")
            }
        }
        self._auth: Auth | None = None
        #: The names of the server's models, None while they were never asked for.
        self.models: tuple[str, ...] | None = None
        #: The keys of the latest call, for redaction.
        self.last_keys: tuple[str, ...] = ()

    @property
    def auth(self) -> Auth:
        """The authentication of the calls, imported with the first one."""
        if self._auth is None:
            if self.options.auth is not None:
                from ..auth.identity import with_admin_key

                self._auth = with_admin_key(self.options.auth, self.service, self.options)
            elif self.service.schemes:
                from ..auth.security_schemes import SecuritySchemes

                self._auth = SecuritySchemes(self.service, self.options)
            else:
                from ..auth.keys import ApiKeys

                self._auth = ApiKeys(self.service, self.options)
        return self._auth

    def secrets(self, request: RequestData[Any, Any]) -> tuple[str, ...]:
        """Return the credentials of a request, for the redaction of an error that is raised outside of its call."""
        from ..request.serialize import secret_headers, secret_query

        headers = secret_headers(self.defaults, request)
        return credentials(headers, *self.last_keys, *secret_query(self.defaults, request), *self.proxy_secrets())

    def proxy_secrets(self) -> list[str]:
        """Return what a proxy gets and no error may show."""
        proxy = self.transport.route.proxy
        return [] if proxy is None else proxy.secrets()

    def url(self, request: RequestData[Any, Any]) -> str:
        """Return the absolute URL of a request."""
        from ..request.serialize import request_target

        return self.options.api_base + request_target(self.defaults, request)
