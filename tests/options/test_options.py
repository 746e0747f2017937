"""Options once resolved: they are changed by replace alone, show no secret, and do not travel."""

import copy
import os
import pickle
import re
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk._openai.options import OpenAIOptions
from sdk.errors import ConfigError
from tests.options.openai import replace, resolve


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no variable of the machine reach a test."""
    for name in list(os.environ):
        if name.startswith("OPENAI_"):
            monkeypatch.delenv(name)


def shown(options: OpenAIOptions) -> dict[str, object]:
    """Return every option by name."""
    return {name: getattr(options, name) for name in OpenAIOptions.table}


def test_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """An option knows what set it: an argument, the variable that was read, or nothing; a copy keeps that."""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost/v1")
    options = replace(resolve({"api_key": "sk-1", "timeout": None}), max_retries=1)
    names = ("api_key", "api_base", "timeout", "max_retries", "max_in_flight")
    assert [options.source(name) for name in names] == ["api_key=", "OPENAI_BASE_URL", "timeout=", "max_retries=", None]


def test_replace() -> None:
    """replace changes what it names, leaves the original alone and checks again."""
    options = resolve({"api_key": "sk-1", "timeout": 5})
    changed = replace(options, timeout=6, max_retries=0)
    assert shown(changed) == {**shown(options), "timeout": 6.0, "max_retries": 0}
    assert options.timeout == 5.0
    assert shown(replace(changed, api_base=None, max_retries=None)) == shown(changed)
    with pytest.raises(ConfigError, match=r"^timeout must be more than 0, not -1$"):
        replace(options, timeout=-1)
    with pytest.raises(TypeError, match="no client option 'timeot'; did you mean timeout"):
        replace(options, timeot=1)


def test_replace_keeps_following() -> None:
    """What followed another option follows it after replace, what was given on its own stays."""
    changed = replace(resolve({}), max_in_flight=9, auth_header="api-key")
    assert (changed.max_connections, changed.auth_scheme) == (9, "")
    changed = replace(resolve({"max_connections": 5, "auth_scheme": "X"}), max_in_flight=9, auth_header="api-key")
    assert (changed.max_connections, changed.auth_scheme) == (5, "X")


def test_replace_leaves_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment is read once: what it says later does not change a client."""
    options = resolve({})
    monkeypatch.setenv("OPENAI_TIMEOUT", "7")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    assert shown(replace(options, strict=True)) == {**shown(options), "strict": True}


def test_frozen() -> None:
    """Options cannot be changed, nor can the dicts in them; the caller's dict is not theirs."""
    headers = {"X-A": "1"}
    options: Any = resolve({"default_headers": headers})
    headers["X-B"] = "2"
    assert options.default_headers == {"X-A": "1"}
    with pytest.raises(AttributeError):
        options.timeout = 1
    with pytest.raises(TypeError):
        options.default_headers["X-C"] = "3"


class Custom(httpx.AsyncClient):
    """A client whose repr tells what it was made with."""

    def __repr__(self) -> str:
        return "secret"


def test_repr_hides() -> None:
    """repr shows no key, no header, no query value, and no proxy's password."""
    options = resolve(
        {
            "api_key": "sk-secret",
            "admin_api_key": lambda: "secret",
            "default_headers": {"X-A": "secret"},
            "default_query": {"q": "secret"},
            "http_options": {"proxy": "http://u:secret@h"},
            "http_client": Custom(),
        }
    )
    assert "secret" not in repr(options)
    assert re.search(r"api_key='?\*\*\*.*\{'X-A': \*\*\*\}.*<Custom>.*admin_api_key=<callable>", repr(options))


def test_no_pickle() -> None:
    """Options hold the key: they are not pickled, and copies are themselves."""
    options = resolve({"api_key": "sk-1"})
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="hold the API key and cannot be pickled"):
            pickle.dumps(options, protocol)
    assert copy.copy(options) is options
    assert copy.deepcopy(options) is options


def test_what_a_call_says_of_the_query_wins() -> None:
    """A pair of default_query goes with every call but the one that gives it another value."""
    with Client(
        api_key="k",
        api_base="http://h/v1",
        default_query={"version": 1, "limit": 5, "tag": ["a", "b"], "o": {"k": "v"}},
    ) as client:
        kept = client.files.list.request()
        other = client.files.list.request(limit=9, extra_query={"tag": "c"})
        assert kept.url == "http://h/v1/files?version=1&limit=5&tag=a&tag=b&o%5Bk%5D=v"
        assert other.url == "http://h/v1/files?version=1&o%5Bk%5D=v&limit=9&tag=c"
