"""Ask a token endpoint, with a client of its own for each request: tokens are fetched about once an hour."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote_plus, urlsplit

from ..client.base import BaseClient
from ..client.custom import build
from ..errors import ConfigError
from ..errors.redact import Redacted, hide_url
from ..service import Service
from ..validators import url_problem

if TYPE_CHECKING:
    from ..options.resolve import Options

#: Seconds for one attempt.
_TIMEOUT = 10.0
#: The options of HTTP of the calling client that also say how to reach a token endpoint.
_SHARED = ("verify", "cert", "proxy", "trust_env")


class _TokenClient(BaseClient):
    _service = Service("a token endpoint", "", "OAUTH_TOKEN_ENDPOINT")


class TokenEndpoint:
    """One URL that gives tokens for forms, and how a client proves there who it is (RFC 6749, sections 2.3 and 3.2).

    With `in_body` the credentials are fields of the form, for servers that do not take the header Authorization.
    """

    def __init__(self, url: str, client_id: str, client_secret: str | None, *, in_body: bool = False) -> None:
        parts = urlsplit(url)
        if problem := url_problem(f"{parts.scheme}://{parts.netloc}"):
            raise ConfigError(f"token_url {problem}")
        self._url = hide_url(url)
        self._base, self._path = f"{parts.scheme}://{parts.netloc}", parts.path or "/"
        self._query = dict(parse_qsl(parts.query))
        self._id, self._secret = client_id, None if client_secret is None else Redacted(client_secret)
        self._in_body = in_body or client_secret is None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no error may show."""
        return (self._secret,) if self._secret else ()

    def send(self, options: Options, limit: float | None, form: Mapping[str, str]) -> Any:
        """Send a form and return the JSON of the reply; `limit` are seconds. Raises APIError."""
        with _TokenClient(**self._options(options)) as client:
            return client.send(self._request(client, limit, form)).parsed

    async def asend(self, options: Options, limit: float | None, form: Mapping[str, str]) -> Any:
        """Send a form from a coroutine; see `send`."""
        async with _TokenClient(**self._options(options)) as client:
            return (await client.asend(self._request(client, limit, form))).parsed

    def _options(self, options: Options) -> Any:
        return {
            "api_base": self._base,
            "api_key": None,
            "user_agent": options.user_agent,
            "http_options": {name: options.http_options[name] for name in _SHARED if name in options.http_options},
            "timeout": _TIMEOUT,
            "connect_timeout": options.connect_timeout,
            "max_redirects": 0,
        }

    def _request(self, client: BaseClient, limit: float | None, form: Mapping[str, str]) -> Any:
        headers: dict[str, str] = {}
        if self._in_body:
            secret = {} if self._secret is None else {"client_secret": self._secret}
            form = {**form, "client_id": self._id, **secret}
        else:
            pair = f"{quote_plus(self._id)}:{quote_plus(self._secret or '')}"
            headers["Authorization"] = Redacted(f"Basic {base64.b64encode(pair.encode()).decode()}")
        options = {"client": client, "deadline": limit}
        request = build("POST", self._path, dict(form), self._query, headers, None, "json", options, ())
        request.spec.body = "form"
        return request

    def __repr__(self) -> str:
        return self._url
