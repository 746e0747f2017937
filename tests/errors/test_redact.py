"""What errors show of messages, URLs and headers, and what they hide."""

import pytest

from sdk import errors
from sdk._core.errors.redact import credentials
from sdk.errors import APIError, RequestInfo


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Incorrect API key provided: sk-proj-abc_DEF123. Find it", "Incorrect API key provided: sk-***. Find it"),
        ("Incorrect API key provided: sk-abcd****wxyz.", "Incorrect API key provided: sk-***."),
        ("got Bearer abc.def/123", "got Bearer ***"),
        ("gsk_abcdefghijklmnop and hf_abcdefghijklmnop", "gsk_*** and hf_***"),
        ("model hf-internal-testing/tiny, task-specific", "model hf-internal-testing/tiny, task-specific"),
        ("a\n\n  b\t\x1b[31mc\u2028d", "a b [31mc d"),
        ("[{'msg': 'bad', 'input': {'messages': 'my prompt'}}]", "[{'msg': 'bad', 'input': …"),
        ('[{"msg": "bad", "input": "my prompt"}]', '[{"msg": "bad", "input": …'),
        ("bad [type=missing, input_value={'content': 'my prompt'}]", "bad [type=missing, input_value=…"),
        ("x" * 501, "x" * 499 + "…"),
        ("", "no message"),
    ],
)
def test_message_as_shown(message: str, shown: str) -> None:
    """A message is shown on one line, cut, without keys and without the echo of the request."""
    assert str(APIError(message)) == shown


@pytest.mark.parametrize(
    ("url", "hidden"),
    [
        ("http://h/v1/files?limit=20&after=file-1", "http://h/v1/files?limit=***&after=***"),
        ("http://user:pass@h:1/v1", "http://h:1/v1"),
        ("http://user:p@ss@h/a@b?c@d", "http://h/a@b?***"),
        ("https://h/v1?sk-123#frag", "https://h/v1?***"),
        ("http://h?a=1=2", "http://h?a=***"),
        ("/relative?x=1", "/relative?x=***"),
        ("http://[::1]:8/v1", "http://[::1]:8/v1"),
        ("http://[bad", "http://[bad"),
        ("", ""),
    ],
)
def test_request_info(url: str, hidden: str) -> None:
    """The URL of an error has neither query values nor userinfo nor fragment."""
    info = RequestInfo("GET", url)
    assert (info.url, str(info), info) == (hidden, f"GET {hidden}", RequestInfo("GET", hidden))


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        *((name, True) for name in ("Authorization", "Proxy-Authorization", "api-key", "X-API-Key", "X-Auth-Token")),
        *((name, True) for name in ("Cookie", "X-Client-Secret", "X-Password")),
        *((name, False) for name in ("User-Agent", "X-Request-Id", "OpenAI-Organization", "Accept")),
    ],
)
def test_headers_that_prove_who_calls(name: str, secret: bool) -> None:
    """Their values are what errors hide, without the scheme; those of other headers may be any word."""
    assert credentials({name.lower(): (name, "Scheme 12345678")}) == ({"12345678"} if secret else set())


def test_headers() -> None:
    """Headers are allowed by name, in lower case; repeated ones are joined; nothing sets a cookie."""
    pairs = [
        ("X-Request-ID", "r"),
        ("Set-Cookie", "secret"),
        ("Authorization", "secret"),
        ("X-Custom", "?"),
        ("Via", "a"),
        ("via", "b"),
        ("x-ratelimit-limit-tokens", "9"),
    ]
    error = errors.APIStatusError("x", headers=pairs)
    assert error.headers == {"x-request-id": "r", "via": "a, b", "x-ratelimit-limit-tokens": "9"}
