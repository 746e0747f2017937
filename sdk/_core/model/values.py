"""Read values from JSON, nested strings, packed numbers, dates, and write JSON for people."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID


def text_at(value: Any, *path: str | int | dict[str, str]) -> str:
    """Return the strings at a path, joined. A step is a key, an index, or the values of the list items to follow."""
    found = [value]
    for step in path:
        if isinstance(step, dict):
            found = [
                item
                for items in found
                if isinstance(items, list)
                for item in items
                if all(_value(item, key) == wanted for key, wanted in step.items())
            ]
        elif isinstance(step, int):
            found = [items[step] for items in found if isinstance(items, list) and len(items) > step]
        else:
            found = [_value(item, step) for item in found]
    return "".join(map(content_text, found))


def vendor_text(model: Any, key: str) -> str | None:
    """Return the value of a key that the schema does not have, as the server sent it."""
    value: str | None = model._wire.get(key)
    return value


def content_text(content: Any) -> str:
    """Return a str, or the joined text of a list of content parts, as some servers send it; '' for anything else."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    return "".join(
        text
        for part in content
        if (text := part if isinstance(part, str) else _value(part, "text") if _value(part, "type") == "text" else None)
        and isinstance(text, str)
    )


def _value(holder: Any, key: str) -> Any:
    return holder.get(key) if isinstance(holder, dict) else getattr(holder, key, None)


def floats(packed: str) -> Any:
    """Return the 32-bit floats in a base64 str; a str that is not base64 stays as it is."""
    from array import array  # imported here, because each of the two takes as long as a small module
    from binascii import a2b_base64

    try:
        numbers = array("f", a2b_base64(packed, strict_mode=True))
    except ValueError:
        return packed
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tolist()


def to_datetime(text: str) -> datetime | str:
    """Read a date-time as leniently as python-dateutil does; any other str, or one without a day, stays a str."""
    from datetime import datetime

    try:
        return datetime.fromisoformat(text)
    except ValueError:
        from dateutil.parser import ParserError, parse

        try:
            # dateutil takes missing parts from the default: the text is incomplete if two defaults give two results.
            one, other = (parse(text, default=datetime(year, year, year)) for year in (3, 4))
        except (ParserError, OverflowError):
            return text
        return one if one == other else text


def to_date(text: str) -> date | str:
    """Read a full-date (RFC 3339); any other str stays a str."""
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def to_uuid(text: str) -> UUID | str:
    """Read a UUID; any other str stays a str."""
    from uuid import UUID  # here: few models have one

    try:
        return UUID(text)
    except ValueError:
        return text


#: The largest indent of JSON, in spaces.
_WIDEST = 100


def json_text(value: Any, indent: int | None) -> str:
    """Return JSON types as text, with integers of any size, which orjson refuses.

    Raises: TypeError for another type or an indent that is not a whole number; ValueError for too deep nesting.
    """
    import json

    import orjson

    if indent is not None and (isinstance(indent, bool) or not isinstance(indent, int)):
        raise TypeError(f"indent= must be a whole number or None, not {type(indent).__name__}")
    if indent is not None and not 0 <= indent <= _WIDEST:
        raise ValueError(f"indent= must be from 0 to {_WIDEST}")
    try:
        if indent is None:
            try:
                return orjson.dumps(value).decode()
            except TypeError:
                return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return json.dumps(value, ensure_ascii=False, indent=indent)
    except RecursionError:
        raise ValueError("the model holds a value that is nested too deeply for JSON") from None
