"""The server of a document: one base URL for the whole package, or "" if the caller has to pass it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ..document.pointer import escape
from ..document.shape import methods
from ..errors import GeneratorError
from ..normalise.components import numbered
from .operation_ids import snake_case

#: The default of OpenAPI (3.1.1, section 4.8.1).
_DEFAULT: Sequence[Mapping[str, Any]] = ({"url": "/"},)


class Server(NamedTuple):
    """A server: its URL in the document, with its variables, and as a base URL, "" if the URL is relative."""

    declared: str
    base: str

    @property
    def where(self) -> str:
        """The base URL, else the declared one; servers at the same place have the same."""
        return self.base or self.declared


class Choice(NamedTuple):
    """A server that a client can choose: its name, its URL, and its variables: default and allowed values by name."""

    name: str
    url: str
    variables: dict[str, tuple[str, tuple[str, ...]]]


#: Words of descriptions that every server has.
_COMMON = frozenset(
    {"the", "a", "an", "of", "for", "and", "server", "servers", "api", "url", "base", "endpoint", "environment", "our"}
)
_NAMES = ("name", "x-speakeasy-server-id", "x-fern-server-name", "x-sdk-name")


def choices_of(document: Mapping[str, Any]) -> tuple[Choice, ...]:
    """Return the servers of a document by name, none where there is nothing to choose.

    The name is that of the document (OpenAPI 3.2), else up to three words of its description, else of its host.
    """
    found: dict[str, Choice] = {}
    for server in document.get("servers") or ():
        url = str(server.get("url", "")).strip().rstrip("/")
        if not re.match(r"(https?:)?//", url, re.IGNORECASE) or _problem(re.sub(r"\{[^}]*\}", "x", _absolute(url))):
            continue
        variables = {
            name: (str(one.get("default", "")), tuple(map(str, one.get("enum") or ())))
            for name, one in (server.get("variables") or {}).items() if f"{{{name}}}" in url
        }  # fmt: skip
        if set(re.findall(r"\{([^}]*)\}", url)) == variables.keys():
            name = numbered(_name_of(server, url, first=not found), found, "_")
            found[name] = Choice(name, url, variables)
    several = len(found) > 1 or any(one.variables for one in found.values())
    return tuple(found.values()) if several else ()


def _name_of(server: Mapping[str, Any], url: str, *, first: bool) -> str:
    given = next((str(server[key]) for key in _NAMES if server.get(key)), "")
    if given:
        return given
    words = [w for w in re.findall(r"[a-z0-9]+", str(server.get("description") or "").lower()) if w not in _COMMON]
    if 0 < len(words) <= 3:
        return "_".join(words)
    label = _absolute(url).partition("//")[2].partition(".")[0].partition(":")[0]
    plain = re.fullmatch(r"[A-Za-z][\w-]*", label) and label not in ("api", "www")
    return snake_case(label) if plain else "default" if first else "other"


def _absolute(url: str) -> str:
    return f"https:{url}" if url.startswith("//") else url


def server_of(document: Mapping[str, Any]) -> Server:
    """Return the server of a whole document: its own, else the one that all operations agree on.

    Raises: GeneratorError for a URL that no client can have as its base, or where no server speaks HTTP.
    Source: OpenAPI 3.1.1, sections 4.8.5 and 4.8.6.
    """
    if document.get("servers"):
        return _chosen(document["servers"], "/servers")
    found = {
        server.where: server for server in (_chosen(servers, pointer) for pointer, servers in _by_operation(document))
    }
    return next(iter(found.values())) if len(found) == 1 else _chosen(_DEFAULT, "/servers")


def own_server(document: Mapping[str, Any], item: Mapping[str, Any], raw: Mapping[str, Any], pointer: str) -> str:
    """Return the base URL of an operation that is on another server than the rest, "" for one that is not.

    It is a path alone where the document names no host. Raises: GeneratorError for a URL that no client can have.
    """
    for where, servers in ((pointer, raw.get("servers")), (pointer.rpartition("/")[0], item.get("servers"))):
        if servers:
            own, default = _chosen(servers, f"{where}/servers"), server_of(document)
            if own.where.rstrip("/") == default.where.rstrip("/"):
                return ""
            if own.base or (own.declared.startswith("/") and "{" not in own.declared):
                return own.base or own.declared.rstrip("/") or "/"
            raise GeneratorError(
                f"the operation is at {own.declared}, which is not a complete URL", pointer=f"{where}/servers",
                hint="give its variables a default in spec/overlay.yaml, or remove these servers",
            )  # fmt: skip
    return ""


def _by_operation(document: Mapping[str, Any]) -> list[tuple[str, Sequence[Mapping[str, Any]]]]:
    """Return the servers of each operation, with their pointer."""
    found: list[tuple[str, Sequence[Mapping[str, Any]]]] = []
    for path, item in (document.get("paths") or {}).items():
        for method in methods(item) if path.startswith("/") else ():
            here = f"/paths/{escape(path)}"
            own = (f"{here}/{method}/servers", item[method].get("servers"))
            found.append(next((p, s) for p, s in (own, (f"{here}/servers", item.get("servers") or _DEFAULT)) if s))
    return found


def _chosen(servers: Sequence[Mapping[str, Any]], pointer: str) -> Server:
    """Return the first server that speaks HTTP; the list may have WebSockets and queues."""
    for index, server in enumerate(servers):
        declared = _with_defaults(server)
        scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", declared)
        if scheme is None or scheme[1].lower() in ("http", "https"):
            return Server(declared, _base(declared, f"{pointer}/{index}/url"))
    raise GeneratorError(
        "no server speaks HTTP", pointer=pointer, hint="add one with an http:// or https:// URL in spec/overlay.yaml"
    )


def _with_defaults(server: Mapping[str, Any]) -> str:
    url = str(server.get("url", "/")).strip()
    for name, variable in (server.get("variables") or {}).items():
        if "default" in variable:
            url = url.replace(f"{{{name}}}", str(variable["default"]))
    return url


def _base(declared: str, pointer: str) -> str:
    """Return an absolute URL without its last slash; "" for one that is relative, or has variables without a value."""
    if "{" in declared:
        return ""
    url = f"https:{declared}" if declared.startswith("//") else declared
    if not re.match(r"https?:", url, re.IGNORECASE):
        return ""
    if problem := _problem(url):
        raise GeneratorError(
            f"the server's URL {declared!r} {problem}", pointer=pointer,
            hint="write the base URL alone, such as https://api.example/v1, in spec/overlay.yaml",
        )  # fmt: skip
    scheme, _, rest = url.partition(":")
    return f"{scheme.lower()}:{rest}".rstrip("/")


_UNREADABLE = "has no host, or one that cannot be read"


def _problem(url: str) -> str:
    """Return what is wrong with a base URL by the rules of the runtime, or ""."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return _UNREADABLE
    if not host or any(c <= " " or c in "\x7f\\" for c in url):
        return _UNREADABLE
    if parts.query or parts.fragment:
        return "holds a query or a fragment"
    return "holds a user name or password" if "@" in parts.netloc else ""
