"""What an error says of its request and of earlier attempts, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from ..public import expose
from .redact import hide_url

if TYPE_CHECKING:
    from . import APIError


@frozen
class RequestInfo:
    """What an error tells of its request. The URL is hidden on the way in: query values and userinfo never stay."""

    method: str
    url: str = field(converter=hide_url)

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


@frozen
class Attempt:
    """One earlier attempt of a call: its number from 1, how it ended, and how long it took in seconds."""

    number: int
    status_code: int | None
    error: APIError | None
    elapsed: float


expose(globals(), "errors")
