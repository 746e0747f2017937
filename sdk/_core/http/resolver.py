"""Resolve host names in threads, so that a deadline holds: `socket.getaddrinfo` takes as long as the resolver does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..runtime.fork import register_after_fork
from .connection import remaining, unresolvable
from .errors import PhaseTimeoutError

if TYPE_CHECKING:
    from .route import Route


class Lookup:
    """A lookup of a host name. Calls that connect at the same time share it, those of several event loops too.

    Its thread is a daemon, so that the interpreter does not wait for it when it exits.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []
        self._result: list[Any] | Exception = []
        #: Whether a call must start another lookup: the result is there, or the thread is in the parent process.
        self.done = False
        register_after_fork(self)

    def start(self, host: str, port: int) -> None:
        """Start the thread."""
        thread = threading.Thread(target=self._run, args=(host, port), name=f"lookup of {host}", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # there are too many threads, or the interpreter is exiting
            self._run(host, port)

    def after_fork(self) -> None:
        """Let calls of the child start a lookup of their own."""
        self.done = True

    def addresses(self, route: Route) -> list[Any]:
        """Return the result of getaddrinfo(). Raises ConnectError."""
        if isinstance(self._result, Exception):
            raise unresolvable(route, self._result) from self._result
        return self._result

    def join(self, deadline: float | None) -> None:
        """Wait for the result. Raises PhaseTimeoutError."""
        gate = threading.Lock()
        gate.acquire()
        self._call_when_done(gate.release)
        seconds = remaining(deadline, "connect")
        if not gate.acquire(timeout=-1 if seconds is None else min(seconds, threading.TIMEOUT_MAX)):
            raise PhaseTimeoutError("connect")

    async def ajoin(self, deadline: float | None) -> None:
        """Wait for the result from a coroutine. Raises TimeoutError, PhaseTimeoutError."""
        import asyncio

        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()

        def wake() -> None:
            with suppress(RuntimeError):  # the event loop is closed
                loop.call_soon_threadsafe(lambda: None if future.done() else future.set_result(None))

        self._call_when_done(wake)
        async with asyncio.timeout(remaining(deadline, "connect")):
            await future

    def _call_when_done(self, callback: Callable[[], None]) -> None:
        with self._lock:
            if not self.done:
                self._callbacks.append(callback)
                return
        callback()

    def _run(self, host: str, port: int) -> None:
        try:
            self._result = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
        except Exception as error:  # OSError or UnicodeError; no other may leave callers waiting
            self._result = error
        with self._lock:
            self.done = True
        for callback in self._callbacks:
            callback()
