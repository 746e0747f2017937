"""Profiles: named options of the client, for people who use several servers or keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from .._core.options.environment import environ

#: Options of a client that a profile may have.
_OPTIONS = ("api_base", "timeout", "max_retries", "auth_header", "auth_scheme")
#: Where the key of a profile is: a variable of the environment, an entry of the operating system's keyring, or nowhere.
_KEYS = ("api_key_variable", "keyring", "no_key")


def path_of(folder: str) -> Path:
    """Return the file of profiles: ~/.config/FOLDER/profiles.toml, or below XDG_CONFIG_HOME."""
    home = environ().get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / folder / "profiles.toml"


def names_of(folder: str) -> list[str]:
    """Return the names of the profiles, [] if there is no file of them that can be read."""
    import tomllib

    try:
        return list(tomllib.loads(path_of(folder).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return []


def options_of(folder: str, name: str, own: Iterable[str] = ()) -> dict[str, Any]:
    """Return the options of the client that a profile gives; `own` are options of this API alone.

    Raises: UsageError for a profile that is not there, a wrong one, or a key that is not where it says.
    """
    import tomllib

    path = path_of(folder)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise click.UsageError(f"--profile {name} needs {path}, which cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path} is not valid TOML: {error}") from None
    profile = found.get(name)
    if not isinstance(profile, dict):
        raise click.UsageError(f"{path} has no profile [{name}]; it has {', '.join(found) or 'none'}")
    known = (*_OPTIONS, *own)
    unknown = profile.keys() - {*known, *_KEYS}
    if unknown:
        raise click.UsageError(
            f"the profile [{name}] has {', '.join(sorted(unknown))}; a profile has {', '.join((*known, *_KEYS))}"
        )
    options = {option: value for option, value in profile.items() if option in known}
    if profile.get("no_key") is True:
        return {**options, "api_key": None}
    key = _key(folder, name, profile)
    return options if key is None else {**options, "api_key": key}


def _key(folder: str, name: str, profile: Mapping[str, Any]) -> str | None:
    """Return the key of a profile; None leaves it to the environment."""
    variable, service = profile.get("api_key_variable"), profile.get("keyring")
    if variable is not None:
        key = environ().get(str(variable))
        if not key:
            raise click.UsageError(f"the profile [{name}] takes its key from {variable}, which is not set")
        return key
    if service is None:
        return None
    try:
        import keyring  # type: ignore[import-not-found, unused-ignore]  # no dependency: who has none needs none
    except ModuleNotFoundError:
        raise click.UsageError(f"the profile [{name}] takes its key from the keyring: pip install keyring") from None
    user = name if service is True else str(service)
    secret: str | None = keyring.get_password(folder, user)
    if secret is None:
        raise click.UsageError(f"the keyring has no key: run `keyring set {folder} {user}`")
    return secret
