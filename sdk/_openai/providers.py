"""Servers of other vendors: where they are, which keys they take (providers.json); hints for keys that are mixed up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .._core.errors import ConfigError
from .._core.options.environment import environ

#: Where the identities are that fill themselves in from the environment.
_IDENTITIES = {"AzureAuth": "azure", "AWSAuth": "aws", "GoogleAuth": "google"}
#: Keys of vendors without an endpoint of this API's form.
_OTHER_KEYS = {"sk-ant-": "Anthropic", "nvapi-": "NVIDIA", "r8_": "Replicate"}
#: Keys of a resource of Azure: 32 hexadecimal digits, or the 84 characters of newer ones.
_AZURE_KEY = r"[0-9a-f]{32}|[A-Za-z0-9]{84}"


class Provider(NamedTuple):
    """One vendor. `variables` fill the braces of `api_base`; `keys` are variables, of which the first that is set wins.

    `auth` is the identity that takes the place of a key. `prefixes` are those of its keys, `hosts` patterns of hosts. A
    `local` one needs no key. `checked`: the facts were read in the vendor's own words, at `source`, on the day `read`.
    """

    name: str
    title: str
    api_base: str
    keys: Sequence[str]
    quirks: Sequence[str]
    source: str
    read: str
    checked: bool
    variables: Mapping[str, Sequence[str]] = {}  # never changed
    auth: str = ""
    prefixes: Sequence[str] = ()
    hosts: Sequence[str] = ()
    local: bool = False
    retired: str = ""


@cache
def providers() -> dict[str, Provider]:
    """Return all providers by name."""
    import orjson

    data = orjson.loads(Path(__file__).with_name("providers.json").read_bytes())
    return {name: Provider(name, **row) for name, row in data.items()}


def client_options(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a client of a provider; those that are given take precedence.

    Raises ConfigError for an unknown provider, or for what neither an option nor a variable gives.
    """
    provider = _named(name)
    options = {option: value for option, value in given.items() if value is not None or option == "api_key"}
    if provider.name != "openai":  # an organization of one vendor does not exist at another
        options = {"organization": None, "project": None, **options}
    if provider.auth:
        return _with_identity(provider, options)
    if "api_base" not in options:
        options["api_base"] = _filled(provider)
    if "api_key" not in options and "auth" not in options:
        options["api_key"] = _key(provider)
    return options


def _named(name: str) -> Provider:
    """Return the provider of a name or a title; only letters and digits count."""
    known = {_letters(one): provider for provider in providers().values() for one in (provider.name, provider.title)}
    found = known.get(_letters(str(name)))
    if found is not None:
        return found
    import difflib  # here, because only an error needs it

    close = difflib.get_close_matches(_letters(str(name)), known, n=3)
    near = " or ".join(dict.fromkeys(repr(known[one].name) for one in close))
    meant = f"did you mean {near}? " if near else ""
    raise ConfigError(f"there is no provider {name!r}; {meant}The providers are {', '.join(providers())}")


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _first(names: Sequence[str]) -> str | None:
    variables = environ()
    return next((variables[name] for name in names if variables.get(name)), None)


def _filled(provider: Provider) -> str:
    """Return the base URL. Raises ConfigError that names the variables that are missing."""
    found = {part: _first(names) for part, names in provider.variables.items()}
    missing = [" or ".join(provider.variables[part]) for part, value in found.items() if value is None]
    if missing:
        raise ConfigError(f"{provider.title} needs {' and '.join(missing)} in the environment, or api_base=")
    return provider.api_base.format(**found)


def _key(provider: Provider) -> str | None:
    """Return the key; never that of another vendor. Raises ConfigError if there is none and one is needed."""
    found = _first(provider.keys)
    if found is None and not provider.local:
        raise ConfigError(f"{provider.title} needs a key: give api_key= or set {' or '.join(provider.keys)}")
    return found


def _with_identity(provider: Provider, options: dict[str, Any]) -> dict[str, Any]:
    """Return options with the identity of a cloud, which reads its own variables."""
    if options.get("auth") is not None:
        return options
    key = options.pop("api_key", None)
    if key is not None and not provider.keys:
        raise ConfigError(f"{provider.title} takes no keys; give auth={provider.auth}(...)")
    module = import_module(f".identities.{_IDENTITIES[provider.auth]}", __package__)
    identity = getattr(module, provider.auth)
    auth = identity() if key is None else identity(api_key=key)
    if auth.server.api_base is None and "api_base" not in options:  # OPENAI_API_BASE is not that of another vendor
        raise ConfigError(auth.server.missing)
    return {**options, "auth": auth}


def credential_hint(api_base: str, keys: Sequence[str], status: int) -> str | None:
    """Return what may be wrong with a key that a server refused: it may belong to another one.

    The hint shows the beginning of a key at most, as far as all keys of a vendor have it.
    """
    home = provider_of_host(urlsplit(api_base).hostname or "")
    if home is None:
        return None
    if home.retired:
        return f"{home.title} was retired on {home.retired}: this server no longer answers."
    if home.auth == "AzureAuth":
        return (
            "This is a resource of Azure OpenAI: use Client(auth=AzureAuth(...)), which sends the key as it wants it."
        )
    if status == 404 or not keys:
        return None
    owner, sign = _owner(keys[-1], home)
    if owner is None:
        return None
    there = f"; for its server, Client.for_provider({owner.name!r})" if isinstance(owner, Provider) else ""
    title = owner.title if isinstance(owner, Provider) else owner
    return f"The key looks like one of {title} ({sign}), and the server is that of {home.title}{there}."


def provider_of_host(host: str) -> Provider | None:
    """Return the provider that a host belongs to, None for an unknown one."""
    host = host.lower()
    return next((one for one in providers().values() if any(_is_host(host, given) for given in one.hosts)), None)


def _owner(key: str, home: Provider) -> tuple[Provider | str | None, str]:
    """Return whose key it seems to be, if not that of `home`, and by what sign."""
    signs: list[tuple[str, Provider | str]] = [*_OTHER_KEYS.items()]
    signs += [(prefix, one) for one in providers().values() for prefix in one.prefixes]
    for prefix, owner in sorted(signs, key=lambda sign: -len(sign[0])):  # sk-or- before what it begins with
        if key.startswith(prefix):
            return (None if owner is home else owner), f"{prefix}..."
    if home.name == "openai" and re.fullmatch(_AZURE_KEY, key):
        return providers()["azure"], f"{len(key)} characters without a prefix"
    return None, ""


def _is_host(host: str, pattern: str) -> bool:
    return host.endswith(pattern) if pattern.startswith(".") else fnmatch(host, pattern)
