"""Responses over a WebSocket, for a session: one connection for its turns, and HTTP where there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from ..._core.errors import APIResponseError, APIStatusError, ConnectionClosedError
from ..._core.reply.status_error import status_error
from ..._core.request.data import OPTION_NAMES

#: Events that end a response.
_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed", "response.cancelled"})
#: What a server without such WebSockets answers to the handshake: HTTP carries the rest of the conversation.
_WITHOUT = frozenset({400, 404, 405, 410, 426, 501})
#: Options of a call that a connection takes as well.
_SHARED = frozenset({"client", "timeout", "deadline", "max_retries", "extra_headers", "extra_query"})
#: Arguments that go without saying over a WebSocket, or that it does not have.
_NOT_SENT = OPTION_NAMES | {"stream", "stream_options", "background"}

OnEvent = Callable[[Any], object]


class NoSocket(Exception):
    """There is no connection: the turn goes over HTTP."""


class ResponsesSocket:
    """The connection of one session. `usable` is False once the server has refused it."""

    def __init__(self) -> None:
        self.usable = True
        self._connection: Any = None

    def ask(self, connect: Any, arguments: Mapping[str, Any], on_event: OnEvent | None) -> Any:
        """Send a request, and return the complete response. Raises NoSocket where HTTP has to carry it."""
        sent = event_of(arguments)
        if self._connection is None:
            try:
                self._connection = connect.sync(**options_of(arguments)).__enter__()
            except APIStatusError as error:
                raise self._refused(error) from error
        try:
            self._connection.send_json(sent)
        except ConnectionClosedError as error:  # it was idle, and the server has closed it: nothing was sent
            self._connection = None
            raise NoSocket from error
        try:
            while True:
                event = self._connection.recv()
                if on_event is not None:
                    on_event(event)
                found = response_of(event)
                if found is not None:
                    return found
        except BaseException as error:
            if not isinstance(
                error, APIStatusError | APIResponseError
            ):  # the response continues, and no caller reads it
                connection, self._connection = self._connection, None
                connection.abort(error)
            raise

    async def aask(self, connect: Any, arguments: Mapping[str, Any], on_event: OnEvent | None) -> Any:
        """Send a request from a coroutine; see `ask`."""
        sent = event_of(arguments)
        if self._connection is None:
            try:
                self._connection = await connect.asyncio(**options_of(arguments)).__aenter__()
            except APIStatusError as error:
                raise self._refused(error) from error
        try:
            await self._connection.send_json(sent)
        except ConnectionClosedError as error:
            self._connection = None
            raise NoSocket from error
        try:
            while True:
                event = await self._connection.recv()
                if on_event is not None:
                    on_event(event)
                found = response_of(event)
                if found is not None:
                    return found
        except BaseException as error:
            if not isinstance(error, APIStatusError | APIResponseError):
                connection, self._connection = self._connection, None
                await connection.abort(error)
            raise

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    async def aclose(self) -> None:
        """Close the connection; see `close`."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    def _refused(self, error: APIStatusError) -> Exception:
        if error.status_code not in _WITHOUT:
            return error
        self.usable = False
        return NoSocket()


def event_of(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that asks for a response."""
    body = {name: value for name, value in arguments.items() if name not in _NOT_SENT}
    return {"type": "response.create", **body, **(arguments.get("extra_body") or {})}


def options_of(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of the connection among the arguments of a call."""
    return {name: value for name, value in arguments.items() if name in _SHARED}


def response_of(event: Any) -> Any:
    """Return the response that an event completes, None for other events. Raises the error of an error event."""
    if event.type in _ENDS:
        return event.response
    if event.type != "error":
        return None
    wire = event.to_dict()
    error = wire["error"] if isinstance(wire.get("error"), dict) else wire
    status = wire.get("status")
    if isinstance(status, int) and status >= 400:
        raise status_error(
            status, request=None, headers={}, body=orjson.dumps({"error": error}), content_type="application/json"
        )
    raise APIResponseError(
        str(error.get("message") or "the server sent an error event"), body=wire, request_sent=True,
        code=error.get("code"), param=error.get("param"),
    )  # fmt: skip
