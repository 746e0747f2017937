"""Subject tokens for the exchange: what says who this program is, by the place where it runs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..._core.auth.exchange import ID_TOKEN, JWT, Subject, endpoint_failure
from ..._core.auth.foreign import foreign_failure
from ..._core.errors import APIError, ConfigError, CredentialError
from ..._core.options.environment import environ
from .token_server import TokenServer

if TYPE_CHECKING:
    from os import PathLike

    from ..._core.options.resolve import Options

#: The audience that the API expects in the tokens of other issuers.
AUDIENCE = "https://api.openai.com/v1"
_KUBERNETES = "/var/run/secrets/kubernetes.io/serviceaccount/token"
_X509 = "urn:openai:params:oauth:token-type:x509"
_AWS_HINT = "Check the region, the credentials, and that the account has outbound identity federation."


class FunctionToken:
    """A subject token that a function, or a library, returns: a blocking one, or a coroutine function."""

    def __init__(self, function: Callable[[], Any], token_type: str, name: str, hint: str = "") -> None:
        self.token_type = token_type
        self._function, self._name = function, name
        self._hint = hint or "Check what the function of the subject token needs."

    def get(self, options: Options, limit: float | None) -> str:
        """Return the token. Raises CredentialError."""
        value, failure = None, None
        try:
            value = self._function()
        except Exception as error:
            failure = self._failure(error)
        if inspect.iscoroutine(value):
            value.close()
            raise ConfigError(f"{self._name} is async, and this is a sync call: use .asyncio(...)")
        return self._read(value, failure)

    async def aget(self, options: Options, limit: float | None) -> str:
        """Return the token to a coroutine; see `get`."""
        from anyio import to_thread  # a dependency of httpx

        value, failure = None, None
        try:
            if inspect.iscoroutinefunction(self._function):
                value = await self._function()
            else:
                value = await to_thread.run_sync(self._function, abandon_on_cancel=True)
        except Exception as error:
            failure = self._failure(error)
        return self._read(value, failure)

    def _failure(self, error: Exception) -> Exception:
        return error if isinstance(error, ConfigError | CredentialError) else foreign_failure(self, error, self._hint)

    def _read(self, value: Any, failure: Exception | None) -> str:
        if failure is not None:
            raise failure
        if not isinstance(value, str) or not value.strip():
            raise CredentialError(f"{self._name} gave no token: it is empty or no str", hint=self._hint)
        return value.strip()

    def __repr__(self) -> str:
        return self._name


class ServedToken:
    """A subject token that a server gives: that of a cloud's machine, or of a CI job."""

    def __init__(
        self,
        server: TokenServer,
        token_type: str,
        *,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        field: str | None = None,
    ) -> None:
        self.token_type = token_type
        self._server, self._field = server, field
        self._request = {"query": query, "headers": headers}

    def get(self, options: Options, limit: float | None) -> str:
        """Return the token. Raises CredentialError."""
        found, failure = None, None
        try:
            found = self._server.send(options, limit, **self._request)
        except APIError as error:
            failure = endpoint_failure(self._server, error, None)
        return self._read(found, failure)

    async def aget(self, options: Options, limit: float | None) -> str:
        """Return the token to a coroutine; see `get`."""
        found, failure = None, None
        try:
            found = await self._server.asend(options, limit, **self._request)
        except APIError as error:
            failure = endpoint_failure(self._server, error, None)
        return self._read(found, failure)

    def _read(self, found: Any, failure: BaseException | None) -> str:
        if failure is not None:
            raise failure
        value = found.get(self._field) if self._field is not None and isinstance(found, Mapping) else found
        if not isinstance(value, str) or not value.strip():
            where = f"its reply has no {self._field}" if self._field else "its reply is empty"
            raise CredentialError(f"{self._server!r} gave no token: {where}")
        return value.strip()

    def __repr__(self) -> str:
        return repr(self._server)


class ClientCertificate:
    """The client certificate of the connection says who this program is (X.509); there is no subject token."""

    token_type = _X509

    def get(self, options: Options, limit: float | None) -> str:
        """Return no token. Raises ConfigError if the client has no certificate."""
        if not options.http_options.get("cert"):
            raise ConfigError("client_certificate() needs the certificate: http_options={'cert': (file, key)}")
        return ""

    async def aget(self, options: Options, limit: float | None) -> str:
        """Return no token to a coroutine; see `get`."""
        return self.get(options, limit)

    def __repr__(self) -> str:
        return "client_certificate()"


def function_token(function: Callable[[], Any], *, token_type: str = JWT) -> Subject:
    """Return a subject token that a function, or a coroutine function, returns for each exchange."""
    return FunctionToken(function, token_type, "function_token()")


def file_token(path: str | PathLike[str], *, token_type: str = JWT) -> Subject:
    """Return a subject token from a file, which is read for each exchange."""

    def read() -> str:
        try:
            return Path(path).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            problem = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise CredentialError(f"the token file {path} cannot be read: {problem}", hint="Check its path.") from None

    return FunctionToken(read, token_type, f"the token file {path}", "Check what writes it.")


def kubernetes_token(path: str | PathLike[str] = _KUBERNETES) -> Subject:
    """Return the token of a service account of Kubernetes, from its file in the pod."""
    return file_token(path)


def github_token(audience: str = AUDIENCE) -> Subject:
    """Return the token of a job of GitHub Actions, which needs the permission `id-token: write`.

    Raises ConfigError if the variables are missing that GitHub sets for such a job.
    """
    url, key = (environ().get(f"ACTIONS_ID_TOKEN_REQUEST_{name}") for name in ("URL", "TOKEN"))
    if not url or not key:
        raise ConfigError("ACTIONS_ID_TOKEN_REQUEST_URL and _TOKEN are not set: the job needs `id-token: write`")
    server = TokenServer(url, method="GET")
    headers = {"Authorization": f"Bearer {key}"}
    return ServedToken(server, JWT, query={"audience": audience}, headers=headers, field="value")


def gcp_token(audience: str = AUDIENCE) -> Subject:
    """Return the identity token of a machine of Google Cloud, from its metadata server (GCE_METADATA_HOST)."""
    host = environ().get("GCE_METADATA_HOST") or "metadata.google.internal"
    url = f"http://{host}/computeMetadata/v1/instance/service-accounts/default/identity"
    server = TokenServer(url, method="GET", local=True, returns="text")
    return ServedToken(server, ID_TOKEN, query={"audience": audience}, headers={"Metadata-Flavor": "Google"})


def azure_token(
    resource: str = "https://management.azure.com/",
    *,
    client_id: str | None = None,
    url: str = "http://169.254.169.254/metadata/identity/oauth2/token",
) -> Subject:
    """Return the token of a managed identity of a machine of Azure, from its metadata server at `url`."""
    query = {"api-version": "2018-02-01", "resource": resource} | ({"client_id": client_id} if client_id else {})
    server = TokenServer(url, method="GET", local=True)
    return ServedToken(server, JWT, query=query, headers={"Metadata": "true"}, field="access_token")


def aws_token(audience: str = AUDIENCE, *, region: str | None = None, profile: str | None = None) -> Subject:
    """Return a token of AWS STS for the credentials that botocore finds; it needs the extra `aws`.

    The account needs outbound identity federation, and the principal sts:GetWebIdentityToken.
    """

    def ask() -> Any:
        from .aws import session_of

        client = session_of(profile).create_client("sts", region_name=region)
        reply = client.get_web_identity_token(Audience=[audience], DurationSeconds=300, SigningAlgorithm="RS256")
        return reply["WebIdentityToken"]

    return FunctionToken(ask, JWT, "aws_token()", _AWS_HINT)


def client_certificate() -> Subject:
    """Return the identity of the client certificate in `http_options={"cert": ...}`."""
    return ClientCertificate()
