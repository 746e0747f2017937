"""Google Cloud: tokens of google-auth, for the OpenAI endpoint of Vertex AI."""

from __future__ import annotations

import time
from datetime import UTC
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..._core.auth.credential import Credential
from ..._core.auth.foreign import foreign_failure
from ..._core.auth.protocol import Server
from ..._core.auth.token_state import Token
from ..._core.errors import ConfigError
from ..._core.options.environment import environ
from ..._core.public import expose

if TYPE_CHECKING:
    from ..._core.options.resolve import Options

_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
_HINT = "Check the credentials of google-auth: `gcloud auth application-default login`, or the service account."
_MISSING = "GoogleAuth needs the project: give project= or api_base=, or set GOOGLE_CLOUD_PROJECT"


class GoogleToken:
    """A source of tokens: credentials of google-auth, or those of the environment."""

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials
        self._scoped: Any = None

    def fetch(self, options: Options, limit: float | None) -> Token:
        """Return a new token. Raises CredentialError."""
        found, failure = None, None
        try:
            found = self._refresh()
        except ConfigError:
            raise
        except Exception as error:
            failure = foreign_failure(self, error, _HINT)
        return _token_of(found, failure)

    async def afetch(self, options: Options, limit: float | None) -> Token:
        """Return a new token to a coroutine; see `fetch`."""
        from anyio import to_thread  # a dependency of httpx

        found, failure = None, None
        try:
            found = await to_thread.run_sync(self._refresh, abandon_on_cancel=True)
        except ConfigError:
            raise
        except Exception as error:
            failure = foreign_failure(self, error, _HINT)
        return _token_of(found, failure)

    def _refresh(self) -> Any:
        """Return the credentials with a new token; google-auth has no coroutines for all kinds of them."""
        try:
            import google.auth
            import google.auth.credentials as kinds
            from google.auth.transport.requests import Request
        except ImportError:
            raise ConfigError("GoogleAuth needs google-auth: pip install 'openai-compatible-sdk[google]'") from None
        if self._scoped is None:
            if self._credentials is None:
                self._scoped = google.auth.default(scopes=_SCOPES)[0]
            else:
                scope: Any = kinds.with_scopes_if_required  # it has no types
                self._scoped = scope(self._credentials, scopes=_SCOPES)
        request = Request()
        try:
            self._scoped.refresh(request)
        finally:
            request.session.close()
        return self._scoped

    def __repr__(self) -> str:
        return "google-auth" if self._credentials is None else f"the credentials {type(self._credentials).__name__}"


def _token_of(found: Any, failure: Exception | None) -> Token:
    if failure is not None:
        raise failure
    if found.expiry is None:
        return Token(found.token)
    return Token(found.token, found.expiry.replace(tzinfo=UTC).timestamp() - time.time())


class GoogleAuth(Credential):
    """Call Vertex AI with the identity of Google Cloud: `Client(auth=GoogleAuth(project="my-project"))`.

    `credentials` are those of google-auth (extra `google`), else those of the environment. `project` and `location` are
    GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION, else "global"; `endpoint` is "openapi", or the id of an endpoint of
    your own. Models are named "google/...".
    Raises: ConfigError for a client without project and `api_base=`; calls raise CredentialError if there is no token.
    """

    def __init__(
        self,
        credentials: Any = None,
        *,
        project: str | None = None,
        location: str | None = None,
        endpoint: str = "openapi",
    ) -> None:
        project = project or environ().get("GOOGLE_CLOUD_PROJECT") or None
        location = location or environ().get("GOOGLE_CLOUD_LOCATION") or "global"
        base = None
        if project is not None:
            host = "aiplatform.googleapis.com" if location == "global" else f"{location}-aiplatform.googleapis.com"
            parts = (quote(part, safe="") for part in (project, location, endpoint))
            base = "https://{}/v1/projects/{}/locations/{}/endpoints/{}".format(host, *parts)
        self.server = Server(base, missing=_MISSING)
        super().__init__(GoogleToken(credentials))


expose(globals(), "auth", "GoogleAuth")
