"""A server that echoes what it was sent: no error shows the key, whatever it looks like and wherever it stood."""

from __future__ import annotations

import json
import pickle
import traceback
from typing import Any

import pytest

from sdk.errors import APIError, RedirectError

from .conftest import Call
from .raw import Raw, always, once, reply
from .streaming import HEAD, Reading, chunk, event, framed, read  # noqa: F401  # a fixture

#: Not of the form sk-..., with a character that JSON may escape.
ODD = "my/secret-token+123"
#: How the key is given: as such, in a header of the call, or in one of the client.
GIVEN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"api_key": ODD}, {}),
    ({"api_key": "k"}, {"extra_headers": {"Authorization": f"Bearer {ODD}"}}),
    ({"api_key": None}, {"extra_headers": {"X-API-Key": ODD}}),
    ({"api_key": None, "default_headers": {"api-key": ODD}}, {}),
    ({"api_key": ODD, "auth_header": "X-My", "auth_scheme": None}, {}),
]
given = pytest.mark.parametrize(("client", "options"), GIVEN)


def _shown(error: Any) -> str:
    errors = [error, *(attempt.error for attempt in error.attempts)]
    reported = [f"{e} {e!r} {vars(e)}" for e in errors]
    return " ".join(reported) + "".join(traceback.format_exception(error)) + pickle.dumps(error).decode("latin-1")


ANSWERS = {
    "error at 200": reply(json.dumps({"error": f"bad key {ODD}"}).encode()),
    "escaped": reply(json.dumps({"error": {"message": f"bad key {ODD}"}}).replace("/", "\\/").encode(), "400 B"),
    "code and type": reply(
        json.dumps({"error": {"message": "m", "code": ODD, "type": [ODD], ODD: 1}}).encode(), "400 B"
    ),
    "not JSON": reply(f"bad key {ODD}".encode()),
    "wrong top level": reply(json.dumps([[{"key": [ODD]}]]).encode()),
    "deep": reply(json.dumps(json.loads("[" * 300 + json.dumps(ODD) + "]" * 300)).encode()),
    "headers": reply(b"{}", "401 U", f"X-Request-Id: {ODD}\r\nWWW-Authenticate: Bearer {ODD}\r\n"),
    "request id": reply(b"[]", headers=f"X-Request-Id: {ODD}\r\n"),
    "redirect": reply(b"", "307 T", f"Location: http://elsewhere.example/{ODD}\r\n"),
    "retried": reply(json.dumps({"error": {"message": ODD}}).encode(), "503 S"),
}


@given
@pytest.mark.parametrize("name", ANSWERS)
def test_no_error_shows_the_key(call: Call, name: str, client: Any, options: Any) -> None:
    """Message, body, headers, code, request id and the attempts before hold stars in its place."""
    with Raw(always(ANSWERS[name])) as server:
        failed = call(server, open=None, client=client, **options).failed
    assert ODD not in _shown(failed)
    assert isinstance(failed, RedirectError if name == "redirect" else APIError)
    if name not in ("deep", "request id", "headers"):
        assert "***" in f"{failed} {failed.body}"


def test_hooks_do_not_see_it(call: Call) -> None:
    """What on_retry is given is an error as any other."""
    seen: list[str] = []
    with Raw(always(ANSWERS["retried"], reply())) as server:
        hook = {"on_retry": lambda number, error, delay: seen.append(_shown(error))}
        call(server, open=None, client={"api_key": ODD, **hook})
    assert len(seen) == 1
    assert ODD not in seen[0]


@given
@pytest.mark.parametrize(
    "data",
    [
        event({"error": {"message": f"bad key {ODD}", "code": ODD}}),
        event(ODD, "error"),
        b"data: bad key " + ODD.encode() + b"\n\n",
        f'{{"error": "bad key {ODD}"}}'.encode(),
    ],
)
def test_no_stream_shows_it(read: Reading, data: bytes, client: Any, options: Any) -> None:  # noqa: F811
    """The same holds for what goes wrong in the middle."""
    before = b"" if data[:1] == b"{" else chunk("Hi")
    with Raw(once(lambda peer: peer.send(HEAD + framed(*filter(None, (before, data))) + b"0\r\n\r\n"))) as server:
        failed = read(server, open=None, client=client, **options).failed
    assert ODD not in _shown(failed)
    assert "***" in f"{failed} {failed.body}"


def test_short_keys_are_no_secret(call: Call) -> None:
    """What local servers are given for want of a key may be any word, and is left alone."""
    with Raw(always(reply(b'{"error": "the model k is unknown"}'))) as server:
        assert call(server, open=None, client={"api_key": "k"}).failed.message == "the model k is unknown"


def test_headers_of_any_name_are_secret(call: Call) -> None:
    """Nobody can list the names of headers that take keys, so that a value is hidden unless its name is harmless."""
    with Raw(always(reply(b'{"error": "no tenant long-name-of-a-tenant for my-program"}'))) as server:
        headers = {"X-Tenant": "long-name-of-a-tenant", "User-Agent": "my-program"}
        failed = call(server, open=None, extra_headers=headers).failed
    assert failed.message == "no tenant *** for my-program"


@pytest.mark.parametrize(
    "text",
    [
        '[{"msg":"bad","input":"PROMPT"}]',
        '[{"msg":"bad","input" : "PROMPT"}]',
        '{\\"input\\":\\"PROMPT\\"}',
        "{'input':'PROMPT'}",
    ],
)
def test_prompts_in_compact_json(call: Call, text: str) -> None:
    """The echo of the input is cut off, however its JSON is spaced or escaped."""
    body = json.dumps({"error": {"message": text}}).encode()
    with Raw(always(reply(body, "400 B"))) as server:
        assert "PROMPT" not in str(call(server, open=None).failed)
