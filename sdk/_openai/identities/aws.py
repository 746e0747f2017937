"""Amazon Bedrock: its OpenAI endpoints, with a key of Bedrock or with signatures of AWS."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Generator, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from ..._core.auth.foreign import foreign_failure
from ..._core.auth.keys import check_key
from ..._core.auth.protocol import Server
from ..._core.auth.signature import Signature, Signed
from ..._core.errors import ConfigError, CredentialError
from ..._core.errors.redact import Redacted
from ..._core.options.environment import environ
from ..._core.public import expose
from ..._core.runtime.fork import register_after_fork
from ..._core.validators import key_problem

if TYPE_CHECKING:
    from ..._core.auth.protocol import Outgoing
    from ..._core.effects import Ask
    from ..._core.errors import APIError

_HINT = "Check the credentials of AWS: AWS_PROFILE, AWS_ACCESS_KEY_ID, the role of the machine; or give api_key=."
_MISSING = "AWSAuth needs the region: give region= or api_base=, or set AWS_REGION"
_HOSTS = {
    "runtime": ("bedrock", "https://bedrock-runtime.{region}.amazonaws.com/openai/v1"),
    "mantle": ("bedrock-mantle", "https://bedrock-mantle.{region}.api.aws/v1"),
}


def session_of(profile: str | None) -> Any:
    """Return a session of botocore. Raises ConfigError if it is not installed."""
    try:
        from botocore.session import Session
    except ImportError:
        raise ConfigError("signatures of AWS need botocore: pip install 'openai-compatible-sdk[aws]'") from None
    return Session(profile=profile)


class BotocoreSigner:
    """Sign with Signature Version 4 by botocore, which also finds and renews the credentials."""

    def __init__(self, service: str, region: str, credentials: Any, profile: str | None) -> None:
        self._service, self._region, self._given, self._profile = service, region, credentials, profile
        self.after_fork()
        register_after_fork(self)

    def after_fork(self) -> None:
        """Find the credentials again: a thread of the parent may hold their locks."""
        self._found: Any = None
        self._lock = Lock()

    def is_ready(self) -> bool:
        """Return whether there are credentials that botocore need not renew."""
        found = self._found
        needs_refresh = getattr(found, "refresh_needed", None)
        return found is not None and not (needs_refresh is not None and needs_refresh())

    def sign(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Signed:
        """Return the headers of the signature, and those that it covers. Raises CredentialError."""
        signed, failure = None, None
        try:
            signed = self._sign(method, url, headers, body)
        except ConfigError:
            raise
        except Exception as error:
            failure = foreign_failure(self, error, _HINT)
        if failure is not None:
            raise failure
        if signed is None:
            raise CredentialError(f"{self!r} found no credentials", hint=_HINT)
        return signed

    def _sign(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Signed | None:
        credentials = self._credentials()
        if credentials is None:
            return None
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest

        # The hash of the body as a header: the service checks it against what arrives.
        covered = {**headers, "X-Amz-Content-SHA256": hashlib.sha256(body).hexdigest()}
        request = AWSRequest(method=method, url=url, data=body, headers=covered)
        frozen = credentials.get_frozen_credentials()
        SigV4Auth(frozen, self._service, self._region).add_auth(request)
        added = {name: value for name, value in request.headers.items() if name not in headers}
        secrets = (frozen.access_key, frozen.token, added["Authorization"].rpartition("=")[2])
        return Signed(added, tuple(secret for secret in secrets if secret))

    def _credentials(self) -> Any:
        with self._lock:  # all threads look for them once
            if self._found is None:
                self._found = session_of(self._profile).get_credentials() if self._given is None else self._given
            return self._found

    def renew(self, error: APIError) -> bool:
        """Look for the credentials again if the server says that they have expired."""
        if self._given is not None or "expired" not in f"{error.code} {error.type} {error.message}".lower():
            return False
        self._found = None
        return True

    def __repr__(self) -> str:
        return "botocore" if self._profile is None else f"botocore with the profile {self._profile}"


class AWSAuth:
    """Call Amazon Bedrock: `Client(auth=AWSAuth("us-east-1"))`.

    `api_key` (AWS_BEARER_TOKEN_BEDROCK), a key of Bedrock or a function that returns one, is sent as a bearer token.
    Without it requests are signed by botocore (extra `aws`) with `credentials`, which are botocore's, with those of
    `profile`, or with those that it finds. `region` is AWS_REGION or AWS_DEFAULT_REGION, else that of the profile.
    `endpoint` is "runtime" or "mantle", which offer different models; AWS_BEDROCK_BASE_URL replaces the URL of either.
    Raises: ConfigError for several identities, or without a region; calls raise CredentialError without credentials.
    """

    def __init__(
        self,
        region: str | None = None,
        *,
        api_key: str | Callable[[], str | Awaitable[str]] | None = None,
        credentials: Any = None,
        profile: str | None = None,
        endpoint: Literal["runtime", "mantle"] = "runtime",
    ) -> None:
        given = {"api_key": api_key, "credentials": credentials, "profile": profile}
        names = [name for name, value in given.items() if value is not None]
        if len(names) > 1:
            raise ConfigError(f"AWSAuth has several identities: give one of {' and '.join(names)}")
        if endpoint not in _HOSTS:
            raise ConfigError(f"the endpoint of AWSAuth is one of {', '.join(_HOSTS)}")
        variables = environ()
        if not names:
            api_key = variables.get("AWS_BEARER_TOKEN_BEDROCK") or None
        problem = None if api_key is None or callable(api_key) else key_problem(api_key)
        if problem is not None:
            raise ConfigError(f"the api_key of AWSAuth {problem}")
        region = region or variables.get("AWS_REGION") or variables.get("AWS_DEFAULT_REGION") or None
        if region is None and api_key is None:
            region = session_of(profile).get_config_variable("region")
        service, base = _HOSTS[endpoint]
        url = variables.get("AWS_BEDROCK_BASE_URL") or (None if region is None else base.format(region=region))
        self.server = Server(url, missing=_MISSING)
        self._key = Redacted(api_key) if isinstance(api_key, str) else api_key
        self._signature: Signature | None = None
        if api_key is None:
            if region is None:
                raise ConfigError(_MISSING)
            self._signature = Signature(BotocoreSigner(service, region, credentials, profile))

    def apply(self, outgoing: Outgoing) -> Generator[Ask, Any, None]:
        """Sign the request, or send the key."""
        if self._signature is not None:
            yield from self._signature.apply(outgoing)
            return
        source: Any = self._key
        if callable(source):
            source = check_key((yield from outgoing.ask(source)), "the function of AWSAuth")
        outgoing.keys += (source,)
        if "authorization" not in outgoing.headers:
            outgoing.headers["authorization"] = ("Authorization", Redacted(f"Bearer {source}"))

    def renew(self, outgoing: Outgoing, error: APIError) -> bool:
        """Return whether another attempt has other credentials."""
        return self._signature is not None and self._signature.renew(outgoing, error)

    def explain(self, outgoing: Outgoing, error: APIError) -> str | None:
        """Return what may be wrong."""
        return None if self._signature is None else self._signature.explain(outgoing, error)

    def __repr__(self) -> str:
        return f"<AWSAuth of {self.server.api_base}>"


expose(globals(), "auth", "AWSAuth")
