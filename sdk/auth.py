"""Who calls: identities for `Client(auth=...)`, beside a key or a function that returns one.

    AzureAuth           Azure OpenAI: a key, or a token of Entra
    WorkloadIdentity    a token of the place where a program runs, exchanged for tokens of the API
    GoogleAuth          Vertex AI, with credentials of google-auth
    AWSAuth             Amazon Bedrock: a key, or signatures of AWS
    ClientCredentials   a source of tokens for a program, for Credential (OAuth 2.0)
    RefreshToken        a source of tokens for a person who has agreed, for Credential (OAuth 2.0)
    Credential          tokens of a source of your own (`TokenSource`), renewed once for all threads and tasks

Several clients may share one identity, and so its token. An `Auth` of your own adds what it likes to a request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._core.lazy import attributes

if TYPE_CHECKING:
    from ._core.auth.credential import Credential as Credential
    from ._core.auth.credential import TokenSource as TokenSource
    from ._core.auth.exchange import Subject as Subject
    from ._core.auth.protocol import Auth as Auth
    from ._core.auth.protocol import Outgoing as Outgoing
    from ._core.auth.protocol import Server as Server
    from ._core.auth.token_state import Token as Token
    from ._core.oauth.grants import ClientCredentials as ClientCredentials
    from ._core.oauth.grants import RefreshToken as RefreshToken
    from ._openai.identities.aws import AWSAuth as AWSAuth
    from ._openai.identities.azure import AzureAuth as AzureAuth
    from ._openai.identities.google import GoogleAuth as GoogleAuth
    from ._openai.identities.subjects import aws_token as aws_token
    from ._openai.identities.subjects import azure_token as azure_token
    from ._openai.identities.subjects import client_certificate as client_certificate
    from ._openai.identities.subjects import file_token as file_token
    from ._openai.identities.subjects import function_token as function_token
    from ._openai.identities.subjects import gcp_token as gcp_token
    from ._openai.identities.subjects import github_token as github_token
    from ._openai.identities.subjects import kubernetes_token as kubernetes_token
    from ._openai.identities.workload import WorkloadIdentity as WorkloadIdentity
else:
    _WHERE = {
        "AWSAuth": ".._openai.identities.aws",
        "AzureAuth": ".._openai.identities.azure",
        "GoogleAuth": ".._openai.identities.google",
        "WorkloadIdentity": ".._openai.identities.workload",
        **dict.fromkeys(("Credential", "TokenSource"), ".._core.auth.credential"),
        **dict.fromkeys(("Auth", "Outgoing", "Server"), ".._core.auth.protocol"),
        "Subject": ".._core.auth.exchange",
        "Token": ".._core.auth.token_state",
        "ClientCredentials": ".._core.oauth.grants",
        "RefreshToken": ".._core.oauth.grants",
        **dict.fromkeys(("aws_token", "azure_token", "client_certificate"), ".._openai.identities.subjects"),
        **dict.fromkeys(("file_token", "function_token", "gcp_token"), ".._openai.identities.subjects"),
        **dict.fromkeys(("github_token", "kubernetes_token"), ".._openai.identities.subjects"),
    }
    __all__ = sorted(_WHERE)
    __getattr__ = attributes(__name__, _WHERE)

    def __dir__() -> list[str]:
        return list(__all__)
