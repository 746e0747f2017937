"""One WebSocket of the server: it checks the key, records what comes, and performs the script."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from ..description.document import description, format_path, websockets
from ..description.operations import WEBSOCKET
from ..server.asgi import CLOSE
from ..server.errors import APIFailure
from ..server.recorded_request import RecordedRequest
from ..server.script import Cut, Disconnect, Fail, Respond, Stall
from .keys import refusal
from .script import CloseSocket, Emit, Speak
from .state import JSON, State

#: What the script can do with a handshake, and with an event of the client.
_HANDSHAKE, _EVENT = (Fail, Respond, Disconnect), (Speak, Emit, Fail, CloseSocket, Disconnect)
_FAULTS = (Cut, Stall, CloseSocket)


class Ended(Exception):
    """The script has ended the conversation."""


class ServerSocket:
    """A WebSocket as handlers use it. `name` is its operation, such as `realtime.connect`."""

    def __init__(self, websocket: WebSocket, name: str, api_key: str | None) -> None:
        self._websocket, self.name, self._api_key = websocket, name, api_key
        self.state: State = websocket.app.state.server
        self._fault: Cut | Stall | CloseSocket | None = None
        self._sent = 0
        self._latest: RecordedRequest

    @property
    def query(self) -> Any:
        """The query of the handshake."""
        return self._websocket.query_params

    async def open(self) -> bool:
        """Answer the handshake: accept it and return True, or refuse it as the script has it."""
        request = self._latest = self._record(b"")
        failure = refusal(self._websocket.headers, self._api_key)
        action = None if failure else self.state.script.take(request, _HANDSHAKE)
        if isinstance(action, Disconnect):
            await self.cut()
            return False
        if isinstance(action, Respond):
            await self._websocket.send_denial_response(Response(action.body, action.status, dict(action.headers)))
            return False
        failure = failure or (action.failure if isinstance(action, Fail) else None)
        if failure is not None:
            await self._websocket.send_denial_response(failure.response())
            return False
        offered = self._websocket.scope.get("subprotocols") or [None]
        headers = [(b"x-request-id", self.state.new_id("req_").encode())]
        await self._websocket.accept(offered[0], headers)
        self._fault = self.state.script.take(request, _FAULTS)
        return True

    async def events(self) -> AsyncIterator[JSON]:
        """Yield the events of the client that are valid; the others get an error event."""
        while True:
            try:
                text = await self._websocket.receive_text()
            except (WebSocketDisconnect, KeyError):  # KeyError: a binary message
                return
            try:
                event = json.loads(text)
            except (ValueError, RecursionError):
                event = None
            self._latest = self._record(text.encode())
            if not isinstance(event, dict):
                await self.fail(APIFailure("The message is not a JSON object.", code="invalid_json"), {})
                continue
            problem = self._problem(event) if self.state.validate else None
            if problem is not None:
                await self.fail(problem, event)
            else:
                yield event

    def take(self, event: JSON) -> Speak | None:
        """Return what the model shall say to an event, by the script. Raises what else the script does with it."""
        action = self.state.script.take(self._latest, _EVENT)
        if action is None or isinstance(action, Speak):
            return action
        raise Scripted(action)

    async def perform(self, action: Any, event: JSON) -> None:
        """Do what the script has for an event, other than to speak. Raises Ended."""
        if isinstance(action, Fail):
            await self.fail(action.failure, event)
        elif isinstance(action, Emit):
            for one in action.events:
                await self.send(one)
        elif isinstance(action, CloseSocket):
            await self.close(action.code, action.reason)
        else:
            await self.cut()
            raise Ended

    async def send(self, event: JSON) -> None:
        """Send an event of the server, up to where the script cuts, stalls or closes. Raises Ended."""
        await self._end_by_script()
        if self._sent and self.state.tokens_per_second:
            await self.state.pause(1 / self.state.tokens_per_second)
        self._sent += 1
        try:
            await self._websocket.send_text(json.dumps({"event_id": self.state.new_id("event_"), **event}))
        except WebSocketDisconnect:
            raise Ended from None
        await self._end_by_script()

    async def _end_by_script(self) -> None:
        """Cut, stall or close where the script says so after this many events. Raises Ended."""
        fault = self._fault
        if fault is None or self._sent < fault.after:
            return
        if isinstance(fault, Cut):
            await self.cut()
        elif isinstance(fault, CloseSocket):
            await self.close(fault.code, fault.reason)
        else:
            await self._silence()
        raise Ended

    async def fail(self, failure: APIFailure, event: JSON) -> None:
        """Send an error event."""
        error = {**failure.body["error"], "event_id": event.get("event_id")}
        await self.send({"type": "error", "status": failure.status, "error": error})

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection with a code. Raises Ended."""
        with suppress(RuntimeError):  # it may be closed already
            await self._websocket.close(code, reason)
        raise Ended

    async def cut(self) -> None:
        """Close the connection without a close frame."""
        close = self._websocket.scope.get("extensions", {}).get(CLOSE)
        if close is None:
            raise RuntimeError("this ASGI server cannot close a connection: use LocalServer")
        await close()

    async def call(self, path: str, receive: Receive, send: Send, extensions: JSON) -> None:
        """Call the application as a request over HTTP with the headers of the handshake would."""
        scope = self._websocket.scope
        headers = [pair for pair in scope["headers"] if not pair[0].startswith((b"sec-", b"content-", b"upgrade"))]
        wanted = {
            **{key: scope[key] for key in ("asgi", "client", "server", "root_path") if key in scope},
            "type": "http", "http_version": "1.1", "method": "POST", "scheme": "http", "path": path,
            "raw_path": path.encode(), "query_string": b"", "extensions": extensions,
            "headers": [*headers, (b"content-type", b"application/json")],
        }  # fmt: skip
        await self._websocket.app(wanted, receive, send)

    async def _silence(self) -> None:
        """Read on, and say nothing, until the client has gone."""
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                await self._websocket.receive()
                await asyncio.sleep(0)

    def _record(self, body: bytes) -> RecordedRequest:
        scope = self._websocket.scope
        query, headers = self._websocket.query_params, self._websocket.headers
        request = RecordedRequest(WEBSOCKET, scope["path"], query, headers, body)
        if self.state.keep_requests:
            self.state.requests.append(request)
        return request

    def _problem(self, event: JSON) -> APIFailure | None:
        """Return what is wrong with an event of the client, by the description."""
        schema = websockets()[self.name]["send"]
        for problem in description().check(schema, event, ()):
            inner = problem.inner or problem
            where = format_path(inner.path)
            subject = f"The parameter '{where}'" if where else "The event"
            return APIFailure(f"{subject} {inner.message}.", param=where or None, code="invalid_value")
        return None


class Scripted(Exception):
    """The script does something other than to speak."""

    def __init__(self, action: Any) -> None:
        super().__init__(action)
        self.action = action
