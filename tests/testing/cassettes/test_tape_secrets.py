"""What a tape never has: the values of headers and queries, by an allow-list of names, wherever they are repeated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.testing import cassette
from sdk.testing.cassettes.tape import TapeRequest, TapeResponse, load

#: With characters that URLs, JSON and HTML escape.
SECRET = "Sub/scription+Key=<0123456789>"
OTHERS = ("tenant-key-0123456789", "org-0123456789")
_HEADERS = ("X-Auth-Token", "Ocp-Apim-Subscription-Key", "X-Tenant", "Cookie")
GIVEN: dict[str, dict[str, Any]] = {
    **{f"client, {name}": {"default_headers": {name: SECRET}} for name in _HEADERS},
    **{name: {"extra_headers": {name: SECRET}} for name in ("X-Functions-Key", "Proxy-Authorization", "X-Anything")},
    **{f"client, ?{name}": {"default_query": {name: SECRET}} for name in ("code", "sig", "subscription-key", "any")},
    **{f"?{name}": {"extra_query": {name: SECRET}} for name in ("key", "token", "sv")},
    "nested": {"extra_query": {"odd": {"key": SECRET}, "other": [{"a": SECRET}]}},
    "key": {"api_key": OTHERS[0]},
    "organization": {"organization": OTHERS[1]},
}


def _record(path: Path, given: dict[str, Any], answer: httpx.Response, repeated: str = "") -> str:
    """Return the tape of one call with what is given."""
    client = {name: value for name, value in given.items() if not name.startswith("extra")}
    call = {name: value for name, value in given.items() if name.startswith("extra")}
    transport = cassette(path).transport(httpx.MockTransport(lambda _: answer))
    options: Any = {"api_base": "http://h/v1", "api_key": "k", "transport": transport, **client}
    with Client(**options) as made:
        made.request("POST", "/models", json={"repeated": repeated}, returns="text", **call)
    return path.read_text(encoding="utf-8")


def _forms(secret: str) -> list[str]:
    """Return a secret as servers write it into JSON."""
    escaped = "".join(f"\\u{ord(c):04x}" if c in "<>&+=/" else c for c in secret)
    return [secret, secret.replace("/", "\\/"), escaped]


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
@pytest.mark.parametrize("form", [0, 1, 2], ids=["plain", "slashes escaped", "as for HTML"])
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/event-stream"])
def test_nothing_that_is_given_is_written_down(tmp_path: Path, given: dict[str, Any], form: int, kind: str) -> None:
    """Neither the request nor the response has it, in whatever form the server repeats it."""
    secret = next(one for one in (SECRET, *OTHERS) if one in repr(given))
    echo = _forms(secret)[form]
    body = f'{{"echo": "{echo}", "data": ["{echo}"]}}'
    body = f"data: {body}\n\n" if "event" in kind else body
    answer = httpx.Response(200, headers={"content-type": kind, "x-request-id": f"r {secret}"}, text=body)
    text = _record(tmp_path / "t.yaml", given, answer, secret)
    assert [one for one in _forms(secret) if one in text] == []
    assert text.count("REDACTED") >= 4
    (one,) = load(tmp_path / "t.yaml")
    if kind == "application/json":
        assert json.loads(one.response.pieces[0]) == {"echo": "REDACTED", "data": ["REDACTED"]}


def test_the_headers_of_a_response_that_stay() -> None:
    """A client reads them, or they help; the others go, and their values with them wherever the body repeats them."""
    kept = {"content-type": "text/plain", "retry-after": "1", "x-ratelimit-limit-tokens": "9", "x-request-id": "req_1"}
    secret = {
        "set-cookie": "session=cookie-0123456789",
        "x-session-secret": "secret-0123456789",
        "x-any": "any-01234567",
    }
    others = {
        "date": "Mon, 01 Jan 2024 00:00:00 GMT",
        "connection": "keep-alive",
        "openai-organization": "org-01234567",
    }
    body = b"cookie-0123456789 secret-0123456789 any-01234567 org-01234567 keep-alive"
    response = TapeResponse.of(200, [*kept.items(), *secret.items(), *others.items()], [body], [])
    assert response.headers == [list(pair) for pair in kept.items()]
    assert response.pieces == [b"REDACTED REDACTED REDACTED REDACTED keep-alive"]


@pytest.mark.parametrize(
    "key",
    ["hf_ABCDEFGHIJKLMNOPQRSTUV", "gsk_ABCDEFGHIJKLMNOPQRST", "xai-ABCDEFGHIJKLMNOPQRST", "sk-proj-0123456789abcdef",
     "ek_0123456789abcdef", "AIzaSyABCDEFGHIJKLMNOPQRSTUV", "nvapi-ABCDEFGHIJKLMNOPQRST", "pplx-ABCDEFGHIJKLMNOPQ"],
)  # fmt: skip
def test_keys_that_nobody_gave(key: str) -> None:
    """What looks like a key of a hosted API is on no tape either."""
    response = TapeResponse.of(200, [("content-type", "text/plain")], [f"new key: {key}".encode()], [])
    assert response.pieces == [b"new key: REDACTED"]


@pytest.mark.parametrize("text", ["sk-learn and risk-free", "a task-specific week_plan", "hf_hub", "scikit-learn"])
def test_words_that_are_no_keys(text: str) -> None:
    """A reply is what it was."""
    assert TapeResponse.of(200, [("content-type", "text/plain")], [text.encode()], []).pieces == [text.encode()]


def test_queries_that_the_api_describes_stay() -> None:
    """A tape tells pages apart, and the versions of an API."""
    url = "http://h/v1/files?after=file-1&limit=20&metadata%5Bk%5D=v&api-version=2024-02-01&code=abc&api_key_ids=a"
    request, secrets = TapeRequest.of("GET", url, {"accept": "application/json"}, b"")
    assert request.query == [
        ["after", "file-1"], ["limit", "20"], ["metadata[k]", "v"], ["api-version", "2024-02-01"],
        ["code", "REDACTED"], ["api_key_ids", "a"],
    ]  # fmt: skip
    assert secrets == []  # too short to be searched for


def test_a_redirect_is_recorded_without_its_query() -> None:
    """The address of a redirect may hold what the request held."""
    response = TapeResponse.of(307, [("location", "https://user:pass@h/v1/x?after=a&token=abc")], [], [])
    assert response.headers == [["location", "https://h/v1/x?after=a&token=REDACTED"]]


def test_a_tape_that_was_recorded_with_more(tmp_path: Path) -> None:
    """An older tape has values of queries that are hidden now: it plays all the same."""
    path, given = tmp_path / "old.yaml", {"extra_query": {"sv": "abc"}}
    text = _record(path, given, httpx.Response(200, json={}))
    assert text.count("- REDACTED") == 1
    path.write_text(text.replace("- REDACTED", "- abc"), encoding="utf-8")
    assert _record(path, given, httpx.Response(500)) == text.replace("- REDACTED", "- abc")
