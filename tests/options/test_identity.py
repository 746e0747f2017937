"""The option `auth`: a key, a function or an object that signs, and only one of `auth` and `api_key`."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from sdk import Client
from sdk.errors import ConfigError
from tests.auth.imitation import Answer, Site


class Signs:
    """An identity of the user's own."""

    def apply(self, outgoing: Any) -> Generator[Any, Any, None]:
        """Add a header."""
        outgoing.headers["x-mine"] = ("X-Mine", "signed")
        yield from ()


def listed(_: object) -> Answer:
    """Answer with an empty list."""
    return Answer({"object": "list", "data": []})


@pytest.mark.parametrize("given", ["sk-static-1", lambda: "sk-static-1"], ids=["a key", "a function"])
def test_a_key_or_a_function_is_an_api_key(given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is sent as `api_key` is, and the variable is not read."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-variable")
    with Site(listed) as site, Client(api_base=site.url, auth=given) as client:
        client.models.list.sync()
        assert site.sent[0].bearer == "sk-static-1"
        assert "sk-static-1" not in repr(client.options)


def test_an_identity_of_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its headers are sent, and no key."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-variable")
    with Site(listed) as site, Client(api_base=site.url, auth=Signs()) as client:
        client.models.list.sync()
        assert (site.sent[0].headers["x-mine"], site.sent[0].bearer) == ("signed", "")
        assert "auth=<Signs>" in repr(client.options)


def test_two_identities_are_an_error() -> None:
    """The error says which of them is the short form; neither key is in it."""
    with pytest.raises(ConfigError, match=r"^auth and api_key are both given: api_key= is the short form") as caught:
        Client(api_key="sk-one-key", auth="sk-two-key")
    assert "sk-" not in str(caught.value)
    with Client(auth=Signs()) as client, pytest.raises(ConfigError, match="both given"):
        client.with_options(api_key="sk-one", auth=Signs())


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (5, "auth must be a key, a function that returns one, or an object with apply(), not int"),
        ("a b", "auth contains white space or a control character"),
        (Signs, "auth must be an object, not the class Signs"),
    ],
)
def test_what_is_no_identity(given: Any, problem: str) -> None:
    """The error names the option."""
    with pytest.raises(ConfigError) as caught:
        Client(auth=given)
    assert str(caught.value) == problem


def test_copies_keep_the_identity_until_they_get_another() -> None:
    """with_options() keeps it, a key takes its place, and the other way round."""
    auth = Signs()
    with Client(auth=auth) as first, first.with_options(timeout=5) as second:
        assert second.options.auth is auth
        with second.with_options(api_key="sk-1") as third, third.with_options(auth=auth) as fourth:
            assert (third.options.auth, third.options.api_key) == (None, "sk-1")
            assert (fourth.options.auth, fourth.options.api_key_missing) == (auth, True)
        with second.with_options(auth=None) as fifth:
            assert fifth.options.auth is None
