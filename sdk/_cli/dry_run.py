"""The request that a command would send, for reading, for programs, and as a command of curl."""

from __future__ import annotations

import json
import shlex
from typing import Any, NamedTuple

from .._core.request.serialize import build_headers

#: Headers that curl sets itself, or that say nothing of the call.
_OWN = {"accept-encoding", "user-agent", "content-length"}


class Preview(NamedTuple):
    """A request as it is sent. Keys are variables of the environment, and never values."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None

    def to_dict(self) -> dict[str, Any]:
        """Return the request for programs; a body that is no JSON is its length."""
        return {
            "method": self.method, "url": self.url, "headers": self.headers, "body": self._json(), "curl": self.curl(),
        }  # fmt: skip

    def _json(self) -> Any:
        if self.body is None:
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            return {"bytes": len(self.body)}

    def curl(self) -> str:
        """Return the request as a command for a shell."""
        parts = ["curl", "-X", self.method, shlex.quote(self.url)]
        for name, value in self.headers.items():
            if name.lower() not in _OWN:
                # Double quotes let the shell put in the key.
                text = f"{name}: {value}"
                parts += ["-H", f'"{text}"' if "$" in value else shlex.quote(text)]
        if self.body is not None:
            try:
                parts += ["--data-raw", shlex.quote(self.body.decode())]
            except UnicodeDecodeError:
                parts += ["--data-binary", "@BODY"]
        return " ".join(parts)

    def text(self) -> str:
        """Return the request for people."""
        lines = [f"{self.method} {self.url}", *(f"{name}: {value}" for name, value in self.headers.items())]
        if self.body is not None:
            found = self._json()
            lines += ["", json.dumps(found, indent=2, ensure_ascii=False)]
        return "\n".join([*lines, "", self.curl()])


def preview(client: Any, request: Any) -> Preview:
    """Return what `client.send(request)` sends at its first attempt.

    Raises: RequestError for a request that cannot be sent.
    """
    context = client._context
    content = request.content()
    body = content.data
    if content.stream is not None:
        body = b"".join(content.stream)
        content.close()
    built = build_headers(context.defaults, request, content)
    headers = {name: value if not _secret(name, value) else "***" for name, value in built.values()}
    url = context.url(request)
    for header, place, value in _keys(context, request.spec.security):
        if place == "header":
            headers[header] = value
        elif place == "query":
            url += f"{'&' if '?' in url else '?'}{header}={value}"
    return Preview(request.method, url, headers, body)


def _secret(name: str, value: str) -> bool:
    from .._core.errors.redact import Redacted

    return isinstance(value, Redacted) and name.lower() in ("authorization", "cookie", "api-key", "x-api-key")


def _keys(context: Any, security: tuple[tuple[str, ...], ...]) -> list[tuple[str, str, str]]:
    """Return the places of the keys, with the variables of the environment that hold them."""
    service, options = context.service, context.options
    if not security:
        return []
    if service.schemes:
        found = [(name, service.schemes[name]) for name in security[0] if name in service.schemes]
        return [(s.name, s.place, f"{s.prefix} ${service.variable(name)}".strip()) for name, s in found]
    admin = security[0] == ("admin_api_key",)
    variable = service.variable("admin_key" if admin else "api_key")
    return [(options.auth_header, "header", f"{options.auth_scheme} ${variable}".strip())]
