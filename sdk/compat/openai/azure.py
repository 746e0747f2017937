"""Clients of Azure OpenAI, with the options of the official package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...auth import AzureAuth
from ...errors import SDKError
from .clients import AsyncOpenAI, BaseClient, OpenAI
from .errors import translated
from .options import DEFAULT_MAX_RETRIES
from .sentinels import NOT_GIVEN


class BaseAzureClient(BaseClient):
    """What both clients are: an identity of Azure in place of a key."""

    _kept = ("_api_version", "_azure_deployment", "_azure_key")
    _api_version: str | None
    _azure_key: Any

    def __init__(
        self,
        *,
        api_version: str | None = None,
        azure_endpoint: str | None = None,
        azure_deployment: str | None = None,
        api_key: Any = None,
        azure_ad_token: str | None = None,
        azure_ad_token_provider: Any = None,
        base_url: Any = None,
        timeout: Any = NOT_GIVEN,
        max_retries: int = DEFAULT_MAX_RETRIES,
        default_headers: Mapping[str, Any] | None = None,
        default_query: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """Create a client.

        The endpoint, the key or token, and the version come from AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY,
        AZURE_OPENAI_AD_TOKEN and OPENAI_API_VERSION where they are left out.
        """
        token = azure_ad_token_provider or azure_ad_token
        endpoint = azure_endpoint
        if base_url is not None:
            endpoint, azure_deployment = _of_base_url(str(base_url), azure_deployment)
        try:
            auth = AzureAuth(
                endpoint, api_key=None if token else api_key, token=token, api_version=api_version,
                deployment=azure_deployment,
            )  # fmt: skip
        except SDKError as error:
            raise translated(_by_name_here(error))  # noqa: B904 - it is the same error
        self.__dict__["_azure_key"] = api_key
        self.__dict__["_api_version"], self.__dict__["_azure_deployment"] = api_version, azure_deployment
        super().__init__(
            auth=auth, timeout=timeout, max_retries=max_retries, default_headers=default_headers,
            default_query=default_query, **options,
        )  # fmt: skip

    @property
    def api_key(self) -> str:
        """The key, "" for a token."""
        return self._azure_key if isinstance(self._azure_key, str) else ""

    @property
    def auth_headers(self) -> dict[str, str]:
        """Nothing: the identity signs the calls."""
        return {}

    def _connect(self) -> None:
        try:
            super()._connect()
        except SDKError as error:
            raise _by_name_here(error)  # noqa: B904 - it is the same error


def _by_name_here(error: SDKError) -> SDKError:
    """Return an error whose message has the names of the options here."""
    names = (("AzureAuth", "the client"), (" endpoint=", " azure_endpoint="), (" token=", " azure_ad_token="))
    for ours, here in names:
        error.args = tuple(one.replace(ours, here) if isinstance(one, str) else one for one in error.args)
    return error


def _of_base_url(url: str, deployment: str | None) -> tuple[str, str | None]:
    """Return the endpoint of a base URL, and the deployment that it names."""
    endpoint, _, path = url.rstrip("/").partition("/openai")
    named = path.removeprefix("/deployments/") if path.startswith("/deployments/") else None
    return endpoint, deployment or named


class AzureOpenAI(BaseAzureClient, OpenAI):
    """A client of Azure OpenAI that blocks."""


class AsyncAzureOpenAI(BaseAzureClient, AsyncOpenAI):
    """A client of Azure OpenAI for coroutines."""
