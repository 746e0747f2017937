"""Which operation of the API a request is, by its method, path and query."""

import re
from functools import cache
from typing import Any

from .document import description

_VARIABLE = re.compile(r"\{(\w+)\}")


def operation_of(method: str, path: str, query: str) -> str | None:
    """Return the name of an operation, such as "chat.create", or None for what the API does not have.

    `path` begins with /v1. Of two operations that differ in their query alone, the one whose query is there is meant.
    """
    found = None
    for pattern, fixed, name in _table().get("GET" if method == "HEAD" else method, ()):
        if pattern.fullmatch(path) and fixed in query:
            found = name
            if fixed:
                break
    return found


def path_parameters(name: str, path: str) -> dict[str, str]:
    """Return what stands in a request's path for the variables of its operation."""
    match = _pattern(description()[0][name]["path"].partition("?")[0]).fullmatch(path)
    return match.groupdict() if match else {}


@cache
def _table() -> dict[str, list[tuple[re.Pattern[str], str, str]]]:
    table: dict[str, list[tuple[re.Pattern[str], str, str]]] = {}
    operations: dict[str, dict[str, Any]] = description()[0]
    # What is fixed is tried after what varies, so that the last match is the best: /videos/characters is no video.
    for name, operation in sorted(operations.items(), key=lambda row: _VARIABLE.sub("~", row[1]["path"]), reverse=True):
        path, _, query = operation["path"].partition("?")
        table.setdefault(operation["method"], []).append((_pattern(path), query, name))
    return table


def _pattern(template: str) -> re.Pattern[str]:
    parts = _VARIABLE.split(template)
    # A model's name may have slashes in it.
    inner = {"model": ".+"}
    return re.compile(
        "/v1"
        + "".join(
            f"(?P<{part}>{inner.get(part, '[^/]+')})" if index % 2 else re.escape(part)
            for index, part in enumerate(parts)
        )
    )
