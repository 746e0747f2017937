"""Connections for blocking callers and for coroutines, which differ in `await` and in how time is watched."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self
from weakref import ref

from websockets.exceptions import ConnectionClosed

from ..call.drivers import acall, areport, call, report
from ..call.retry import backoff
from ..errors import APIError, ConnectionClosedError
from ..errors.variables import hide_variables
from ..lazy import lazy_function
from ..runtime.event_loop import sleep
from .base import BaseConnection, R, S
from .closing import NORMAL

if TYPE_CHECKING:
    import asyncio

    from ..tracebacks import drop_frames
    from .closing import Ending
else:
    drop_frames = lazy_function(globals(), "..tracebacks", "drop_frames")


class Connection(BaseConnection[S, R]):
    """An open conversation: iterate over it for the events of the server, and send events to it.

    Use it in a `with` block. One thread reads, any thread sends. The loop ends when the server ends the conversation;
    any other end raises ConnectionClosedError with its code.
    """

    #: What waits for a ping's answer.
    _pong: Any = None
    #: Seconds of silence after which limits are looked at.
    _patience: float | None = None
    #: Whether an event came since the last look.
    _came = False

    def __enter__(self) -> Self:
        self._connect()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, Exception):
            self.close()
        else:
            self.abort(error)

    def _connect(self) -> None:
        try:
            self._begin(call(self._context(), self._request))
        except Exception as error:
            drop_frames(error)
            raise
        self._receive = self._socket.recv
        self._patience = self._watch.due(time.monotonic()).wait

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> R:
        """Return the next event; the end of the conversation ends the loop."""
        if self._over:
            raise StopIteration
        while True:
            try:
                data = self._receive(self._patience, False)
            except TimeoutError:
                self._look()
            except ConnectionClosed as closed:
                if not self._go_on(closed):
                    raise StopIteration from None
            except AttributeError:
                if self._socket is None:
                    raise RuntimeError("the connection has not been opened: use it in a `with` block") from None
                raise
            else:
                self._came = True
                if self._settings.limits.deadline is not None:
                    self._look(heard=True)
                return self._take(data)

    def recv(self) -> R:
        """Wait for the next event and return it.

        Raises: ConnectionClosedError, where the conversation is over, too.
        """
        try:
            return self.__next__()
        except StopIteration:
            raise self._error(ConnectionClosedError, "the conversation is over", close_code=NORMAL) from None

    def send(self, event: S) -> None:
        """Send an event: a dict with its `type`, or a model. It waits while the server takes nothing.

        Raises: RequestError for anything that is not an event, ConnectionClosedError.
        """
        self._write(self._encode(event))

    def send_json(self, event: Mapping[str, Any]) -> None:
        """Send any JSON object, such as an event of a vendor that the types do not know."""
        self._write(self._encode(event))

    def _send_event(self, kind: str, fields: Mapping[str, Any]) -> None:
        self._write(self._encode({"type": kind, **fields}))

    def _write(self, data: bytes) -> None:
        backlog = self._backlog
        try:
            self._socket.send(data, text=True)
        except ConnectionClosed as closed:
            self._unwritten(closed, data)
        else:
            if backlog is not None:
                backlog.sent(data)

    def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Close the connection: the server gets the code, and has `close_timeout` to answer."""
        if self._socket is None or self._closed:
            return
        self._closed = True
        try:
            self._socket.close(code, reason)
        finally:
            self._socket.kill()
            self._report_end(self._failure)

    def abort(self, error: BaseException | None = None) -> None:
        """Close the connection without a closing handshake, as a cancelled block does; hooks get the error."""
        if self._socket is not None and not self._closed:
            self._closed = True
            self._socket.kill()
            self._report_end(error)

    def _report_end(self, error: BaseException | None) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            cancelled = error is not None and not isinstance(error, Exception)
            report(self._client._context, observer.end(error, None, cancelled=cancelled))

    def _look(self, *, heard: bool = False) -> None:
        """Look at the limits: after `_patience` seconds without an event, or with one that was `heard`."""
        watch, now = self._watch, time.monotonic()
        since = now if heard else now - (self._patience or 0.0)
        if heard or self._came:
            watch.heard, watch.reading, self._came = since, None, False
        if self._pong is not None and self._pong.is_set():
            watch.heard, self._pong = now, None
        watch.reading = watch.reading or since
        due = watch.due(now)
        if due.limit:
            self._limit = due.limit
            self._socket.kill()
        elif due.ping:
            self._pong = self._socket.ping()
        self._patience = due.wait

    def _go_on(self, closed: ConnectionClosed) -> bool:
        """Open the connection again and return True; False where the conversation is over. Raises its error."""
        ending = self._ended(closed)
        if self._failure is None and self._may_reconnect(ending):
            return self._reconnect(ending, closed)
        error = self._failure or self._end(ending, closed)
        self._report_end(error)
        if error is None:
            return False
        hide_variables(error)
        raise error

    def _reconnect(self, ending: Ending, closed: Exception) -> bool:
        error = self._error(ConnectionClosedError, str(ending), close_code=ending.code, reason=ending.reason)
        error.__cause__ = closed
        self._socket.kill()
        while True:
            self._attempts += 1
            time.sleep(backoff(self._attempts, random.random()))
            try:
                self._begin(call(self._context(), self._request))
                break
            except APIError as failed:
                if self._gives_up(ending, failed):
                    raise self._not_reconnected(error, failed) from failed
        self._receive = self._socket.recv
        self._patience = self._watch.due(time.monotonic()).wait
        setup, record = self._reconnected(error)
        for data in setup:
            self._write(data)
        self._flush()
        if self._settings.on_reconnect is not None:
            self._settings.on_reconnect(record)
        return True

    def _flush(self) -> None:
        """Send the events that waited."""
        assert self._backlog is not None
        while (data := self._backlog.next_unsent()) is not None:
            self._backlog.drop_unsent()
            self._write(data)


class AsyncConnection(BaseConnection[S, R]):
    """An open conversation for coroutines; see `Connection`. One task reads, any task sends."""

    #: The one timer of the connection.
    _timer: asyncio.TimerHandle | None = None
    #: The task that sends a ping.
    _pinging: asyncio.Task[Any] | None = None

    async def __aenter__(self) -> Self:
        await self._connect()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, Exception):
            await self.close()
        else:
            await self.abort(error)

    async def _connect(self) -> None:
        try:
            self._begin(await acall(self._context(), self._request))
        except Exception as error:
            drop_frames(error)
            raise
        self._receive = self._socket.recv
        self._stalls = self._settings.limits.stall_timeout is not None
        self._arm()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> R:
        """Return the next event; the end of the conversation ends the loop."""
        if self._over:
            raise StopAsyncIteration
        while True:
            try:
                if self._stalls:
                    self._watch.reading = self._socket.loop.time()
                data = await self._receive(False)
            except ConnectionClosed as closed:
                if not await self._go_on(closed):
                    raise StopAsyncIteration from None
            except AttributeError:
                if self._socket is None:
                    raise RuntimeError("the connection has not been opened: use it in an `async with` block") from None
                raise
            else:
                if self._stalls:
                    self._watch.reading = None
                return self._take(data)

    async def recv(self) -> R:
        """Wait for the next event and return it; see `Connection.recv`."""
        try:
            return await self.__anext__()
        except StopAsyncIteration:
            raise self._error(ConnectionClosedError, "the conversation is over", close_code=NORMAL) from None

    async def send(self, event: S) -> None:
        """Send an event; see `Connection.send`."""
        await self._write(self._encode(event))

    async def send_json(self, event: Mapping[str, Any]) -> None:
        """Send any JSON object; see `Connection.send_json`."""
        await self._write(self._encode(event))

    async def _send_event(self, kind: str, fields: Mapping[str, Any]) -> None:
        await self._write(self._encode({"type": kind, **fields}))

    async def _write(self, data: bytes) -> None:
        backlog, watch = self._backlog, self._watch
        watch.writing = self._socket.loop.time()
        try:
            await self._socket.send(data, text=True)
        except ConnectionClosed as closed:
            self._unwritten(closed, data)
        else:
            if backlog is not None:
                backlog.sent(data)
        finally:
            watch.writing = None

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Close the connection; see `Connection.close`."""
        if self._socket is None or self._closed:
            return
        self._closed = True
        self._disarm()
        try:
            await self._socket.close(code, reason)
        finally:
            self._socket.kill()
            await self._report_end(self._failure)

    async def abort(self, error: BaseException | None = None) -> None:
        """Close the connection without a closing handshake; see `Connection.abort`."""
        if self._socket is not None and not self._closed:
            self._closed = True
            self._disarm()
            self._socket.kill()
            await self._report_end(error)

    async def _report_end(self, error: BaseException | None) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            cancelled = error is not None and not isinstance(error, Exception)
            await areport(self._client._context, observer.end(error, None, cancelled=cancelled))

    def _arm(self) -> None:
        """Look at the limits, and set the timer for the next time."""
        socket, watch = self._socket, self._watch
        watch.heard = max(watch.heard, socket.heard)
        due = watch.due(socket.loop.time(), paused=socket.reading_paused)
        if due.limit:
            self._limit, self._timer = due.limit, None
            socket.kill()
            return
        if due.ping:
            self._pinging = socket.loop.create_task(_ping(socket))
        self._timer = None if due.wait is None else socket.loop.call_later(due.wait, _on_time, ref(self))

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._pinging is not None:
            self._pinging.cancel()
        self._timer = self._pinging = None

    async def _go_on(self, closed: ConnectionClosed) -> bool:
        """Open the connection again and return True; False where the conversation is over. Raises its error."""
        ending = self._ended(closed)
        self._disarm()
        if self._failure is None and self._may_reconnect(ending):
            return await self._reconnect(ending, closed)
        error = self._failure or self._end(ending, closed)
        await self._report_end(error)
        if error is None:
            return False
        hide_variables(error)
        raise error

    async def _reconnect(self, ending: Ending, closed: Exception) -> bool:
        error = self._error(ConnectionClosedError, str(ending), close_code=ending.code, reason=ending.reason)
        error.__cause__ = closed
        self._socket.kill()
        while True:
            self._attempts += 1
            await sleep(backoff(self._attempts, random.random()))
            try:
                self._begin(await acall(self._context(), self._request))
                break
            except APIError as failed:
                if self._gives_up(ending, failed):
                    raise self._not_reconnected(error, failed) from failed
        self._receive = self._socket.recv
        self._arm()
        setup, record = self._reconnected(error)
        for data in setup:
            await self._write(data)
        await self._flush()
        if self._settings.on_reconnect is not None:
            returned: Any = self._settings.on_reconnect(record)
            if hasattr(returned, "__await__"):
                await returned
        return True

    async def _flush(self) -> None:
        """Send the events that waited."""
        assert self._backlog is not None
        while (data := self._backlog.next_unsent()) is not None:
            self._backlog.drop_unsent()
            await self._write(data)


async def _ping(socket: Any) -> None:
    """Send a ping; a connection that has ended says so to those who use it."""
    try:
        await socket.ping()
    except ConnectionClosed:
        return


def _on_time(connection: ref[AsyncConnection[Any, Any]]) -> None:
    """Let a connection look at its limits, unless it is gone."""
    found = connection()
    if found is not None and not found._closed:
        found._arm()
