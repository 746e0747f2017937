"""Servers that a document names by a path alone: they are beside the document, where that has a URL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any
from urllib.parse import urljoin, urlsplit

from generator.document.location import Location, Url
from generator.document.shape import methods


def complete_servers(data: dict[str, Any], location: Location) -> None:
    """Give relative servers the address that the document came from, in place.

    A document of this machine keeps them: callers elsewhere cannot reach its address.
    Source: OpenAPI 3.1.1, section 4.8.5.
    """
    if not isinstance(location, Url) or _is_local(urlsplit(location.text).hostname or ""):
        return
    for server in _servers(data):
        url = server.get("url")
        if isinstance(url, str) and url and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\{", url):
            server["url"] = urljoin(location.text, url)


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _servers(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    items = [item for item in (data.get("paths") or {}).values() if isinstance(item, dict)]
    operations = [item[method] for item in items for method in methods(item) if isinstance(item[method], dict)]
    for owner in (data, *items, *operations):
        found = owner.get("servers")
        yield from (one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()
