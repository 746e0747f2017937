"""Write the module of a package that fetches the tokens of OAuth 2.0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from ..ir.oauth import TokenFlow
from ..ir.security import ServiceFacts
from .header import header
from .prose import docstring

_CLASSES = {"client_credentials": "ClientCredentials", "refresh_token": "RefreshToken"}


def token_module(service: ServiceFacts, common: Mapping[str, Any], templates: Environment) -> dict[str, str]:
    """Return the module by its name; a package without flows that a program can follow has none."""
    found: dict[str, str] = {}
    if service.flows:
        found["oauth.py"] = templates.get_template("package/oauth.py.jinja").render(
            **common, header=header("its tokens"), flows=[_flow(one) for one in service.flows],
            grants=", ".join(sorted({_CLASSES[one.grant] for one in service.flows})),
            refreshes=any(one.grant == "refresh_token" for one in service.flows),
            literal=any(one.scopes for one in service.flows),
        )  # fmt: skip
    return found


def _flow(flow: TokenFlow) -> dict[str, str]:
    what = {
        "client_credentials": "Authenticate as a program, with the client credentials grant (RFC 6749, section 4.4).",
        "refresh_token": "Authenticate for a person who has agreed, with a refresh token (RFC 6749, section 6). A "
        "server may send another one with each token, which `on_rotated` gets.",
    }[flow.grant]  # fmt: skip
    more = (
        "A token is fetched with the first call, renewed before its end and after a 401, and shared by all clients "
        "that have this credential. `fields` go into the request for a token, such as `audience`; with `in_body` id "
        "and secret do, too."
    )  # fmt: skip
    scopes = ", ".join(map(repr, flow.scopes))
    return {
        "name": flow.name, "grant": flow.grant, "scope": f"Literal[{scopes}] | str" if scopes else "str",
        "default": f" = {flow.token_url!r}" if flow.token_url else "",
        "doc": docstring(f"{what}\n\n{more} The security scheme is `{flow.scheme}`."),
    }  # fmt: skip
