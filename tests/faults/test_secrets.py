"""Group Auth / secrets of the fault table, and hooks, which see what logs see."""

from __future__ import annotations

import asyncio
import copy
import logging
import pickle
import traceback
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from sdk import Client
from sdk._core.call import flow as _flow
from sdk.errors import APIError, APITimeoutError, AuthenticationError, ConfigError

from .conftest import KEY, MESSAGES, Call
from .raw import Peer, Raw, always, once, reply

pytestmark = pytest.mark.usefixtures("all_frames")

_TOLD = ("secret prompt", KEY, KEY[4:], "session=1", "q-value")


@pytest.mark.parametrize("key", [KEY + "\n", "sk-é", " " + KEY, f'"{KEY}"', ""])
def test_a1_a2_keys_that_cannot_be_sent(key: str) -> None:
    """A wrong key is refused when the client is made, and not shown."""
    with pytest.raises(ConfigError) as raised:
        Client(api_key=key)
    assert KEY not in "".join(traceback.format_exception(raised.value))


def test_a1_a_key_function_is_checked(call: Call) -> None:
    """What a function returns is checked as well, before a connection is made."""
    with Raw(always(reply())) as server:
        outcome = call(server, client={"api_key": lambda: KEY + "\r\nX: 1"})
    assert type(outcome.error) is ConfigError
    assert KEY not in str(outcome.error)
    ours = _frames_of_ours(outcome.error)
    assert [f.f_code.co_name for f in ours for v in f.f_locals.values() if KEY in repr(v)] == []
    assert (server.connections, outcome.open) == (0, 0)


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """All that is logged, by anyone, at any level."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.name} {record.levelname} {record.getMessage()}")

    root, handler = logging.getLogger(), Keep()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.parametrize("answers", [[reply()], [reply(b"{}", "503 X"), reply()], [reply(b"{}", "400 secret prompt")]])
def test_a3_logs_hold_no_secret(call: Call, everything: list[str], answers: list[bytes]) -> None:
    """At DEBUG the logger `sdk` tells of requests, responses and retries, and neither key, prompt, cookie nor query."""
    cookie = [a.replace(b"\r\n\r\n", b"\r\nSet-Cookie: session=1\r\nX-Request-Id: req_7\r\n\r\n", 1) for a in answers]
    with Raw(always(*cookie)) as server:
        call(server, open=1, extra_query={"q": "q-value"})
    ours = [line for line in everything if line.startswith("sdk ")]
    assert any("POST http://127.0.0.1" in line and "?q=***" in line for line in ours)
    assert any("request id req_7" in line for line in ours)
    assert any("again in" in line for line in ours) is (len(answers) == 2)
    assert [line for line in everything if any(reported in line for reported in _TOLD)] == []


def test_a3_nothing_is_built_for_nobody(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens no view of the request is made."""
    monkeypatch.setattr(_flow, "view_request", None)
    logging.getLogger("sdk").setLevel(logging.CRITICAL)
    try:
        with Raw(always(reply())) as server:
            assert call(server, open=1).error is None
    finally:
        logging.getLogger("sdk").setLevel(logging.NOTSET)


def test_openai_log_installs_one_handler(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """OPENAI_LOG=debug writes to stderr, once however many clients there are."""
    monkeypatch.setenv("OPENAI_LOG", "debug")
    logger = logging.getLogger("sdk")
    try:
        with Raw(always(reply())) as server:
            for _ in range(2):
                with Client(api_base=server.url, api_key=KEY) as client:
                    client.chat.create.sync(model="m", messages=MESSAGES)
        assert len(logger.handlers) == 1
    finally:
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    reported = capsys.readouterr().err
    assert reported.count("200 in") == 2
    assert [secret for secret in _TOLD if secret in reported] == []


def _refused(call: Call) -> APIError:
    body = f'{{"error":{{"message":"bad key {KEY}","code":"k"}},"echo":"{KEY}"}}'.encode()
    with Raw(always(reply(body, "401 Unauthorized", f"Set-Cookie: session=1\r\nX-Echo: {KEY}\r\n"))) as server:
        failed = call(server, open=1, extra_query={"q": "q-value"}).failed
    assert type(failed) is AuthenticationError
    return failed


def test_a4_errors_show_no_secret(call: Call) -> None:
    """Neither text, repr, traceback nor pickle of an error holds the key, though the server echoes it."""
    failed = _refused(call)
    shown = [str(failed), repr(failed), repr(vars(failed)), "".join(traceback.format_exception(failed))]
    shown.append(pickle.dumps(failed).decode("latin-1"))
    assert [secret for secret in _TOLD for text in shown if secret in text] == []


def _frames_of_ours(failed: BaseException) -> list[FrameType]:
    """Return the SDK's frames in the tracebacks of an error and of what it came from."""
    chain: list[BaseException] = []
    raised: BaseException | None = failed
    while raised is not None:
        chain.append(raised)
        raised = raised.__cause__ or raised.__context__
    frames = [frame for one in chain for frame, _ in traceback.walk_tb(one.__traceback__)]
    return [frame for frame in frames if frame.f_globals.get("__name__", "").startswith("sdk.")]


def _refuse(peer: Peer) -> None:
    peer.send(reply(b'{"error":{"message":"no"}}', "401 Unauthorized"))


@pytest.mark.parametrize(
    ("server", "options"),
    [
        (_refuse, {}),
        (Peer.reset, {}),
        (Peer.hold, {"timeout": 0.1}),
        (lambda peer: peer.send(b"NOPE\r\n\r\n"), {}),
        (lambda peer: peer.send(reply(b"{")), {}),
        (lambda peer: peer.send(reply(KEY.encode(), "401 Unauthorized")), {}),
    ],
    ids=["refused", "reset", "timeout", "no HTTP", "no JSON", "echoed"],
)
def test_a4_tracebacks_that_show_variables(call: Call, server: Any, options: Any) -> None:
    """What reporters of errors print, local variables included, holds no key; only the test's own frames know it."""
    with Raw(once(server)) as raw:
        failed = call(raw, open=None, client={"max_retries": 0, "api_key": KEY}, **options).failed
    ours = _frames_of_ours(failed)
    assert len(ours) > 3
    assert [f.f_code.co_name for f in ours for v in f.f_locals.values() if KEY in repr(v)] == []


@pytest.mark.parametrize(
    "options",
    [
        {"api_key": KEY + "\n"},
        {"api_key": KEY, "timeout": -1},
        {"api_key": KEY, "tiemout": 1},
        {"api_key": KEY, "admin_api_key": f" {KEY}"},
        {"api_key": KEY, "http_options": {"proxy": "http://"}},
    ],
    ids=["key", "another option", "no option", "admin key", "proxy"],
)
@pytest.mark.parametrize("make", [Client, lambda **new: Client(api_key="k").with_options(**new)], ids=["new", "other"])
def test_a4_tracebacks_of_a_client_that_cannot_be_made(make: Any, options: dict[str, Any]) -> None:
    """Nor does the error of an option show the key that was given beside it."""
    with pytest.raises((ConfigError, TypeError)) as raised:
        make(**options)
    ours = _frames_of_ours(raised.value)
    assert len(ours) >= 1
    assert [f.f_code.co_name for f in ours for v in f.f_locals.values() if KEY in repr(v)] == []


def test_a4_a_request_that_is_not_taken(world: str) -> None:
    """Neither does a request show it that a server does not read."""
    with Raw(Peer.idle) as raw:

        async def main() -> None:
            async with Client(api_base=raw.url, api_key=KEY, max_retries=0, timeout=0.2) as client:
                await client.chat.create.asyncio(model="m", messages=MESSAGES, extra_body={"x": "x" * 20_000_000})

        def sync() -> None:
            with Client(api_base=raw.url, api_key=KEY, max_retries=0, timeout=0.2) as client:
                client.chat.create.sync(model="m", messages=MESSAGES, extra_body={"x": "x" * 20_000_000})

        with pytest.raises(APITimeoutError) as failed:
            asyncio.run(main()) if world == "asyncio" else sync()
    shown = traceback.TracebackException.from_exception(failed.value, capture_locals=True)
    assert KEY not in "".join(shown.format())


def test_headers_of_errors_ignore_case(call: Call) -> None:
    """As everywhere in HTTP; also after a copy."""
    with Raw(always(reply(b"{}", "429 X", "Retry-After: 7\r\n"))) as server:
        failed = call(server, open=None, max_retries=0).failed
    for error in (failed, pickle.loads(pickle.dumps(failed))):
        assert error.headers["Retry-After"] == error.headers.get("retry-after") == "7"
        assert "RETRY-AFTER" in error.headers
        assert error.headers.get("x-none") is None


def test_an_idempotency_key_that_is_given_is_sent(world: str) -> None:
    """Whatever the method; one of our own goes with POST alone."""
    with Raw(always(reply(b'{"id": "f", "object": "file", "deleted": true}'))) as server:

        async def main() -> None:
            async with Client(api_base=server.url, api_key=KEY) as client:
                await client.files.delete.asyncio("f", idempotency_key="mine")
                await client.files.delete.asyncio("f")

        if world == "asyncio":
            asyncio.run(main())
        else:
            with Client(api_base=server.url, api_key=KEY) as client:
                client.files.delete.sync("f", idempotency_key="mine")
                client.files.delete.sync("f")
        first, second = server.requests
    assert b"\r\nIdempotency-Key: mine\r\n" in first
    assert b"idempotency-key" not in second.lower()


def test_a4_clients_show_no_key() -> None:
    """A client shows no key, and cannot be pickled with it."""
    options: Any = {"http_options": {"proxy": "http://u:hunter2@127.0.0.1:1"}, "default_query": {"key": KEY}}
    with Client(api_key=KEY, admin_api_key=KEY, **options) as client:
        shown = repr(client) + repr(vars(client)) + repr(client.options) + repr(client._context.transport.route.proxy)
        assert KEY not in shown
        assert "hunter2" not in shown
        with pytest.raises(TypeError):
            pickle.dumps(client)


@pytest.mark.parametrize("how", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy])
def test_a5_errors_survive(call: Call, how: Any) -> None:
    """An error comes back from pickle and copy with what it knows."""
    failed = _refused(call)
    again = how(failed)
    assert type(again) is type(failed)
    assert str(again) == str(failed)
    assert (again.request, again.status_code, again.code, again.attempts) == (failed.request, 401, "k", ())


def test_hooks_see_what_may_be_seen(world: str) -> None:
    """on_request and on_response are called for each attempt, with headers that hold no secret."""
    seen: list[Any] = []

    async def lazy_function(view: Any) -> None:
        seen.append(view)

    async def main(url: str) -> None:
        async with Client(api_base=url, api_key=KEY, on_request=lazy_function, on_response=lazy_function) as client:
            await client.chat.create.asyncio(model="m", messages=MESSAGES, extra_query={"q": "q-value"})

    answers = [reply(b"{}", "503 X"), reply(headers="Set-Cookie: session=1\r\nX-Request-Id: req_1\r\n")]
    with Raw(always(*answers)) as server:
        if world == "asyncio":
            asyncio.run(main(server.url))
        else:
            with Client(api_base=server.url, api_key=KEY, on_request=seen.append, on_response=seen.append) as client:
                client.chat.create.sync(model="m", messages=MESSAGES, extra_query={"q": "q-value"})
    assert [type(view).__name__ for view in seen] == ["RequestView", "ResponseView"] * 2
    assert [view.attempt for view in seen[::2]] == [1, 2]
    assert [(view.status_code, view.request_id) for view in seen[1::2]] == [(503, None), (200, "req_1")]
    assert (seen[0].method, seen[0].headers["x-retry-count"], seen[0].headers["authorization"]) == ("POST", "0", "***")
    assert [secret for secret in _TOLD if secret in repr(seen)] == []


@pytest.mark.parametrize("hook", ["on_request", "on_response"])
def test_a_hook_that_raises(call: Call, hook: str) -> None:
    """An exception of a hook comes out as it is; connection and place are given back."""

    def fail(view: Any) -> None:
        raise KeyError("mine")

    with Raw(always(reply())) as server:
        outcome = call(server, client={hook: fail, "max_in_flight": 1}, times=2)
    assert type(outcome.error) is KeyError
    assert outcome.error.args == ("mine",)
    assert outcome.open == 0
