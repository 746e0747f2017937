"""What users put into headers and queries, under whatever name: nothing shows it but the request itself."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import pickle
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sdk import Client, ResponsesSession
from sdk.errors import APIError, APIResponseError, RequestError

from .conftest import KEY, MESSAGES, Call
from .leaks import leaks
from .raw import Peer, Raw, always, once, reply
from .streaming import HEAD, Reading, chunk, event, framed, read  # noqa: F401  # a fixture

pytestmark = pytest.mark.usefixtures("all_frames")

#: Not of the form sk-..., with characters that URLs and JSON may escape.
SECRET = "Sub/scription+Value 0123456789"
#: Names of headers under which gateways, functions and tenants take keys; no list of them is ever complete.
NAMES = ("Ocp-Apim-Subscription-Key", "X-Functions-Key", "X-Access-Key", "X-Api_Key", "X-Signature", "X-Tenant")


def _given() -> Iterator[Any]:
    for name in NAMES:
        yield pytest.param({"default_headers": {name: SECRET}}, {}, id=f"client, {name}")
    yield pytest.param({}, {"extra_headers": {"X-Access-Key": SECRET}}, id="call, header")
    yield pytest.param({}, {"extra_headers": {"Cookie": f"a=1; session={SECRET.replace(' ', '')}"}}, id="call, cookie")
    yield pytest.param({}, {"extra_headers": {"Authorization": f"Bearer {SECRET.replace(' ', '')}"}}, id="call, bearer")
    yield pytest.param({"default_query": {"code": SECRET}}, {}, id="client, query")
    yield pytest.param({"default_query": {"a": {"sig": [SECRET]}}}, {}, id="client, nested query")
    yield pytest.param({}, {"extra_query": {"sv": SECRET}}, id="call, query")
    yield pytest.param({}, {"extra_query": {"a": [{"b": SECRET}]}}, id="call, nested query")
    yield pytest.param({"api_key": SECRET.replace(" ", ""), "auth_header": "X-Odd", "auth_scheme": ""}, {}, id="key")


given = pytest.mark.parametrize(("client", "options"), [*_given()])


def _answers(secret: str) -> dict[str, bytes]:
    """Return what a server may send that has the secret in it, or that breaks while it is read."""
    echo = json.dumps({"error": {"message": f"denied: {secret}", "code": secret, "param": secret}, secret: [secret]})
    headers = f"Content-Type: application/json\r\nX-Request-Id: {secret}\r\nWWW-Authenticate: K {secret}\r\n"
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    there = f"Location: http://elsewhere.example/?k={secret.replace(' ', '%20')}\r\n"
    return {
        "status": reply(echo.encode(), "401 U", headers),
        "escaped": reply(echo.replace("/", "\\/").encode(), "400 B"),
        "retried": reply(echo.encode(), "503 S", headers),
        "text": reply(f"key {secret} is wrong".encode(), "403 F", "Content-Type: text/plain\r\n"),
        "not JSON": reply(f"key {secret} is wrong".encode()),
        "error at 200": reply(echo.encode()),
        "wrong top level": reply(json.dumps([secret]).encode(), headers=headers),
        "redirect": reply(b"", "307 T", there),
        "bad chunk": chunked + framed(secret.encode()) + secret.encode() + b"\r\n",
        "bad gzip": reply(secret.encode(), headers="Content-Encoding: gzip\r\n"),
        "cut gzip": reply(gzip.compress(echo.encode())[:-9], headers="Content-Encoding: gzip\r\n"),
        "no HTTP": f"NOPE {secret}\r\n\r\n".encode(),
        "bad header": f"HTTP/1.1 200 OK\r\n{secret}\r\n\r\n".encode(),
    }


def _parts(client: dict[str, Any], options: dict[str, Any]) -> tuple[str, ...]:
    bare = SECRET.replace(" ", "")
    return (SECRET,) if SECRET in repr([client, options]) else (bare,)


@given
@pytest.mark.parametrize("answer", _answers(""))
def test_an_error(call: Call, client: dict[str, Any], options: dict[str, Any], answer: str) -> None:
    """Neither its text, attributes and pickle nor the variables of its tracebacks show it; other words stay."""
    (secret,) = _parts(client, options)
    with Raw(always(_answers(secret)[answer])) as server:
        failed = call(server, open=None, client={"max_retries": 1, **client}, **options).failed
        assert any(secret.encode() in one or b"Sub%2Fscription" in one for one in server.requests)
    assert leaks(failed, secret) == []
    if answer in ("status", "retried"):
        assert failed.message == "denied: ***"


@given
@pytest.mark.parametrize("script", [Peer.reset, Peer.hold], ids=["reset", "timeout"])
def test_no_answer(call: Call, client: dict[str, Any], options: dict[str, Any], script: Any) -> None:
    """Nor does the error of a connection that breaks, or of a server that is silent."""
    with Raw(once(script)) as server:
        failed = call(server, open=None, client={"max_retries": 0, **client}, timeout=0.1, **options).failed
    assert leaks(failed, *_parts(client, options)) == []


def _streams(secret: str) -> dict[str, bytes]:
    """Return events that echo the secret."""
    return {
        "error event": event({"error": {"message": f"key {secret} is wrong", "code": secret}}),
        "named error event": event({"message": secret}, "error"),
        "not JSON": f"data: {secret}\n\n".encode(),
        "no object": event([secret]),
        "after a chunk": chunk("Hi") + event({"error": secret}),
        "a comment": f": {secret}\n\n".encode(),
    }


@given
@pytest.mark.parametrize("events", _streams(""))
def test_an_error_of_a_stream(read: Reading, client: dict[str, Any], options: dict[str, Any], events: str) -> None:  # noqa: F811
    """A server that echoes it in an event is not quoted, and the bytes that were read are in no variable."""
    (secret,) = _parts(client, options)
    body = HEAD + framed(_streams(secret)[events]) + b"oops\r\n"
    with Raw(once(lambda peer: peer.send(body))) as server:
        failed = read(server, open=None, client={"max_retries": 0, **client}, **options).failed
    assert leaks(failed, secret) == []


@pytest.mark.parametrize(
    "wrong", [{"timeout": -1}, {"extra_body": 5}, {"extra_query": {"a": object(), "k": SECRET}}, {"tiemout": 1}]
)
@pytest.mark.parametrize("form", ["sync", "sync_detailed", "parse", "stream", "iter"])
def test_a_request_that_cannot_be_built(form: str, wrong: dict[str, Any]) -> None:
    """What stands beside a wrong argument shows in no frame of ours."""
    with Client(api_base="http://127.0.0.1:1/v1", api_key=KEY) as client:
        operation: Any = getattr(client.files.list if form == "iter" else client.chat.create, form)
        arguments: Any = {} if form == "iter" else {"model": "m", "messages": MESSAGES}
        headers = {"X-Access-Key": SECRET}
        with pytest.raises((RequestError, TypeError)) as caught:
            found = operation(*([str] if form == "parse" else []), **arguments, **{"extra_headers": headers, **wrong})
            list(found)
    assert [place for place in leaks(caught.value, SECRET) if "pickle" not in place] == []


@pytest.mark.parametrize(
    "options", [{"headers": {"X-Key": SECRET}}, {"query": {"k": SECRET}}, {"query": {"k": {"a": [SECRET]}}}]
)
@pytest.mark.parametrize("wrong", [{}, {"timeout": -1}, {"path": "x"}, {"json": object()}])
def test_a_request_without_an_operation(world: str, options: dict[str, Any], wrong: dict[str, Any]) -> None:
    """client.request hides what it is given, too."""
    arguments: Any = {"method": "POST", "path": "/x", **options, **wrong}
    with Raw(always(_answers(SECRET)["status"])) as server:

        async def main() -> None:
            async with Client(api_base=server.url, api_key=KEY) as client:
                await client.arequest(**arguments)

        with pytest.raises((APIError, RequestError)) as caught:
            if world == "asyncio":
                asyncio.run(main())
            else:
                with Client(api_base=server.url, api_key=KEY) as client:
                    client.request(**arguments)
    assert leaks(caught.value, SECRET) == []


@given
def test_httpx_is_no_leak(client: dict[str, Any], options: dict[str, Any]) -> None:
    """A call that httpx sends leaves nothing in the variables of httpx, h11 and httpcore either."""
    (secret,) = _parts(client, options)
    with Raw(once(Peer.reset)) as server, httpx.Client() as http:
        made = Client(**{"api_base": server.url, "api_key": KEY, "http_client": http, "max_retries": 0, **client})
        with pytest.raises(APIError) as caught:
            made.chat.create.sync(model="m", messages=MESSAGES, **options)
    assert leaks(caught.value, secret, KEY) == []


@given
def test_a_timeout_of_the_users_own(client: dict[str, Any], options: dict[str, Any]) -> None:
    """A cancelled call is the cause of that timeout, and its frames are in the traceback."""
    with Raw(once(Peer.hold)) as server:

        async def main() -> None:
            async with Client(**{"api_base": server.url, "api_key": KEY, **client}) as made, asyncio.timeout(0.1):
                await made.chat.create.asyncio(model="m", messages=MESSAGES, **options)

        with pytest.raises(TimeoutError) as caught:
            asyncio.run(main())
    assert leaks(caught.value, KEY, *_parts(client, options)) == []


@given
def test_logs_and_hooks(
    call: Call, caplog: pytest.LogCaptureFixture, client: dict[str, Any], options: dict[str, Any]
) -> None:
    """At DEBUG the log shows names; so do the views of hooks, and a response that echoes the value is not quoted."""
    (secret,) = _parts(client, options)
    seen: list[Any] = []
    hooks = {"on_request": seen.append, "on_response": seen.append}
    with (
        caplog.at_level(logging.DEBUG, "sdk"),
        Raw(always(_answers(secret)["status"])) as server,
    ):
        call(server, open=None, client={**hooks, **client}, **options)
    shown = caplog.text + repr(seen)
    assert "***" in shown
    assert [text for text in (secret, secret[:20]) if text in shown] == []


HARMLESS = {
    "Accept-Language": "de-AT, de",
    "OpenAI-Beta": "assistants=v2",
    "User-Agent": "my-program/1.0",
    "X-Title": "My Shop",
}


@pytest.mark.parametrize("place", ["default_headers", "extra_headers"])
def test_harmless_headers_are_shown(call: Call, place: str) -> None:
    """Names that say nothing of who calls are read in clear: in views, in the log and where a server quotes them."""
    seen: list[Any] = []
    given: dict[str, Any] = {place: HARMLESS}
    answer = reply(json.dumps({"error": {"message": "no assistants=v2, my-program/1.0"}}).encode(), "400 B")
    with Raw(always(answer)) as server:
        client = {"on_request": seen.append, **({} if place[0] == "e" else given)}
        failed = call(server, open=None, client=client, **(given if place[0] == "e" else {})).failed
    shown = {name: value for name, value in seen[0].headers.items() if name.title() in {n.title() for n in HARMLESS}}
    assert shown == {name.lower(): value for name, value in HARMLESS.items()}
    assert failed.message == "no assistants=v2, my-program/1.0"


def test_a_key_under_a_harmless_name_is_hidden(call: Call) -> None:
    """The mark is on the value: a key that goes where harmless words go stays a key."""
    seen: list[Any] = []
    with Raw(always(reply())) as server:
        call(server, open=None, client={"auth_header": "X-Title", "on_request": seen.append})
    assert seen[0].headers["x-title"] == "***"


def test_arguments_of_an_operation_are_shown() -> None:
    """What the API describes is no secret, were it in a query: an error may say which id there is not."""
    answer = httpx.MockTransport(lambda _: httpx.Response(404, json={"error": {"message": "no file-0123456789"}}))
    with Client(api_key=KEY, transport=answer) as client, pytest.raises(APIError) as caught:
        client.files.list.sync(after="file-0123456789", extra_query={"api-version": "2024-02-01"})
    assert caught.value.message == "no file-0123456789"


@given
def test_a_client_shows_none(client: dict[str, Any], options: dict[str, Any]) -> None:
    """Neither repr nor vars of a client, nor the options read back from it, whose values are what was given."""
    made = Client(**{"api_base": "http://h/v1", "api_key": KEY, **client})
    read_back = made.options
    shown = repr(made) + repr(vars(made)) + repr(read_back.default_headers) + repr(read_back.default_query)
    assert [secret for secret in _parts(client, options) if secret in shown + repr(read_back.api_key)] == []
    assert read_back.default_headers == client.get("default_headers", {})
    assert read_back.default_query == client.get("default_query", {})


def test_options_of_http_show_no_password() -> None:
    """Nor the options of HTTP the password of a proxy or a certificate."""
    http_options = {"proxy": f"http://u:{KEY}@h:1", "cert": (__file__, __file__, KEY)}
    with Client(api_base="http://h/v1", api_key="k", http_options=http_options) as client:
        assert KEY not in repr(client.options.http_options)
        assert client.options.http_options["cert"][2] == KEY


@given
def test_pickles(call: Call, client: dict[str, Any], options: dict[str, Any]) -> None:
    """A detailed response is pickled without what went with its request; its names stay."""
    with Raw(always(reply())) as server:
        response = call(server, open=None, client=client, **options).reply
    data = pickle.dumps(response)
    assert [secret for secret in _parts(client, options) if secret.encode() in data] == []
    for name in ("extra_headers", "extra_query"):
        assert pickle.loads(data).request.options.get(name, {}).keys() == options.get(name, {}).keys()


def test_a_response_that_failed_in_a_session() -> None:
    """A session that raises what a reply says does not quote the key either."""
    wire = {
        "id": "r",
        "object": "response",
        "status": "failed",
        "output": [],
        "error": {"code": "c", "message": f"bad {SECRET}"},
    }
    answer = httpx.MockTransport(lambda _: httpx.Response(200, json=wire))
    client = Client(api_key=KEY, transport=answer, default_headers={"X-Access-Key": SECRET})
    with client, pytest.raises(APIResponseError) as caught:
        ResponsesSession(client, "m").send("Hi")
    assert caught.value.message == "bad ***"
    assert leaks(caught.value, SECRET) == []
