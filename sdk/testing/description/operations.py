"""Which operation of the API a request calls, by its method, path and query."""

import re
from functools import cache

from .document import operations, template_of, websockets

#: The method of requests that are handshakes, and of the events of their clients.
WEBSOCKET = "WEBSOCKET"
_VARIABLE = re.compile(r"\{(\w+)\}")


def operation_of(method: str, path: str, query: str) -> str | None:
    """Return the name of an operation, such as "chat.create"; None if the API has no such operation.

    `path` begins with the path of the base URL. If two operations differ in their query alone, the one whose query is
    present wins.
    """
    found = None
    for pattern, fixed, name in _table().get("GET" if method == "HEAD" else method, ()):
        if pattern.fullmatch(path) and fixed in query:
            found = name
            if fixed:
                break
    return found


def path_parameters(name: str, path: str) -> dict[str, str]:
    """Return the path parameters of a request, by name."""
    match = _pattern(template_of(operations().get(name) or websockets()[name])[0]).fullmatch(path)
    return match.groupdict() if match else {}


@cache
def _table() -> dict[str, list[tuple[re.Pattern[str], str, str]]]:
    table: dict[str, list[tuple[re.Pattern[str], str, str]]] = {}
    # Fixed segments come after variables, so that the last match is the best: /videos/characters is not a video.
    sockets = {name: {"method": WEBSOCKET, **one} for name, one in websockets().items()}
    rows = sorted(
        {**operations(), **sockets}.items(), key=lambda row: _VARIABLE.sub("~", template_of(row[1])[0]), reverse=True
    )
    for name, operation in rows:
        path, query = template_of(operation)
        table.setdefault(operation["method"], []).append((_pattern(path), query, name))
    return table


def _pattern(template: str) -> re.Pattern[str]:
    parts = _VARIABLE.split(template)
    # A model's name may contain slashes.
    inner = {"model": ".+"}
    return re.compile(
        "".join(
            f"(?P<{part}>{inner.get(part, '[^/]+')})" if index % 2 else re.escape(part)
            for index, part in enumerate(parts)
        )
    )
