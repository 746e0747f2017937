"""How a package reaches its API: servers by name, tokens of OAuth 2.0."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from ...faults.raw import Raw, always, reply
from ..packages import OK, Packages

HEAD = """\
openapi: 3.1.0
info: {title: T, version: '1'}
servers:
  - url: https://{region}.a.example/v1
    description: Production server
    variables: {region: {default: eu, enum: [eu, us]}, unused: {default: x}}
  - {url: '//sandbox.a.example'}
  - {url: /relative}
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


def test_servers_by_name(packages: Packages) -> None:
    """Each server with a whole URL is a function, and its variables are arguments."""
    made = packages(PATHS, "--naming", "operation-ids", head=HEAD)
    servers = part(made, "servers")
    assert servers.production() == "https://eu.a.example/v1"
    assert servers.production(region="us") == "https://us.a.example/v1"
    assert servers.sandbox() == "https://sandbox.a.example"
    assert not hasattr(servers, "relative")
    assert "| `api_base=servers.production(...)` | Production server |" in (packages.out / "README.md").read_text()


def test_one_plain_server_is_no_choice(packages: Packages) -> None:
    """A package with one server has no such module."""
    made = packages(PATHS, "--naming", "operation-ids", head=HEAD[: HEAD.index("servers:")])
    assert not Path(made.__file__).with_name("servers.py").exists()
    assert not Path(made.__file__).with_name("oauth.py").exists()


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
