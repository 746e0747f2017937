"""The server of a client, chosen by its name in the document and by the values of its variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import ConfigError

if TYPE_CHECKING:
    from ..service import Server, Service


def with_server(given: Mapping[str, Any], service: Service, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return options in which the base URL takes the place of `server` and `server_variables`.

    In the environment, `{PREFIX}_SERVER` and `{PREFIX}_{VARIABLE}` say the same, where there is no base URL.
    Raises: ConfigError for a server or a value that the document does not have.
    """
    found = dict(given)
    name, values = found.pop("server", None), found.pop("server_variables", None)
    elsewhere = found.get("api_base") is not None
    if elsewhere and (name is not None or values):
        raise ConfigError("server= and api_base= name two servers: give one of them")
    if elsewhere or (name is None and not values and _has_base(service, environ)):
        return found
    source = "server="
    if name is None and environ.get(service.variable("server")):
        name, source = environ[service.variable("server")], service.variable("server")
    server = _chosen(service, name, source)
    known = {one: environ[service.variable(one)] for one in server.variables if environ.get(service.variable(one))}
    if name is None and not values and not known:
        return found
    return {**found, "api_base": _filled(server, {**known, **_checked(server, values)})}


def _has_base(service: Service, environ: Mapping[str, str]) -> bool:
    return any(environ.get(service.variable(name)) for name in ("api_base", "base_url"))


def _chosen(service: Service, name: object, source: str) -> Server:
    if name is None:
        return next(iter(service.servers.values()))
    found = service.servers.get(str(name)) or next((one for one in service.servers.values() if one.url == name), None)
    if found is None:
        known = ", ".join(map(repr, service.servers))
        raise ConfigError(
            f"{source.rstrip('=')} is {name!r}, which is not a server of {service.title}; there are {known}"
        )
    return found


def _checked(server: Server, values: object) -> Mapping[str, str]:
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise ConfigError(f"server_variables must be a mapping of names to values, not {type(values).__name__}")
    for name in values:
        if name not in server.variables:
            known = ", ".join(map(repr, server.variables)) or "none"
            raise ConfigError(
                f"server_variables has {name!r}, which is not a variable of {server.url}; there are {known}"
            )
    return values


def _filled(server: Server, values: Mapping[str, str]) -> str:
    url = server.url
    for name, (default, allowed) in server.variables.items():
        value = str(values.get(name, default))
        if (allowed and value not in allowed) or not re.fullmatch(r"[\w.~:/@!$&'()*+,;=%-]*", value):
            wanted = f"; it can be {', '.join(map(repr, allowed))}" if allowed else ""
            raise ConfigError(f"the server variable {name} is {value!r}, which the document does not allow{wanted}")
        if not value:
            raise ConfigError(f"the server variable {name} has no value: server_variables={{{name!r}: ...}}")
        url = url.replace(f"{{{name}}}", value)
    return f"https:{url}" if url.startswith("//") else url
