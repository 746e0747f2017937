"""Sign each request, with a signer that knows the algorithm and the credentials."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ..errors import CredentialError, RequestError
from ..errors.redact import Redacted
from .clock import clock_hint

if TYPE_CHECKING:
    from ..effects import Ask
    from ..errors import APIError
    from .protocol import Outgoing


class Signed(NamedTuple):
    """The headers to add, and what of them no error may show."""

    headers: Mapping[str, str]
    secrets: tuple[str, ...]


class _Hidden(Redacted):
    """A value that tracebacks hide; an error hides the secrets in it, and not the words around them."""

    __slots__ = ()


class Signer(Protocol):
    """An algorithm with its credentials."""

    def is_ready(self) -> bool:
        """Return whether `sign` does no input or output: it has credentials that are valid."""

    def sign(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Signed:
        """Return the headers of a signature. Raises CredentialError."""

    def renew(self, error: APIError) -> bool:
        """Drop credentials that have expired by what the server says; return whether there will be others."""


class Signature:
    """Sign the method, the URL, the content type and the body of each attempt."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def apply(self, outgoing: Outgoing) -> Generator[Ask, Any, None]:
        """Add the headers of the signature. Raises RequestError for a body that is not in memory."""
        content = outgoing.content
        if content.stream is not None:
            raise RequestError(
                f"{outgoing.request.spec.name}: a signed request needs its body in memory, and this one is sent from a "
                "file or is too large; use a key instead of a signature"
            )
        headers = {"Content-Type": content.content_type} if content.content_type else {}
        spec = outgoing.request.spec
        sign = partial(self._signer.sign, spec.method, outgoing.origin + outgoing.target, headers, content.data or b"")
        try:
            signed = sign() if self._signer.is_ready() else (yield from outgoing.ask(sign, partial(_in_thread, sign)))
        except CredentialError as error:
            error.request = outgoing.info
            raise
        outgoing.keys += signed.secrets
        for name, value in signed.headers.items():
            outgoing.headers[name.lower()] = (name, _Hidden(value))

    def renew(self, outgoing: Outgoing, error: APIError) -> bool:
        """Return whether another attempt has other credentials."""
        return self._signer.renew(error)

    def explain(self, outgoing: Outgoing, error: APIError) -> str | None:
        """Return what may be wrong: a signature is valid for some minutes."""
        return clock_hint(error.headers, time.time())


async def _in_thread(function: Any) -> Any:
    from anyio import to_thread  # a dependency of httpx

    return await to_thread.run_sync(function, abandon_on_cancel=True)
