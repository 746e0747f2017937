"""Options that are refused: the error names the option or the variable, and never shows a secret."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sdk import Client
from sdk.errors import ConfigError
from tests.options.openai import resolve

LINE_BREAK = "contains a line break; was it read from a file without strip()?"
SPACE = "contains white space, a control character or a backslash"
NO_SCHEME = 'has no scheme; write it as "http://..." or "https://..."'
SECONDS = "must be a number of seconds"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no variable of the machine reach a test."""
    for name in list(os.environ):
        if name.startswith("OPENAI_"):
            monkeypatch.delenv(name)


def refusal(**given: object) -> str:
    """Return what the ConfigError for these options says; nothing else may be chained to it."""
    with pytest.raises(ConfigError) as caught:
        resolve(given)
    assert (caught.value.__cause__, caught.value.__suppress_context__) == (None, True)
    return str(caught.value)


BAD_KEYS = [
    ("hunter2\n", LINE_BREAK),
    ("hunter2\r\nX: 1", LINE_BREAK),
    ("hunter2 ", "begins or ends with white space"),
    ("\thunter2", "begins or ends with white space"),
    (" ", "begins or ends with white space"),
    ("hun ter2", "contains white space or a control character"),
    ("hunter2\x7fx", "contains white space or a control character"),
    ('"hunter2"', "is in quotes; leave them out"),
    ("'hunter2", "is in quotes; leave them out"),
    ("'hunter2'", "is in quotes; leave them out"),
    ("hunter2é", "contains a character that is not ASCII"),
    ("“hunter2”", "contains a character that is not ASCII"),
    ("Bearer hunter2", 'begins with "Bearer "; give the key alone'),
]


@pytest.mark.parametrize(("key", "problem"), BAD_KEYS)
@pytest.mark.parametrize(("option", "variable"), [("api_key", "OPENAI_API_KEY"), ("admin_api_key", "OPENAI_ADMIN_KEY")])
def test_e3_bad_keys(option: str, variable: str, key: str, problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that no header can carry is refused at once, given or from the environment, and not shown."""
    assert refusal(**{option: key}) == f"{option} {problem}"
    monkeypatch.setenv(variable, key)
    assert refusal() == f"{variable} {problem}"


@pytest.mark.parametrize(
    ("key", "problem"), [("", "is empty"), (b"hunter2", "must be a str, not bytes"), (5, "must be a str, not int")]
)
def test_keys_that_are_none(key: object, problem: str) -> None:
    """An empty key, or one of another type, is refused where it is given."""
    assert refusal(api_key=key) == f"api_key {problem}"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        (" ", "is empty"),
        ("\n", "is empty"),
        ("localhost:8000/v1", NO_SCHEME),
        ("//h/v1", NO_SCHEME),
        ("ftp://h/v1", "must begin with http:// or https://"),
        ("http://user:hunter2@h/v1", "must not hold a user name or password; use api_key or default_headers"),
        ("http://h/v1\n", SPACE),
        ("http://h /v1", SPACE),
        (" http://h/v1", SPACE),
        ("http://h\\v1", SPACE),
        ("http://h/v1?key=hunter2", "must not hold a query; use default_query"),
        ("http://h/v1#x", "must not hold a fragment"),
        ("http://", "has no host"),
        ("https:///v1", "has no host"),
        ("http://:80/v1", "has no host"),
        ("http://h:port/v1", "has a host or a port that cannot be read"),
        ("http://h:65536/v1", "has a host or a port that cannot be read"),
        ("http://h:0/v1", "has a host or a port that cannot be read"),
        ("http://[::1/v1", "has a host or a port that cannot be read"),
    ],
)
@pytest.mark.parametrize("variable", ["OPENAI_API_BASE", "OPENAI_BASE_URL"])
def test_e1_e2_bad_urls(variable: str, url: str, problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A base URL that cannot be one is refused, given or from the environment, and not shown."""
    assert refusal(api_base=url) == f"api_base {problem}"
    monkeypatch.setenv(variable, url)
    assert refusal() == f"{variable} {problem}"


def test_e1_empty_url_given() -> None:
    """'' is unset in the environment only."""
    assert refusal(api_base="") == "api_base is empty"


@pytest.mark.parametrize(
    ("variable", "text", "problem"),
    [
        ("OPENAI_TIMEOUT", "fast", f'{SECONDS} or none, not "fast"'),
        ("OPENAI_TIMEOUT", "nan", f'{SECONDS} or none, not "nan"'),
        ("OPENAI_TIMEOUT", "inf", f'{SECONDS} or none, not "inf"'),
        ("OPENAI_TIMEOUT", "٣", f'{SECONDS} or none, not "٣"'),
        ("OPENAI_TIMEOUT", " ", f'{SECONDS} or none, not " "'),
        ("OPENAI_TIMEOUT", "0", "must be more than 0, not 0.0"),
        ("OPENAI_STALL_TIMEOUT", "-1", "must be more than 0, not -1.0"),
        ("OPENAI_MAX_IN_FLIGHT", "0", "must be at least 1, not 0"),
        ("OPENAI_MAX_IN_FLIGHT", "1.5", 'must be a whole number or none, not "1.5"'),
        ("OPENAI_MAX_IN_FLIGHT", "1_0", 'must be a whole number or none, not "1_0"'),
        ("OPENAI_MAX_RETRIES", "-1", "must be at least 0, not -1"),
        ("OPENAI_MAX_RETRIES", "none", 'must be a whole number, not "none"'),
        ("OPENAI_MAX_REDIRECTS", "9" * 50, f'must be a whole number, not "{"9" * 40}"'),
        ("OPENAI_ORG_ID", "a\nb", "contains a line break"),
        ("OPENAI_PROJECT_ID", " ", "begins or ends with white space"),
        ("OPENAI_USER_AGENT", "me\x00", "contains a control character"),
        ("OPENAI_USER_AGENT", "π/1", "contains a character outside ISO-8859-1"),
    ],
)
def test_bad_environment(variable: str, text: str, problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong variable is named; a value that is no secret is shown."""
    if "\x00" in text:  # the environment cannot hold it
        assert refusal(user_agent=text) == f"user_agent {problem}"
        return
    monkeypatch.setenv(variable, text)
    assert refusal() == f"{variable} {problem}"


TIMES = ("connect_timeout", "timeout", "stall_timeout", "deadline")
WAITS = ("pool_timeout", "max_retry_after")
SIZES = (
    *("max_in_flight", "max_connections", "max_response_bytes", "max_line_bytes"),
    *("requests_per_minute", "tokens_per_minute"),
)
COUNTS = ("max_redirects", "max_retries")
FLAGS = ("pace", "retry_sent", "require_stream_end", "strict")
HOOKS = ("on_event", "on_request", "on_response", "on_retry")


@pytest.mark.parametrize(
    ("option", "value", "problem"),
    [
        *((name, 0, "must be more than 0, not 0") for name in TIMES),
        *((name, -1, "must be at least 0, not -1") for name in WAITS + COUNTS),
        *((name, 0, "must be at least 1, not 0") for name in SIZES),
        *((name, float("nan"), f"{SECONDS}, not nan") for name in TIMES + WAITS),
        *((name, float("inf"), f"{SECONDS}, not inf") for name in TIMES + WAITS),
        *((name, True, f"{SECONDS}, not bool") for name in TIMES + WAITS),
        *((name, "5", f"{SECONDS}, not str") for name in TIMES + WAITS),
        *((name, True, "must be a whole number, not bool") for name in SIZES + COUNTS),
        *((name, 1.0, "must be a whole number, not float") for name in SIZES + COUNTS),
        *((name, 1, "must be True or False, not int") for name in FLAGS),
        *((name, "x", "must be callable, not str") for name in HOOKS),
        ("organization", "", "is empty"),
        ("user_agent", "", "is empty"),
        ("project", 5, "must be a str, not int"),
        ("auth_scheme", "a\nb", "contains a line break"),
        ("auth_header", "api key", "has a header name that is not a token (RFC 9110)"),
        ("auth_header", "", "has a header name that is not a token (RFC 9110)"),
        ("default_query", [("a", "b")], "must be a mapping, not list"),
        ("http_options", {1: 2}, "has a name that is not a str"),
        ("default_headers", "X-A: b", "must be a mapping, not str"),
        ("default_headers", {"X-A": "hunter2\r\nX: 1"}, '["X-A"] contains a line break'),
        ("default_headers", {"X-A": "hunter2\x00"}, '["X-A"] contains a control character'),
        ("default_headers", {"X-A": "hunter2€"}, '["X-A"] contains a character outside ISO-8859-1'),
        ("default_headers", {"X-A": "hunter2 "}, '["X-A"] begins or ends with white space'),
        ("default_headers", {"X-A": 5}, '["X-A"] has a header value that is not a str but int'),
        ("default_headers", {"X A": "b"}, "has a header name that is not a token (RFC 9110)"),
        ("default_headers", {"X\n": "b"}, "has a header name that is not a token (RFC 9110)"),
        ("default_headers", {"é": "b"}, "has a header name that is not a token (RFC 9110)"),
    ],
)
def test_bad_options(option: str, value: object, problem: str) -> None:
    """A wrong value is refused with its option's name and the reason."""
    between = "" if problem.startswith("[") else " "
    assert refusal(**{option: value}) == f"{option}{between}{problem}"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *((name, 0) for name in WAITS + COUNTS),
        *((name, 0.001) for name in TIMES),
        *((name, 1) for name in SIZES),
        *(("default_headers", {"X-A": text}) for text in ("", "a\tb c", "é", "!#$%")),
        ("default_headers", {"!#$%&'*+-.^_`|~0aZ": "b"}),
        ("api_base", "https://bücher.example/v1"),
        ("api_base", "http://127.0.0.1:65535"),
        ("api_key", "!~"),
    ],
)
def test_edges_taken(option: str, value: object) -> None:
    """What stands just inside the limits is taken as it is."""
    assert getattr(resolve({option: value}), option) == value


@pytest.mark.parametrize(
    "name",
    ["Content-Length", "transfer-encoding", "HOST", "Connection", "TE", "Upgrade", "Expect", "Content-Type", "Accept",
     "Accept-Encoding", "User-Agent", "Idempotency-Key", "X-Retry-Count", "Proxy-Connection", "Trailer"],
)  # fmt: skip
def test_a_key_in_a_header_of_http(name: str) -> None:
    """A key goes into no header that frames the request, or that HTTP or the client sets, in whatever case."""
    problem = f"auth_header must not be {name}: HTTP, or the client itself, sets that header"
    for spelled in (name, name.lower(), name.upper()):
        with pytest.raises(ConfigError, match=f"^{problem.replace(name, spelled)}$"):
            Client(api_base="http://h/v1", api_key="k", auth_header=spelled)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("base_url", "api_base"),
        ("headers", "default_headers"),
        ("max_retry", "max_retries"),
        ("api_keey", "api_key"),
        ("qqqq", None),
    ],
)
def test_unknown_option(name: str, meant: str | None) -> None:
    """An unknown option is a TypeError that says which one was meant."""
    with pytest.raises(TypeError) as caught:
        resolve({name: 1})
    assert str(caught.value) == f"there is no client option {name!r}" + (f"; did you mean {meant}?" if meant else "")


def test_light_imports() -> None:
    """Importing configuration, errors and decoder imports neither httpx nor anything else that is slow."""
    heavy = {"httpx", "orjson", "json", "msgspec", "dateutil", "difflib", "http", "email", "logging", "asyncio", "ssl"}
    code = f"import sdk._core.options.resolve, sdk.errors, sdk.sse, sys; print(sorted({heavy!r} & set(sys.modules)))"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
