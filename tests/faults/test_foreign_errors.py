"""A transport or client that a user brought along lets errors of the system through, which are not httpx's."""

from __future__ import annotations

import asyncio
import io
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.errors import APIConnectionError, APIError, APITimeoutError, StreamBrokenError, TLSError

from .raw import CHAT
from .streaming import DONE, chunk, framed

MESSAGES: Any = [{"role": "user", "content": "Hi"}]
REFUSED = ssl.SSLCertVerificationError(1, "certificate verify failed")
REFUSING = ssl.SSLError(1, "tlsv13 alert certificate required")
REFUSING.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
ERRORS: list[OSError] = [
    OSError("the cable is cut"),
    ConnectionResetError(104, "Connection reset by peer"),
    BrokenPipeError(32, "Broken pipe"),
    ConnectionRefusedError(111, "Connection refused"),
    socket.gaierror(-2, "Name or service not known"),
    ssl.SSLError(1, "decryption failed or bad record mac"),
    ssl.SSLEOFError(8, "EOF occurred in violation of protocol"),
    TimeoutError("timed out"),
]
EVENTS = framed(chunk("Hel"), chunk("lo", "stop"), DONE)


class _Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of a response that ends with an error."""

    def __init__(self, start: bytes, error: Exception) -> None:
        self._start, self._error = start, error

    def __iter__(self) -> Iterator[bytes]:
        yield self._start
        raise self._error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._start
        raise self._error


class Outside(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport of a user's: it raises `error` as often as `times` says, in the place that is named, then answers."""

    def __init__(self, error: Exception, where: str, times: int = 1) -> None:
        self.error, self.where, self.times = error, where, times
        self.sent: list[bytes] = []

    def _answer(self, request: httpx.Request) -> httpx.Response:
        streamed = b'"stream":true' in self.sent[-1]
        body, kind = (EVENTS, "text/event-stream") if streamed else (CHAT, "application/json")
        headers = {"content-type": kind}
        if len(self.sent) > self.times:
            return httpx.Response(200, headers=headers, content=body)
        if self.where == "send":
            raise self.error
        return httpx.Response(200, headers=headers, stream=_Broken(body[:60], self.error))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        self.sent.append(b"".join(request.stream))
        return self._answer(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        self.sent.append(b"".join([piece async for piece in request.stream]))
        return self._answer(request)


Do = Callable[[Client], Any]


@pytest.fixture(params=["transport", "http_client"])
def over(request: pytest.FixtureRequest, world: str) -> Callable[..., Any]:
    """over(outside, do, ado): what a call gives, or raises, with a client that sends over such a transport."""

    def run(outside: Outside, do: Do, ado: Do, **options: Any) -> Any:
        options = {"api_base": "http://here/v1", "api_key": "k", **options}
        given: Any = outside
        if request.param == "http_client":
            kind: Any = httpx.Client if world == "sync" else httpx.AsyncClient
            given = kind(transport=outside)

        async def main() -> Any:
            async with Client(**options, **{request.param: given}) as client:
                return await ado(client)

        if world != "sync":
            return asyncio.run(main())
        with Client(**options, **{request.param: given}) as client:
            return do(client)

    return run


def _detailed(client: Client) -> Any:
    return client.chat.create.sync_detailed(model="m", messages=MESSAGES)


async def _adetailed(client: Client) -> Any:
    return await client.chat.create.asyncio_detailed(model="m", messages=MESSAGES)


@pytest.mark.parametrize("where", ["send", "body"])
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_is_tried_again(over: Any, error: OSError, where: str) -> None:
    """A call that fails below HTTP, before or within its reply, is repeated, as over the SDK's own connections."""
    outside = Outside(error, where)
    reply = over(outside, _detailed, _adetailed)
    assert (reply.parsed.id, len(reply.attempts), len(outside.sent)) == ("c", 1, 2)
    failed = reply.attempts[0].error
    assert isinstance(failed, APIConnectionError)
    assert failed.request_sent is (where == "body" or not isinstance(error, ConnectionRefusedError | socket.gaierror))


@pytest.mark.parametrize("where", ["send", "body"])
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_is_an_error_of_the_sdk(over: Any, error: OSError, where: str) -> None:
    """Without another attempt the error is the SDK's; the system's is its cause, and what came is kept."""
    with pytest.raises(APIConnectionError) as caught:
        over(Outside(error, where), _detailed, _adetailed, max_retries=0)
    kinds = {TimeoutError: APITimeoutError, ssl.SSLError: TLSError}
    kind = kinds.get(type(error), APIConnectionError)
    assert type(caught.value) is (APIConnectionError if kind is TLSError and where == "body" else kind)
    assert caught.value.__cause__ is error
    assert caught.value.body == (CHAT[:60] if where == "body" else None)


@pytest.mark.parametrize("error", [REFUSED, REFUSING], ids=["server", "client"])
def test_a_refused_certificate_stays_refused(over: Any, error: ssl.SSLError) -> None:
    """No second attempt can help where the client refuses the server's certificate, or the server the client's."""
    outside = Outside(error, "send")
    with pytest.raises(TLSError):
        over(outside, _detailed, _adetailed)
    assert len(outside.sent) == 1


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_stream_is_opened_again_and_breaks(over: Any, error: OSError) -> None:
    """A stream that does not begin is opened again; one that has begun breaks, with the reply as far as it came."""

    def do(client: Client) -> Any:
        with client.chat.create.stream(model="m", messages=MESSAGES) as stream:
            return stream.final().choices[0].message.content

    async def ado(client: Client) -> Any:
        async with client.chat.create.asyncio_stream(model="m", messages=MESSAGES) as stream:
            return (await stream.final()).choices[0].message.content

    assert over(Outside(error, "send"), do, ado) == "Hello"
    with pytest.raises(APIError) as caught:
        over(Outside(error, "body"), do, ado)
    assert isinstance(caught.value, APITimeoutError if isinstance(error, TimeoutError) else StreamBrokenError)


def test_the_error_of_a_file_stays_as_it_is(over: Any) -> None:
    """What reading the request's own body raises is no fault of the network."""

    class Failing(io.RawIOBase):
        def read(self, size: int = -1, /) -> bytes:
            raise OSError("the disk is gone")

    def do(client: Client) -> Any:
        return client.files.create.sync(file=Failing(), purpose="batch")

    async def ado(client: Client) -> Any:
        return await client.files.create.asyncio(file=Failing(), purpose="batch")

    outside = Outside(OSError("never"), "send", times=0)
    with pytest.raises(OSError, match=r"^the disk is gone$") as caught:
        over(outside, do, ado)
    assert type(caught.value) is OSError
    assert outside.sent == []
