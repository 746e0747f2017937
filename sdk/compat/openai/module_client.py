"""The client of the module itself: `openai.api_key = ...`, then `openai.chat.completions.create(...)`."""

from __future__ import annotations

from threading import Lock
from typing import Any

from .clients import OpenAI
from .table import children

#: Variables of the module that are options of its client.
OPTIONS = (
    *("api_key", "admin_api_key", "organization", "project", "webhook_secret", "base_url", "timeout", "max_retries"),
    *("default_headers", "default_query", "http_client"),
)
#: Those of a client of Azure, which is made where `api_type` is "azure".
OF_AZURE = ("api_version", "azure_endpoint", "azure_ad_token", "azure_ad_token_provider")
_lock = Lock()
_made: list[tuple[dict[str, Any], OpenAI]] = []


def client(scope: dict[str, Any]) -> OpenAI:
    """Return the client for the variables of the module; others give another one."""
    azure = scope.get("api_type") == "azure"
    names = (*OPTIONS, *OF_AZURE) if azure else OPTIONS
    options = {name: scope[name] for name in names if scope.get(name) is not None}
    with _lock:
        if not _made or _made[0][0] != options:
            kind: type[OpenAI] = OpenAI
            if azure:
                from .azure import AzureOpenAI

                kind = AzureOpenAI
            _made[:] = [(options, kind(**options))]
        return _made[0][1]


def _reset_client() -> None:
    """Close the client; the next call makes a new one."""
    with _lock:
        for _, made in _made:
            made.close()
        _made.clear()


def member(scope: dict[str, Any], name: str) -> Any:
    """Return a resource of the client, or an option that is not set. Raises: AttributeError."""
    if name in children()[""]:
        return _Resource(scope, name)
    if name in (*OPTIONS, *OF_AZURE, "api_type"):
        return None
    raise AttributeError(f"module {scope['__name__']!r} has no attribute {name!r}")


class _Resource:
    """A resource of the client that the variables give at the time of the call."""

    def __init__(self, scope: dict[str, Any], name: str) -> None:
        self._scope, self._name = scope, name

    def __getattr__(self, name: str) -> Any:
        return getattr(getattr(client(self._scope), self._name), name)

    def __repr__(self) -> str:
        return f"<resource {self._name} of the module>"
