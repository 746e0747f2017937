"""Tokens of OAuth 2.0 in a package."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from ...faults.raw import Raw, always, reply
from ..packages import OK, Packages

HEAD = """\
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://eu.a.example/v1}]
"""
PATHS = f"paths: {{/things: {{get: {{operationId: listThings, {OK}}}}}}}\n"
SCHEME = """\
security: [{o: [read]}]
components:
  securitySchemes:
    o:
      type: oauth2
      flows:
        clientCredentials: {tokenUrl: /token, scopes: {read: Read.}}
        authorizationCode: {authorizationUrl: https://a.example/a, tokenUrl: https://a.example/t, scopes: {}}
"""


def part(made: Any, name: str) -> Any:
    """Import a module of a package."""
    return importlib.import_module(f"{made.__name__}.{name}")


def test_no_flow_no_module(packages: Packages) -> None:
    """A package without OAuth 2.0 has no such module, and carries nothing for it."""
    made = packages(PATHS, "--naming", "operation-ids", head=HEAD)
    home = Path(made.__file__).parent
    assert not (home / "oauth.py").exists()
    assert not (home / "_core/oauth").exists()


def test_tokens(packages: Packages) -> None:
    """The flows of a scheme are functions whose credential fetches a token, with the first call alone."""
    made = packages(PATHS + SCHEME, "--naming", "operation-ids", head=HEAD)
    oauth = part(made, "oauth")
    assert repr(oauth.client_credentials("i", "s")) == "<Credential of https://eu.a.example/token>"
    assert repr(oauth.refresh_token("r", "i")) == "<Credential of https://a.example/t>"
    token = b'{"access_token": "t1", "expires_in": 3600}'
    with Raw(always(reply(token), reply(b"", "204 No Content", ""))) as server:
        identity = oauth.client_credentials("i", "s", scopes=["read"], token_url=f"{server.url}/token")
        with made.Client(api_base=server.url, auth=identity) as client:
            client.things.list.sync()
            client.things.list.sync()
        requests = server.requests
    assert [one.split()[1] for one in requests] == [b"/v1/token", b"/v1/things", b"/v1/things"]
    assert requests[0].endswith(b"\r\n\r\ngrant_type=client_credentials&scope=read")
    assert b"bearer t1" in requests[2].lower()
