"""The part of a client that its calls use."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors.redact import credentials
from ..http import Transport
from ..lazy import lazy_function
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
    from ..usage import Usage
    from .line import Line
    from .observer import Tracer
    from .quota import Quota
else:
    log_replaced = lazy_function(globals(), "..log", "log_replaced")

#: Lines that a client keeps; each model has one, and models may have any names.
_MOST_LINES = 1000
#: Entries of the usage that are kept before they are added up.
MOST_ENTRIES = 512


class CallContext:
    """The options, connections and limits that the calls of one client share."""

    __slots__ = (
        "_quota", "_totals", "auth", "defaults", "details", "hooks", "last_keys", "lenient", "limiter", "lines",
        "models", "options", "retry_budget", "service", "tracer", "transport", "usage",
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
        #: What calls used: model, `usage` of the reply, images. Added up when there are many, or when a caller asks.
        self.usage: deque[tuple[Any, Any, int]] = deque()
        self._totals: dict[str, list[Any]] = {}
        self._quota: Quota | None = None
        own = options.requests_per_minute, options.tokens_per_minute
        if any(own):
            from .quota import Quota

            self._quota = Quota(*own)
        #: The lines of the calls, by family of operations and model; None if no call waits for a pace.
        self.lines: dict[tuple[str, str], Line] | None = {} if options.pace or self._quota is not None else None
        #: The arguments of every error: what set the options that hints name; for a default, what can set it.
        self.details: dict[str, Any] = {
            "settings": {
                name: options.source(name) or f"{name}= or {service.variable(name)}"
                for name in ("api_base", "api_key", "max_in_flight")
            }
        }
        #: The names of the server's models, None while they were never asked for.
        self.models: tuple[str, ...] | None = None
        #: The keys of the latest call, for redaction.
        self.last_keys: tuple[str, ...] = ()

    def make_auth(self) -> Auth:
        """Make what signs the calls, which is imported with the first one."""
        if self.options.auth is not None:
            from ..auth.identity import with_admin_key

            self.auth = with_admin_key(self.options.auth, self.service, self.options)
        elif self.service.schemes:
            from ..auth.security_schemes import SecuritySchemes

            self.auth = SecuritySchemes(self.service, self.options)
        else:
            from ..auth.keys import ApiKeys

            self.auth = ApiKeys(self.service, self.options)
        return self.auth

    def line_of(self, request: RequestData[Any, Any]) -> Line:
        """Return the line of a request: there is one for each limit that a server may keep."""
        body, lines = request.body, self.lines
        model = body.get("model") if body.__class__ is dict else None
        key = request.spec.family, model if model.__class__ is str else ""
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
            lines[key] = line = Line(self.limiter, name, options.max_retry_after, self._quota, options.pace)
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

    def settle(self, used: tuple[Any, Any, int], tokens: int) -> None:
        """Correct the tokens that were estimated for a call by what it used, and add up the usage if it is much."""
        if len(self.usage) >= MOST_ENTRIES:
            self._add_up()
        if tokens and used[1] and self._quota is not None:
            from ..usage import usage_of

            usage = usage_of(used[1])
            self._quota.correct(usage.input_tokens + usage.output_tokens - tokens)

    def totals(self) -> dict[str, Usage]:
        """Return what all calls used, by model."""
        from ..usage import Usage

        self._add_up()
        return {model: Usage(*total) for model, total in self._totals.copy().items()}

    def _add_up(self) -> None:
        from ..usage import add_up

        with self.limiter.lock:
            add_up(self.usage, self._totals)

    def settings_of(self, spec: EndpointSpec) -> dict[str, str]:
        """Return what set the options that hints name; the key of an operation may be that of an organization."""
        found: dict[str, str] = self.details["settings"]
        if not spec.security or spec.security[0][:1] != ("admin_api_key",):
            return found
        return {**found, "api_key": self.options.source("admin_api_key") or "admin_api_key="}

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
