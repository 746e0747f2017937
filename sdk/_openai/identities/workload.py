"""Workload identity: a program proves where it runs, and gets tokens of the API for it; no key is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..._core.auth.credential import Credential
from ..._core.auth.exchange import Subject, TokenExchange
from ..._core.auth.protocol import Server
from ..._core.errors import ConfigError
from ..._core.public import expose
from .subjects import ClientCertificate, function_token
from .token_server import TokenServer

_TOKEN_URL = "https://auth.openai.com/oauth/token"
#: What takes client certificates has hosts of its own.
_TLS_TOKEN_URL = "https://mtls.auth.openai.com/oauth/token"
_TLS_API = "https://mtls.api.openai.com/v1"


class WorkloadIdentity(Credential):
    """Exchange the token of a workload for tokens of the API (RFC 8693): `Client(auth=WorkloadIdentity(...))`.

    `identity_provider_id` and `service_account_id` are those of the organization. `subject` says who the program is:
    `kubernetes_token()`, `github_token()`, `aws_token()`, `gcp_token()`, `azure_token()`, `file_token(path)`,
    `client_certificate()`, or a function that returns a token. A token is renewed `early` seconds before its end, or at
    half of its lifetime if that is later.
    Raises: ConfigError for an empty identifier; calls raise CredentialError if there is no token.
    """

    def __init__(
        self,
        identity_provider_id: str,
        service_account_id: str,
        *,
        subject: Subject | Callable[[], Any],
        token_url: str | None = None,
        early: float = 1200.0,
    ) -> None:
        if not identity_provider_id or not service_account_id:
            raise ConfigError("WorkloadIdentity needs identity_provider_id and service_account_id")
        found: Any = subject if hasattr(subject, "aget") else function_token(subject)
        by_certificate = isinstance(found, ClientCertificate)
        endpoint = TokenServer(token_url or (_TLS_TOKEN_URL if by_certificate else _TOKEN_URL))
        fields = {"identity_provider_id": identity_provider_id, "service_account_id": service_account_id}
        self.server = Server(_TLS_API if by_certificate else None)
        super().__init__(TokenExchange(endpoint, found, fields), early=early)


expose(globals(), "auth", "WorkloadIdentity")
