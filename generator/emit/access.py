"""Write how a package reaches its API: the servers by name, and the tokens of OAuth 2.0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from ..ir.oauth import TokenFlow
from ..ir.security import ServiceFacts
from ..ir.servers import NamedServer
from .header import header
from .prose import docstring

_CLASSES = {"client_credentials": "ClientCredentials", "refresh_token": "RefreshToken"}


def access_modules(service: ServiceFacts, common: Mapping[str, Any], templates: Environment) -> dict[str, str]:
    """Return the modules by name; a package with one server and without such flows has none."""
    found: dict[str, str] = {}
    if service.servers:
        found["servers.py"] = templates.get_template("package/servers.py.jinja").render(
            doc=docstring(f"The servers by name, for ``Client(api_base=servers.{service.servers[0].name}())``.", 0),
            **common, header=header("its servers"), servers=[_server(one) for one in service.servers],
            literal=any(values for one in service.servers for *_, values in one.variables),
        )  # fmt: skip
    if service.flows:
        found["oauth.py"] = templates.get_template("package/oauth.py.jinja").render(
            **common, header=header("its tokens"), flows=[_flow(one) for one in service.flows],
            grants=", ".join(sorted({_CLASSES[one.grant] for one in service.flows})),
            refreshes=any(one.grant == "refresh_token" for one in service.flows),
            literal=any(one.scopes for one in service.flows),
        )  # fmt: skip
    return found


def _server(server: NamedServer) -> dict[str, str]:
    arguments = [
        f"{argument}: {_literal(values)}" + ("" if default is None else f" = {default!r}")
        for argument, _, default, values in sorted(server.variables, key=lambda one: one[2] is not None)
    ]
    text, values = repr(server.url), ""
    if server.variables:
        names = {name: argument for argument, name, _, _ in server.variables}
        text = repr(server.url)
        for name, argument in names.items():
            text = text.replace(f"{{{name}}}", f"{{{argument}}}")
        text = f"{text}.format({', '.join(f'{argument}={argument}' for argument in names.values())})"
        values = f" Each argument is a part of its URL, {server.url}."
    doc = f"{_sentence(server.description)}{values or f' Its URL is {server.url}.'}"
    return {
        "name": server.name, "arguments": f"*, {', '.join(arguments)}" if arguments else "", "text": text,
        "doc": docstring(f"Return the base URL of a server. {doc}".strip()),
    }  # fmt: skip


def _literal(values: tuple[str, ...]) -> str:
    return f"Literal[{', '.join(map(repr, values))}] | str" if values else "str"


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


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return f"{text}." if text and text[-1] not in ".!?" else text
