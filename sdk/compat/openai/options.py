"""The options of a client and of a call, from the official package's to those of the SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .sentinels import NOT_GIVEN, given, is_given

DEFAULT_TIMEOUT_SECONDS, DEFAULT_MAX_RETRIES = 600.0, 2
CONNECT_SECONDS = 5.0
#: The header by which servers, and the programs of users, know who calls.
LANGUAGE = {"X-Stainless-Lang": "python"}


def timeouts(value: Any) -> dict[str, Any]:
    """Return the options of a call for a timeout: a number, None, or one of httpx with phases. Raises: TypeError."""
    if not is_given(value):
        return {}
    read = getattr(value, "read", value)
    if read is not None and not isinstance(read, int | float):
        raise TypeError(f"timeout must be a number of seconds, an httpx.Timeout or None, not {type(value).__name__}")
    if isinstance(read, int | float) and read <= 0:
        read = 1e-6
    return {"timeout": read, "stall_timeout": read}


def left_out(headers: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the headers that a client or a call leaves out, in lower case."""
    return frozenset(name.lower() for name, text in headers.items() if not is_given(text))


def client_options(
    *,
    api_key: Any = None,
    admin_api_key: Any = None,
    organization: str | None = None,
    project: str | None = None,
    base_url: Any = None,
    timeout: Any = NOT_GIVEN,
    max_retries: int = DEFAULT_MAX_RETRIES,
    default_headers: Mapping[str, Any] | None = None,
    default_query: Mapping[str, Any] | None = None,
    http_client: Any = None,
    strict: bool = False,
    **more: Any,
) -> dict[str, Any]:
    """Return the options of the SDK's client. What is None comes from the environment, as there. Raises: TypeError."""
    if max_retries is None:
        raise TypeError("max_retries cannot be None: 0 switches retries off, and a large number allows many")
    options: dict[str, Any] = {"max_in_flight": None, "max_retries": max_retries, "strict": strict, **more}
    if api_key is not None:
        options["api_key"] = None if api_key == "" else api_key
    own = {"admin_api_key": admin_api_key, "organization": organization, "project": project}
    options |= {name: value for name, value in own.items() if value is not None}
    if is_given(base_url) and base_url is not None:
        options["api_base"] = str(base_url)
    seconds = timeouts(DEFAULT_TIMEOUT_SECONDS if not is_given(timeout) else timeout)
    options |= seconds
    connect = getattr(timeout, "connect", CONNECT_SECONDS if not is_given(timeout) else seconds["timeout"])
    options["connect_timeout"] = connect
    if (pool := getattr(timeout, "pool", None)) is not None:
        options["pool_timeout"] = pool
    headers = given(dict(default_headers or {}))
    if default_headers and "authorization" in left_out(default_headers):
        options["api_key"] = None
    options["default_headers"] = {**LANGUAGE, **{name: str(text) for name, text in headers.items() if text is not None}}
    if default_query:
        options["default_query"] = given(dict(default_query))
    if http_client is not None:
        options["http_client"] = http_client
    return options
