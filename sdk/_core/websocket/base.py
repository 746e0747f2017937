"""The common part of sync and async connections: state, and everything without input or output."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from orjson import loads

from ..client.default import client_of
from ..errors import APIError, ConnectionClosedError, ConnectionTimeoutError
from ..errors.redact import redact, request_id
from ..log import log_reconnect
from ..reply.decode import validate_strict
from ..reply.response import APIResponse
from ..runtime.fork import register_after_fork
from .backlog import Backlog, Reconnected
from .closing import Ending, ending_of
from .events import decode, encode
from .handshake import HandshakeTransport
from .options import settings_of
from .watch import Watch

if TYPE_CHECKING:
    from ..call.context import CallContext
    from ..call.observer import Observer
    from ..reply.opened import OpenStream
    from ..request.data import RequestData
    from .options import Settings
    from .spec import ConnectSpec

S = TypeVar("S")
R = TypeVar("R")

#: How often a connection that breaks is opened again in a row, without an event in between.
MOST_RECONNECTS = 5


class BaseConnection(Generic[S, R]):
    """The common part of both connections."""

    def __init__(self, request: RequestData[Any, Any], spec: ConnectSpec) -> None:
        self._socket: Any = None  # first: __del__ looks at it
        self._request, self._spec = request, spec
        self._client = client_of(request.options, request.spec.root)
        self._settings: Settings = settings_of(
            request.spec.name, request.options, self._client.options, spec.subprotocols
        )
        self._opened: OpenStream | None = None
        self._observer: Observer | None = None
        self._watch = Watch(self._settings.limits, time.monotonic())
        self._backlog = Backlog(spec.setup) if self._settings.reconnect else None
        self._read: Callable[[dict[str, Any]], R] = request.spec.model(request.spec.events).from_dict
        if self._client.options.strict:
            self._read = self._strictly(self._read)
        self._ends = frozenset(spec.ends)
        #: Whether an event has ended the conversation.
        self._over = False
        #: Whether this side has closed it.
        self._closed = False
        #: The error that every later use raises.
        self._failure: ConnectionClosedError | None = None
        #: The limit that has ended the connection.
        self._limit = ""
        self._process = os.getpid()
        #: How often the connection was opened again since the last event, and what is known of each time.
        self._attempts = 0
        self.reconnects: list[Reconnected] = []

    @property
    def handshake(self) -> APIResponse[None]:
        """The response that opened the connection: status 101, headers, request id, attempts."""
        opened = self._opened
        if opened is None:
            raise RuntimeError("the connection has not been opened: use it in a `with` block")
        return APIResponse(
            status_code=opened.response.status_code, headers=opened.headers, content=b"", parsed=None,
            request_id=request_id(opened.headers), attempts=opened.attempts,
            elapsed=time.monotonic() - opened.started, request=self._request,
        )  # fmt: skip

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that the server chose, None without one."""
        found = getattr(self._socket, "subprotocol", None)
        return None if found is None else str(found)

    @property
    def closed(self) -> bool:
        """Whether the connection has ended, or was never opened."""
        return self._socket is None or self._closed or self._failure is not None

    # -- opening -------------------------------------------------------------------------------------------------

    def _context(self) -> CallContext:
        """Return what the call of a handshake uses: that of the client, with a transport of its own."""
        self._check_process()
        context = copy(self._client._context_of(self._request))
        context.transport = HandshakeTransport(context.transport, self._settings.setup)  # type: ignore[assignment]  # as much as a flow uses
        return context

    def _begin(self, opened: Any) -> None:
        """Take an open connection. The place of its call is free again: conversations last."""
        opened.release()
        if opened.response.on_close is not None:
            opened.response.on_close()
        self._opened, self._socket = opened, opened.response.socket
        self._observer = self._observer or opened.observer
        self._watch = Watch(self._settings.limits, time.monotonic())
        self._limit = ""
        register_after_fork(self)

    def after_fork(self) -> None:
        """Give the connection up in the child of a fork: the parent goes on to use it."""
        if self._socket is not None and self._process != os.getpid():
            self._socket.disown()

    def _check_process(self) -> None:
        if self._process != os.getpid():
            raise self._error(
                ConnectionClosedError, "the connection belongs to the parent process",
                hint="Open another one in this process.",
            )  # fmt: skip

    # -- events --------------------------------------------------------------------------------------------------

    def _take(self, data: bytes) -> R:
        """Return the typed event of a message."""
        try:
            wire = loads(data)
            if wire.__class__ is not dict:
                raise ValueError
        except ValueError:
            wire = decode(data, self._details)
        if self._ends and wire.get("type") in self._ends:
            self._over = True
        if self._backlog is not None:
            self._backlog.answered()
            self._attempts = 0
        return self._read(wire)

    def _strictly(self, read: Callable[[dict[str, Any]], R]) -> Callable[[dict[str, Any]], R]:
        """Return a reader that checks each event by the description. Raises: APIResponseError; the connection stays."""

        def checked(wire: dict[str, Any]) -> R:
            validate_strict(self._request.spec, "", wire, self._details())
            return read(wire)

        return checked

    def _encode(self, event: object) -> bytes:
        """Return an event as it is sent; raise the error of a connection that has ended."""
        data = encode(event, self._request.spec.name)
        if self._socket is None:
            raise RuntimeError("the connection has not been opened: use it in a `with` block")
        if self._process != os.getpid():
            self._check_process()
        if self._failure is not None:
            raise self._failure
        if self._closed:
            raise self._error(ConnectionClosedError, "the connection is closed", request_sent=True)
        return data

    # -- endings -------------------------------------------------------------------------------------------------

    def _ended(self, closed: BaseException) -> Ending:
        """Return how the connection ended."""
        found = ending_of(closed)
        if isinstance(found.cause, str) and isinstance(closed.__cause__, TimeoutError) and not self._limit:
            self._limit = "timeout"
        return found._replace(limit=self._limit, by_server=False) if self._limit else found

    def _end(self, ending: Ending, cause: BaseException) -> ConnectionClosedError | None:
        """Return the error of a connection that has ended, None where it ended in order."""
        complete = self._over or not self._ends or not self._client.options.require_stream_end
        if self._closed or self._over or (ending.clean and complete):
            self._closed = True
            return None
        kind = ConnectionTimeoutError if ending.limit else ConnectionClosedError
        message = str(ending)
        if ending.clean:
            message = f"the connection was closed without {' or '.join(sorted(self._ends))}"
        error = self._error(
            kind, message, hint=ending.hint, close_code=ending.code, reason=ending.reason,
            unsent=() if self._backlog is None else self._backlog.unsent(), request_sent=True,
        )  # fmt: skip
        error.__cause__ = cause
        self._failure = error
        return error

    def _may_reconnect(self, ending: Ending) -> bool:
        """Return whether the connection is to be opened again."""
        if self._backlog is None or self._closed or self._over or not ending.recoverable:
            return False
        deadline = self._settings.limits.deadline
        return self._attempts < MOST_RECONNECTS and (deadline is None or time.monotonic() < deadline)

    def _unwritten(self, closed: Exception, data: bytes) -> None:
        """Keep an event for the next connection, or raise the error of this one."""
        ending = self._ended(closed)
        if self._may_reconnect(ending):
            assert self._backlog is not None
            if self._backlog.keep(data):
                return
            raise self._error(
                ConnectionClosedError, "the connection broke, and too many events wait to be sent",
                close_code=ending.code, unsent=self._backlog.unsent(),
            ) from closed  # fmt: skip
        error = self._end(ending._replace(by_server=False) if ending.clean else ending, closed)
        raise error or self._error(ConnectionClosedError, str(ending), close_code=ending.code) from closed

    def _gives_up(self, ending: Ending, failed: APIError) -> bool:
        """Return whether no other attempt to open the connection again may help."""
        passing = failed.status_code is None or failed.status_code in (408, 425, 429) or failed.status_code >= 500
        return not passing or not self._may_reconnect(ending)

    def _not_reconnected(self, error: ConnectionClosedError, failed: APIError) -> ConnectionClosedError:
        """Return the error of a connection that could not be opened again, with the events that were kept for it."""
        assert self._backlog is not None
        self._failure = self._error(
            ConnectionClosedError, f"{error.message}; it could not be opened again: {failed.message}",
            close_code=error.close_code, reason=error.reason, unsent=self._backlog.unsent(),
        )  # fmt: skip
        return self._failure

    def _reconnected(self, error: Exception) -> tuple[list[bytes], Reconnected]:
        """Note a connection that was opened again; return the events to send first."""
        assert self._backlog is not None
        setup, doubt, complete = self._backlog.begin_again()
        record = Reconnected(self._attempts, error, tuple(map(loads, setup)), tuple(map(loads, doubt)), complete)
        self.reconnects.append(record)
        log_reconnect(self._request.spec.name, error, [str(one.get("type")) for one in record.in_doubt])
        return setup, record

    def _error(self, kind: type[ConnectionClosedError], message: str, **more: Any) -> ConnectionClosedError:
        error = kind(message, **{**self._details(), **more})
        self._redact(error)
        return error

    def _redact(self, error: APIError) -> None:
        if self._opened is not None:
            redact(error, self._opened.secrets())

    def _details(self) -> dict[str, Any]:
        """Return the arguments that every error of this connection has."""
        opened = self._opened
        if opened is None:
            return {}
        return {
            "request": opened.info(), "attempts": opened.attempts, "request_sent": True,
            "request_id": request_id(opened.headers), "settings": self._client._context.details["settings"],
        }  # fmt: skip

    def __repr__(self) -> str:
        state = "closed" if self.closed else "open"
        return f"<{type(self).__name__} {self._request.spec.name}, {state}>"

    def __del__(self) -> None:
        socket, self._socket = getattr(self, "_socket", None), None
        if socket is None or self._closed or self._failure is not None or self._process != os.getpid():
            return
        socket.kill()
        warnings.warn(
            f"a connection of {self._request.spec.name} was dropped while it was open: use it in a with block",
            ResourceWarning,
            stacklevel=2,
        )
