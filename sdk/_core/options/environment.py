"""Environment variables. No other module of the package reads os.environ, and this one does so only when called.

A variable that is '' counts as unset.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..service import Service

_LOG_LEVELS = {"debug": 10, "info": 20, "warn": 30, "warning": 30, "error": 40, "critical": 50}
_PROXY = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_NETWORK = (*_PROXY, *map(str.lower, _PROXY), "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUEST_METHOD")


def environ() -> Mapping[str, str]:
    """Return the environment of this process."""
    return os.environ


def read(service: Service, suffix: str) -> str | None:
    """Return a variable of a service, or None if it is unset."""
    return os.environ.get(f"{service.prefix}_{suffix}") or None


def snapshot(service: Service) -> tuple[str | None, ...]:
    """Return the current values of the option variables, to detect later changes."""
    from .resolve import options_of  # here: to read one variable needs no table

    suffixes = (suffix for spec in options_of(service).table.values() for suffix in spec.env)
    found = tuple(os.environ.get(f"{service.prefix}_{suffix}") for suffix in suffixes)
    return (*found, *service.keys(os.environ).values()) if service.schemes else found


def log_level(service: Service) -> int | None:
    """Return the log level, a number, that the variable LOG of a service names, or None."""
    name = read(service, "LOG")
    if not name:
        return None
    level = _LOG_LEVELS.get(name.strip().lower())
    if level is None:
        from ..errors import ConfigError

        raise ConfigError(f"{service.prefix}_LOG must be one of {', '.join(_LOG_LEVELS)}")
    return level


def network_environment() -> dict[str, str]:
    """Return the variables that describe how to reach the network, as curl, requests and httpx read them."""
    found = {name: os.environ[name] for name in _NETWORK if os.environ.get(name)}
    if sys.platform in ("win32", "darwin") and not any(name.lower().endswith("_proxy") for name in found):
        from urllib.request import getproxies  # it reads the settings of the operating system too

        found |= {f"{scheme}_proxy".upper(): url for scheme, url in getproxies().items()}
    return found
