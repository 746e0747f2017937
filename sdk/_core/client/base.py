"""The client without its resources: all that operations know of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Never, Self, Unpack, cast
from weakref import finalize

from ..call.limiter import Slots
from ..call.retry import Quota
from ..errors import ConfigError, RequestError
from ..http import Transport
from ..lazy import later
from ..options.resolve import Options, environment, log_level
from ..runtime.fork import tell_after_fork
from ..unset import UNSET

if TYPE_CHECKING:
    from ..call.drivers import acall, call
    from ..effects import Opened
    from ..options.typed import ClientOptions
    from ..reply.response import APIResponse
    from ..request.data import Request
    from ..service import Service
    from ..stats import ClientStats
else:
    call, acall = later(globals(), "..call.drivers", "call"), later(globals(), "..call.drivers", "acall")


def _bare(error: Exception, options: Any) -> Exception:
    """Empty the options that no client could be made from, and return the error without the frames that know them.

    Reporters of errors show what variables hold, and here that is the key.
    """
    options.clear()
    error.__context__ = None
    return error.with_traceback(None)


class BaseClient:
    """Options, connections and the ways to send a request."""

    #: What a generated package says of its API; the SDK's own API has none.
    _service: ClassVar[Service | None] = None

    def __init__(self, **options: Unpack[ClientOptions]) -> None:
        service = self._service
        try:
            self.options = Options.resolve(**options) if service is None else Options.of(service, options)
            self._start()
        except (ConfigError, TypeError) as error:
            raise _bare(error, options) from error.__cause__

    def _start(self) -> None:
        options = self.options
        if isinstance(options.api_key, Mapping):
            known = self._service
            problem = "must be one key, not a mapping" if known is None else known.problem(options.api_key)
            if problem is not None:
                raise ConfigError(f"api_key {problem}")
        self._transport = Transport(options)
        limit, name = options.max_in_flight, "max_in_flight"
        for most in (options.max_connections, self._transport.route.max_connections):
            # A call has one connection, so that the smallest of these limits holds for calls.
            if most is not None and (limit is None or most < limit):
                limit, name = most, "max_connections"
        self._slots = Slots(limit, options.pool_timeout, name)
        self._quota = Quota()
        self._origin, self._base = self._transport.route.origin, self._transport.route.base
        fixed = {"User-Agent": options.user_agent}
        if options.organization:
            fixed["OpenAI-Organization"] = options.organization
        if options.project:
            fixed["OpenAI-Project"] = options.project
        self._fixed_headers = {name.lower(): (name, value) for name, value in fixed.items()}
        self._default_headers: dict[str, tuple[str, str]] = {}
        self._fixed_query: list[tuple[str, str]] = []
        if options.default_headers or options.default_query:
            self._take_defaults(options)
        level = log_level()
        if level is not None:
            from ..log import listen

            listen(level)
        # A client that nobody can reach any more: its connections are closed, and a warning says so.
        dropped = finalize(self, self._transport.drop)
        dropped.atexit = False

    def _take_defaults(self, options: Options) -> None:
        """Take what goes with every request."""
        from ..errors.redact import Hidden
        from ..request.serialize import OURS, by_name
        from ..request.styles import query

        self._default_headers = by_name(options.default_headers)
        if OURS & self._default_headers.keys():
            raise ConfigError("default_headers must not hold Content-Length or Transfer-Encoding")
        self._fixed_query = [(k, Hidden(v)) for k, v in query(dict(options.default_query), {})]

    def send(self, request: Request[Any, Any]) -> APIResponse[Any]:
        """Send a request that was built with `.request(...)`, and return the reply in detail."""
        return cast("APIResponse[Any]", self._open(request))  # not streamed, so never Opened

    async def asend(self, request: Request[Any, Any]) -> APIResponse[Any]:
        """Send a request from a coroutine; see `send`."""
        return cast("APIResponse[Any]", await self._aopen(request))

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = UNSET,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        returns: Any = None,
        **options: Any,
    ) -> APIResponse[Any]:
        """Ask for a path below `api_base` that has no operation here, with retries and limits as any other call.

        `returns` is a model for `parsed`, or "json", "text", "binary" or "none"; left out, it is JSON or nothing. With
        `files` the body is multipart, and the members of `json` are its other fields. `options` are those of every
        call.
        Raises: as every call, see `sdk.errors`.
        """
        from ..request.custom import build

        return self.send(build(method, path, json, query, headers, files, returns, options))

    async def arequest(
        self,
        method: str,
        path: str,
        *,
        json: Any = UNSET,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        returns: Any = None,
        **options: Any,
    ) -> APIResponse[Any]:
        """Ask for a path without an operation from a coroutine; see `request`."""
        from ..request.custom import build

        return await self.asend(build(method, path, json, query, headers, files, returns, options))

    def _open(self, request: Request[Any, Any]) -> APIResponse[Any] | Opened:
        """Send a request and return as soon as its stream begins."""
        return call(self, request)

    async def _aopen(self, request: Request[Any, Any]) -> APIResponse[Any] | Opened:
        """Send a request from a coroutine and return as soon as its stream begins."""
        return await acall(self, request)

    def _url(self, request: Request[Any, Any]) -> str:
        """Return the whole URL of a request."""
        from ..request.serialize import target_of

        return self.options.api_base + target_of(self, request)

    @property
    def _loose(self) -> bool:
        """Whether servers of this API are known to say errors in a success, or to send JSON as text."""
        return self._service is None or self._service.loose

    def _keyed(self, request: Request[Any, Any]) -> bool:
        return request.method in ("POST", "PATCH") and self._repeatable(request)

    def _repeatable(self, request: Request[Any, Any]) -> bool:
        """Tell whether a request may be sent again though it may have done its work.

        That holds for methods that are idempotent (RFC 9110, 9.2.2), else where the server knows the Idempotency-Key.
        """
        if self._service is None or request.method not in ("POST", "PATCH"):
            return True
        return request.settings.idempotent or request.options.get("idempotency_key") is not None

    def with_options(self, **changes: Unpack[ClientOptions]) -> Self:
        """Return a new client with some options changed. It has connections of its own."""
        other = type(self).__new__(type(self))
        try:
            if self._service is not None and "api_key" in changes:
                changes["api_key"] = self._service.spread(changes["api_key"])
            other.options = self.options.replace(**changes)
            other._start()
        except (ConfigError, TypeError) as error:
            raise _bare(error, changes) from error.__cause__
        return other

    def stats(self) -> ClientStats:
        """Return how many calls are in flight at this moment, and how many wait for a place."""
        from ..stats import ClientStats

        in_flight, waiting = self._slots.counts()
        return ClientStats(in_flight=in_flight, waiting=waiting)

    def close(self) -> None:
        """Close all connections. Calls after that raise ClientClosedError."""
        self._transport.close()

    async def aclose(self) -> None:
        """Close all connections, those of the running event loop included."""
        await self._transport.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self  # connections are shared, not copied; with_options() makes another client

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError("a client holds connections and the API key and is not pickled; make one in the other process")

    def __repr__(self) -> str:
        made: Options | None = self.__dict__.get("options")  # none yet where an option was wrong
        return f"<{type(self).__name__} of {made.api_base}>" if made else f"<{type(self).__name__}, not made>"


class _Making:
    """The lock of who makes a process-wide client; in the child of a fork another, for its holder is no more."""

    def __init__(self) -> None:
        self.after_fork()
        tell_after_fork(self)

    def after_fork(self) -> None:
        """Begin anew."""
        self.lock = threading.Lock()


_defaults: dict[str, tuple[BaseClient, tuple[str | None, ...]]] = {}
_making = _Making()


def client_of(options: Mapping[str, Any], root: str = "sdk") -> BaseClient:
    """Return the client of a call: the one given, or the process-wide one of its package, made from the environment."""
    given: BaseClient | None = options.get("client")
    if given is None:
        return default_client(root)
    if not isinstance(given, BaseClient):
        raise RequestError(f"client= takes a Client of this SDK, not {type(given).__name__}")
    return given


def default_client(root: str = "sdk") -> BaseClient:
    """Return the process-wide client of a package, made anew when the environment that it came from has changed."""
    with _making.lock:  # held while one is made: threads whose first calls come at once share one client
        known = _defaults.get(root)
        now = environment(known[0]._service if known else None)
        if known is None or known[0]._transport.closed or known[1] != now:
            if known is not None:
                known[0]._transport.quiet = True
            made: BaseClient = import_module(f"{root}.client").Client()
            known = _defaults[root] = (made, environment(made._service))
    return known[0]
