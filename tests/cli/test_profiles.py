"""Profiles give options of the client; a key comes from a variable or from the keyring."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from sdk.testing import LocalServer

from .run import CommandLine


@pytest.fixture
def write(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the file of profiles, whose folder is there."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "oasdk").mkdir()
    return tmp_path / "oasdk/profiles.toml"


def test_a_profile_names_a_server_and_a_key(cli: CommandLine, write: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is that of the profile, and the key that of its variable; an option replaces both."""
    with LocalServer() as server:
        write.write_text(f'[a]\napi_base = "{server.url}"\napi_key_variable = "KEY_OF_A"\n')
        monkeypatch.setenv("KEY_OF_A", "test-key")
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        assert cli("models", "retrieve", "gpt-4o", "--query", "id", "--profile", "a").out == "gpt-4o\n"
        assert cli("--profile", "a", "models").out.startswith("gpt-4o-mini\n")
        assert (
            cli("--profile", "a", "models", "list", "--api-base", "http://127.0.0.1:9", "--max-retries", "0").code == 7
        )


def test_a_key_of_the_keyring(cli: CommandLine, write: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyring is asked for the service of the program, and the entry that the profile names."""
    passwords = {("oasdk", "work"): "test-key"}
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=lambda *names: passwords.get(names)))
    with LocalServer() as server:
        write.write_text(f'[work]\napi_base = "{server.url}"\nkeyring = true\n[b]\nkeyring = "other"\n')
        assert cli("models", "retrieve", "gpt-4o", "--query", "id", "--profile", "work").out == "gpt-4o\n"
    assert "the keyring has no key: run `keyring set oasdk other`" in cli("--profile", "b", "models").err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[b]\n", "has no profile [a]; it has b"),
        ("[a\n", "is not valid TOML"),
        ('[a]\napi_key = "x"\n', "the profile [a] has api_key; a profile has api_base, "),
        ('[a]\napi_key_variable = "NOT_SET_HERE"\n', "takes its key from NOT_SET_HERE, which is not set"),
    ],
)
def test_wrong_profiles(text: str, message: str, cli: CommandLine, write: Path) -> None:
    """A profile that cannot be used is an error of usage that says why."""
    write.write_text(text)
    done = cli("models", "list", "--profile", "a")
    assert (done.code, done.out, message in done.err) == (2, "", True)
