"""What errors show of messages, URLs and headers, and what they hide."""

import enum
from typing import Any

import pytest

from sdk import errors
from sdk._core.errors.redact import Redacted, credentials, redact, redacted, visible_headers
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
    ("value", "found"),
    [
        ("Bearer abcdefgh12", {"abcdefgh12"}),
        ("Bearer k", set()),
        ("abcdefgh12", {"abcdefgh12"}),
        ("short", set()),
        ("a=1; session=abcdefgh12", {"a=1; session=abcdefgh12", "session=abcdefgh12", "abcdefgh12"}),
        ('Digest user="abcdefgh12", qop=auth', {'user="abcdefgh12", qop=auth', 'user="abcdefgh12', "qop=auth",
                                                "abcdefgh12"}),
        ("Negotiate abcdefgh12", {"abcdefgh12"}),
        ("Of-my-own abcdefgh12", {"Of-my-own abcdefgh12", "Of-my-own", "abcdefgh12"}),
    ],
)  # fmt: skip
def test_what_a_server_may_echo_of_a_header(value: str, found: set[str]) -> None:
    """The whole value of a hidden header, and each part of it; the name of a scheme is none."""
    secrets = credentials({"x": ("X", Redacted(value)), "y": ("Y", "of another header")})
    assert {secret for secret in secrets if "%" not in secret and "+" not in secret} == found
    assert list(secrets) == sorted(secrets, key=len, reverse=True)


@pytest.mark.parametrize("harmless", ["accept", "user-agent", "traceparent"])
def test_credentials_of_harmless_headers(harmless: str) -> None:
    """A value that nobody hides is none."""
    assert credentials({harmless: (harmless, "0123456789")}) == ()


def test_secrets_within_secrets() -> None:
    """The longest goes first: of a secret that contains another one nothing stays."""
    error = APIError("abcdefgh and abcdefgh12345678")
    redact(error, credentials({}, "abcdefgh", "abcdefgh12345678"))
    assert error.message == "*** and ***"


def test_a_redacted_value() -> None:
    """Its content is what it was; repr hides it, however deep it stands, and cycles end."""
    cycle: dict[str, Any] = {"name": "secret"}
    cycle["self"] = cycle
    value = redacted({"a": ["secret", ("secret", 5, None)], "b": {"c": "secret"}, "d": cycle})
    assert value["a"] == ["secret", ("secret", 5, None)]
    assert repr({**value, "d": 1}) == "{'a': ['***', ('***', 5, None)], 'b': {'c': '***'}, 'd': 1}"
    assert (str(value["a"][0]), f"{value['a'][0]}", type(str(value["a"][0]))) == ("secret", "secret", str)


class Color(str, enum.Enum):  # noqa: UP042  # str() of a StrEnum is its value
    RED = "red-secret"


def test_an_enum_is_its_value() -> None:
    """str() of an enum is its name; what is sent is its value."""
    assert (redacted(Color.RED), repr(redacted(Color.RED))) == ("red-secret", "'***'")


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


@pytest.mark.parametrize("name", [None, 5, b"date", ("a",)], ids=repr)
def test_the_name_of_a_header_is_a_str(name: Any) -> None:
    """Other names are refused in headers, and are not among those that are shown."""
    with pytest.raises(TypeError, match=rf"^the name of a header must be a str, not {type(name).__name__}$"):
        visible_headers({name: "x"})
    shown: Any = visible_headers({"Date": "x"})
    assert (shown.get(name), name in shown, shown["DATE"]) == (None, False, "x")
    with pytest.raises(KeyError):
        shown[name]
