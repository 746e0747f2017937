"""Enums that a document names: open, so that a value that a newer server sends stays as it is."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Any


class OpenStrEnum(StrEnum):
    """Names of strings. A member is the str of its value."""

    @classmethod
    def decode(cls, wire: Any) -> Any:
        """Return the member of a value; any other value as it is."""
        return cls._value2member_map_.get(wire, wire) if wire.__class__ is str else wire


class OpenIntEnum(IntEnum):
    """Names of integers. A member is the int of its value."""

    @classmethod
    def decode(cls, wire: Any) -> Any:
        """Return the member of a value; any other value as it is."""
        return cls._value2member_map_.get(wire, wire) if wire.__class__ is int else wire
