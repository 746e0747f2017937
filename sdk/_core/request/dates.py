"""Dates among arguments: a datetime is not a full-date, and without a time zone it is not a date-time (RFC 3339)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from ..errors import RequestError
from ..model import ApiModel, changed_values

#: The formats of an argument: that of a str, [those of items], {key: those of a member} with "*" for all other keys, or
#: a tuple of these.
Dates = Any


def check_dates(dates: Dates, value: Any, where: str) -> None:
    """Raise RequestError for a date or datetime that is not of the format at its place; `where` names the place."""
    if isinstance(value, date):
        problem = _problem(_part(dates, str), value)
        if problem:
            raise RequestError(f"{where or 'the body'}: {problem}")
    elif isinstance(value, Mapping | ApiModel):
        members = changed_values(value) if isinstance(value, ApiModel) else value
        known = _part(dates, dict) or {}
        for key, inner in members.items() if known else ():
            if (inner_dates := known.get(key, known.get("*"))) is not None:
                check_dates(inner_dates, inner, f"{where}.{key}" if where else str(key))
    elif isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        for index, item in enumerate(value) if (items := _part(dates, list)) else ():
            check_dates(items[0], item, f"{where}[{index}]")


def _part(dates: Dates, kind: type) -> Any:
    """Return what is known of values of one JSON type."""
    return next((part for part in (dates if isinstance(dates, tuple) else (dates,)) if isinstance(part, kind)), None)


def _problem(format_: str | None, value: date) -> str | None:
    if format_ is None:
        return None
    if not isinstance(value, datetime):
        return "a date is no date-time: pass a datetime with a time zone" if format_ == "date-time" else None
    if format_ == "date":
        return "a datetime is no date: pass its .date()"
    return None if value.tzinfo is not None else "a datetime without a time zone is no date-time: pass one with tzinfo"
