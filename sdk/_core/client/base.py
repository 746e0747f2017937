"""The client without its resources: options, connections and sending."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Never, Self, Unpack
from weakref import finalize

from ..call.context import CallContext
from ..errors import ConfigError
from ..lazy import lazy_function, resolve
from ..options.environment import log_level
from ..options.resolve import options_of
from ..unset import UNSET

if TYPE_CHECKING:
    from ..call.drivers import acall, call
    from ..options.resolve import Options
    from ..options.typed import ClientOptions
    from ..reply.opened import OpenStream
    from ..reply.response import APIResponse
    from ..request.data import RequestData
    from ..service import Service
    from ..stats import ClientStats
    from ..tracebacks import drop_frames
else:
    call = lazy_function(globals(), "..call.drivers", "call")
    acall = lazy_function(globals(), "..call.drivers", "acall")
    drop_frames = lazy_function(globals(), "..tracebacks", "drop_frames")


#: Guards the clients of other servers, of which each call takes the same one.
_ELSEWHERE = threading.Lock()


def _without_secrets(error: Exception, options: Any) -> Exception:
    """Clear the invalid options, and return the error without the frames whose variables hold them.

    Error reporters show variables, and these hold the key.
    """
    options.clear()
    error.__context__ = None
    return error.with_traceback(None)


class BaseClient:
    """The base class of a client: options, connections, and methods that send a request."""

    #: The record of the package's API.
    _service: ClassVar[Service]
    options: Options

    def __init__(self, *positional: Never, **options: Unpack[ClientOptions]) -> None:
        if positional:
            positional = ()  # it may be the key, and error reporters show variables
            raise TypeError(f"{type(self).__name__} takes its options by name: {type(self).__name__}(api_key=...)")
        try:
            self.options = options_of(self._service).resolve(self._service, options)
            self._start()
        except (ConfigError, TypeError) as error:
            raise _without_secrets(error, options) from error.__cause__

    def _start(self) -> None:
        problem = self._service.problem(self.options.api_key)
        if problem is not None:
            raise ConfigError(f"api_key {problem}")
        self._context = CallContext(self._service, self.options)
        level = log_level(self._service)
        if level is not None:
            from ..log import write_to_stderr

            write_to_stderr(level)
        # Close the connections of a client that is garbage-collected without being closed, with a warning.
        finalizer = finalize(self, self._context.transport.drop)
        finalizer.atexit = False

    def send(self, request: RequestData[Any, Any]) -> APIResponse[Any]:
        """Send a request that was built with `.request(...)`, and return the detailed response."""
        try:
            response: APIResponse[Any] = call(self._context_of(request), request)  # type: ignore[assignment]  # no OpenStream
        except Exception as error:
            drop_frames(error)
            raise
        if getattr(response.parsed.__class__, "_wait", None) is not None or request.spec.page is not None:
            self._remember(response.parsed)
        return response

    async def asend(self, request: RequestData[Any, Any]) -> APIResponse[Any]:
        """Send a request from a coroutine; see `send`."""
        try:
            response: APIResponse[Any] = await acall(self._context_of(request), request)  # type: ignore[assignment]  # no OpenStream
        except Exception as error:
            drop_frames(error)
            raise
        if getattr(response.parsed.__class__, "_wait", None) is not None or request.spec.page is not None:
            self._remember(response.parsed)
        return response

    def _remember(self, reply: Any) -> None:
        """Let a reply that can be waited for, or such items of a page, know this client."""
        if self._service.remember:
            resolve(self._service.remember)(reply, self)

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
        """Send a request to a path below `api_base` that has no operation, with the same retries and limits.

        `returns` is a model for `parsed`, or "json", "text", "binary" or "none"; by default JSON or nothing. With
        `files` the body is multipart, and the members of `json` are its other fields. `options` are those of every
        call.
        Raises: the errors of every call, see the module `errors`.
        """
        from .custom import build, redacted_mapping

        query, headers, security = redacted_mapping(query), redacted_mapping(headers), self._service.any_key
        options = {"client": self, **options}
        return self.send(build(method, path, json, query, headers, files, returns, options, security))

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
        """Send a request to a path without an operation from a coroutine; see `request`."""
        from .custom import build, redacted_mapping

        query, headers, security = redacted_mapping(query), redacted_mapping(headers), self._service.any_key
        options = {"client": self, **options}
        return await self.asend(build(method, path, json, query, headers, files, returns, options, security))

    def _context_of(self, request: RequestData[Any, Any]) -> CallContext:
        """Return the context of a call: that of another client for an operation on a server of its own."""
        spec = getattr(request, "spec", None)  # anything that is not a request is refused when the call begins
        if spec is None or not spec.server:
            return self._context
        base = self._context.base_of(request)
        if base == self.options.api_base:
            return self._context
        with _ELSEWHERE:
            if base not in (others := self.__dict__.setdefault("_elsewhere", {})):
                self._context.transport.check_open()
                others[base] = other = self.with_options(api_base=base)
                other._context.limiter = self._context.limiter
                other._context.transport.process_wide = self._context.transport.process_wide
        found: CallContext = others[base]._context
        return found

    def _open(self, request: RequestData[Any, Any]) -> APIResponse[Any] | OpenStream:
        """Send a request and return as soon as its stream begins."""
        return call(self._context_of(request), request)

    async def _aopen(self, request: RequestData[Any, Any]) -> APIResponse[Any] | OpenStream:
        """Send a request from a coroutine and return as soon as its stream begins."""
        return await acall(self._context_of(request), request)

    def with_options(self, **changes: Unpack[ClientOptions]) -> Self:
        """Return a new client with some options changed. It has its own connections."""
        other = type(self).__new__(type(self))
        try:
            if "api_key" in changes:
                changes["api_key"] = self._service.per_scheme(changes["api_key"])
            other.options = self.options.replace(self._service, **changes)
            other._start()
            other._context.tracer = self._context.tracer
        except (ConfigError, TypeError) as error:
            raise _without_secrets(error, changes) from error.__cause__
        return other

    def stats(self) -> ClientStats:
        """Return how many calls are in flight now, and how many wait for a place or for their pace."""
        from ..stats import ClientStats

        context = self._context
        in_flight, waiting = context.counts()
        facts: dict[str, Any] = {"in_flight": in_flight, "waiting": waiting, "paces": context.paces()}
        if context.meter is None:
            return ClientStats(**facts)
        stats: ClientStats = context.meter.stats(facts)
        return stats

    def close(self) -> None:
        """Close all connections. Later calls raise ClientClosedError."""
        self._context.transport.close()
        for other in self.__dict__.get("_elsewhere", {}).values():
            other.close()

    async def aclose(self) -> None:
        """Close all connections, including those of the running event loop."""
        await self._context.transport.aclose()
        for other in self.__dict__.get("_elsewhere", {}).values():
            await other.aclose()

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
        return self  # connections are shared, not copied; with_options() creates another client

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError("a client holds connections and the API key and is not pickled; make one in the other process")

    def __repr__(self) -> str:
        options: Options | None = self.__dict__.get("options")  # missing if an option was invalid
        return f"<{type(self).__name__} of {options.api_base}>" if options else f"<{type(self).__name__}, not made>"
