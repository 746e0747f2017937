"""A WebSocket of the API as one object: `sync(...)` and `asyncio(...)` return connections for `with` blocks.

Generated code decorates a function that only builds the request of the handshake. The library `websockets` writes and
reads the frames; it is imported with the first connection.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Self, TypeVar

from ..client.request import Request
from ..lazy import lazy_function
from ..operation.forms import form
from ..public import expose
from ..request.spec import EndpointSpec
from .spec import ConnectSpec

if TYPE_CHECKING:
    from ..errors.redact import redact_arguments
    from .options import ConnectOptions as ConnectOptions
else:
    redact_arguments = lazy_function(globals(), "..errors.redact", "redact_arguments")

P = ParamSpec("P")
#: The connection of blocking callers, and that of coroutines.
C = TypeVar("C")
A = TypeVar("A")


class WebSocket(Generic[P, C, A]):
    """A path that is opened as a WebSocket. Both forms take the same arguments; `client=` is one of the options."""

    def __init__(
        self, build: Callable[P, Request[C, A]], spec: EndpointSpec, connect: ConnectSpec, client: Any = None
    ) -> None:
        self._build, self._spec, self._connect, self._client = build, spec, connect, client
        self.__doc__ = build.__doc__
        self.__name__ = build.__name__
        self.__module__ = build.__module__
        self.__wrapped__ = build

    @property
    def name(self) -> str:
        """The dotted name, such as `realtime.connect`."""
        return self._spec.name

    @property
    def path(self) -> str:
        """The path template below the API's base URL."""
        return self._spec.path

    def bind(self, client: Any) -> Self:
        """Return the same WebSocket with `client` as the client of its connections."""
        return type(self)(self._build, self._spec, self._connect, client)

    @form
    def request(self, *args: P.args, **kwargs: P.kwargs) -> Request[C, A]:
        """Build the request of the handshake without sending it."""
        return self._request(args, kwargs)

    @form
    def sync(self, *args: P.args, **kwargs: P.kwargs) -> C:
        """Return a connection, which a `with` block opens and closes.

        Raises: TypeError for a wrong argument; opening raises APIError and its subclasses, see the module `errors`.
        """
        made: C = self._made("", args, kwargs)
        return made

    @form
    def asyncio(self, *args: P.args, **kwargs: P.kwargs) -> A:
        """Return a connection for coroutines, which an `async with` block opens and closes; see `sync`."""
        made: A = self._made("Async", args, kwargs)
        return made

    def _made(self, prefix: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        from importlib import import_module

        request = self._request(args, kwargs)
        module, _, name = self._connect.place.partition(":")
        try:
            made = getattr(import_module(f"{self._spec.root}.api.{module}"), f"{prefix}{name}")
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "websockets":
                raise
            from ..errors import ConfigError

            raise ConfigError(
                "WebSockets need the library websockets, 17 or later: pip install 'websockets>=17'"
            ) from None
        return made(request, self._connect)

    def _request(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Request[C, A]:
        from .options import CONNECT_OPTIONS

        if self._client is not None and kwargs.get("client") is None:
            kwargs["client"] = self._client
        if "extra_headers" in kwargs or "extra_query" in kwargs:
            redact_arguments(kwargs)
        request = self._build(*args, **kwargs)
        unknown = sorted(request.options.keys() - CONNECT_OPTIONS)
        if unknown:
            raise TypeError(f"{self.name}() has no argument {unknown[0]!r}")
        request.spec = self._spec
        return request

    if not TYPE_CHECKING:

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            raise TypeError(
                f"{self.name} is a WebSocket: use `with {self.name}.sync(...)`, or `async with` .asyncio(...)"
            )

    def __repr__(self) -> str:
        return f"<WebSocket {self.name}: {self.path}>"


def websocket(
    name: str, method: str, path: str, *, place: str, receives: str, ends: tuple[str, ...] = (),
    setup: tuple[str, ...] = (), subprotocols: tuple[str, ...] = (), **facts: Any,
) -> Callable[[Callable[P, Request[C, A]]], WebSocket[P, C, A]]:  # fmt: skip
    """Turn a function that builds the request of a handshake into a WebSocket."""
    connect = ConnectSpec(place, ends=ends, setup=setup, subprotocols=subprotocols)

    def made(build: Callable[P, Request[C, A]]) -> WebSocket[P, C, A]:
        root = build.__module__.partition(".api.")[0]
        return WebSocket(build, EndpointSpec(name, method, path, root=root, events=receives, **facts), connect)

    return made


expose(globals(), "websocket", "WebSocket")
