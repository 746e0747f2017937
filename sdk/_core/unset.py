"""UNSET: an argument that is not given, unlike None, which is null in JSON."""

from __future__ import annotations

import enum
from typing import Final, Literal, TypeAlias


class _Unset(enum.Enum):
    UNSET = b"UNSET"  # orjson writes the value of an enum; bytes make it raise, so that UNSET is never sent

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = _Unset.UNSET
Unset: TypeAlias = Literal[_Unset.UNSET]
