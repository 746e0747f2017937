"""Options: what is given, then the environment, then the default; and what is refused."""

import os
import sys

import httpx
import pytest

from sdk import __version__
from sdk._core.auth.keys import check_key
from sdk._core.options.environment import log_level
from sdk._core.options.table import MISSING
from sdk._openai.environment import default_model, webhook_secret
from sdk._openai.options import OpenAIOptions
from sdk._openai.service import OPENAI
from sdk.errors import ConfigError
from tests.options.openai import resolve

DEFAULTS: dict[str, object] = {
    "api_key": MISSING,
    "auth": None,
    "admin_api_key": None,
    "api_base": "https://api.openai.com/v1",
    "auth_scheme": "Bearer",
    "auth_header": "Authorization",
    "organization": None,
    "project": None,
    "user_agent": f"openai-compatible-sdk/{__version__} (httpx/{httpx.__version__}) "
    f"Python/{'.'.join(map(str, sys.version_info[:3]))}",
    "max_in_flight": 2,
    "pool_timeout": 600.0,
    "max_connections": 2,
    "pace": True,
    "requests_per_minute": None,
    "tokens_per_minute": None,
    "max_redirects": 3,
    "connect_timeout": 10.0,
    "timeout": 120.0,
    "stall_timeout": 600.0,
    "deadline": None,
    "max_retries": 2,
    "retry_sent": True,
    "max_retry_after": 120.0,
    "max_response_bytes": 512 * 1024 * 1024,
    "max_line_bytes": 16 * 1024 * 1024,
    "require_stream_end": True,
    "budget": None,
    "on_event": None,
    "on_request": None,
    "on_response": None,
    "on_retry": None,
    "default_headers": {},
    "default_query": {},
    "http_options": {},
    "http": None,
    "http_client": None,
    "transport": None,
    "strict": False,
}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no variable of the machine reach a test."""
    for name in list(os.environ):
        if name.startswith("OPENAI_"):
            monkeypatch.delenv(name)


def read_back(options: OpenAIOptions) -> dict[str, object]:
    """Return every option by name."""
    return {name: getattr(options, name) for name in DEFAULTS}


def test_defaults() -> None:
    """With nothing given and nothing in the environment, the defaults hold."""
    assert read_back(resolve({})) == DEFAULTS


def test_every_option_is_known() -> None:
    """The options are those of the design, no more and no less."""
    assert set(OpenAIOptions.table) == set(DEFAULTS)


@pytest.mark.parametrize(
    ("variable", "text", "option", "value"),
    [
        ("OPENAI_API_KEY", "sk-1", "api_key", "sk-1"),
        ("OPENAI_ADMIN_KEY", "sk-2", "admin_api_key", "sk-2"),
        ("OPENAI_API_BASE", "http://h:1/v1///", "api_base", "http://h:1/v1"),
        ("OPENAI_BASE_URL", "HTTP://[::1]:1/", "api_base", "HTTP://[::1]:1"),
        ("OPENAI_ORG_ID", "org-1", "organization", "org-1"),
        ("OPENAI_ORGANIZATION", "org-2", "organization", "org-2"),
        ("OPENAI_PROJECT_ID", "proj", "project", "proj"),
        ("OPENAI_USER_AGENT", "me/1", "user_agent", "me/1"),
        ("OPENAI_MAX_IN_FLIGHT", "64", "max_in_flight", 64),
        ("OPENAI_MAX_IN_FLIGHT", "none", "max_in_flight", None),
        ("OPENAI_MAX_IN_FLIGHT", "None", "max_in_flight", None),
        ("OPENAI_MAX_REDIRECTS", "0", "max_redirects", 0),
        ("OPENAI_TIMEOUT", " 1.5 ", "timeout", 1.5),
        ("OPENAI_TIMEOUT", "1e2", "timeout", 100.0),
        ("OPENAI_TIMEOUT", "none", "timeout", None),
        ("OPENAI_STALL_TIMEOUT", "30", "stall_timeout", 30.0),
        ("OPENAI_MAX_RETRIES", "0", "max_retries", 0),
    ],
)
def test_environment(variable: str, text: str, option: str, value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable sets its option, and '' leaves it unset."""
    monkeypatch.setenv(variable, text)
    assert getattr(resolve({}), option) == value
    monkeypatch.setenv(variable, "")
    assert getattr(resolve({}), option) == DEFAULTS[option]


@pytest.mark.parametrize("variable", ["OPENAI_API_BASE", "OPENAI_BASE_URL"])
def test_e1_empty_is_unset(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A base URL of '' in the environment is none: the default holds."""
    monkeypatch.setenv(variable, "")
    assert resolve({}).api_base == "https://api.openai.com/v1"


@pytest.mark.parametrize(
    ("first", "second", "option"),
    [
        ("OPENAI_API_BASE", "OPENAI_BASE_URL", "api_base"),
        ("OPENAI_ORG_ID", "OPENAI_ORGANIZATION", "organization"),
    ],
)
def test_first_variable_wins(first: str, second: str, option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two variables the first counts, unless it is ''."""
    monkeypatch.setenv(first, "http://first")
    monkeypatch.setenv(second, "http://second")
    assert getattr(resolve({}), option) == "http://first"
    monkeypatch.setenv(first, "")
    assert getattr(resolve({}), option) == "http://second"


def test_given_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given hides the environment, a wrong variable too."""
    monkeypatch.setenv("OPENAI_API_KEY", "bad key")
    monkeypatch.setenv("OPENAI_TIMEOUT", "bad")
    options = resolve({"api_key": "sk-given", "timeout": 3})
    assert (options.api_key, options.timeout, type(options.timeout)) == ("sk-given", 3.0, float)


# What None makes of an option that can be without; for any other it is the same as not given.
NONE = {
    "api_key": None,
    "auth_scheme": "",
    "max_in_flight": None,
    "max_connections": None,
    "pool_timeout": None,
    "connect_timeout": None,
    "timeout": None,
    "stall_timeout": None,
    "max_retry_after": None,
    "max_response_bytes": None,
    "max_line_bytes": None,
}


@pytest.mark.parametrize("option", DEFAULTS)
def test_none(option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """None means none where an option can be without, even against the environment; else it means not given."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    monkeypatch.setenv("OPENAI_TIMEOUT", "5")
    expected = NONE.get(option, DEFAULTS[option])
    assert getattr(resolve({option: None}), option) == expected


def test_missing_key() -> None:
    """A key that nobody gave is told from None, which asks to send none."""
    assert resolve({}).api_key_missing is True
    assert resolve({"api_key": None}).api_key_missing is False
    assert resolve({"api_key": "sk-1"}).api_key_missing is False


def test_key_callable() -> None:
    """A callable is kept and not called."""

    async def key() -> str:
        raise AssertionError

    options = resolve({"api_key": key, "admin_api_key": key})
    assert (options.api_key, options.admin_api_key) == (key, key)


def test_key_of_a_callable() -> None:
    """A key that a callable returned is checked, its source named."""
    assert check_key("sk-1", "api_key()") == "sk-1"
    with pytest.raises(ConfigError) as caught:
        check_key("sk-1\n", "api_key()")
    assert str(caught.value) == "api_key() contains a line break; was it read from a file without strip()?"


@pytest.mark.parametrize(
    ("header", "scheme"),
    [("Authorization", "Bearer"), ("authorization", "Bearer"), ("Proxy-Authorization", "Bearer"), ("api-key", "")],
)
def test_scheme_follows_header(header: str, scheme: str) -> None:
    """A header that is not for authorization takes the bare key, unless a scheme is given."""
    assert resolve({"auth_header": header}).auth_scheme == scheme
    assert resolve({"auth_header": header, "auth_scheme": "Api-Key"}).auth_scheme == "Api-Key"
    assert resolve({"auth_header": header, "auth_scheme": ""}).auth_scheme == ""


def test_default_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """OPENAI_MODEL names the model; '' is unset; white space is an error."""
    assert default_model() is None
    for text, model in (("", None), ("my/model:1 b", "my/model:1 b")):
        monkeypatch.setenv("OPENAI_MODEL", text)
        assert default_model() == model
    for text in (" ", "m\n"):
        monkeypatch.setenv("OPENAI_MODEL", text)
        with pytest.raises(ConfigError, match=r"^OPENAI_MODEL "):
            default_model()


def test_log_level(monkeypatch: pytest.MonkeyPatch) -> None:
    """OPENAI_LOG names a level of the logging module."""
    assert log_level(OPENAI) is None
    for text, level in (("", None), ("debug", 10), ("INFO", 20), ("warn", 30), ("critical", 50)):
        monkeypatch.setenv("OPENAI_LOG", text)
        assert log_level(OPENAI) == level
    monkeypatch.setenv("OPENAI_LOG", "loud")
    with pytest.raises(ConfigError, match=r"^OPENAI_LOG must be one of debug, info"):
        log_level(OPENAI)


def test_webhook_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """OPENAI_WEBHOOK_SECRET is read and checked like a key."""
    assert webhook_secret() is None
    for text, secret in (("", None), ("whsec_a+b/c=", "whsec_a+b/c=")):
        monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", text)
        assert webhook_secret() == secret
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", "whsec_a ")
    with pytest.raises(ConfigError, match=r"^OPENAI_WEBHOOK_SECRET begins or ends with white space$"):
        webhook_secret()
