"""Ask a server for a token, with a client of its own for each request: tokens are fetched about once an hour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from ..._core.client.base import BaseClient
from ..._core.errors.redact import hide_url
from ..._core.service import Service
from ..._version import __version__

if TYPE_CHECKING:
    from ..._core.options.resolve import Options

#: Seconds for one attempt.
_TIMEOUT = 10.0
#: The options of HTTP of the calling client that also say how to reach a token server.
_SHARED = ("verify", "cert", "proxy", "trust_env")


class _TokenClient(BaseClient):
    _service = Service("a token server", "", "OPENAI_TOKEN_SERVER", product=f"openai-compatible-sdk/{__version__}")


class TokenServer:
    """One URL that gives tokens. `local`: it is a part of this machine, so no proxy leads to it."""

    def __init__(self, url: str, *, method: str = "POST", local: bool = False, returns: str = "json") -> None:
        parts = urlsplit(url)
        self._url, self._method, self._local, self._returns = hide_url(url), method, local, returns
        self._base, self._path = f"{parts.scheme}://{parts.netloc}", parts.path or "/"
        self._query = dict(parse_qsl(parts.query))

    def send(self, options: Options, limit: float | None, **request: Any) -> Any:
        """Send a request and return what the reply holds. Raises APIError."""
        with _TokenClient(**self._options(options)) as client:
            return client.request(self._method, self._path, **self._request(limit, request)).parsed

    async def asend(self, options: Options, limit: float | None, **request: Any) -> Any:
        """Send a request from a coroutine; see `send`."""
        async with _TokenClient(**self._options(options)) as client:
            return (await client.arequest(self._method, self._path, **self._request(limit, request))).parsed

    def _options(self, options: Options) -> Any:
        shared: Mapping[str, Any] = {"trust_env": False} if self._local else options.http_options
        http_options = {name: shared[name] for name in _SHARED if name in shared}
        return {
            "api_base": self._base,
            "api_key": None,
            "http_options": http_options,
            "timeout": _TIMEOUT,
            "connect_timeout": options.connect_timeout,
            "max_redirects": 0,
        }

    def _request(self, limit: float | None, request: dict[str, Any]) -> dict[str, Any]:
        query = {**self._query, **request.pop("query", {})}
        return {**request, "query": query, "returns": self._returns, "deadline": limit}

    def __repr__(self) -> str:
        return self._url
