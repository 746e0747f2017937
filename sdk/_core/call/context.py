"""The part of a client that its calls use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors.redact import credentials
from ..http import Transport
from ..lazy import lazy_function, resolve
from ..request.defaults import RequestDefaults
from .limiter import ConcurrencyLimiter
from .retry import RetryBudget

if TYPE_CHECKING:
    from ..auth.protocol import Auth
    from ..log import log_replaced
    from ..options.resolve import Options
    from ..request.data import RequestData
    from ..request.spec import EndpointSpec
    from ..service import Service
    from .line import Line
    from .observer import Tracer
    from .quota import Quota
else:
    log_replaced = lazy_function(globals(), "..log", "log_replaced")

#: Lines that a client keeps; each model has one, and models may have any names.
_MOST_LINES = 1000


class CallContext:
    """The options, connections and limits that the calls of one client share."""

    __slots__ = (
        "auth", "defaults", "details", "hooks", "last_keys", "lenient", "limiter", "lines", "meter", "notes", "options",
        "quota", "retry_budget", "service", "tracer", "transport",
    )  # fmt: skip
    #: What makes the spans of all clients that have no tracer of their own.
    everywhere: ClassVar[Tracer | None] = None

    def __init__(self, service: Service, options: Options) -> None:
        self.service, self.options, self.lenient = service, options, service.lenient
        self.transport = Transport(options)
        self.transport.on_replaced = log_replaced
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
        #: What signs the calls, None before the first one that is signed.
        self.auth: Auth | None = None
        #: The hooks that receive every moment of each call.
        self.hooks: tuple[Callable[[Any], Any], ...] = () if options.on_event is None else (options.on_event,)
        #: What makes the spans of the calls, None without telemetry of this client.
        self.tracer: Tracer | None = None
        #: The client's own limits, None without any.
        self.quota: Quota | None = None
        if any(own := options.limits_per_minute):
            from .quota import Quota

            self.quota = Quota(*own)
        #: What counts what calls use, None where the service has no such numbers.
        self.meter: Any = resolve(service.meter)(self) if service.meter else None
        #: The lines of the calls, by family of operations and model; None if no call waits for a pace.
        self.lines: dict[tuple[str, str], Line] | None = {} if options.pace or self.quota is not None else None
        #: The arguments of every error: what set the options that hints name; for a default, what can set it.
        self.details: dict[str, Any] = {
            "settings": {
                name: options.source(name) or f"{name}= or {service.variable(name)}"
                for name in ("api_base", "api_key", "max_in_flight")
            }
        }
        #: What the functions of the service keep of this client.
        self.notes: dict[str, Any] = {}
        #: The keys of the latest call, for redaction.
        self.last_keys: tuple[str, ...] = ()

    def make_auth(self) -> Auth:
        """Make what signs the calls, which is imported with the first one."""
        service, options = self.service, self.options
        found: Any = options.auth
        if found is None:
            found = resolve(service.auth)(service, options)
        elif service.identity:
            found = resolve(service.identity)(found, service, options)
        auth: Auth = found
        self.auth = auth
        return auth

    def line_of(self, request: RequestData[Any, Any]) -> Line:
        """Return the line of a request: there is one for each limit that a server may keep."""
        body, lines = request.body, self.lines
        model: Any = body.get("model") if body.__class__ is dict else None
        key: tuple[str, str] = request.spec.family, model if model.__class__ is str else ""
        line = lines.get(key)  # type: ignore[union-attr]  # who has no lines does not ask
        return self._open_line(key) if line is None else line

    def _open_line(self, key: tuple[str, str]) -> Line:
        from .line import Line

        lines, options = self.lines, self.options
        assert lines is not None
        with self.limiter.lock:
            if key in lines:
                return lines[key]
            if len(lines) >= _MOST_LINES:
                for other in [key for key, line in lines.items() if not line.waiting and not line.resting]:
                    del lines[other]
            name = f"{key[0]} with model {key[1]}" if key[1] else key[0]
            lines[key] = line = Line(self.limiter, name, options.max_retry_after, self.quota, options.pace)
            return line

    def counts(self) -> tuple[int, int]:
        """Return how many calls are in flight, and how many wait, both at the same moment."""
        with self.limiter.lock:
            in_flight, waiting = self.limiter.counts()
            if self.lines is None:
                return in_flight, waiting
            return in_flight, sum(line.waiting + line.resting for line in self.lines.values())

    def paces(self) -> dict[str, float]:
        """Return the calls per second that learned limits allow, by the name of their line."""
        if self.lines is None:
            return {}
        with self.limiter.lock:
            return {line.name: line.pace.rate for line in self.lines.values() if line.pace.rate is not None}

    def settings_of(self, spec: EndpointSpec) -> dict[str, str]:
        """Return what set the options that hints name; the key of an operation may have an option of its own."""
        found: dict[str, str] = self.details["settings"]
        option = next(iter(spec.security[0]), "") if spec.security else ""
        if option not in self.service.key_options:
            return found
        return {**found, "api_key": self.options.source(option) or f"{option}="}

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

        return self.base_of(request) + request_target(self.defaults, request)

    def base_of(self, request: RequestData[Any, Any]) -> str:
        """Return the base URL of a request: of its operation's own server, if it has one."""
        spec = getattr(request, "spec", None)  # anything that is not a request is refused when the call begins
        if spec is None or not spec.server:
            return self.options.api_base
        from .server import base_of

        return base_of(spec.server, self.service.base_url, self.options.api_base)
