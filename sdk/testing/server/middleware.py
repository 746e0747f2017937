"""Middleware of every path: check the API key, record the request, perform the script."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .asgi import CLOSE
from .errors import APIFailure
from .recorded_request import RecordedRequest
from .script import Cut, Disconnect, Fail, ReplyAction, Respond, Stall, StreamAction
from .state import ACTION, RECORDED, State

#: What refuses a request without the key that it needs; None accepts it.
Refusal = Callable[[RecordedRequest], APIFailure | None]
#: The headers that every response has, from the seconds that it took.
ResponseHeaders = Callable[[float], Mapping[str, str]]


class Record:
    """Check the key, then record every request with its whole body, and add the server's headers to every response.

    The key comes first: without it no client makes the server keep a body. Such a request is recorded without one.
    """

    def __init__(self, app: ASGIApp, state: State, refuse: Refusal, headers: ResponseHeaders) -> None:
        self.app = app
        self.state = state
        self.refuse, self.headers = refuse, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        headers, query = Headers(scope=scope), QueryParams(scope["query_string"])
        failure = self.refuse(RecordedRequest(scope["method"], scope["path"], query, headers, b""))
        body = b""
        if failure is None:
            try:
                body = await _read_body(receive, headers, self.state.max_body_bytes)
            except APIFailure as too_large:
                failure = too_large
        request = RecordedRequest(scope["method"], scope["path"], query, headers, body)
        if self.state.keep_requests:
            self.state.requests.append(request)
        self.state.expire()
        scope = {**scope, RECORDED: request}
        request_id = self.state.new_id("req_")
        replayed = False

        async def replay() -> Message:
            nonlocal replayed
            if not replayed:
                replayed = True
                return {"type": "http.request", "body": body, "more_body": False}
            return await receive()

        async def add_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                for name, value in self.headers(time.perf_counter() - started).items():
                    headers.setdefault(name, value)
            await send(message)

        await (failure.response() if failure else self.app)(scope, replay, add_headers)


class Perform:
    """Perform the action that the script has for a request, at the server's pace."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app = app
        self.state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.state.latency > 0:
            await self.state.pause(self.state.latency)
        try:
            action = self.state.script.take(scope[RECORDED], ReplyAction)
        except APIFailure as raised:  # by a predicate of the script
            await raised.response()(scope, receive, send)
            return
        match action:
            case Disconnect():
                await _close(scope, receive)
                return
            case Fail(failure):
                await failure.response()(scope, receive, send)
                return
            case Respond(status, headers, body):
                await Response(body, status, dict(headers))(scope, receive, send)
                return
            case _:
                paced = _PacedResponse(self.state, scope, receive, send)
                try:
                    await self.app({**scope, ACTION: action}, receive, paced.send)
                except _Ended:
                    return


class _Ended(Exception):
    """The response ends here: the script cut the stream, or an error replaced it."""


class _PacedResponse:
    """Send a stream's events at the server's pace, up to where the script cuts or stalls it. A write is an event."""

    def __init__(self, state: State, scope: Scope, receive: Receive, send: Send) -> None:
        self._state, self._scope, self._receive, self._send = state, scope, receive, send
        self._streams = False
        self._fault: Cut | Stall | None = None
        self._sent = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._streams = b"text/event-stream" in dict(message["headers"]).get(b"content-type", b"")
            if self._streams:
                try:
                    self._fault = self._state.script.take(self._scope[RECORDED], StreamAction)
                except APIFailure as failure:
                    await failure.response()(self._scope, self._receive, self._send)
                    raise _Ended from failure
        elif self._streams:
            await self._apply_fault()
            if message.get("body"):
                if self._sent and (rate := self._state.rate()):
                    await self._state.pause(1 / rate)
                self._sent += 1
        await self._send(message)

    async def _apply_fault(self) -> None:
        if self._fault is not None and self._sent >= self._fault.after:
            # Flush what has been written: the server holds headers back until a body message comes.
            await self._send({"type": "http.response.body", "body": b"", "more_body": True})
            if isinstance(self._fault, Stall):
                await _wait_for_disconnect(self._receive)
            else:
                await _close(self._scope, self._receive)
            raise _Ended


async def _close(scope: Scope, receive: Receive) -> None:
    """Close the connection, and return once it is closed."""
    close: Callable[[], Awaitable[None]] | None = scope.get("extensions", {}).get(CLOSE)
    if close is None:
        raise RuntimeError("this ASGI server cannot close a connection: use LocalServer or ASGITransport")
    await close()
    await _wait_for_disconnect(receive)


async def _wait_for_disconnect(receive: Receive) -> None:
    """Wait until the client has disconnected or the connection is closed."""
    while (await receive())["type"] != "http.disconnect":
        continue


async def _read_body(receive: Receive, headers: Headers, limit: int | None) -> bytes:
    """Return the whole body. Raises APIFailure for one that is, or says that it is, larger than the limit."""
    length = headers.get("content-length", "")
    announced = int(length) if length.isdecimal() and len(length) < 20 else 0
    body, more = bytearray(), True
    while limit is None or max(announced, len(body)) <= limit:
        if not more:
            return bytes(body)
        message: Any = await receive()
        more = message["type"] == "http.request" and message.get("more_body", False)
        body += message.get("body", b"")
    problem = f"The body is larger than {limit:,} bytes; LocalServer(max_body_bytes=) sets the limit."
    raise APIFailure(problem, status=413, code="body_too_large")
