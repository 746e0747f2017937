"""The base URL of an operation that has a server of its own."""

from __future__ import annotations

from urllib.parse import urlsplit


def base_of(server: str, declared: str, given: str) -> str:
    """Return the base URL of an operation for a client at `given`; `declared` is the base URL of the whole API.

    A client at the API's own base URL goes to the operation's server. One that was sent elsewhere, to a gateway or a
    local server, keeps to that origin, so that no key goes to a host that the caller did not name: the path of the
    operation's server takes the place of that of the API.
    """
    there = urlsplit(server)
    if there.netloc and given == declared:
        return server
    parts = urlsplit(given)
    origin, own = f"{parts.scheme}://{parts.netloc}", urlsplit(declared).path
    before = parts.path.removesuffix(own) if own and parts.path.endswith(own) else ""
    return f"{origin}{before}{there.path}".rstrip("/")
