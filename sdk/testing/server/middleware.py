"""What is the same on every path: requests are recorded, keys checked, and what was scripted is played."""

import hmac
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .errors import APIFailure
from .recorded_request import RecordedRequest
from .script import DELIVERIES, REPLIES, Answer, Cut, Drop, Fail, Stall
from .state import RECORDED, TOLD, State

#: The ASGI extension by which a server lets an application close the connection: an async function without arguments.
CLOSE = "sdk.testing.close"
#: What every response says of limits, and of when to look again: the official package waits a second otherwise.
_USUAL = {
    "openai-poll-after-ms": "10",
    "x-ratelimit-limit-requests": "10000",
    "x-ratelimit-limit-tokens": "1000000",
    "x-ratelimit-remaining-requests": "9999",
    "x-ratelimit-remaining-tokens": "999900",
    "x-ratelimit-reset-requests": "6ms",
    "x-ratelimit-reset-tokens": "6ms",
}


class Record:
    """Keep every request, its body read to the end, and put the API's headers on every response."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app = app
        self.state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        body = await _read(receive)
        query = QueryParams(scope["query_string"])
        request = RecordedRequest(scope["method"], scope["path"], query, Headers(scope=scope), body)
        self.state.requests.append(request)
        self.state.expire()
        scope = {**scope, RECORDED: request}
        request_id = self.state.new_id("req_")
        waiting = True

        async def replay() -> Message:
            nonlocal waiting
            if waiting:
                waiting = False
                return {"type": "http.request", "body": body, "more_body": False}
            return await receive()

        async def add_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                headers["openai-processing-ms"] = str(round((time.perf_counter() - began) * 1000))
                for name, value in _USUAL.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, replay, add_headers)


class Authorize:
    """Refuse callers without the API key."""

    def __init__(self, app: ASGIApp, api_key: str | None) -> None:
        self.app = app
        self.api_key = api_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Headers(scope=scope)) if scope["type"] == "http" else None
        await (refusal.response() if refusal else self.app)(scope, receive, send)

    def _refusal(self, headers: Headers) -> APIFailure | None:
        if self.api_key is None:
            return None
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given:
            message = "No API key was given. Send the header 'Authorization: Bearer KEY'."
        elif hmac.compare_digest(given.encode(), self.api_key.encode()):
            return None
        else:
            # Enough to tell which key it was, never enough to use it.
            shown = f"{given[:3]}...{given[-2:]}" if len(given) > 12 else "..."
            message = f"The API key '{shown}' is wrong."
        return APIFailure(message, status=401, code="invalid_api_key", headers={"www-authenticate": "Bearer"})


class Play:
    """Do what was scripted for a request, and keep to the server's pace."""

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
            told = self.state.script.take(scope[RECORDED], REPLIES)
        except APIFailure as raised:  # of a function that was to choose requests
            await raised.response()(scope, receive, send)
            return
        match told:
            case Drop():
                await _close(scope, receive)
                return
            case Fail(failure):
                await failure.response()(scope, receive, send)
                return
            case Answer(status, headers, body):
                await Response(body, status, dict(headers))(scope, receive, send)
                return
            case _:
                delivery = _Delivery(self.state, scope, receive, send)
                try:
                    await self.app({**scope, TOLD: told}, receive, delivery.send)
                except _Closed:
                    return


class _Closed(Exception):
    """There is no more to say: a stream was closed as it was scripted, or an error took its place."""


class _Delivery:
    """Send a stream's events at the server's pace, up to where it is cut or falls silent. A write is an event."""

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
                    self._fault = self._state.script.take(self._scope[RECORDED], DELIVERIES)
                except APIFailure as failure:
                    await failure.response()(self._scope, self._receive, self._send)
                    raise _Closed from failure
        elif self._streams:
            await self._break()
            if message.get("body"):
                if self._sent and self._state.tokens_per_second:
                    await self._state.pause(1 / self._state.tokens_per_second)
                self._sent += 1
        await self._send(message)

    async def _break(self) -> None:
        if self._fault is not None and self._sent >= self._fault.after:
            # What was written so far goes out first: headers alone would wait for a body.
            await self._send({"type": "http.response.body", "body": b"", "more_body": True})
            if isinstance(self._fault, Stall):
                await _gone(self._receive)
            else:
                await _close(self._scope, self._receive)
            raise _Closed


async def _close(scope: Scope, receive: Receive) -> None:
    """Close the connection, and return when it is closed."""
    close: Callable[[], Awaitable[None]] | None = scope.get("extensions", {}).get(CLOSE)
    if close is None:
        raise RuntimeError("this ASGI server cannot close a connection: use LocalServer or sdk.testing.ASGITransport")
    await close()
    await _gone(receive)


async def _gone(receive: Receive) -> None:
    """Wait until the client has gone, or the connection is closed."""
    while (await receive())["type"] != "http.disconnect":
        continue


async def _read(receive: Receive) -> bytes:
    body, more = bytearray(), True
    while more:
        message: Any = await receive()
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)
