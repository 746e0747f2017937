"""Azure OpenAI: its endpoints, its deployments, and tokens of Entra."""

from __future__ import annotations

import inspect
import time
from collections.abc import Awaitable, Callable, Generator
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..._core.auth.credential import Credential
from ..._core.auth.foreign import foreign_failure
from ..._core.auth.keys import check_key
from ..._core.auth.protocol import Server
from ..._core.auth.token_state import Token
from ..._core.errors import ConfigError
from ..._core.errors.redact import Redacted
from ..._core.options.environment import environ
from ..._core.public import expose
from ..._core.validators import key_problem, url_problem

if TYPE_CHECKING:
    from ..._core.auth.protocol import Outgoing
    from ..._core.effects import Ask
    from ..._core.errors import APIError
    from ..._core.options.resolve import Options
    from ..._core.request.data import RequestData

SCOPE = "https://cognitiveservices.azure.com/.default"
_HINT = "Check the credential of azure-identity: who is signed in, and that it may call this resource."
_MISSING = "AzureAuth needs the endpoint of the resource: give endpoint= or api_base=, or set AZURE_OPENAI_ENDPOINT"
#: Values of api_version that belong to the v1 endpoint, which needs none.
_OF_V1 = ("v1", "preview", "latest")
#: The paths that name a deployment where an api-version is used.
_OF_DEPLOYMENTS = frozenset(
    {
        *("/completions", "/chat/completions", "/embeddings", "/images/generations", "/images/edits"),
        *("/audio/transcriptions", "/audio/translations", "/audio/speech"),
    }
)


class EntraToken:
    """A source of tokens: a credential of azure-identity, sync or async."""

    def __init__(self, credential: Any, scope: str) -> None:
        self._credential, self._scope = credential, scope

    def fetch(self, options: Options, limit: float | None) -> Token:
        """Return a new token. Raises CredentialError."""
        found, failure = None, None
        try:
            found = self._credential.get_token(self._scope)
        except Exception as error:
            failure = foreign_failure(self, error, _HINT)
        if inspect.iscoroutine(found):
            found.close()
            raise ConfigError(f"{self!r} is async, and this is a sync call: use .asyncio(...)")
        return _token_of(found, failure)

    async def afetch(self, options: Options, limit: float | None) -> Token:
        """Return a new token to a coroutine; see `fetch`."""
        from anyio import to_thread  # a dependency of httpx

        get, found, failure = self._credential.get_token, None, None
        try:
            if inspect.iscoroutinefunction(get):
                found = await get(self._scope)
            else:
                found = await to_thread.run_sync(get, self._scope, abandon_on_cancel=True)
                found = await found if inspect.isawaitable(found) else found  # a wrapper of a coroutine function
        except Exception as error:
            failure = foreign_failure(self, error, _HINT)
        return _token_of(found, failure)

    def __repr__(self) -> str:
        return f"the credential {type(self._credential).__name__}"


def _token_of(found: Any, failure: Exception | None) -> Token:
    """Return the token; its end is Unix time, so it suffers from a wrong clock, and the state forgives that."""
    if failure is not None:
        raise failure
    return Token(found.token, found.expires_on - time.time())


class AzureAuth:
    """Call Azure OpenAI: `Client(auth=AzureAuth("https://NAME.openai.azure.com"))`.

    One of these is the identity; without any, AZURE_OPENAI_AD_TOKEN, then AZURE_OPENAI_API_KEY, then
    `DefaultAzureCredential` of azure-identity (extra `azure`):

        api_key      a key of the resource, or a function that returns one
        credential   a credential of azure-identity, sync or async
        token        a token of Entra, or a function, sync or async, that returns one

    `endpoint` is the URL of the resource (AZURE_OPENAI_ENDPOINT). Without `api_version` (OPENAI_API_VERSION) the v1
    endpoint is called; with one such as "2024-10-21", the older paths, which name a deployment: `deployment`, else the
    `model` of the call. `scope` is that of the tokens, for clouds of their own.
    Raises: ConfigError for several identities, or if there is none.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        *,
        api_key: str | Callable[[], str | Awaitable[str]] | None = None,
        credential: Any = None,
        token: str | Callable[[], str | Awaitable[str]] | None = None,
        api_version: str | None = None,
        deployment: str | None = None,
        scope: str = SCOPE,
    ) -> None:
        given = {"api_key": api_key, "credential": credential, "token": token}
        names = [name for name, value in given.items() if value is not None]
        if len(names) > 1:
            raise ConfigError(f"AzureAuth has several identities: give one of {' and '.join(names)}")
        variables = environ()
        if not names:
            token = variables.get("AZURE_OPENAI_AD_TOKEN") or None
            api_key = None if token else variables.get("AZURE_OPENAI_API_KEY") or None
        for name, key in (("api_key", api_key), ("token", token)):
            problem = None if key is None or callable(key) else key_problem(key)
            if problem is not None:
                raise ConfigError(f"the {name} of AzureAuth {problem}")
        self._key = Redacted(api_key) if isinstance(api_key, str) else api_key
        self._token = Redacted(token) if isinstance(token, str) else token
        self._entra: Credential | None = None
        if api_key is None and token is None:
            self._entra = Credential(EntraToken(_default_credential() if credential is None else credential, scope))
        version = api_version or variables.get("OPENAI_API_VERSION") or None
        self.server = _server(endpoint or variables.get("AZURE_OPENAI_ENDPOINT") or None, version, deployment)

    def apply(self, outgoing: Outgoing) -> Generator[Ask, Any, None]:
        """Set the header of the key, or that of the token, unless the user gave it."""
        if self._entra is not None:
            yield from self._entra.apply(outgoing)
            return
        name = "Authorization" if self._key is None else "api-key"
        source: Any = self._token if self._key is None else self._key
        if callable(source):
            source = check_key((yield from outgoing.ask(source)), f"the function of AzureAuth for {name}")
        outgoing.keys += (source,)
        if name.lower() not in outgoing.headers:
            outgoing.headers[name.lower()] = (name, Redacted(source if name == "api-key" else f"Bearer {source}"))

    def renew(self, outgoing: Outgoing, error: APIError) -> bool:
        """Return whether another attempt gets another token."""
        return self._entra is not None and self._entra.renew(outgoing, error)

    def explain(self, outgoing: Outgoing, error: APIError) -> str | None:
        """Return what may be wrong: Azure refuses keys, deployments and versions in ways of its own."""
        if error.status_code == 404:
            return "Check that the deployment exists, and the api_version; without one, the v1 endpoint is called."
        if self._entra is not None:
            return self._entra.explain(outgoing, error)
        return "Check that the key belongs to this resource, and that the resource allows keys: AZURE_OPENAI_API_KEY."

    def __repr__(self) -> str:
        return f"<AzureAuth of {self.server.api_base}>"


def _default_credential() -> Any:
    try:
        from azure.identity import DefaultAzureCredential
    except ImportError:
        raise ConfigError(
            "AzureAuth has no identity: give api_key=, token= or credential=, or set AZURE_OPENAI_API_KEY; for "
            "DefaultAzureCredential, pip install 'openai-compatible-sdk[azure]'"
        ) from None
    return DefaultAzureCredential()


def _server(endpoint: str | None, version: str | None, deployment: str | None) -> Server:
    """Return the base URL and the paths of a resource. Raises ConfigError."""
    base = None
    if endpoint is not None:
        problem = url_problem(endpoint)
        if problem is not None:
            raise ConfigError(f"the endpoint of AzureAuth {problem}")
        base = endpoint.rstrip("/")
        for suffix in ("/openai/v1", "/openai"):
            base = base.removesuffix(suffix)
    query = MappingProxyType({"api-version": version} if version else {})
    if version is None or version.lower() in _OF_V1:
        return Server(base and f"{base}/openai/v1", query, None, _MISSING)

    def path(request: RequestData[Any, Any], path: str) -> str:
        if path not in _OF_DEPLOYMENTS:
            return path
        given = {
            **(request.body if isinstance(request.body, dict) else {}),
            **(request.options.get("extra_body") or {}),
        }
        name = deployment or given.get("model")
        return f"/deployments/{quote(name, safe='')}{path}" if isinstance(name, str) else path

    return Server(base and f"{base}/openai", query, path, _MISSING)


expose(globals(), "auth", "AzureAuth")
