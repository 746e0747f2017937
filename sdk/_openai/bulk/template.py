"""Fill a template with the columns of a line: `{name}` is a column, `{{` and `}}` are braces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .errors import SourceError

_PLACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def filled(template: Any, columns: Mapping[str, Any], where: str) -> Any:
    """Return the template with the values of the columns in its strings.

    Raises: SourceError for a column that the line does not have.
    """
    if isinstance(template, str):
        return _PLACES.sub(lambda found: _value(found, columns, where), template)
    if isinstance(template, Mapping):
        return {name: filled(value, columns, where) for name, value in template.items()}
    if isinstance(template, list | tuple):
        return [filled(value, columns, where) for value in template]
    return template


def _value(found: re.Match[str], columns: Mapping[str, Any], where: str) -> str:
    if found[1] is None:
        return found[0][0]
    try:
        value = columns[found[1]]
    except KeyError:
        names = ", ".join(map(str, columns)) or "none"
        raise SourceError(f"{where}: there is no column {found[1]!r} for the template; there are {names}") from None
    return "" if value is None else str(value)
